"""Split a file or an answer into vCards, including broken ones.

A card may hold others: under AGENT (vCard 2.1, section 2.4.3), whose contents are not
its parent's, or without. No version allows the latter, but Android's exporters are
known to read it. A BEGIN or END may be folded like any line. It may stand in quotation
marks (a card that went through a spreadsheet), or be indented with all of its card (one
from a mail).
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass


def _foldable(word: str) -> bytes:
    return rb"(?:\n[ \t])?".join(re.escape(char.encode()) for char in word)


_END = b"END:VCARD"
_BLANKS = rb"[ \t]{0,9}"
_FOLD = rb"(?:\n[ \t])?"
# Only CR, LF and CRLF end a line (U+0085 and U+2028 do not).
_EDGE = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?P<indent>[ \t]{0,9})(?P<agent>AGENT[^:\n]{0,100}:%(blanks)b)?"
    rb'"?(?P<word>%(begin)b'
    rb'|%(end)b)"?(?:;[^:\n]{0,100})?%(blanks)b%(fold)b:%(fold)b%(blanks)b"?%(vcard)b"?%(blanks)b'
    rb"(?P<quoted>(?:=0D)?(?:=0A)?=?)$"
    % {
        b"blanks": _BLANKS,
        b"fold": _FOLD,
        b"begin": _foldable("BEGIN"),
        b"end": _foldable("END"),
        b"vcard": _foldable("VCARD"),
    },
    re.IGNORECASE | re.MULTILINE,
)
_GROUP = rb"^(?:[\w\-]{1,40}\.)?"
_PARAMETERS = rb"(?:;[^:\n]{0,200})?:"
_NAMING = re.compile(_GROUP + rb"(?:N|FN|VERSION)" + _PARAMETERS, re.IGNORECASE | re.MULTILINE)
_TELLING = re.compile(
    _GROUP + rb"(?:N|FN|ORG|TEL|EMAIL)" + _PARAMETERS, re.IGNORECASE | re.MULTILINE
)
_NUMBER = re.compile(
    rb"^[ \t]{0,9}(?:[\w\-]{1,40}\.)?TEL" + _PARAMETERS + rb"[^\n]{0,200}[0-9]",
    re.IGNORECASE | re.MULTILINE,
)
_GLUED = re.compile(
    rb"^(END:VCARD)[ \t]{0,9}(?=(?:\xef\xbb\xbf)?BEGIN:VCARD)", re.IGNORECASE | re.MULTILINE
)
# Concatenated files without a line end between them. The data is searched only if one of these
# occurs.
_SEAMS = (b"VCARDBEGIN:", b"vcardbegin:", b"VCARD BEGIN:", b"VCARD\xef\xbb\xbfBEGIN:")
_IN_QUOTES = re.compile(rb'^"((?:[^"\n]|"")*)"[ \t;,]*$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RawCard:
    """The bytes between BEGIN and END of one card.

    `line` is the line of BEGIN (from 1). `ended` and `begun` tell whether it has an END
    and a BEGIN. Lines outside of every card come as a card without BEGIN.
    `has_agent_number` tells whether a card under AGENT, not in `body`, has a number.
    """

    line: int
    body: bytes
    ended: bool
    begun: bool = True
    has_agent_number: bool = False


@dataclass(slots=True)
class _Open:
    """A card whose END has not come.

    It holds its line, its indentation, the pieces of its body and the start of the next
    one.
    """

    line: int
    indent: bytes
    start: int
    pieces: list[bytes]
    depth: int = 0
    nested_line: int = 0
    nested_start: int = 0
    has_agent_number: bool = False

    def body(self, data: bytes, end: int) -> bytes:
        joined = b"".join((*self.pieces, data[self.start : end]))
        return (
            b"\n".join(line.removeprefix(self.indent) for line in joined.split(b"\n"))
            if self.indent
            else joined
        )


def split_cards(data: bytes) -> Iterator[RawCard]:
    """Yield the cards of a file or an answer, in order.

    A card without END ends where the next one begins.
    """
    data = _with_plain_lines(data)
    lines = _LineCounter(data)
    card: _Open | None = None
    nested: list[RawCard] = []
    outside = 0
    for edge in _EDGE.finditer(data):
        is_begin = edge["word"][:1] in b"Bb"
        if card is None:
            yield from _stray(data, outside, edge.start(), lines)
            outside = edge.end() + 1
            if is_begin and not edge["quoted"]:
                card = _Open(lines.at(edge.start()), edge["indent"], edge.end() + 1, [])
        elif edge["indent"] != card.indent:
            continue  # a folded line that holds these words
        elif is_begin:
            is_agent = bool(edge["agent"]) or _opens_agent(data, card.start, edge.start())
            if edge["quoted"] and not is_agent and not card.depth:
                continue  # text of a quoted-printable value
            if is_agent or card.depth or _is_nested(data, card, edge):
                if not card.depth:
                    card.pieces.append(data[card.start : edge.start()])
                    card.nested_line = 0 if is_agent else lines.at(edge.start())
                    card.nested_start = edge.end() + 1
                card.depth += 1
                continue
            yield _without_end(card, data, edge.start())
            yield from nested
            nested = []
            card = _Open(lines.at(edge.start()), edge["indent"], edge.end() + 1, [])
        elif card.depth:
            card.depth -= 1
            if not card.depth:
                if card.nested_line:
                    nested.append(
                        RawCard(
                            card.nested_line, data[card.nested_start : edge.start()], ended=True
                        )
                    )
                elif _NUMBER.search(data, card.nested_start, edge.start()):
                    card.has_agent_number = True
                card.start = edge.end() + 1
        elif not edge["quoted"]:
            body = card.body(data, edge.start())
            yield RawCard(card.line, body, ended=True, has_agent_number=card.has_agent_number)
            yield from nested
            nested = []
            card = None
            outside = edge.end() + 1
    if card is None:
        yield from _stray(data, outside, len(data), lines)
    else:
        yield _without_end(card, data, len(data))
        yield from nested


def _without_end(card: _Open, data: bytes, end: int) -> RawCard:
    """Return a card without a line END, whose END may stand behind its last line."""
    body = card.body(data, end)
    text = body.rstrip()
    is_ended = text[-len(_END) :].upper() == _END
    if is_ended:
        body = text[: -len(_END)]
    return RawCard(card.line, body, is_ended, has_agent_number=card.has_agent_number)


class _LineCounter:
    """Converts offsets, in ascending order, to line numbers."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._line = 1
        self._counted = 0

    def at(self, offset: int) -> int:
        self._line += self._data.count(b"\n", self._counted, offset)
        self._counted = offset
        return self._line


