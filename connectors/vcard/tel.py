"""Parse TEL lines of a vCard into numbers with their kinds and labels."""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from connectors.contact import LABEL_SEPARATOR, NumberKind, PhoneNumber
from connectors.vcard.content_line import STANDARD_TYPES, PropertyHead
from connectors.vcard.kind_words import kinds_of
from connectors.vcard.lines import unescape

# vCard 4.0 writes `tel:` URIs (RFC 3966). `+` begins an E.164 number, `-.()` only separate, and
# parameters such as `;ext=` follow.
_GLOBAL = re.compile(r"\+[0-9][0-9().\- ]{2,40}\Z")
_SEPARATORS = str.maketrans("", "", "().- ")
_LINE_END = re.compile(r"\\[nN]|[\r\n]+")
# Apple and Google put a free label into a second line of the same group (`item1.TEL` and
# `item1.X-ABLabel:_$!<Mobile>!$_`), their own words in `_$!<` and `>!$_`.
_MARKED = re.compile(r"_\$!<(.{0,200}?)>!\$_\Z", re.DOTALL)

_ORDER = (
    NumberKind.FAX,
    NumberKind.PAGER,
    NumberKind.MOBILE,
    NumberKind.INTERNAL,
    NumberKind.MAIN,
    NumberKind.WORK,
    NumberKind.HOME,
)
"""Precedence of kinds: a work fax is a fax, a work mobile is a mobile."""
_BEFORE_TYPES = frozenset((NumberKind.FAX, NumberKind.PAGER, NumberKind.MOBILE))
_STANDARD_KINDS = {
    "fax": NumberKind.FAX,
    "pager": NumberKind.PAGER,
    "cell": NumberKind.MOBILE,
    "mobile": NumberKind.MOBILE,
    "pcs": NumberKind.MOBILE,
    "car": NumberKind.MOBILE,
    "main": NumberKind.MAIN,
    "main-number": NumberKind.MAIN,
    "work": NumberKind.WORK,
    "home": NumberKind.HOME,
}


def parse_tel(head: PropertyHead, value: str, label: str) -> PhoneNumber | None:
    """Return the number of a TEL line, or None if it holds none.

    `label` is the line's X-ABLabel, or "".
    """
    if "\\" in value or "\n" in value:
        value = " / ".join(part for line in _LINE_END.split(value) if (part := line.strip()))
    written, canonical = (
        _uri(value.strip()) if value.lstrip()[:4].lower() == "tel:" else (unescape(value), "")
    )
    if not written:
        return None
    kind, label = _kind_and_label(head.types, head.labels, label)
    return PhoneNumber(value=written, kind=kind, label=label, canonical=canonical)


def plain_label(label: str) -> str:
    """Return a label without Apple's marks: `_$!<HomeFAX>!$_` is "HomeFAX"."""
    match = _MARKED.match(label)
    return (match[1] if match else label).strip()


@lru_cache(maxsize=2048)
def _kind_and_label(
    types: tuple[str, ...], labels: tuple[str, ...], own_label: str
) -> tuple[NumberKind, str]:
    """Return the kind of a number and its label, the source's own words, each once."""
    words = (plain_label(own_label), *labels, *_own_types(types))
    label = LABEL_SEPARATOR.join(dict.fromkeys(word for word in words if word))
    return _kind(types, label), label


def _kind(types: tuple[str, ...], label: str) -> NumberKind:
    """Return the kind that TYPE names, or else the label.

    A fax, pager or mobile by its label is one whatever TYPE says.
    """
    words = [word.lower().removeprefix("x-") for word in types]
    kinds: set[NumberKind] = set()
    for word in words:
        if word in STANDARD_TYPES:
            kinds |= {_STANDARD_KINDS[word]} if word in _STANDARD_KINDS else set()
        else:
            kinds |= kinds_of(word)
    by_label = kinds_of(label)
    kinds |= by_label & _BEFORE_TYPES if kinds else by_label
    return next((kind for kind in _ORDER if kind in kinds), NumberKind.OTHER)


def _own_types(types: tuple[str, ...]) -> Iterator[str]:
    """Yield the words of TYPE that no standard defines: "x-dect" is "dect"."""
    for written in types:
        word = written.lower()
        if word not in STANDARD_TYPES:
            plain = word if written.isupper() else written
            own = (
                plain[len("x-evolution-") :]
                if word.startswith("x-evolution-")
                else plain[2:]
                if word.startswith("x-")
                else plain
            )
            yield "iPhone" if word == "iphone" else own


def _uri(value: str) -> tuple[str, str]:
    """Return the number with extension of a `tel:` URI, and its E.164 form.

    The latter is "" unless the URI is a global number alone.
    """
    number, *parameters = unquote(value.replace("\\;", ";"))[4:].split(";")
    number = number.strip()
    for parameter in parameters:
        if parameter[:4].lower() == "ext=" and parameter[4:].strip():
            return f"{number};ext={parameter[4:].strip()}", ""
    return number, number.translate(_SEPARATORS) if _GLOBAL.match(number) else ""
