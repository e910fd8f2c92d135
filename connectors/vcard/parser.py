"""Parse vCards of versions 2.1, 3.0 and 4.0 into contacts.

Versions are labelled wrongly in practice, so the VERSION line is ignored. A broken card
affects no other card.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connectors.contact import LABEL_SEPARATOR, Contact, PhoneNumber, without_placeholders
from connectors.vcard.decoding import DEFAULT
from connectors.vcard.lines import (
    MAX_CARD,
    MAX_LINE,
    Lines,
    read_lines,
    split_value,
    unescape,
)
from connectors.vcard.names import read_name
from connectors.vcard.properties import Properties
from connectors.vcard.splitter import RawCard, split_cards
from connectors.vcard.tel import parse_tel, plain_label

TOO_LARGE = "card is larger than 16 MB"
EMPTY = "card without name, organisation and number"
NO_PROPERTY = "card with a line that is no property"
LONG_LINE = "card with a line of more than 100,000 characters"
DAMAGED = "card with damaged text, of which the readable part was taken"
DOUBTFUL = "card with a line that may be a property or the rest of a text"
UNREAD_NUMBER = "card with a telephone number in a line that is not read"
NOT_BEGUN = "lines of a card outside of every card"
NOT_ENDED = "card without END, of which lines may be missing"

_NAMES = """
fn n nickname org title role tel email categories uid kind member sort-string
x-ablabel x-abshowas x-addressbookserver-kind x-addressbookserver-member x-evolution-file-as
x-irmc-n x-phonetic-first-name x-phonetic-last-name x-phonetic-given-name x-phonetic-family-name
"""
_REQUESTED = frozenset(_NAMES.split())


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
        uids = read_lines(raw.body[:MAX_LINE], frozenset({"uid"})).properties
        return Card(Properties(uids).text("uid"), raw.line, raw.ended, problem=TOO_LARGE)
    lines = read_lines(raw.body, _REQUESTED, fallback)
    problem = _problem(raw, lines)
    properties = Properties(lines.properties)
    uid = properties.text("uid")
    contact = group = None
    # KIND:group with MEMBER (4.0) and X-ADDRESSBOOKSERVER-KIND / -MEMBER (Apple) make a card a list
    # of other cards' UIDs.
    if "group" in (
        properties.text("kind").lower(),
        properties.text("x-addressbookserver-kind").lower(),
    ):
        group = _group(properties)
        problem = problem if group is not None else EMPTY
        if group is not None and any(value for _, value in properties.all("tel")):
            problem = f"{problem}; {UNREAD_NUMBER}" if problem else UNREAD_NUMBER
    else:
        contact = _contact(properties, must_be_named=not raw.begun)
        problem = problem if contact is not None else problem or EMPTY
    return Card(uid, raw.line, raw.ended, contact, group, problem, lines.undeclared)


def _group(properties: Properties) -> GroupCard | None:
    name = properties.text("fn") or read_name(properties).family_name
    members = (*properties.all("member"), *properties.all("x-addressbookserver-member"))
    return GroupCard(name, tuple(normalise_uid(value) for _, value in members)) if name else None


def _problem(raw: RawCard, lines: Lines) -> str:
    """Return everything that is wrong with a card."""
    if (
        raw.begun
        and raw.ended
        and not (
            lines.malformed or lines.too_long or lines.damaged or lines.doubtful or lines.unread
        )
        and not raw.has_agent_number
    ):
        return ""
    found = (
        (not raw.begun, NOT_BEGUN),
        (not raw.ended, NOT_ENDED),
        (lines.malformed, NO_PROPERTY),
        (lines.too_long, LONG_LINE),
        (lines.damaged, DAMAGED),
        (lines.doubtful, DOUBTFUL),
        (lines.unread or raw.has_agent_number, UNREAD_NUMBER),
    )
    return "; ".join(what for is_so, what in found if is_so)


def _contact(properties: Properties, *, must_be_named: bool) -> Contact | None:
    """Return the contact of a card, or None if it has nothing to show."""
    names = read_name(properties)
    name, given, family = names.name, names.given_name, names.family_name
    _, org = properties.preferred("org")
    organization, *departments = map(without_placeholders, split_value(org, ";"))
    numbers = _numbers(properties)
    if names.is_empty and (must_be_named or not (organization or numbers)):
        return None
    # X-ABShowAs:COMPANY shows a card under its organisation.
    if properties.text("x-abshowas").lower() == "company" and organization:
        name, family, given = organization, "", ""
    return Contact(
        id="",
        name=name,
        given_name=given,
        family_name=family,
        phonetic_given_name=names.phonetic_given_name,
        phonetic_family_name=names.phonetic_family_name,
        sort_name=names.sort_name,
        organization=organization or (name if properties.text("kind").lower() == "org" else ""),
        department=", ".join(part for part in departments if part),
        title=without_placeholders(properties.text("title"))
        or without_placeholders(properties.text("role")),
        emails=tuple(filter(None, map(_address, properties.values("email")))),
        groups=tuple(dict.fromkeys(properties.values("categories", ","))),
        numbers=numbers,
    )


def _numbers(properties: Properties) -> tuple[PhoneNumber, ...]:
    labels: dict[str, str] = {}
    for head, value in properties.all("x-ablabel"):
        if head.group and (label := plain_label(unescape(value))):
            labels[head.group] = (
                f"{labels[head.group]}{LABEL_SEPARATOR}{label}" if head.group in labels else label
            )
    numbers = (
        parse_tel(head, value, labels.get(head.group, "")) for head, value in properties.all("tel")
    )
    return tuple(number for number in numbers if number is not None)


def _address(email: str) -> str:
    return email[7:] if email[:7].lower() == "mailto:" else email
