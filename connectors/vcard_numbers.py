"""TEL lines of a vCard: the number as written, what it is for, and the source's own word for it.

Facts: TYPE words of RFC 2426 section 3.3.1 and RFC 6350 section 6.4.1; Apple and Google put a free label into a second line
of the same group (`item1.TEL` and `item1.X-ABLabel:_$!<Mobile>!$_`), their own words in `_$!<` and `>!$_`; vCard 4.0 writes
`tel:` URIs (RFC 3966), in which `+` begins an E.164 number, `-.()` only separate, and parameters such as `;ext=` follow.

Law of this file: it knows words for kinds and the form of a `tel:` URI. It knows no dial plan: it never changes a digit.
"""

import re
from functools import lru_cache
from urllib.parse import unquote

from connectors.contact import NumberKind, PhoneNumber
from connectors.vcard_head import Head
from connectors.vcard_lines import unescape

_GLOBAL = re.compile(r"\+[0-9][0-9().\- ]{2,40}\Z")
_SEPARATORS = str.maketrans("", "", "().- ")
_MARKED = re.compile(r"_\$!<(.{0,200}?)>!\$_\Z", re.DOTALL)

_KINDS = {
    "fax": NumberKind.FAX,
    "telefax": NumberKind.FAX,
    "pager": NumberKind.PAGER,
    "beeper": NumberKind.PAGER,
    "cell": NumberKind.MOBILE,
    "mobile": NumberKind.MOBILE,
    "mobil": NumberKind.MOBILE,
    "handy": NumberKind.MOBILE,
    "iphone": NumberKind.MOBILE,
    "applewatch": NumberKind.MOBILE,
    "pcs": NumberKind.MOBILE,
    "car": NumberKind.MOBILE,
    "internal": NumberKind.INTERNAL,
    "intern": NumberKind.INTERNAL,
    "extension": NumberKind.INTERNAL,
    "durchwahl": NumberKind.INTERNAL,
    "main": NumberKind.MAIN,
    "zentrale": NumberKind.MAIN,
    "work": NumberKind.WORK,
    "office": NumberKind.WORK,
    "business": NumberKind.WORK,
    "büro": NumberKind.WORK,
    "arbeit": NumberKind.WORK,
    "geschäftlich": NumberKind.WORK,
    "home": NumberKind.HOME,
    "privat": NumberKind.HOME,
    "private": NumberKind.HOME,
}
_ORDER = tuple(dict.fromkeys(_KINDS.values()))
"""Which kind wins where a number bears several words: a work fax is a fax, a work mobile is a mobile."""

_WORDS = """
home work voice fax cell mobile pager text textphone video car pref msg bbs modem isdn pcs main main-number
internet other dom intl parcel postal
"""
_STANDARD = frozenset(_WORDS.split())


def read_number(head: Head, value: str, label: str) -> PhoneNumber | None:
    """Return the number of a TEL line, None where it holds none. `label` is the line's X-ABLabel, or ""."""
    written, canonical = _uri(value.strip()) if value.lstrip()[:4].lower() == "tel:" else (unescape(value), "")
    if not written:
        return None
    label = plain_label(label or head.label) or _own_type(head.types)
    return PhoneNumber(value=written, kind=_kind(head.types, label), label=label, canonical=canonical)


def plain_label(label: str) -> str:
    """Return a label without Apple's marks: `_$!<HomeFAX>!$_` is "HomeFAX"."""
    match = _MARKED.match(label)
    return (match[1] if match else label).strip()


@lru_cache(maxsize=2048)
def _kind(types: tuple[str, ...], label: str) -> NumberKind:
    found = {_KINDS[word.removeprefix("x-")] for word in types if word.removeprefix("x-") in _KINDS}
    if not found and label:
        words = re.findall(r"\w+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label[:200]).lower())
        found = {_KINDS[word] for word in words if word in _KINDS}
    return next((kind for kind in _ORDER if kind in found), NumberKind.OTHER)


@lru_cache(maxsize=2048)
def _own_type(types: tuple[str, ...]) -> str:
    """The first word of TYPE that no standard knows: "x-dect" is the source's own "dect"."""
    for word in types:
        if word not in _STANDARD:
            return "iPhone" if word == "iphone" else word.removeprefix("x-")
    return ""


def _uri(value: str) -> tuple[str, str]:
    """Return what a `tel:` URI says: the number with its extension, and its E.164 form where it is a global number alone."""
    number, *parameters = unquote(value.replace("\\;", ";"))[4:].split(";")
    number = number.strip()
    for parameter in parameters:
        if parameter[:4].lower() == "ext=" and parameter[4:].strip():
            return f"{number};ext={parameter[4:].strip()}", ""
    return number, number.translate(_SEPARATORS) if _GLOBAL.match(number) else ""
