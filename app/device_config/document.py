"""Read an XML file with the lines of its elements, even if it is not well-formed.

Reading goes on after a fault, so that one report has all of them. The standard
library's parser has the last word on whether a file is well-formed.
"""

import re
from dataclasses import dataclass
from xml.parsers import expat

from app.device_config.elements import Element
from app.device_config.findings import Finding
from app.device_config.masking import mask
from app.device_config.tag_reader import TagReader

_ENCODINGS = ("utf-8", "utf-16", "iso-8859-1", "us-ascii")
"""The encodings that every XML parser knows (XML 1.0, section 4.3.3) and phones use."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Characters that steer a terminal; what is reported must not have one."""
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")


@dataclass(frozen=True, slots=True)
class Document:
    """A file as far as it could be read.

    `root` is None if it has no element. `lines` are those of the file without
    passwords. `findings` say why it is not well-formed.
    """

    name: str
    root: Element | None
    lines: tuple[str, ...]
    findings: tuple[Finding, ...]

    def line(self, number: int) -> str:
        """Return a line of the file without passwords and space around it."""
        return self.lines[number - 1].strip() if 0 < number <= len(self.lines) else ""


def read_document(name: str, content: bytes) -> Document:
    """Return the elements of a file, and what is wrong with its tags."""
    text, wrong_encoding = _decode(name, content)
    if "\0" in text:
        message = "This is no text: it has NUL bytes. Name another file, or save this as UTF-8."
        return Document(name, None, (), (Finding(name, 0, "encoding", message),))
    text = _CONTROL.sub("\ufffd", text)
    masked, unescaped = mask(text)
    reader = TagReader(name, masked)
    reader.read()
    for offset in filter(reader.is_read, unescaped):
        reader.report(
            offset,
            "password",
            "This password is not closed on its line, or has < or & in it. In XML write &lt;"
            " and &amp;.",
        )
    findings = [*wrong_encoding, *reader.findings]
    if not findings:
        findings += _refused(name, content, masked)
    root = reader.top.children[0] if reader.top.children else None
    return Document(
        name,
        root,
        tuple(masked.split("\n")),
        tuple(sorted(findings, key=lambda finding: finding.line)),
    )


def _decode(name: str, content: bytes) -> tuple[str, list[Finding]]:
    """Return the text in lines that end with a line feed alone."""
    declared = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    line, message = 0, ""
    text = content.decode("latin-1")
    if encoding not in _ENCODINGS:
        line, message = 1, f"The encoding {encoding} is not known. Save the file as UTF-8."
    else:
        try:
            text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            message = f"This line is not {encoding.upper()}. Save the file as UTF-8."
    findings = [Finding(name, line, "encoding", message)] if message else []
    return text.replace("\r\n", "\n").replace("\r", "\n"), findings


def _refused(name: str, content: bytes, masked: str) -> list[Finding]:
    """Return the parser's reason if it does not accept the file."""
    parser = expat.ParserCreate()
    try:
        # The masked text: a reason never quotes content, but may depend on it.
        parser.Parse(content, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        line = min(error.lineno, masked.count("\n") + 1)
        return [Finding(name, line, "not-well-formed", f"This is not well-formed XML: {reason}.")]
    return []
