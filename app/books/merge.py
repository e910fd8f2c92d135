"""Find contacts of different sources that are the same person, and merge them.

Two contacts match if they share a number, by the digits dialled, or an e-mail address,
and `name_matching.compatible` accepts their names. With a shared address the same given
name is enough if the address holds it too. Ambiguous cases are left alone.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from app.books.name_matching import NameWords, compatible, name_words
from app.books.private_labels import bears
from app.model.names import fold
from connectors.contact import Contact, PhoneNumber

ComparableNumber = Callable[[PhoneNumber], str]
"""Returns digits that are equal for all written forms of a number, "" for no number."""

# A number that more contacts than this share (a switchboard) matches only those whose names are
# equal. This also keeps the time linear.
SHARED_NUMBER_LIMIT = 12
_SHORTEST_GIVEN_NAME = 3


class Part(NamedTuple):
    """One contact, as the name of its source and its id there."""

    source: str
    id: str


@dataclass(frozen=True, slots=True)
class MatchCandidate:
    """The data by which a contact is compared.

    `keys` are numbers as dialled, and e-mail addresses in lower case.
    """

    part: Part
    words: NameWords
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """Contacts that are one person, in the order of their sources, and the reason.

    The name of the first one is shown.
    """

    parts: tuple[Part, ...]
    reason: str


class _Match(NamedTuple):
    strength: int
    one: int
    other: int
    key: str


def keys_of(contact: Contact, dialled: ComparableNumber) -> tuple[str, ...]:
    """Return a contact's numbers as dialled and its e-mail addresses."""
    numbers = [digits for number in contact.numbers if (digits := dialled(number))]
    emails = [email.strip().lower() for email in contact.emails if "@" in email]
    return tuple(dict.fromkeys((*numbers, *emails)))


def sketch(source: str, contact: Contact, keys: tuple[str, ...]) -> MatchCandidate:
    """Return the match candidate of a contact; `keys` are those worth comparing."""
    return MatchCandidate(Part(source, contact.id), name_words(contact), keys)


def numbers_mark(contact: Contact, dialled: ComparableNumber) -> int:
    """Return a hash of a contact's numbers as dialled, with their kinds and labels.

    It does not depend on their order. It is valid in this process only.
    """
    numbers = [
        "\x1e".join((dialled(number) or number.value, number.kind, number.label))
        for number in contact.numbers
    ]
    if len(numbers) == 1:
        return hash(numbers[0])
    numbers.sort()
    return hash(tuple(numbers))


class DuplicateFilter:
    """Recognises exact duplicates in a sequence of contacts.

    Duplicates have the same name, and the same numbers of the same kinds. Names are
    compared only if the numbers are the same, so most contacts cost no more than a
    hash.
    """

    def __init__(self) -> None:
        self._names: dict[int, str | set[str]] = {}

    def seen(self, contact: Contact, numbers: int) -> bool:
        """Return whether a duplicate of this contact came before.

        `numbers` is its `numbers_mark`. The contact is recorded for later calls.
        """
        name = contact.name or f"{contact.given_name} {contact.family_name}"
        if not (name[:1].isalnum() or fold(name)):
            name = contact.organization
        known = self._names.get(numbers)
        if known is None:
            self._names[numbers] = name
            return False
        if isinstance(known, str):
            known = self._names[numbers] = {fold(known)}
        folded = fold(name)
        if folded in known:
            return True
        known.add(folded)
        return False


def group_matches(sketches: Sequence[MatchCandidate]) -> tuple[Merged, ...]:
    """Return the groups of contacts that are one person each, in linear time.

    `sketches` come in the order of their sources.
    """
    # Matches are applied in a fixed order, equal names first. All contacts of a group must go
    # together. In a chain A-B-C whose ends differ, C stays alone.
    blocks: dict[str, list[int]] = {}
    for place, item in enumerate(sketches):
        for key in item.keys:
            blocks.setdefault(key, []).append(place)
    bonds: dict[tuple[int, int], _Match] = {}
    for key, members in blocks.items():
        for bond in _bonds(key, members, sketches) if len(members) > 1 else ():
            known = bonds.get((bond.one, bond.other))
            if known is None or bond.strength < known.strength:
                bonds[bond.one, bond.other] = bond
    del blocks
    cluster_of: dict[int, list[int]] = {}
    reasons: dict[int, list[str]] = {}
    for bond in sorted(bonds.values()):
        ones, others = (cluster_of.setdefault(place, [place]) for place in (bond.one, bond.other))
        if ones is others or not _may_join(ones, others, sketches, bonds):
            continue
        told = [*reasons.pop(ones[0], ()), *reasons.pop(others[0], ()), _reason(bond, sketches)]
        joined = sorted(ones + others)
        reasons[joined[0]] = told
        cluster_of.update(dict.fromkeys(joined, joined))
    return tuple(
        Merged(tuple(sketches[place].part for place in cluster_of[first]), "; ".join(told))
        for first, told in sorted(reasons.items())
    )


def _reason(bond: _Match, sketches: Sequence[MatchCandidate]) -> str:
    what = "e-mail address" if "@" in bond.key else "number"
    how = ("the same name", "names that go together", "the same given name in it")[bond.strength]
    return (
        f"{sketches[bond.one].part.source} and {sketches[bond.other].part.source} have the same"
        f" {what} {bond.key} and {how}"
    )


