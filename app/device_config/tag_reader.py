"""Read the tags of a file, and report which are not closed, closed twice or damaged."""

import re
from bisect import bisect_right

from app.device_config.elements import Element
from app.device_config.findings import Finding

_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)"
    r"|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    r"|(?P<instruction><\?).*?(?:\?>|\Z)"
    r"|(?P<declaration><!)[^>]*>"
    r"|</(?P<close>[A-Za-z_][\w.-]*)\s*>"
    r"|<(?P<open>[A-Za-z_][\w.-]*)"
    r"(?P<attributes>(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(?P<empty>/)?>"
    r"|<(?P<broken>[A-Za-z_][\w.-]*)[^<>]*>?"
    r"|<",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
_LENIENT = re.compile(r"([\w:.-]+)\s*=\s*[\"']?([^\"'<>\s]*)")
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)")
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
MAX_FINDINGS = 200
_MAX_CORRECTION = 1000
"""Characters of a correction; a longer line is found by its number alone."""
_MAX_DEPTH = 50


class TagReader:
    """Reads the elements of a text into `top`.

    What is wrong with its tags is in `findings`.
    """

    def __init__(self, name: str, text: str) -> None:
        self.findings: list[Finding] = []
        self.top = Element("", 0)
        self._name = name
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._open: list[Element] = [self.top]
        self._comments: list[tuple[str, int, int]] = []
        self._hidden: list[range] = []

    def report(self, offset: int, rule: str, message: str, correction: str = "") -> None:
        """Add a finding for the line of an offset."""
        self._finding(self._line(offset), rule, message, correction)

    def is_read(self, offset: int) -> bool:
        """Return whether a place is outside comments."""
        return not any(offset in span for span in self._hidden)

    def read(self) -> None:
        """Read the text, and report what is wrong with its tags."""
        position = 0
        for token in _TOKEN.finditer(self._text):
            self._add_text(position, token.start())
            position = token.end()
            self._take(token)
            if token["comment"] is not None and not _is_closed(token):
                return
            if len(self.findings) >= MAX_FINDINGS or len(self._open) > _MAX_DEPTH:
                self.report(position, "too-many", "The rest of the file was not read.")
                return
        self._add_text(position, len(self._text))
        for element in self._open[:0:-1]:
            self._report_unclosed(element, "the end of the file")
        for extra in self.top.children[1:]:
            self._finding(
                extra.line,
                "second-root",
                f"A file has one outermost element, and <{extra.name}> stands after it.",
            )
        if not self.top.children:
            self._finding(0, "empty", "There is no XML element in this file.")

    def _take(self, token: re.Match[str]) -> None:
        comment, opened, closed = token["comment"], token["open"], token["close"]
        if comment is not None:
            self._take_comment(token, comment)
        elif token["cdata"] is not None:
            self._open[-1].texts.append(token["cdata"])
        elif token["declaration"]:
            self.report(token.start(), "declaration", "Leave out the DOCTYPE: no phone reads one.")
        elif opened is not None:
            self._report_bare(token.start("attributes"), token["attributes"])
            attributes = tuple(
                (found[1], _unescape(found[2] if found[2] is not None else found[3]))
                for found in _ATTRIBUTE.finditer(token["attributes"])
            )
            self._begin(token.start(), opened, attributes, is_empty=bool(token["empty"]))
        elif closed is not None:
            self._close(token.start(), closed)
        elif not token["instruction"]:
            self.report(
                token.start(),
                "less-than",
                "This < begins no tag: a > or a quotation mark is missing, or it must be &lt;.",
            )
            if token["broken"]:
                attributes = tuple((found[1], found[2]) for found in _LENIENT.finditer(token[0]))
                self._begin(
                    token.start(), token["broken"], attributes, is_empty=token[0].endswith("/>")
                )

    def _begin(
        self, offset: int, name: str, attributes: tuple[tuple[str, str], ...], *, is_empty: bool
    ) -> None:
        element = Element(name, self._line(offset), attributes)
        self._open[-1].children.append(element)
        if not is_empty:
            self._open.append(element)

    def _take_comment(self, token: re.Match[str], comment: str) -> None:
        first, last = self._line(token.start()), self._line(token.end() - 1)
        self._comments.append((comment, first, last))
        self._hidden.append(range(token.start(), token.end()))
        if not _is_closed(token):
            self.report(token.start(), "comment", "This comment is never closed with -->.")
        elif "--" in comment:
            self.report(
                token.start(),
                "comment",
                f"The comment of lines {first} to {last} has -- in it, which XML does not allow:"
                " a comment within a comment, or a line of dashes."
                if last > first
                else "This comment has -- in it, which XML does not allow.",
            )

    def _close(self, offset: int, name: str) -> None:
        names = [element.name for element in self._open[1:]]
        line = self._line(offset)
        last = self._open[-1]
        if name in names:
            while self._open[-1].name != name:
                self._report_unclosed(self._open.pop(), f"</{name}> of line {line}")
            self._open.pop()
        elif names and (last.line == line or last.name.lower() == name.lower()):
            corrected = self._source(line).replace(f"</{name}", f"</{last.name}")
            self.report(
                offset,
                "wrong-close",
                f"<{last.name}> of line {last.line} is closed by </{name}>.",
                corrected,
            )
            self._open.pop()
        else:
            self._report_stray(offset, name)

    def _report_unclosed(self, element: Element, where: str) -> None:
        self._finding(
            element.line,
            "unclosed",
            f"<{element.name}> is never closed. {where[0].upper()}{where[1:]} comes first.",
            f"{self._source(element.line)}</{element.name}>"
            if element.text and not element.children
            else f"</{element.name}>",
        )

    def _report_stray(self, offset: int, name: str) -> None:
        opening = re.compile(rf"<{re.escape(name)}[\s>]")
        for comment, first, last in reversed(self._comments):
            if opening.search(comment) and f"</{name}" not in comment:
                self.report(
                    offset,
                    "opened-in-comment",
                    f"</{name}> closes nothing, because its opening stands inside the comment of"
                    f" lines {first} to {last}. Write it again after the comment, in line"
                    f" {last + 1}.",
                    f"<{name}>",
                )
                return
        self.report(
            offset,
            "closed-twice",
            f"</{name}> closes nothing: it was closed before, or never"
            " opened. Delete it, or write its opening.",
        )

    def _add_text(self, start: int, end: int) -> None:
        text = self._text[start:end]
        if text.strip() and len(self._open) == 1:
            self.report(
                start + len(text) - len(text.lstrip("\ufeff \t\n")),
                "text-outside",
                "Text outside the outermost element.",
            )
        self._report_bare(start, text)
        self._open[-1].texts.append(_unescape(text))

    def _report_bare(self, start: int, text: str) -> None:
        lines = {self._line(start + found.start()) for found in _BARE.finditer(text)}
        for line in sorted(lines)[:MAX_FINDINGS]:
            corrected = _BARE.sub("&amp;", self._source(line))
            self._finding(line, "ampersand", "In XML, & is written &amp;.", corrected)

    def _finding(self, line: int, rule: str, message: str, correction: str = "") -> None:
        shown = correction if len(correction) <= _MAX_CORRECTION else ""
        self.findings.append(Finding(self._name, line, rule, message, shown))

    def _line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def _source(self, line: int) -> str:
        start = self._starts[line - 1]
        end = self._text.find("\n", start)
        return self._text[start : len(self._text) if end < 0 else end].strip()


def _is_closed(comment: re.Match[str]) -> bool:
    return comment[0].endswith("-->") and len(comment[0]) >= len("<!---->")


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda found: _CHARACTERS[found[1]], text)
