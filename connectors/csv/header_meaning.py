"""Return the field or the kind of number that a header means.

The complete header is looked up first (`csv/header_words.py`): as it is, without its
digits, with camelCase split, without brackets, and with its words run together
("firstname"). Otherwise it is read word by word. A number's header consists of known
words alone, and one unknown word rules it out. Words about something else ("Phone
Type", "Emergency Contact") are never ignored.
"""

import re
from functools import cache, lru_cache

from connectors.contact import NumberKind
from connectors.csv.columns import fold_header, typed
from connectors.csv.header_spelling import LONGEST, asks, spoken, written_out
from connectors.csv.header_vocabulary import (
    ADDRESS,
    AREA_CODES,
    BLOCKED,
    COMPANY,
    COUNTED,
    ELSEWHERE,
    EMAIL,
    NOISE,
    NUMBER,
    NUMBERED,
    PHONE,
    folded,
    meanings,
)
from connectors.csv.header_words import FAMILY, GIVEN, beside, fields, numbers

_BRACKETS = re.compile(r"\[([^\]]*)\]|\(([^)]*)\)")
_DIGITS = re.compile(r"[0-9]+")
_JOIN = re.compile(
    r"\s*[/&+,]\s*|\s+(?:and|und|et|y|e|en|og|och|ja|és|și|si|i|a|и|та|ve)\s+", re.IGNORECASE
)
_PERSON = frozenset(("name", GIVEN, FAMILY))
_ORDINALS = frozenset(("first", "last"))
_ORDER = {kind: NumberKind(kind) for kind in ("fax", "pager")} | {"assistant": NumberKind.OTHER}
_ORDER |= {kind: NumberKind(kind) for kind in ("internal", "mobile", "main", "work", "home")} | {
    "first": NumberKind.MAIN
}
_JOINTS = ("s", "n", "e", "en", "es", "er")
_SHORT = frozenset({"nr", "no", "ip", "ext"})
_REMARKS = (
    "required optional mandatory pflicht pflichtfeld pflichtangabe obligatoire obligatorio legal"
)
_OWNERS = (
    "contact contacts contactperson person customer client employee staff member my your kontakt"
    " kunde kunden mitarbeiter ansprechpartner ansprechpartnerin of the des der du"
)
_KINDS = frozenset(kind.value for kind in NumberKind)


@lru_cache(maxsize=4096)
def phrases(header: str) -> tuple[str, ...]:
    """Return a header folded, in each spelling to look up, the closest first."""
    if len(header) > LONGEST:
        return ()
    wordings = (written_out(header), spoken(header), *_without_brackets(spoken(header)))
    return tuple(
        dict.fromkeys(spelling for wording in wordings for spelling in _spellings(wording))
    )


@lru_cache(maxsize=4096)
def field_of(header: str, present: frozenset[str]) -> str:
    """Return the field or the kind of number that a header means; "" for neither.

    `present` are the phrases of all headers of the file.
    """
    if len(header) > LONGEST or asks(header):
        return ""
    whole = _spellings(written_out(header)) + _spellings(spoken(header))
    if found := _looked_up_in(whole, present) or _by_words(header):
        return found
    for wording in _without_brackets(spoken(header)):
        # "Number" alone is a telephone's. With a remark behind it ("Number (Staff)") it may be
        # anything.
        if _says_number_only(wording):
            found = ""
        else:
            found = _looked_up_in(_spellings(wording), present) or _by_words(wording)
        if found := found or _without_remarks(_spellings(wording), present):
            return found
    return _without_remarks(whole, present) or _by_parts(header, present)


def words_of(header: str) -> tuple[str, ...]:
    """Return the known words of a header, compounds split; unknown ones stay whole."""
    return tuple(
        part
        for word in _without_digits(fold_header(spoken(header[:LONGEST]))).split()
        for part in _parts(word) or (word,)
    )


