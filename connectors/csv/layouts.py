"""Recognise the layout of a CSV file by its headers or, without headers, by its rows.

`csv/header_meaning.py` tells what one header means. Words that mean two things ("Name",
"Nom", "Nome", "Title") are judged by the headers beside them.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from connectors.contact import NumberKind
from connectors.csv.columns import (
    ColumnMissing,
    Columns,
    Layout,
    Merged,
    NumberColumn,
    fold_header,
    positions,
    resolve_columns,
)
from connectors.csv.header_hints import kind_of_words
from connectors.csv.header_meaning import field_of, phrases
from connectors.csv.header_parts import meanings_of
from connectors.csv.header_vocabulary import EMAIL, PHONE
from connectors.csv.header_words import FAMILY, GIVEN, LABELS, beside, private

# A number with a column for its label is of the kind that its label says. Such are Google
# "Phone 1 - Type" or "- Label" with "- Value"; FreePBX `phone_1_type`, `phone_1_number`,
# `phone_1_flags`; "Phone" beside "Phone Type". `phone_1_extension` is no number by itself.
_PAIR = re.compile(r"(phone|e ?mail) ([0-9]+) (type|label|value|number|flags|extension)\Z")
_NUMBERED_PAIR = re.compile(r"([^0-9 ]+) ?([0-9]+) ?(type|label|value)\Z")
_TYPE = re.compile(r"(.*?) ?\b(?:type|typ|art|tipo|label|kind)\b ?(.*)")
_TYPE_COMPOUND = re.compile(r"(\w{3,})typ()\Z")
_EMAIL = re.compile(r"e ?mail [0-9]+\Z")
_NUMBER = re.compile(r"[+(]?[0-9][0-9 ()/.\-]{2,}\Z")
_LABEL_WORDS = {
    fold_header(word): NumberKind(kind)
    for kind, words in LABELS.items()
    for word in words.split("|")
}
_WEIGHT = tuple(NumberKind(kind) for kind in LABELS)
_TEXTS = (
    "name",
    GIVEN,
    "middle_name",
    FAMILY,
    "suffix",
    "phonetic_given_name",
    "phonetic_family_name",
    "sort_name",
    "organization",
)
# Of several columns of one text the first is read. A later one with the same header is appended.
# One with another header fills its blank cells ("Display Name" beside "Full Name").
_MERGED = (*_TEXTS, "department", "title")
_KINDS = frozenset(kind.value for kind in NumberKind)


def detect_layout(headers: Sequence[str], *, is_named: bool = False) -> Layout:
    """Return which columns hold what, as far as the headers tell.

    `Layout.usable` tells whether that is enough. `is_named` means that a column of
    names is known without them.
    """
    spelled = [fold_header(header) for header in headers]
    present = frozenset(phrase for header in headers for phrase in phrases(header))
    fields: defaultdict[str, list[int]] = defaultdict(list)
    numbers: list[NumberColumn] = []
    pairs = [_pair_spelling(word) for word in spelled]
    for index, word in enumerate(pairs):
        pair = _PAIR.match(word)
        if pair is not None:
            if pair[1] == "phone" and pair[3] in ("value", "number"):
                numbers.append(_number_with_label(pairs, index, pair[2], headers[index].strip()))
            elif pair[1] != "phone" and pair[3] == "value":
                fields["email"].append(index)
            continue
        meaning = "email" if _EMAIL.match(word) else field_of(headers[index], present)
        if meaning in _KINDS:
            numbers.append(NumberColumn(index, NumberKind(meaning), headers[index].strip()))
        elif meaning:
            fields[meaning].append(index)
    numbers = _with_types(headers, numbers)
    ticks = [index for index, word in enumerate(spelled) if word in private()]
    if numbers:
        # Outlook's exports hold a tick here, lists made by hand the number at home. The cell
        # tells which.
        read = {column.index for column in numbers}
        numbers += [
            NumberColumn(index, NumberKind.HOME, headers[index].strip())
            for index in ticks
            if index not in read
        ]
        numbers.sort(key=lambda column: column.index)
    if not (is_named or fields["name"] or fields[GIVEN] or fields[FAMILY]):
        fields["name"] = fields["maybe_name"]
    if not fields["title"]:
        fields["title"] = fields["maybe_title"][-1:]
    first = {field: tuple(fields[field][:1]) for field in (*_MERGED, "id")}
    return Layout(
        **first,
        email=tuple(fields["email"]),
        groups=tuple(fields["groups"]),
        private=tuple(ticks),
        numbers=tuple(numbers),
        merged=tuple(
            Merged(fields[field][0], index, spelled[index] == spelled[fields[field][0]])
            for field in _MERGED
            for index in fields[field][1:]
        ),
        name_may_be_part=(
            bool(first["name"] and bool(first[GIVEN]) != bool(first[FAMILY]))
            and spelled[first["name"][0]] in beside()
        ),
    )


def complete_layout(
    headers: Sequence[str], columns: Columns, absent: list[ColumnMissing]
) -> Layout:
    """Return the configured layout, with the other columns recognised by their headers.

    Configured headers that are not in the file are added to `absent`.
    """
    configured = resolve_columns(headers, columns, absent)
    taken = configured.used | {at for header in columns.ignore for at in positions(headers, header)}
    recognised = detect_layout(
        ["" if index in taken else header for index, header in enumerate(headers)],
        is_named=configured.names_somebody,
    )
    texts = {
        field: getattr(configured, field) or getattr(recognised, field)
        for field in (*_MERGED, "id", "private")
    }
    return Layout(
        **texts,
        email=recognised.email + configured.email,
        groups=recognised.groups + configured.groups,
        numbers=tuple(
            sorted(recognised.numbers + configured.numbers, key=lambda column: column.index)
        ),
        merged=tuple(
            item
            for item in recognised.merged
            if any(item.into in columns for columns in texts.values())
        ),
        name_may_be_part=recognised.name_may_be_part and not configured.names_somebody,
    )


def _pair_spelling(spelling: str) -> str:
    """Return "phone 1 value" for "phone1value" or "tel 1 value"; others as they are."""
    pair = _NUMBERED_PAIR.match(spelling)
    if pair is None:
        return spelling
    meant = meanings_of(pair[1])
    base = "phone" if PHONE in meant else "email" if EMAIL in meant else pair[1]
    return f"{base} {pair[2]} {pair[3]}"


def _number_with_label(
    folded: Sequence[str], index: int, position: str, header: str
) -> NumberColumn:
    def position_of(*words: str) -> int:
        return next((at for at, word in enumerate(folded) if word in words), -1)

    label = position_of(f"phone {position} type", f"phone {position} label")
    return NumberColumn(
        index, NumberKind.OTHER, header, label, position_of(f"phone {position} flags")
    )


def _with_types(headers: Sequence[str], numbers: Sequence[NumberColumn]) -> list[NumberColumn]:
    """Return columns of numbers, each with the column of types beside it.

    An example is "Phone" and "Phone Type". Only numbers of no kind get one.
    """
    types: dict[str, int] = {}
    for index, header in enumerate(headers):
        for phrase in phrases(header):
            match = _TYPE.fullmatch(phrase) or _TYPE_COMPOUND.fullmatch(phrase)
            if match is not None and (base := f"{match[1]} {match[2]}".strip()):
                types.setdefault(base, index)
    if not types:
        return list(numbers)
    return [
        (
            replace(column, label_index=types.get(fold_header(column.header), -1))
            if column.kind is NumberKind.OTHER and column.label_index < 0
            else column
        )
        for column in numbers
    ]


def kind_of_label(label: str) -> NumberKind:
    """Return the kind that a number's label means, or `other` for an unknown word.

    "Work Fax" is a fax, "Büro" is work.
    """
    kinds = {_LABEL_WORDS[word] for word in fold_header(label).split() if word in _LABEL_WORDS}
    return next((kind for kind in _WEIGHT if kind in kinds), None) or kind_of_words(label)


def looks_like_number(cell: str) -> bool:
    """Return whether a cell is a phone number rather than a header."""
    return _NUMBER.match(cell.strip()) is not None


def headerless_layout(rows: Sequence[Sequence[str]]) -> Layout | None:
    """Return the layout of a plain list of names and numbers without headers.

    Returns None unless it is beyond doubt.
    """
    if not rows or any(len(row) != 2 for row in rows):
        return None
    for name, number in ((0, 1), (1, 0)):
        if all(
            looks_like_number(row[number])
            and row[name].strip()
            and not looks_like_number(row[name])
            for row in rows
        ):
            return Layout(name=(name,), numbers=(NumberColumn(number, NumberKind.OTHER, "number"),))
    return None
