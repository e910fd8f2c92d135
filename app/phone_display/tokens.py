"""Split the bytes of a page into tags and texts, as a phone's parser does.

The parser knows the tags of its objects, five named escapes and no other XML feature
(XSI, "XML Objects").
"""

import re
from dataclasses import dataclass

from app.phone_display.objects import PhoneError

PARSE_ERROR = "XML Error [4]: Parse Error"
_WHITE = " \t\r\n"
# The prolog must name the encoding (XSI, "HTTP Requests and Header Settings").
_PROLOG = re.compile(
    r'<\?xml version="1\.0" encoding="([A-Za-z0-9._-]+)"(?: standalone="(?:yes|no)")?\?>[ \t\r\n]*'
)
_TAG = re.compile(r"""<(/?)([A-Za-z]+)((?: [A-Za-z]+="[^"'<>]*")*)(/?)>([^<>"']*)""")
_ATTRIBUTE = re.compile(r' ([A-Za-z]+)="([^"]*)"')
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_ESCAPE = re.compile(r"&(amp|lt|gt|quot|apos);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# XML 1.0, section 2.2, forbids the controls below U+0020 but TAB, CR and LF. Phones show neither
# these nor the other controls.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag and the text behind it. `kind` is "open", "close" or "empty"."""

    kind: str
    name: str
    attributes: tuple[tuple[str, str], ...]
    text: str


def refuse(reason: str) -> PhoneError:
    """Return the error that a phone shows for a page that it cannot parse."""
    return PhoneError(PARSE_ERROR, reason)


def split_tags(body: bytes, charset: str) -> list[Tag]:
    """Return the tags of a page in a charset. Raises PhoneError if it is no such page."""
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise refuse("The page begins with a byte order mark.")
    try:
        text = body.decode(charset)
    except (UnicodeDecodeError, LookupError) as error:
        raise refuse(f"The bytes are not in the charset {charset}.") from error
    prolog = _PROLOG.match(text)
    if prolog is None:
        raise refuse("The page does not begin with an XML declaration that names its encoding.")
    if prolog[1].lower() != charset:
        raise refuse(f"The page says encoding {prolog[1]}, and its Content-Type {charset}.")
    if control := _CONTROL.search(text):
        raise refuse(f"The page contains the control character U+{ord(control[0]):04X}.")
    if bare := _BARE_AMPERSAND.search(text):
        raise refuse(f"{text[bare.start() : bare.start() + 12]!r} is not one of the five escapes.")
    tags: list[Tag] = []
    position = prolog.end()
    while position < len(text):
        found = _TAG.match(text, position)
        if found is None:
            raise refuse(f"The phone does not know this: {text[position : position + 30]!r}.")
        closes, name, attributes, empty, behind = found.groups()
        if closes and (attributes or empty):
            raise refuse(f"</{name}> is not an end tag.")
        pairs = tuple((key, _unescape(value)) for key, value in _ATTRIBUTE.findall(attributes))
        kind = "close" if closes else "empty" if empty else "open"
        if kind != "open" and behind.strip(_WHITE):
            raise refuse(f"Text stands behind <{name}>: {behind.strip(_WHITE)[:30]!r}.")
        tags.append(Tag(kind, name, pairs, _unescape(behind)))
        position = found.end()
    return tags


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: _CHARACTERS[found[1]], text)
