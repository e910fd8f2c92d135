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
from connectors.csv.columns import fold_header
from connectors.csv.header_parts import meanings_of, strongest_kind, without_digits, words_of
from connectors.csv.header_spelling import MAX_LENGTH, is_question, split_words, write_out
from connectors.csv.header_vocabulary import (
    ADDRESS,
    BLOCKED,
    COMPANY,
    EMAIL,
    NOISE,
    NUMBER,
    NUMBERED,
    PHONE,
    fold_words,
)
from connectors.csv.header_words import FAMILY, GIVEN, beside, fields, numbers

_BRACKETS = re.compile(r"\[([^\]]*)\]|\(([^)]*)\)")
_JOIN = re.compile(
    r"\s*[/&+,]\s*|\s+(?:and|und|et|y|e|en|og|och|ja|és|și|si|i|a|и|та|ve)\s+", re.IGNORECASE
)
_PERSON = frozenset(("name", GIVEN, FAMILY))
_ORDINALS = frozenset(("first", "last"))
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
    if len(header) > MAX_LENGTH:
        return ()
    wordings = (
        write_out(header),
        split_words(header),
        *_without_brackets(split_words(header)),
    )
    return tuple(
        dict.fromkeys(spelling for wording in wordings for spelling in _spellings(wording))
    )


@lru_cache(maxsize=4096)
def field_of(header: str, present: frozenset[str]) -> str:
    """Return the field or the kind of number that a header means; "" for neither.

    `present` are the phrases of all headers of the file.
    """
    if len(header) > MAX_LENGTH or is_question(header):
        return ""
    whole = _spellings(write_out(header)) + _spellings(split_words(header))
    if found := _look_up_any(whole, present) or _by_words(header):
        return found
    for wording in _without_brackets(split_words(header)):
        # "Number" alone is a telephone's. With a remark behind it ("Number (Staff)") it may be
        # anything.
        if _says_number_only(wording):
            found = ""
        else:
            found = _look_up_any(_spellings(wording), present) or _by_words(wording)
        if found := found or _without_remarks(_spellings(wording), present):
            return found
    return _without_remarks(whole, present) or _by_parts(header, present)


def _spellings(wording: str) -> tuple[str, ...]:
    spelling = fold_header(wording)
    return tuple(one for one in (spelling, without_digits(spelling)) if one)


def _look_up_any(spellings: tuple[str, ...], present: frozenset[str]) -> str:
    together = (_run_together().get(spelling.replace(" ", ""), "") for spelling in spellings)
    return next(
        (
            found
            for found in (*(_look_up(spelling, present) for spelling in spellings), *together)
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
    for wording in dict.fromkeys((write_out(header).strip(), split_words(header).strip())):
        parts = _JOIN.split(wording)
        words = parts[0].split() if len(parts) == 1 else []
        if len(words) == 2 and _ORDINALS.isdisjoint(map(fold_header, words)):
            parts = words
        each = [
            (_look_up_any(_spellings(part), present) or _by_words(part)).replace(
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


def _look_up(spelling: str, present: frozenset[str]) -> str:
    if spelling in beside():
        others, meaning, alone = beside()[spelling]
        # "Name,Vorname,Nachname": another column is the family name, so this is the full name.
        taken = any(fields().get(other) == meaning for other in present - {spelling})
        return meaning if others & present and not taken else alone
    return numbers().get(spelling) or fields().get(spelling, "")


def _says_number_only(header: str) -> bool:
    return all(NUMBER in meanings_of(word) for word in words_of(header))


def _without_brackets(header: str) -> tuple[str, ...]:
    """Return a header without bracketed text if that is a remark ("[Required]").

    Nothing is returned if it may be more than a remark.
    """
    inside = " ".join(
        part for match in _BRACKETS.finditer(header) for part in match.groups() if part
    )
    if not inside or not fold_words(BLOCKED).isdisjoint(fold_header(inside).split()):
        return ()
    return (_BRACKETS.sub(" ", header),)


def _without_remarks(spellings: tuple[str, ...], present: frozenset[str]) -> str:
    """Return the text field that remains without "required" and similar remarks.

    If there is none, "contact", "employee" and similar words are ignored too.
    """
    for left_out in (fold_words(_REMARKS), fold_words(_REMARKS) | fold_words(_OWNERS)):
        for spelling in spellings:
            words = spelling.split()
            kept = " ".join(word for word in words if word not in left_out)
            last = next((word for word in reversed(words) if word not in fold_words(_REMARKS)), "")
            if kept in _ORDINALS and last != kept:
                continue  # "Last Contact" is a date.
            if kept and len(kept) < len(spelling) and fold_words(BLOCKED).isdisjoint(words):
                found = _look_up(kept, present)
                if found and found not in _KINDS and found != "id":
                    return found
    remarks = [word for word in fold_words(_REMARKS) | fold_words(_OWNERS) if len(word) > 3]
    together = (
        _run_together().get(spelling.removeprefix(word), "")
        for spelling in spellings
        for word in remarks
    )
    return next((found for found in together if found and found not in _KINDS), "")


def _number(words: tuple[str, ...]) -> str:
    meant = [meanings_of(word) for word in words]
    every = frozenset().union(*meant)
    if not all(one - {ADDRESS, EMAIL} for one in meant):
        return ""
    numbered = NUMBER in every and not fold_words(NUMBERED).isdisjoint(words)
    if PHONE not in every and not numbered and not any(one.startswith("alone ") for one in every):
        return ""
    kind = strongest_kind(every)
    return NumberKind.MAIN if kind is NumberKind.OTHER and COMPANY in every else kind


def _email(words: tuple[str, ...]) -> str:
    joined = " ".join(words).replace("e mail", "email").replace("e post", "epost").split()
    meant = [meanings_of(word) for word in joined]
    known = all(
        one & {EMAIL, ADDRESS, NOISE} or any(" " in meaning for meaning in one) for one in meant
    )
    return (
        "email"
        if known and any(EMAIL in one for one in meant) and fold_words(BLOCKED).isdisjoint(joined)
        else ""
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
