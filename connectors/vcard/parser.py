"""Parse vCards of versions 2.1, 3.0 and 4.0 into contacts.

Versions are labelled wrongly in practice, so the VERSION line is ignored. A broken card
affects no other card.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from connectors.contact import LABEL_SEPARATOR, Contact, PhoneNumber, without_placeholders
from connectors.vcard.content_line import PropertyHead
from connectors.vcard.decoding import DEFAULT
from connectors.vcard.lines import (
    MAX_CARD,
    MAX_LINE,
    Lines,
    Property,
    read_lines,
    split_escaped,
    split_value,
    unescape,
)
from connectors.vcard.splitter import RawCard, split_cards
from connectors.vcard.tel import parse_tel, plain_label

TOO_LARGE = "card is larger than 16 MB"
EMPTY = "card without name, organisation and number"
ODD_LINE = "card with a line that is no property"
LONG_LINE = "card with a line of more than 100,000 characters"
DAMAGED = "card with damaged text, of which the readable part was taken"
DOUBTFUL = "card with a line that may be a property or the rest of a text"
UNREAD_NUMBER = "card with a telephone number in a line that is not read"
NOT_BEGUN = "lines of a card outside of every card"
NOT_ENDED = "card without END, of which lines may be missing"

_NAMES = """
fn n nickname org title role tel email categories uid kind member sort-string
x-ablabel x-abshowas x-addressbookserver-kind x-addressbookserver-member x-evolution-file-as
x-phonetic-first-name x-phonetic-last-name x-phonetic-given-name x-phonetic-family-name
"""
_WANTED = frozenset(_NAMES.split())


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A card that lists others, with its name.

    Its members' UIDs are in the form of `normalise_uid`.
    """

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Contents of one card: a contact (with an empty id), a group, or neither.

    `problem` is why some of it was omitted, or "". `uid` is the card's own or "",
    `line` where it begins in the data. `undeclared` are texts that are neither UTF-8
    nor in a declared charset, so their decoding is a guess.
    """

    uid: str
    line: int
    ended: bool
    contact: Contact | None = None
    group: GroupCard | None = None
    problem: str = ""
    undeclared: tuple[bytes, ...] = ()


def read_cards(data: bytes, fallback: str = DEFAULT) -> Iterator[Card]:
    """Yield every card of a file or an answer, in order.

    Broken ones come too, with their `problem`. `fallback` is the codec of text that is
    not UTF-8 and declares nothing.
    """
    for raw in split_cards(data):
        yield _read(raw, fallback)


def normalise_uid(uid: str) -> str:
    """Return a UID for comparison with a group's members: "urn:uuid:81C2" is "81c2"."""
    uid = uid.strip().lower()
    return uid.removeprefix("urn:").removeprefix("uuid:")


def memberships(groups: Iterable[GroupCard]) -> dict[str, tuple[str, ...]]:
    """Return the names of each member's groups by its normalised UID, in order."""
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        for member in group.members:
            found.setdefault(member, {})[group.name] = None
    return {member: tuple(names) for member, names in found.items()}


def _read(raw: RawCard, fallback: str) -> Card:
    if len(raw.body) > MAX_CARD:
        begun = dict(read_lines(raw.body[:MAX_LINE], frozenset({"uid"})).properties)
        return Card(
            next((unescape(uid) for uid in begun.values()), ""),
            raw.line,
            raw.ended,
            problem=TOO_LARGE,
        )
    lines = read_lines(raw.body, _WANTED, fallback)
    problem = _problem(raw, lines)
    single: dict[str, list[Property]] = {}
    for item in lines.properties:
        single.setdefault(item[0].name, []).append(item)
    uid = _text(single, "uid")
    contact = group = None
    # KIND:group with MEMBER (4.0) and X-ADDRESSBOOKSERVER-KIND / -MEMBER (Apple) make a card a list
    # of other cards' UIDs.
    if "group" in (
        _text(single, "kind").lower(),
        _text(single, "x-addressbookserver-kind").lower(),
    ):
        listed = (*single.get("member", ()), *single.get("x-addressbookserver-member", ()))
        name = _text(single, "fn") or _structured(single.get("n", ()), "")[0]
        group = (
            GroupCard(name, tuple(normalise_uid(value) for _, value in listed)) if name else None
        )
        problem = problem if name else EMPTY
    else:
        contact = _contact(single)
        if (
            contact is not None
            and not raw.begun
            and not (contact.name or contact.given_name or contact.family_name)
        ):
            contact = None
        problem = problem if contact is not None else problem or EMPTY
    return Card(uid, raw.line, raw.ended, contact, group, problem, lines.undeclared)


def _problem(raw: RawCard, lines: Lines) -> str:
    """Return everything that is wrong with a card."""
    if (
        raw.begun
        and raw.ended
        and not (lines.odd or lines.too_long or lines.damaged or lines.doubtful or lines.unread)
    ):
        return ""
    found = (
        (not raw.begun, NOT_BEGUN),
        (not raw.ended, NOT_ENDED),
        (lines.odd, ODD_LINE),
        (lines.too_long, LONG_LINE),
        (lines.damaged, DAMAGED),
        (lines.doubtful, DOUBTFUL),
        (lines.unread, UNREAD_NUMBER),
    )
    return "; ".join(what for is_so, what in found if is_so)


