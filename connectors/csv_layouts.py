"""Recognises the layout of a CSV file by its headers: Google, Outlook, Thunderbird, FreePBX, or plain columns in many
languages.

Law of this file: given headers (or, where there are none, rows), it says which column is what. It reads no file and
builds no contact.

1. A number with a column for its label (Google "Phone 1 - Type" or "- Label" with "- Value"; FreePBX `phone_1_type`,
   `phone_1_number`, `phone_1_flags`) is of the kind that its label says.
2. Every other header is looked up among the words of `csv_words`, then once more without its digits ("Business Phone
   2").
3. Words that mean two things ("Name", "Nom", "Nome", "Title") are judged by the headers beside them.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from connectors.contact import NumberKind
from connectors.csv_columns import Layout, NumberColumn, fold
from connectors.csv_words import FAMILY, FIELDS, FULL_OR_FAMILY, FULL_OR_GIVEN, GIVEN, LABELS, NUMBERS, PRIVATE

_PAIR = re.compile(r"(phone|e ?mail) ([0-9]+) (type|label|value|number|flags)\Z")
_EMAIL = re.compile(r"e ?mail [0-9]+\Z")
_DIGITS = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"[+(]?[0-9][0-9 ()/.\-]{2,}\Z")
_LABEL_WORDS = {fold(word): NumberKind(kind) for kind, words in LABELS.items() for word in words.split("|")}
_WEIGHT = tuple(NumberKind(kind) for kind in LABELS)


def recognise(headers: Sequence[str]) -> Layout:
    """Return which columns hold what, as far as the headers tell; ask the layout whether it is usable."""
    folded = [fold(header) for header in headers]
    present = set(folded)
    fields: defaultdict[str, list[int]] = defaultdict(list)
    numbers: list[NumberColumn] = []
    for index, word in enumerate(folded):
        pair = _PAIR.match(word)
        if pair is not None:
            if pair[1] == "phone" and pair[3] in ("value", "number"):
                numbers.append(_paired(folded, index, pair[2], headers[index].strip()))
            elif pair[1] != "phone" and pair[3] == "value":
                fields["email"].append(index)
            continue
        bare = " ".join(_DIGITS.sub(" ", word).split())
        kind = NUMBERS.get(word) or NUMBERS.get(bare)
        if kind is not None:
            numbers.append(NumberColumn(index, NumberKind(kind), headers[index].strip()))
        else:
            fields[_field(word, bare, present)].append(index)
    if not fields["title"]:
        fields["title"] = fields["maybe_title"][-1:]
    if fields[FAMILY] and not fields["name"] and "nom" in present:
        fields["name"], fields[FAMILY] = fields[FAMILY][:-1], fields[FAMILY][-1:]
    return Layout(
        name=tuple(fields["name"][:1]),
        given_name=tuple(fields[GIVEN][:1]),
        middle_name=tuple(fields["middle_name"][:1]),
        family_name=tuple(fields[FAMILY][:1]),
        suffix=tuple(fields["suffix"][:1]),
        phonetic_given_name=tuple(fields["phonetic_given_name"][:1]),
        phonetic_family_name=tuple(fields["phonetic_family_name"][:1]),
        sort_name=tuple(fields["sort_name"][:1]),
        organization=tuple(fields["organization"][:1]),
        department=tuple(fields["department"][:1]),
        title=tuple(fields["title"][:1]),
        email=tuple(fields["email"]),
        groups=tuple(fields["groups"]),
        id=tuple(fields["id"][:1]),
        private=tuple(index for index, word in enumerate(folded) if word in PRIVATE),
        numbers=tuple(numbers),
    )


def _field(word: str, bare: str, present: set[str]) -> str:
    """The field that a header means among those that are present; "" for none."""
    if word in FULL_OR_FAMILY:
        return FAMILY if FULL_OR_FAMILY[word] & present and "nachname" not in present else "name"
    if word in FULL_OR_GIVEN:
        return GIVEN if FULL_OR_GIVEN[word] & present else "name"
    if _EMAIL.match(word):
        return "email"
    return FIELDS.get(word) or FIELDS.get(bare, "")


def _paired(folded: Sequence[str], index: int, position: str, header: str) -> NumberColumn:
    def beside(*words: str) -> int:
        return next((at for at, word in enumerate(folded) if word in words), -1)

    label = beside(f"phone {position} type", f"phone {position} label")
    return NumberColumn(index, NumberKind.OTHER, header, label, beside(f"phone {position} flags"))


def kind_of_label(label: str) -> NumberKind:
    """Return the kind that a number's label means ("Work Fax" -> fax, "Büro" -> work), `other` for a word we do not know."""
    kinds = {_LABEL_WORDS[word] for word in fold(label).split() if word in _LABEL_WORDS}
    return next((kind for kind in _WEIGHT if kind in kinds), NumberKind.OTHER)


def looks_like_number(cell: str) -> bool:
    """Whether a cell is a phone number rather than a header."""
    return _NUMBER.match(cell.strip()) is not None


def without_headers(rows: Sequence[Sequence[str]]) -> Layout | None:
    """Return the layout of a plain list of names and numbers that has no headers, where that is beyond doubt, else None."""
    if not rows or any(len(row) != 2 for row in rows):
        return None
    for name, number in ((0, 1), (1, 0)):
        if all(looks_like_number(row[number]) and row[name].strip() and not looks_like_number(row[name]) for row in rows):
            return Layout(name=(name,), numbers=(NumberColumn(number, NumberKind.OTHER, "number"),))
    return None