def may_name(header: str) -> bool:
    """Return whether a header admits names below it."""
    return _all_words(header).isdisjoint(folded(ELSEWHERE) | folded(COUNTED) | folded(BLOCKED))


def may_number(header: str) -> bool:
    """Return whether a header admits telephone numbers below it."""
    return _all_words(header).isdisjoint(folded(COUNTED) | folded(BLOCKED))


def counts_something(header: str) -> bool:
    """Return whether a header means something else than a telephone.

    That includes another number ("Customer No.").
    """
    return not hints_at_number(header) and (
        not may_name(header) or any(NUMBER in _meant(word) for word in words_of(header))
    )


def is_area_code(header: str) -> bool:
    """Return whether a header means the first part of a number in another column."""
    return not _area_codes().isdisjoint(phrases(header))


def hints_at_number(header: str) -> bool:
    """Return whether some word of a header means a telephone."""
    return any(
        PHONE in meant or any(one.startswith("alone ") for one in meant)
        for meant in map(_meant, words_of(header))
    )


def kind_of_words(label: str) -> NumberKind:
    """Return the kind that a number's label means, in all known languages.

    It is `other` if any word is unknown.
    """
    meant = [_meant(word) for word in words_of(label)]
    return (
        _strongest({one.rpartition(" ")[2] for every in meant for one in every if " " in one})
        if all(meant)
        else NumberKind.OTHER
    )


def kind_hint(header: str) -> NumberKind:
    """Return the kind of number that the known words of a header suggest, or other."""
    return _strongest(
        {one.rpartition(" ")[2] for word in words_of(header) for one in _meant(word) if " " in one}
    )


def _all_words(header: str) -> set[str]:
    return {*words_of(header), *fold_header(spoken(header)).split(), *fold_header(header).split()}


def _spellings(wording: str) -> tuple[str, ...]:
    spelling = fold_header(wording)
    return tuple(one for one in (spelling, _without_digits(spelling)) if one)


def _looked_up_in(spellings: tuple[str, ...], present: frozenset[str]) -> str:
    together = (_run_together().get(spelling.replace(" ", ""), "") for spelling in spellings)
    return next(
        (
            found
            for found in (*(_looked_up(spelling, present) for spelling in spellings), *together)
            if found
        ),
        "",
    )


def _by_words(header: str) -> str:
    words = words_of(header)
    return _number(words) or _email(words)


def _by_parts(header: str, present: frozenset[str]) -> str:
    """Return what a header of several headers means.

    "Firma/Organisation" is one meaning. "Nombre y Apellido" and "姓 名" are a name.
    """
    for wording in dict.fromkeys((written_out(header).strip(), spoken(header).strip())):
        parts = _JOIN.split(wording)
        words = parts[0].split() if len(parts) == 1 else []
        if len(words) == 2 and _ORDINALS.isdisjoint(map(fold_header, words)):
            parts = words
        each = [
            (_looked_up_in(_spellings(part), present) or _by_words(part)).replace(
                "maybe_title", "title"
            )
            for part in parts
        ]
        found = set(each)
        if len(each) > 1 and len(found) == 1 and not words and "id" not in found:
            return each[0]
        if len(found) > 1 and _PERSON.issuperset(found):
            return "name"
    return ""


def _looked_up(spelling: str, present: frozenset[str]) -> str:
    if spelling in beside():
        others, meaning, alone = beside()[spelling]
        # "Name,Vorname,Nachname": another column is the family name, so this is the full name.
        taken = any(fields().get(other) == meaning for other in present - {spelling})
        return meaning if others & present and not taken else alone
    return numbers().get(spelling) or fields().get(spelling, "")


def _says_number_only(header: str) -> bool:
    return all(NUMBER in _meant(word) for word in words_of(header))


def _without_brackets(header: str) -> tuple[str, ...]:
    """Return a header without bracketed text if that is a remark ("[Required]").

    Nothing is returned if it may be more than a remark.
    """
    inside = " ".join(
        part for match in _BRACKETS.finditer(header) for part in match.groups() if part
    )
    if not inside or not folded(BLOCKED).isdisjoint(fold_header(inside).split()):
        return ()
    return (_BRACKETS.sub(" ", header),)


