"""Read the bytes of a page into a tree of elements, as a Cisco phone's parser does.

It is no XML parser: no entity is ever expanded and no DTD is read. What a phone's
parser may not know is noted as a breach, and reading goes on where that is possible.
"""

import re
from dataclasses import dataclass, field

from app.phones.cisco_rules import Breaches

# The prolog's encoding must be given.
_PROLOG = re.compile(
    r'<\?xml version="1\.0"(?: encoding="([A-Za-z0-9._-]+)")?(?: standalone="(?:yes|no)")?\?>'
)
_ANY_PROLOG = re.compile(r"\s*+<\?xml[^>]*+>")
_TAG = re.compile(
    r"""<(/?)([A-Za-z_][\w:.-]*+)((?:\s++[\w:.-]++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'))*+)\s*+(/?)>"""
)
# Most elements of a page: a name, and text without a tag or a sign that must be escaped.
_LEAF = re.compile(r"""<([A-Za-z]++)>([^<>"']*+)</\1>""")
_PLAIN_TAG = re.compile(r"""</?[A-Za-z]+(?: [A-Za-z]+="[^"'<>]*+")*+/?>""")
_ATTRIBUTE = re.compile(r"""([\w:.-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
# Only defined tags are known, and `& " ' < >` are written as the five named escapes (XSI, "XML
# Objects"). The rest is not known to work on any phone (rule 23).
_FOREIGN = (
    ("<!--", "-->", "a comment"),
    ("<![CDATA[", "]]>", "CDATA"),
    ("<?", "?>", "a processing instruction"),
    ("<!", ">", "a DTD"),
)
# The charsets in which pages are sent; other names of Python's codecs do other things.
_CHARSETS = frozenset(
    {"utf-8", "iso-8859-1", "us-ascii", "iso-8859-15", "windows-1252", "shift_jis", "utf-16"}
)
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_BARE_SIGN = re.compile(r"""[>"']""")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_ESCAPE = re.compile(r"&(amp|lt|gt|quot|apos);")
_MEANS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WHITE = " \t\r\n"
_DEPTH_LIMIT = 16
"""No page has more than four levels; a hostile one may have any number."""


@dataclass(slots=True)
class Element:
    """An element with its unescaped text before the first child.

    `has_stray` means that text stands between its children. `is_short` means that it is
    written as one tag, `<Name/>`.
    """

    name: str
    attributes: tuple[tuple[str, str], ...]
    text: str
    is_short: bool
    has_stray: bool = False
    children: list["Element"] = field(default_factory=list)


def read_tree(body: bytes, charset: str, breaches: Breaches) -> Element:
    """Return the outermost element of a page in `charset`, that of its Content-Type.

    Notes breaches of the rules 2, 5, 14, 22, 23 and 24. Raises UnreadablePage if
    nothing can be read.
    """
    text = _without_prolog(_decode(body, charset, breaches), charset, breaches)
    controls = _CONTROL.findall(text)
    if controls:
        breaches.add(24, f"{len(controls)} control characters", repr(controls[0]))
        text = _CONTROL.sub("", text)
    if (bare := _BARE_AMPERSAND.search(text)) is not None:
        breaches.add(
            23, "an & that is not one of the five escapes", text[bare.start() : bare.start() + 12]
        )
    return _build(text, breaches)


def unescape(text: str) -> str:
    """Return the text that is written as `text`."""
    return _ESCAPE.sub(lambda found: _MEANS[found.group(1)], text) if "&" in text else text


def _decode(body: bytes, charset: str, breaches: Breaches) -> str:
    if not body:
        raise breaches.stop(14, "the body is empty")
    if body.startswith(_MARKS):
        breaches.add(5, "the body starts with a byte order mark")
    if charset not in _CHARSETS:
        raise breaches.stop(2, "no phone reads this charset", charset)
    try:
        return body.decode(charset).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise breaches.stop(2, f"byte {error.start + 1} is not {charset}") from error


def _without_prolog(text: str, charset: str, breaches: Breaches) -> str:
    prolog = _PROLOG.match(text)
    if prolog is None:
        breaches.add(2, "the page does not begin with a usable prolog", text[:60])
        found = _ANY_PROLOG.match(text)
        return text[found.end() :] if found is not None else text
    encoding = prolog.group(1)
    if encoding is None or encoding.lower() != charset.lower():
        given = encoding or "no encoding"
        breaches.add(2, f"the prolog says {given}, the Content-Type {charset}")
    return text[prolog.end() :]


def _build(text: str, breaches: Breaches) -> Element:
    page = Element("", (), "", False)
    opened = [page]
    has_odd_tag = has_odd_sign = False
    position = _text_end(text, 0)
    page.has_stray = bool(text[:position].strip(_WHITE))
    while position < len(text):
        leaf = _LEAF.match(text, position) if len(opened) <= _DEPTH_LIMIT else None
        tag = leaf or _TAG.match(text, position)
        stop = tag.end() if tag is not None else _skip_foreign(text, position, breaches)
        position = _text_end(text, stop)
        after = text[stop:position]
        if after and not has_odd_sign and _BARE_SIGN.search(after) is not None:
            has_odd_sign = True
            breaches.add(23, "one of > \" ' is not escaped", after.strip()[:60])
        if tag is None:
            opened[-1].text += unescape(after)
            continue
        if leaf is not None:
            # It is closed at once: to open it would take twice as long.
            opened[-1].children.append(Element(leaf[1], (), unescape(leaf[2]), False))
            opened[-1].has_stray |= bool(after.strip(_WHITE))
            continue
        if not has_odd_tag and _PLAIN_TAG.fullmatch(tag.group()) is None:
            has_odd_tag = True
            breaches.add(23, "a tag is not written in the plain form", tag.group()[:60])
        _take(tag, after, opened, breaches)
    if len(opened) > 1:
        raise breaches.stop(22, f"<{opened[-1].name}> is never closed")
    if not page.children:
        raise breaches.stop(22, "there is no element")
    if len(page.children) > 1 or page.has_stray:
        breaches.add(22, "something stands outside the object")
    return page.children[0]


def _text_end(text: str, start: int) -> int:
    end = text.find("<", start)
    return end if end >= 0 else len(text)


def _skip_foreign(text: str, position: int, breaches: Breaches) -> int:
    """Return where a comment or the like ends; raise UnreadablePage if it is none."""
    for opening, closing, what in _FOREIGN:
        if text.startswith(opening, position):
            breaches.add(23, what, text[position : position + 60])
            if what == "a DTD" and "[" in text[position : _text_end(text, position + 1)]:
                closing = "]>"
            end = text.find(closing, position)
            if end < 0:
                raise breaches.stop(23, f"{what} that does not end")
            return end + len(closing)
    raise breaches.stop(
        23, "a tag that the phone's parser does not know", text[position : position + 30]
    )


def _take(tag: re.Match[str], after: str, opened: list[Element], breaches: Breaches) -> None:
    closes, name, attributes, is_short = tag.groups()
    if closes:
        if opened[-1].name != name:
            raise breaches.stop(22, f"</{name}> closes nothing: <{opened[-1].name}> is open")
        opened.pop()
    else:
        values = tuple(
            (key, unescape(one or other)) for key, one, other in _ATTRIBUTE.findall(attributes)
        )
        element = Element(name, values, "" if is_short else unescape(after), bool(is_short))
        opened[-1].children.append(element)
        if not is_short:
            if len(opened) > _DEPTH_LIMIT:
                raise breaches.stop(22, f"elements are nested more than {_DEPTH_LIMIT} deep")
            opened.append(element)
            return
    opened[-1].has_stray |= bool(after.strip(_WHITE))
