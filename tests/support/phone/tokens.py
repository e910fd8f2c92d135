"""Split the bytes of a page into tags and texts, as a Cisco phone's parser does.

Only defined tags are known, names are case-sensitive, and white space between elements
is harmless (XSI, "XML Objects").
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from tests.support.phone.refusal import PhoneRefuses

# The prolog's encoding must be given.
_PROLOG = re.compile(
    r'<\?xml version="1\.0"(?: encoding="([A-Za-z0-9._-]+)")?(?: standalone="(?:yes|no)")?\?>['
    r" \t\r\n]*"
)
_TOKEN = re.compile(r"""<(/?)([A-Za-z]+)((?: [A-Za-z]+="[^"'<>]*")*)(/?)>([^<>"']*)""")
_DOCUMENT = re.compile(
    f"(?:{_TOKEN.pattern.replace('(/?)', '/?').replace('([A-Za-z]+)', '[A-Za-z]+')})*+"
)
_ATTRIBUTE = re.compile(r' ([A-Za-z]+)="([^"]*)"')
# `& " ' < >` are written as the five named escapes.
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_ESCAPE = re.compile(r"&(amp|lt|gt|quot|apos);")
_MEANS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# DTD, CDATA, comments, processing instructions, namespaces, BOM and numeric references are unknown
# on the phones, so rule 23 forbids them.
_FORBIDDEN = (
    ("<!--", "a comment"),
    ("<![CDATA[", "CDATA"),
    ("<!", "a DTD"),
    ("<?", "a processing instruction"),
)


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag and the text up to the next one, still escaped.

    `kind` is "<" (opens), ">" (closes) or "/" (both at once).
    """

    kind: str
    name: str
    attributes: tuple[tuple[str, str], ...]
    text: str


def tokenize(body: bytes, charset: str, url: str) -> list[Tag]:
    """Return the tags of `body`, which is in `charset` according to the Content-Type.

    Raises PhoneRefuses for rules 2, 5, 14, 23 and 24.
    """
    if not body:
        raise PhoneRefuses(14, url, "the body is empty")
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise PhoneRefuses(5, url, "the body starts with a byte order mark")
    try:
        text = body.decode(charset)
    except (UnicodeDecodeError, LookupError) as error:
        raise PhoneRefuses(2, url, f"the bytes are not {charset}") from error
    prolog = _PROLOG.match(text)
    if prolog is None:
        raise PhoneRefuses(2, url, f"no usable prolog: {text[:60]!r}")
    encoding = prolog.group(1)
    if encoding is None or encoding.lower() != charset.lower():
        raise PhoneRefuses(2, url, f"the prolog says {encoding!r}, the Content-Type {charset!r}")
    control = _CONTROL.search(text)
    if control is not None:
        raise PhoneRefuses(24, url, f"control character {control.group()!r}")
    bare = _BARE_AMPERSAND.search(text)
    if bare is not None:
        raise PhoneRefuses(
            23, url, f"not one of the five escapes: {text[bare.start() : bare.start() + 12]!r}"
        )
    if _DOCUMENT.fullmatch(text, prolog.end()) is None:
        _explain(text, prolog.end(), url)
    tags = _TOKEN.findall(text, prolog.end())
    return [
        Tag("/" if empty else ">" if closes else "<", name, _attributes(more), after)
        for closes, name, more, empty, after in tags
    ]


def unescape(text: str) -> str:
    """Return the text that is written as `text`."""
    return _ESCAPE.sub(lambda found: _MEANS[found.group(1)], text) if "&" in text else text


def _attributes(text: str) -> tuple[tuple[str, str], ...]:
    return (
        tuple((name, unescape(value)) for name, value in _ATTRIBUTE.findall(text)) if text else ()
    )


def _explain(text: str, start: int, url: str) -> NoReturn:
    position = start
    while (token := _TOKEN.match(text, position)) is not None:
        position = token.end()
    here = text[position : position + 30]
    for opening, what in _FORBIDDEN:
        if here.startswith(opening):
            raise PhoneRefuses(23, url, f"{what}: {here!r}")
    raise PhoneRefuses(
        23, url, f"a tag or an unescaped character that the phone's parser does not know: {here!r}"
    )
