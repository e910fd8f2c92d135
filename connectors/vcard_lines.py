"""The lines of a vCard: from bytes to property heads and decoded values.

Facts: lines are folded by CRLF and one white space, between *bytes*, so a fold may split a character (RFC 6350 section
3.2); vCard 2.1 has quoted-printable values whose soft breaks end in "=", and cards nested under AGENT; only CR, LF and CRLF
end a line (U+0085 and U+2028 do not). Text that is not UTF-8 bears a CHARSET, or is cp1252 in practice.

Law of this file: it knows lines, escapes and charsets. It knows no property's meaning. Every step is linear in its input: no
regular expression here holds a quantifier inside another.
"""

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.vcard_head import Head, cached_head, parse_head

MAX_CARD = 16_000_000
"""Bytes of one card, pictures included. A larger one is reported, not read."""
MAX_LINE = 100_000
"""Characters of one value that we use. Nobody's name or number is longer."""
MAX_HEAD = 2_000
"""Characters before a colon: a name and its parameters."""

_BLANKS = rb"[ \t]{0,9}"
_EDGE = re.compile(rb"^(?:\xef\xbb\xbf)?(AGENT[^:\n]{0,100}:%b)?(BEGIN|END)%b:%bVCARD%b$" % ((_BLANKS,) * 4), re.IGNORECASE | re.MULTILINE)
_SOFT_BREAK = re.compile(rb"=%b$" % _BLANKS, re.MULTILINE)
_QUOTE_OR_COLON = re.compile(r'[":]')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED_OR_PLAIN = re.compile(r"\\.|[^\\;,]+|[\\;,]", re.DOTALL)
_CHARSETS = ("utf-8", "utf-16", "iso", "cp", "koi8", "shift_jis", "euc", "gb", "big5", "mac", "hz", "johab", "tis", "ascii")
"""Beginnings of the codecs that a CHARSET may name: text only, all of them linear (Python's idna and punycode are not)."""


@dataclass(frozen=True, slots=True)
class RawCard:
    """The bytes between BEGIN and END of one card; `line` is where BEGIN stands (from 1), `ended` whether an END was there."""

    line: int
    body: bytes
    ended: bool


Property = tuple[Head, str]
"""One line: its head and its decoded value, escapes still in place. (A plain pair: there are hundreds of thousands of them.)"""


@dataclass(frozen=True, slots=True)
class Lines:
    """The wanted properties of a card, and how many lines were no property or were too long."""

    properties: list[Property]
    odd: int
    too_long: int


def split_cards(data: bytes) -> Iterator[RawCard]:
    """Yield the cards of a file or an answer, in order. A card without END ends where the next one begins."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        data = data.decode("utf-16", "replace").encode()
    elif data[:24].count(b"\0") >= 8:
        data = data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace").encode()
    if b"\r" in data:
        data = data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line, counted, start, depth = 1, 0, -1, 0
    pieces: list[bytes] = []
    for edge in _EDGE.finditer(data):
        if edge[2][:1] in b"Bb":
            if start >= 0 and (edge[1] or _opens_agent(data, start, edge.start())):
                if depth == 0:
                    pieces.append(data[start : edge.start()])
                depth += 1
                continue
            if start >= 0:
                yield RawCard(line, b"".join((*pieces, data[start : edge.start()])), ended=False)
            line += data.count(b"\n", counted, edge.start())
            counted, start, depth, pieces = edge.start(), edge.end() + 1, 0, []
        elif depth:
            depth -= 1
            if depth == 0:
                start = edge.end() + 1
        elif start >= 0:
            yield RawCard(line, b"".join((*pieces, data[start : edge.start()])), ended=True)
            start, pieces = -1, []
    if start >= 0:
        yield RawCard(line, b"".join((*pieces, data[start:])), ended=False)


def read_lines(body: bytes, wanted: frozenset[str]) -> Lines:
    """Return the properties of a card's body whose lower-case names are in `wanted`, in order."""
    found: list[Property] = []
    odd = too_long = 0
    foreign = True  # a line without a colon after a property that we leave out is the rest of that one
    whole = _unfolded(body)
    try:
        lines: list[str] = whole.decode("utf-8").split("\n")
        encoded: list[bytes] = []
    except UnicodeDecodeError:
        encoded = whole.split(b"\n")
        lines = [raw.decode("latin-1") for raw in encoded]
    for index, line in enumerate(lines):
        before, colon, value = line.partition(":")
        if not colon:
            if line.strip() and not foreign:
                odd += 1
            continue
        if '"' in before:
            before, value = _cut_at_colon(line)
        if len(before) > MAX_HEAD:
            too_long += 1
            continue
        head = cached_head(before) if len(before) < 200 else parse_head(before)
        foreign = head.name not in wanted
        if foreign:
            continue
        if len(value) > MAX_LINE:
            too_long += 1
            continue
        if encoded:
            raw = encoded[index][-len(value) :] if value else b""
            head, value = _redecoded(head, before), _text(raw, head.charset)
        if head.encoding or head.charset:
            value = _transferred(head, value)
        found.append((head, value))
    return Lines(found, odd, too_long)


