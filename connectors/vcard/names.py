"""Read the names of a card: FN, N, NICKNAME, their readings, and how to sort them."""

from collections.abc import Iterable

import msgspec

from connectors.contact import without_placeholders
from connectors.vcard.content_line import READING
from connectors.vcard.lines import Property, split_escaped, split_value, unescape
from connectors.vcard.properties import Properties


class CardName(msgspec.Struct, frozen=True, gc=False):
    """The names of a card, as the fields of a contact."""

    name: str
    given_name: str
    family_name: str
    phonetic_given_name: str
    phonetic_family_name: str
    sort_name: str

    @property
    def is_empty(self) -> bool:
        """Return whether the card names nobody."""
        return not (self.name or self.family_name or self.given_name)


class _Parts(msgspec.Struct, frozen=True, gc=False):
    family: str = ""
    given: str = ""
    phonetic_family: str = ""
    phonetic_given: str = ""
    sort_as: str = ""


def read_name(properties: Properties) -> CardName:
    """Return the names of a card, without placeholders."""
    # FN is the name as displayed (RFC 6350 section 6.2).
    head, shown = properties.preferred("fn")
    parts = _read_parts(properties.all("n"), head.language)
    has_parts = bool(parts.family or parts.given)
    _, reading = properties.preferred(READING)
    family_reading, given_reading = _split(reading)
    return CardName(
        name=without_placeholders(unescape(shown))
        or ("" if has_parts else without_placeholders(properties.text("nickname")))
        or ("" if has_parts else f"{family_reading} {given_reading}".strip()),
        given_name=parts.given,
        family_name=parts.family,
        # X-PHONETIC-FIRST-NAME / -LAST-NAME are Apple's and Android's readings.
        phonetic_given_name=properties.text("x-phonetic-first-name")
        or properties.text("x-phonetic-given-name")
        or parts.phonetic_given
        or given_reading,
        phonetic_family_name=properties.text("x-phonetic-last-name")
        or properties.text("x-phonetic-family-name")
        or parts.phonetic_family
        or family_reading,
        sort_name=_sort_name(
            parts.sort_as
            or head.sort_as
            or ("" if has_parts else properties.preferred("org")[0].sort_as),
            properties,
        ),
    )


def _read_parts(properties: Iterable[Property], language: str) -> _Parts:
    """Return the parts of the name, of N in the language of FN if there are several.

    The reading comes from another N, read aloud or in Latin letters. Several N or FN
    with one ALTID are the same name in other scripts (RFC 6350 section 5.4). PHONETIC
    marks a reading (RFC 9554).
    """
    candidates = [(head, parts) for head, value in properties if any(parts := _split(value))]
    if not candidates:
        return _Parts()
    plain = [item for item in candidates if not item[0].phonetic] or candidates
    head, parts = (
        min(plain, key=lambda item: (not language or item[0].language != language, item[0].pref))
        if len(plain) > 1
        else plain[0]
    )
    for other, reading in candidates if len(candidates) > 1 else ():
        if reading != parts and (
            other.phonetic
            or (other.altid and other.altid == head.altid and not "".join(parts).isascii())
        ):
            return _Parts(*parts, *reading, head.sort_as)
    return _Parts(*parts, sort_as=head.sort_as)


def _split(value: str) -> tuple[str, str]:
    """Return family and given name of an N; lists in a part ("Ann,Mary") become words.

    N is family;given;additional;prefix;suffix (RFC 6350 section 6.2).
    """
    parts = [
        " ".join(split_value(part, ",")) if "," in part else unescape(part)
        for part in split_escaped(value, ";")
    ]
    return without_placeholders(parts[0]), without_placeholders(parts[1]) if len(parts) > 1 else ""


def _sort_name(sort_as: str, properties: Properties) -> str:
    # SORT-AS (4.0) and SORT-STRING (3.0) tell how to sort.
    if sort_as:
        return " ".join(part for text in sort_as.split(",") if (part := without_placeholders(text)))
    return without_placeholders(properties.text("sort-string")) or without_placeholders(
        properties.text("x-evolution-file-as")
    )
