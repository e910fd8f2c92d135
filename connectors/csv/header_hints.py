"""Judge what a header admits below it, if it means no field by itself."""

from functools import cache

from connectors.contact import NumberKind
from connectors.csv.columns import fold_header, spell_umlauts
from connectors.csv.header_meaning import phrases
from connectors.csv.header_parts import meanings_of, strongest_kind, words_of
from connectors.csv.header_spelling import split_words
from connectors.csv.header_vocabulary import (
    AMBIGUOUS,
    AREA_CODES,
    BLOCKED,
    COUNTED,
    ELSEWHERE,
    EMERGENCY,
    NUMBER,
    PHONE,
    fold_words,
)


def may_name(header: str) -> bool:
    """Return whether a header admits names below it."""
    return _all_words(header).isdisjoint(
        fold_words(ELSEWHERE) | fold_words(COUNTED) | fold_words(BLOCKED)
    )


def may_number(header: str) -> bool:
    """Return whether a header admits telephone numbers below it."""
    words = _all_words(header)
    blocked = fold_words(COUNTED) | fold_words(BLOCKED)
    # An "Emergency Contact Phone" is somebody else's.
    if words.isdisjoint(fold_words("contact contacts contacto kontakt")):
        blocked -= fold_words(EMERGENCY)
    return words.isdisjoint(blocked)


def counts_something(header: str) -> bool:
    """Return whether a header means something else than a telephone.

    That includes another number ("Customer No.").
    """
    return not hints_at_number(header) and (
        not may_name(header) or any(NUMBER in meanings_of(word) for word in words_of(header))
    )


def is_area_code(header: str) -> bool:
    """Return whether a header means the first part of a number in another column."""
    return not _area_codes().isdisjoint(phrases(header))


def hints_at_number(header: str) -> bool:
    """Return whether some word of a header means a telephone, or may."""
    words = words_of(header)
    return not fold_words(AMBIGUOUS).isdisjoint(words) or any(
        PHONE in meant or any(one.startswith("alone ") for one in meant)
        for meant in map(meanings_of, words)
    )


def kind_of_words(label: str) -> NumberKind:
    """Return the kind that a number's label means, in all known languages.

    It is `other` if any word is unknown.
    """
    meant = [meanings_of(word) for word in words_of(label)]
    return (
        strongest_kind(one for every in meant for one in every) if all(meant) else NumberKind.OTHER
    )


def kind_hint(header: str) -> NumberKind:
    """Return the kind of number that the known words of a header suggest, or other."""
    return strongest_kind(one for word in words_of(header) for one in meanings_of(word))


def _all_words(header: str) -> set[str]:
    return {
        *words_of(header),
        *fold_header(split_words(header)).split(),
        *fold_header(header).split(),
    }


@cache
def _area_codes() -> frozenset[str]:
    return frozenset(
        fold_header(typed_as)
        for word in AREA_CODES.split("|")
        for typed_as in (word, spell_umlauts(word))
    )