def unescape(value: str) -> str:
    """Resolve backslash escapes; line breaks become a space, and the ends are stripped."""
    if "\\" in value:
        value = _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)
    if "\n" in value:
        value = " ".join(part for part in value.split("\n") if part)
    return value.strip()


def split_escaped(value: str, separator: str) -> list[str]:
    """Split at a ";" or "," that is not escaped; the parts keep their escapes."""
    if "\\" not in value:
        return value.split(separator)
    parts: list[list[str]] = [[]]
    for token in _ESCAPED_OR_PLAIN.findall(value):
        if token == separator:
            parts.append([])
        else:
            parts[-1].append(token)
    return ["".join(part) for part in parts]


def split_value(value: str, separator: str) -> list[str]:
    """Split at a ";" or "," that is not escaped, and unescape the parts."""
    return [unescape(part) for part in split_escaped(value, separator)]


def _opens_agent(data: bytes, start: int, end: int) -> bool:
    last = data[max(start, end - 300) : end].rstrip()
    line = last[last.rfind(b"\n") + 1 :]
    return line[:5].upper() == b"AGENT" and line.endswith(b":")


def _unfolded(body: bytes) -> bytes:
    if _SOFT_BREAK.search(body) and b"QUOTED-PRINTABLE" in body.upper():
        return b"\n".join(_soft_joined(body))
    if b"\n " in body or b"\n\t" in body:
        return body.replace(b"\n ", b"").replace(b"\n\t", b"")
    return body


def _soft_joined(body: bytes) -> Iterator[bytes]:
    parts: list[bytes] = []
    quoted = False
    for line in body.split(b"\n"):
        if parts and quoted and _SOFT_BREAK.search(parts[-1]):
            parts[-1] = parts[-1].rstrip(b" \t")[:-1]
            parts.append(line)
        elif parts and line[:1] in (b" ", b"\t"):
            parts.append(line[1:])
        else:
            if parts:
                yield b"".join(parts)
            parts = [line]
            quoted = b"QUOTED-PRINTABLE" in line.partition(b":")[0].upper()
    yield b"".join(parts)


def _cut_at_colon(line: str) -> tuple[str, str]:
    quoted = False
    for match in _QUOTE_OR_COLON.finditer(line):
        if match[0] == '"':
            quoted = not quoted
        elif not quoted:
            return line[: match.start()], line[match.end() :]
    before, _, value = line.partition(":")
    return before, value


def _redecoded(head: Head, before: str) -> Head:
    """A head of a card that is not UTF-8 was read as latin-1: decode it as its value is decoded."""
    return head if before.isascii() else parse_head(_text(before.encode("latin-1"), head.charset))


def _transferred(head: Head, value: str) -> str:
    """Undo quoted-printable and base64, and the charsets that look like ASCII (ISO-2022-JP)."""
    if head.encoding == "qp":
        return _text(binascii.a2b_qp(value.encode()), head.charset)
    if head.encoding == "b64":
        try:
            return _text(binascii.a2b_base64(value.encode()), head.charset)
        except binascii.Error:
            return value
    return _text(value.encode(), head.charset) if head.charset.lower().startswith("iso-2022") else value


def _text(raw: bytes, charset: str) -> str:
    order = (charset, "utf-8", "cp1252") if charset.lower().startswith("iso-2022") else ("utf-8", charset, "cp1252")
    for name in order:
        try:
            if codecs.lookup(name).name.startswith(_CHARSETS):
                return raw.decode(name)
        except (LookupError, ValueError):
            continue
    return raw.decode("cp1252", "replace")