def _contact(single: dict[str, list[Property]]) -> Contact | None:
    # FN is the name as displayed (RFC 6350 section 6.2).
    name_head, name = _preferred(single.get("fn", ()))
    family, given, read_family, read_given, sort_as = _structured(
        single.get("n", ()), name_head.language
    )
    org_head, org = _preferred(single.get("org", ()))
    organization, *departments = map(without_placeholders, split_value(org, ";"))
    numbers = _numbers(single)
    name = without_placeholders(unescape(name)) or (
        "" if family or given else without_placeholders(_text(single, "nickname"))
    )
    if not (name or family or given or organization or numbers):
        return None
    # X-ABShowAs:COMPANY shows a card under its organisation.
    if _text(single, "x-abshowas").lower() == "company" and organization:
        name, family, given = organization, "", ""
    return Contact(
        id="",
        name=name,
        given_name=given,
        family_name=family,
        # X-PHONETIC-FIRST-NAME / -LAST-NAME are Apple's and Android's readings.
        phonetic_given_name=_text(single, "x-phonetic-first-name")
        or _text(single, "x-phonetic-given-name")
        or read_given,
        phonetic_family_name=_text(single, "x-phonetic-last-name")
        or _text(single, "x-phonetic-family-name")
        or read_family,
        # SORT-AS (4.0) and SORT-STRING (3.0) tell how to sort.
        sort_name=_sort_name(
            sort_as or name_head.sort_as or ("" if family or given else org_head.sort_as), single
        ),
        organization=organization or (name if _text(single, "kind").lower() == "org" else ""),
        department=", ".join(part for part in departments if part),
        title=without_placeholders(_text(single, "title"))
        or without_placeholders(_text(single, "role")),
        emails=tuple(
            address
            for email in _listed(single.get("email", ()), "")
            if (address := _address(email))
        ),
        groups=tuple(dict.fromkeys(_listed(single.get("categories", ()), ","))),
        numbers=numbers,
    )


def _numbers(single: dict[str, list[Property]]) -> tuple[PhoneNumber, ...]:
    labels: dict[str, str] = {}
    for head, value in single.get("x-ablabel", ()):
        if head.group and (label := plain_label(unescape(value))):
            labels[head.group] = (
                f"{labels[head.group]}{LABEL_SEPARATOR}{label}" if head.group in labels else label
            )
    read = (
        parse_tel(head, value, labels.get(head.group, "")) for head, value in single.get("tel", ())
    )
    return tuple(number for number in read if number is not None)


def _structured(properties: Iterable[Property], language: str) -> tuple[str, str, str, str, str]:
    """Return family and given name, both again as a reading, and SORT-AS.

    The reading comes from another N, read aloud or in Latin letters. Several N or FN
    with one ALTID are the same name in other scripts (RFC 6350 section 5.4). PHONETIC
    marks a reading (RFC 9554).
    """
    candidates = [(head, parts) for head, value in properties if any(parts := _parts(value))]
    if not candidates:
        return "", "", "", "", ""
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
            return *parts, *reading, head.sort_as
    return *parts, "", "", head.sort_as


def _parts(value: str) -> tuple[str, str]:
    """Return family and given name of an N; lists in a part ("Ann,Mary") become words.

    N is family;given;additional;prefix;suffix (RFC 6350 section 6.2).
    """
    parts = [
        " ".join(split_value(part, ",")) if "," in part else unescape(part)
        for part in split_escaped(value, ";")
    ]
    return without_placeholders(parts[0]), without_placeholders(parts[1]) if len(parts) > 1 else ""


def _sort_name(sort_as: str, single: dict[str, list[Property]]) -> str:
    if sort_as:
        return " ".join(
            found for part in sort_as.split(",") if (found := without_placeholders(part))
        )
    return without_placeholders(_text(single, "sort-string")) or without_placeholders(
        _text(single, "x-evolution-file-as")
    )


_NOTHING = (PropertyHead(""), "")


def _preferred(properties: Sequence[Property]) -> Property:
    """Return the preferred one of several properties, the first of equals.

    One without a value is returned only if there is no other.
    """
    if len(properties) == 1:
        return properties[0]
    return min(
        (item for item in properties if without_placeholders(item[1])),
        key=lambda item: item[0].pref,
        default=_NOTHING,
    )


def _text(single: dict[str, list[Property]], name: str) -> str:
    found = single.get(name)
    return unescape(found[0][1]) if found else ""


def _listed(properties: Iterable[Property], separator: str) -> Iterator[str]:
    for _, value in properties:
        for part in split_value(value, separator) if separator else (unescape(value),):
            if part:
                yield part


def _address(email: str) -> str:
    return email[7:] if email[:7].lower() == "mailto:" else email
