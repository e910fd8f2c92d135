"""Find contacts of different sources that are the same person.

Two contacts match if they share a number, by the digits dialled, or an e-mail address,
and `name_matching.compatible` accepts their names. With a shared address the same given
name is enough if the address holds it too. Ambiguous cases are left alone.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.books.name_matching import NameWords, compatible, name_words
from app.books.private_labels import ComparableNumber
from app.model.names import fold
from connectors.contact import Contact

# A number that more contacts than this share (a switchboard) matches only those whose names are
# equal. This also keeps the time linear.
SHARED_NUMBER_LIMIT = 12
_MIN_GIVEN_NAME = 3


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


def keys_of(contact: Contact, comparable: ComparableNumber) -> tuple[str, ...]:
    """Return a contact's numbers as dialled and its e-mail addresses."""
    numbers = [digits for number in contact.numbers if (digits := comparable(number))]
    emails = [email.strip().lower() for email in contact.emails if "@" in email]
    return tuple(dict.fromkeys((*numbers, *emails)))


def match_candidate(source: str, contact: Contact, keys: tuple[str, ...]) -> MatchCandidate:
    """Return the match candidate of a contact; `keys` are those worth comparing."""
    return MatchCandidate(Part(source, contact.id), name_words(contact), keys)


def group_matches(candidates: Sequence[MatchCandidate]) -> tuple[Merged, ...]:
    """Return the groups of contacts that are one person each, in linear time.

    `candidates` come in the order of their sources.
    """
    # Matches are applied in a fixed order, equal names first. All contacts of a group must go
    # together. In a chain A-B-C whose ends differ, C stays alone.
    blocks: dict[str, list[int]] = {}
    for index, item in enumerate(candidates):
        for key in item.keys:
            blocks.setdefault(key, []).append(index)
    matches: dict[tuple[int, int], _Match] = {}
    for key, members in blocks.items():
        for match in _matches(key, members, candidates) if len(members) > 1 else ():
            earlier = matches.get((match.one, match.other))
            if earlier is None or match.strength < earlier.strength:
                matches[match.one, match.other] = match
    del blocks
    cluster_of: dict[int, list[int]] = {}
    reasons: dict[int, list[str]] = {}
    for match in sorted(matches.values()):
        ones, others = (cluster_of.setdefault(index, [index]) for index in (match.one, match.other))
        if ones is others or not _may_join(ones, others, candidates, matches):
            continue
        steps = [*reasons.pop(ones[0], ()), *reasons.pop(others[0], ()), _reason(match, candidates)]
        joined = sorted(ones + others)
        reasons[joined[0]] = steps
        cluster_of.update(dict.fromkeys(joined, joined))
    return tuple(
        Merged(tuple(candidates[index].part for index in cluster_of[first]), "; ".join(steps))
        for first, steps in sorted(reasons.items())
    )


def _reason(match: _Match, candidates: Sequence[MatchCandidate]) -> str:
    what = "e-mail address" if "@" in match.key else "number"
    how = ("the same name", "names that go together", "the same given name in it")[match.strength]
    one, other = (candidates[index].part.source for index in (match.one, match.other))
    return f"{one} and {other} have the same {what} {match.key} and {how}"


def _may_join(
    ones: list[int],
    others: list[int],
    candidates: Sequence[MatchCandidate],
    matches: Container[tuple[int, int]],
) -> bool:
    # Contacts of one source are never merged with one another.
    for one in ones:
        for other in others:
            pair = (min(one, other), max(one, other))
            if candidates[one].part.source == candidates[other].part.source:
                return False
            if pair not in matches and not compatible(
                candidates[one].words, candidates[other].words
            ):
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
        and len(given) >= _MIN_GIVEN_NAME
        and given == other.given
        and given in fold(key.partition("@")[0]).split()
    ):
        return 2
    return None


def _matches(
    key: str, members: list[int], candidates: Sequence[MatchCandidate]
) -> Iterator[_Match]:
    """Yield the matches between contacts that share a key."""
    if len(members) <= SHARED_NUMBER_LIMIT:
        yield from _matches_of_few(key, members, candidates)
        return
    by_name: dict[str, dict[str, list[int]]] = {}
    for index in members:
        text = candidates[index].words.text
        if text:
            by_name.setdefault(text, {}).setdefault(candidates[index].part.source, []).append(index)
    for sources in by_name.values():
        alone = [indexes[0] for indexes in sources.values() if len(indexes) == 1]
        yield from (
            _Match(0, one, other, key) for one, other in zip(alone, alone[1:], strict=False)
        )


def _matches_of_few(
    key: str, members: list[int], candidates: Sequence[MatchCandidate]
) -> Iterator[_Match]:
    strengths = {
        (one, other): strength
        for first, one in enumerate(members)
        for other in members[first + 1 :]
        if candidates[one].part.source != candidates[other].part.source
        and (strength := _strength(key, candidates[one].words, candidates[other].words)) is not None
    }
    if not strengths:
        return
    best = {
        index: _best_matches(index, strengths, key, candidates)
        for index in {index for pair in strengths for index in pair}
    }
    for (one, other), strength in strengths.items():
        if other in best[one] and one in best[other]:
            yield _Match(strength, one, other, key)


def _best_matches(
    index: int,
    strengths: dict[tuple[int, int], int],
    key: str,
    candidates: Sequence[MatchCandidate],
) -> tuple[int, ...]:
    """Return the contacts that a contact matches, in each source the best one.

    If two of one source match equally well, neither is taken. If the matching ones are
    different people, none is taken.
    """
    best: dict[str, tuple[int, list[int]]] = {}
    for pair, strength in strengths.items():
        if index in pair:
            other = pair[0] if pair[1] == index else pair[1]
            earlier = best.get(candidates[other].part.source)
            if earlier is None or strength < earlier[0]:
                best[candidates[other].part.source] = (strength, [other])
            elif strength == earlier[0]:
                earlier[1].append(other)
    found = [other for _, others in best.values() for other in others]
    for first, one in enumerate(found):
        # "Smith" is neither "Ann Smith" nor "Bob Smith" if both have the family's number.
        if any(
            _strength(key, candidates[one].words, candidates[other].words) is None
            for other in found[first + 1 :]
        ):
            return ()
    return tuple(others[0] for _, others in best.values() if len(others) == 1)
