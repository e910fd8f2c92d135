"""Split a vCard into lines, and decode property heads and values.

Every step is linear in its input: no regular expression here nests quantifiers.
"""

import binascii
import re
from dataclasses import dataclass

from connectors.vcard.content_line import (
    PropertyHead,
    cached_head,
    parse_head,
    without_custom_labels,
)
from connectors.vcard.decoding import DEFAULT, Decoder
from connectors.vcard.unfolding import Unfolded

MAX_CARD = 16_000_000
"""Bytes of one card, pictures included. A larger one is reported, not read."""
MAX_LINE = 100_000
"""Characters of one value that we use. Names and numbers are shorter."""
MAX_HEAD = 2_000
"""Characters before a colon: a name and its parameters."""

_QUOTE_OR_COLON = re.compile(r'[":]')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED_OR_PLAIN = re.compile(r"\\.|[^\\;,]+|[\\;,]", re.DOTALL)
# In 2.1 a semicolon is escaped (section 2.1.4.2), in practice commas and backslashes too. Every
# other backslash is literal, also before an n.
_VERSION_21 = re.compile(rb"^VERSION[ \t]{0,9}:[ \t]{0,9}2\.1", re.IGNORECASE | re.MULTILINE)
_ESCAPE_OR_BACKSLASH_21 = re.compile(r"\\([;,:\\])|\\")

_LACKS_COLON = re.compile(
    r"(?:[\w\-]{1,40}\.)?(?:TEL[ \t;]|(?:FN|ORG)(?:[ \t;]|\Z)|N(?:;|\Z))", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_NUMBER_VALUES = {
    # Android: the type of a row of its database, then its columns.
    "x-android-custom": re.compile(
        r"\A[^;]{0,200}phone(?!tic)[^;]{0,200};.{0,1000}?[0-9]", re.IGNORECASE | re.DOTALL
    ),
    "impp": re.compile(r"\A\s*(?:sips?|tel):\+?[0-9().\-]{1,40}(?:[@;]|\s*\Z)", re.IGNORECASE),
    "x-sip": re.compile(r"\A\s*(?:sips?:)?\+?[0-9().\-]{1,40}(?:[@;]|\s*\Z)", re.IGNORECASE),
    # A card on one line (RFC 2426, section 3.5.4).
    "agent": re.compile(
        r"(?:\\n|=0A)(?:[\w\-]{1,40}\.)?TEL[;:].{0,200}?[0-9]", re.IGNORECASE | re.DOTALL
    ),
}
"""Names of properties that may hold a telephone number -> what such a value looks like."""
Property = tuple[PropertyHead, str]
"""One line: its head and its decoded value, with its escapes.

It is a plain pair because there are hundreds of thousands of them.
"""


@dataclass(frozen=True, slots=True)
class Lines:
    """The requested properties of a card, and counts of its faulty lines.

    Lines may be no property, too long, damaged or doubtful. `unread` counts lines that
    seem to hold a telephone number under another name. `undeclared` are values that are
    neither UTF-8 nor in a declared charset.
    """

    properties: list[Property]
    malformed: int
    too_long: int
    damaged: int
    doubtful: int
    unread: int
    undeclared: tuple[bytes, ...]


def read_lines(body: bytes, requested: frozenset[str], fallback: str = DEFAULT) -> Lines:
    """Return the properties of a card's body that are in `requested`, in order.

    `requested` holds lower-case names. `fallback` is the codec of text that is not
    UTF-8 and declares nothing.
    """
    found: list[Property] = []
    malformed = too_long = unread = 0
    foreign = True  # a line without a colon after an unused property is the rest of that one
    decoder = Decoder(fallback)
    unfolded = Unfolded(body)
    is_21: bool | None = None
    try:
        lines: list[str] = unfolded.text.decode("utf-8").split("\n")
        encoded: list[bytes] = []
    except UnicodeDecodeError:
        encoded = unfolded.text.split(b"\n")
        lines = [raw.decode("latin-1") for raw in encoded]
    for index, line in enumerate(lines):
        before, colon, value = line.partition(":")
        if not colon:
            if line.strip() and (not foreign or _LACKS_COLON.match(line)):
                malformed += 1
            continue
        if '"' in before or "(" in before:
            before, value = _cut_at_colon(without_custom_labels(line) if "(" in before else line)
        if len(before) > MAX_HEAD:
            too_long += 1
            continue
        head = cached_head(before) if len(before) < 200 else parse_head(before)
        foreign = head.name not in requested
        if foreign:
            number = _DIGIT if head.is_number else _NUMBER_VALUES.get(head.name)
            if number is not None and number.search(value):
                unread += 1
            continue
        if len(value) > MAX_LINE:
            too_long += 1
            continue
        if encoded:
            raw = encoded[index][-len(value) :] if value else b""
            head = _decode_head(head, before, decoder)
            value = value if value.isascii() else decoder.text(raw, head.charset)
        if head.encoding or head.charset:
            value = _decode_transfer(head, value, decoder)
        if "\\" in value:
            is_21 = _VERSION_21.search(body) is not None if is_21 is None else is_21
            if is_21:
                value = _ESCAPE_OR_BACKSLASH_21.sub(
                    lambda match: match[0] if match[1] else "\\\\", value
                )
        if head.is_damaged:
            decoder.damaged += 1
        found.append((head, value))
    return Lines(
        found,
        malformed,
        too_long,
        decoder.damaged,
        unfolded.doubtful,
        unread,
        tuple(decoder.undeclared),
    )


def unescape(value: str) -> str:
    """Resolve backslash escapes, replace line breaks by a space and strip the ends.

    A backslash before a letter that makes no escape is literal: `AC\\DC`.
    """
    if "\\" in value:
        value = _ESCAPE.sub(_resolve_escape, value)
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


def _resolve_escape(match: re.Match[str]) -> str:
    char = match[1]
    if char in "nN":
        return "\n"
    return match[0] if char.isalnum() else char


def _cut_at_colon(line: str) -> tuple[str, str]:
    quoted = False
    for match in _QUOTE_OR_COLON.finditer(line):
        if match[0] == '"':
            quoted = not quoted
        elif not quoted:
            return line[: match.start()], line[match.end() :]
    before, _, value = line.partition(":")
    return before, value


def _decode_head(head: PropertyHead, before: str, decoder: Decoder) -> PropertyHead:
    """Return the head of a card that is not UTF-8, decoded as its value is.

    The head was read as latin-1.
    """
    return (
        head
        if before.isascii()
        else parse_head(decoder.text(before.encode("latin-1"), head.charset))
    )


def _decode_transfer(head: PropertyHead, value: str, decoder: Decoder) -> str:
    """Return a value without quoted-printable and base64.

    Charsets that look like ASCII (ISO-2022-JP) are decoded too.
    """
    if head.encoding == "qp":
        return decoder.text(binascii.a2b_qp(value.encode()), head.charset)
    if head.encoding == "b64":
        try:
            return decoder.text(binascii.a2b_base64(value.encode()), head.charset)
        except binascii.Error:
            return value
    return (
        decoder.text(value.encode(), head.charset)
        if head.charset.lower().startswith("iso-2022")
        else value
    )