def _without_digits(spelling: str) -> str:
    return " ".join(_DIGITS.sub(" ", spelling).split())


def _without_remarks(spellings: tuple[str, ...], present: frozenset[str]) -> str:
    """Return the text field that remains without "required" and similar remarks.

    If there is none, "contact", "employee" and similar words are ignored too.
    """
    for left_out in (folded(_REMARKS), folded(_REMARKS) | folded(_OWNERS)):
        for spelling in spellings:
            words = spelling.split()
            kept = " ".join(word for word in words if word not in left_out)
            last = next((word for word in reversed(words) if word not in folded(_REMARKS)), "")
            if kept in _ORDINALS and last != kept:
                continue  # "Last Contact" is a date.
            if kept and len(kept) < len(spelling) and folded(BLOCKED).isdisjoint(words):
                found = _looked_up(kept, present)
                if found and found not in _KINDS and found != "id":
                    return found
    remarks = [word for word in folded(_REMARKS) | folded(_OWNERS) if len(word) > 3]
    together = (
        _run_together().get(spelling.removeprefix(word), "")
        for spelling in spellings
        for word in remarks
    )
    return next((found for found in together if found and found not in _KINDS), "")


def _number(words: tuple[str, ...]) -> str:
    meant = [_meant(word) for word in words]
    every = frozenset().union(*meant)
    if not all(one - {ADDRESS, EMAIL} for one in meant):
        return ""
    numbered = NUMBER in every and not folded(NUMBERED).isdisjoint(words)
    if PHONE not in every and not numbered and not any(one.startswith("alone ") for one in every):
        return ""
    kind = _strongest({one.rpartition(" ")[2] for one in every if " " in one})
    return NumberKind.MAIN if kind is NumberKind.OTHER and COMPANY in every else kind


def _strongest(kinds: set[str]) -> NumberKind:
    return next((kind for word, kind in _ORDER.items() if word in kinds), NumberKind.OTHER)


def _email(words: tuple[str, ...]) -> str:
    joined = " ".join(words).replace("e mail", "email").replace("e post", "epost").split()
    meant = [_meant(word) for word in joined]
    known = all(
        one & {EMAIL, ADDRESS, NOISE} or any(" " in meaning for meaning in one) for one in meant
    )
    return (
        "email"
        if known and any(EMAIL in one for one in meant) and folded(BLOCKED).isdisjoint(joined)
        else ""
    )


def _meant(word: str) -> frozenset[str]:
    return meanings().get(word, frozenset())


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[str, ...]:
    """Return the words of a compound, the longest first; () if it is none.

    Examples are "mobilephone", "Geschäftstelefon" and "会社電話".
    """
    known = meanings()
    if word in known:
        return (word,)
    for end in range(len(word) - 1, 0, -1):
        head = word[:end]
        if head not in known or not _may_be_part(head):
            continue
        for joint in ("", *_JOINTS):
            rest = word[end:].removeprefix(joint)
            if (
                word[end:].startswith(joint)
                and rest
                and _may_be_part(rest)
                and (tail := _parts(rest))
            ):
                return (head, *tail)
    return ()


def _may_be_part(word: str) -> bool:
    return len(word) > 2 or word in _SHORT or not word.isascii()


@cache
def _area_codes() -> frozenset[str]:
    return frozenset(
        fold_header(typed_as) for word in AREA_CODES.split("|") for typed_as in (word, typed(word))
    )


@cache
def _run_together() -> dict[str, str]:
    """Return headers of several words without blanks ("firstname") -> their meaning."""
    found: dict[str, str] = {}
    for table in (numbers(), fields()):
        for header, meaning in table.items():
            if " " in header:
                found.setdefault(header.replace(" ", ""), meaning)
    return found