def _with_plain_lines(data: bytes) -> bytes:
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        data = data.decode("utf-16", "replace").encode()
    elif data[:24].count(b"\0") >= 8:
        data = data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace").encode()
    if b"\r" in data:
        data = data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b'"BEGIN:' in data[:1000].upper():
        data = _IN_QUOTES.sub(lambda match: match[1].replace(b'""', b'"'), data)
    if any(seam in data for seam in _SEAMS):
        data = _GLUED.sub(rb"\1\n", data)
    return data


def _stray(data: bytes, start: int, end: int, lines: _LineCounter) -> Iterator[RawCard]:
    """Yield what stands between cards if it is the rest of one."""
    text = data[start:end]
    found = _TELLING.search(text)
    if found is not None:
        yield RawCard(lines.at(start + found.start()), text, ended=True, begun=False)


def _opens_agent(data: bytes, start: int, end: int) -> bool:
    last = data[max(start, end - 300) : end].rstrip()
    line = last[last.rfind(b"\n") + 1 :]
    return line[:5].upper() == b"AGENT" and line.endswith(b":")


def _is_nested(data: bytes, card: _Open, begin: re.Match[bytes]) -> bool:
    """Return whether a BEGIN inside of a card opens a nested card.

    It does if lines that are no card's name stand between its END and one more END, and
    the card had its name before it. Otherwise the outer card lacks its END.
    """
    close = _EDGE.search(data, begin.end())
    if close is None or close["word"][:1] in b"Bb":
        return False
    after = _EDGE.search(data, close.end())
    if after is None or after["word"][:1] in b"Bb":
        return False
    rest = data[close.end() : after.start()]
    if not _TELLING.search(rest) or _NAMING.search(rest):
        return False
    return any(
        _NAMING.search(piece) for piece in (*card.pieces[:1], data[card.start : begin.start()])
    )