def _may_join(
    ones: list[int],
    others: list[int],
    sketches: Sequence[MatchCandidate],
    bonds: Container[tuple[int, int]],
) -> bool:
    # Contacts of one source are never merged with one another.
    for one in ones:
        for other in others:
            pair = (min(one, other), max(one, other))
            if sketches[one].part.source == sketches[other].part.source:
                return False
            if pair not in bonds and not compatible(sketches[one].words, sketches[other].words):
                return False
    return True


def _strength(key: str, one: NameWords, other: NameWords) -> int | None:
    """Return how well two names that share a key match: 0 is best, None is no match."""
    if one.text and one.text == other.text:
        return 0
    if compatible(one, other):
        return 1
    given = one.given
    # The given name stands in the address: ann.smith@ for "Ann Smith" and "Ann Miller".
    if (
        "@" in key
        and len(given) >= _SHORTEST_GIVEN_NAME
        and given == other.given
        and given in fold(key.partition("@")[0]).split()
    ):
        return 2
    return None


def _bonds(key: str, members: list[int], sketches: Sequence[MatchCandidate]) -> Iterator[_Match]:
    """Yield the matches between contacts that share a key."""
    if len(members) <= SHARED_NUMBER_LIMIT:
        yield from _bonds_of_few(key, members, sketches)
        return
    by_name: dict[str, dict[str, list[int]]] = {}
    for place in members:
        text = sketches[place].words.text
        if text:
            by_name.setdefault(text, {}).setdefault(sketches[place].part.source, []).append(place)
    for sources in by_name.values():
        alone = [places[0] for places in sources.values() if len(places) == 1]
        yield from (
            _Match(0, one, other, key) for one, other in zip(alone, alone[1:], strict=False)
        )


def _bonds_of_few(
    key: str, members: list[int], sketches: Sequence[MatchCandidate]
) -> Iterator[_Match]:
    strengths = {
        (one, other): strength
        for at, one in enumerate(members)
        for other in members[at + 1 :]
        if sketches[one].part.source != sketches[other].part.source
        and (strength := _strength(key, sketches[one].words, sketches[other].words)) is not None
    }
    if not strengths:
        return
    fitting = {
        place: _fitting(place, strengths, key, sketches)
        for place in {place for pair in strengths for place in pair}
    }
    for (one, other), strength in strengths.items():
        if other in fitting[one] and one in fitting[other]:
            yield _Match(strength, one, other, key)


def _fitting(
    place: int, strengths: dict[tuple[int, int], int], key: str, sketches: Sequence[MatchCandidate]
) -> tuple[int, ...]:
    """Return the contacts that a contact matches, in each source the best one.

    If two of one source match equally well, neither is taken. If the matching ones are
    different people, none is taken.
    """
    best: dict[str, tuple[int, list[int]]] = {}
    for pair, strength in strengths.items():
        if place in pair:
            other = pair[0] if pair[1] == place else pair[1]
            known = best.get(sketches[other].part.source)
            if known is None or strength < known[0]:
                best[sketches[other].part.source] = (strength, [other])
            elif strength == known[0]:
                known[1].append(other)
    found = [other for _, others in best.values() for other in others]
    for at, one in enumerate(found):
        # "Smith" is neither "Ann Smith" nor "Bob Smith" if both have the family's number.
        if any(
            _strength(key, sketches[one].words, sketches[other].words) is None
            for other in found[at + 1 :]
        ):
            return ()
    return tuple(others[0] for _, others in best.values() if len(others) == 1)


def merge_contacts(
    contacts: Sequence[Contact], dialled: ComparableNumber, private_label: str = ""
) -> Contact:
    """Return one contact made of several.

    The name is that of the first, and the others supply what it lacks. Numbers, groups
    and e-mail addresses of all are kept, in order. If one contact marks a number with
    `private_label`, only the marked form of that number is kept.
    """
    first, *others = contacts
    numbers = tuple(dict.fromkeys(number for contact in contacts for number in contact.numbers))
    private = {
        dialled(number) or number.value for number in numbers if bears(number, private_label)
    }
    if private:
        numbers = tuple(
            number
            for number in numbers
            if bears(number, private_label) or (dialled(number) or number.value) not in private
        )
    named = _named(first, others)
    return msgspec.structs.replace(
        first,
        given_name=named.given_name,
        family_name=named.family_name,
        phonetic_given_name=named.phonetic_given_name,
        phonetic_family_name=named.phonetic_family_name,
        sort_name=first.sort_name or named.sort_name,
        organization=_first(contact.organization for contact in contacts),
        department=_first(contact.department for contact in contacts),
        title=_first(contact.title for contact in contacts),
        emails=tuple(dict.fromkeys(email for contact in contacts for email in contact.emails)),
        groups=tuple(dict.fromkeys(group for contact in contacts for group in contact.groups)),
        numbers=numbers,
    )


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _named(first: Contact, others: Sequence[Contact]) -> Contact:
    """Return the contact that supplies the parts of the name.

    That is the first one. If it has no parts, it is the first other whose parts all
    occur in its name.
    """
    if (
        first.given_name
        or first.family_name
        or first.phonetic_given_name
        or first.phonetic_family_name
    ):
        return first
    words = set(fold(first.name).split())
    for other in others:
        parts = set(fold(f"{other.given_name} {other.family_name}").split())
        if parts and parts <= words:
            return other
    return first
