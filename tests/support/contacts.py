"""Contacts for tests: files with as many rows as wanted, and what must come of them."""

import csv
from collections.abc import Iterable
from pathlib import Path

HEADER = (
    "First Name",
    "Last Name",
    "Organization Name",
    "Labels",
    "Phone 1 - Label",
    "Phone 1 - Value",
    "Phone 2 - Label",
    "Phone 2 - Value",
)
GIVEN = (
    "Ann",
    "Zoë",
    "Łukasz",
    "Émile",
    "Игорь",
    "José-María",
    "Nguyễn Văn",
    "Şule",
    "Ελένη",
    "明",
    "さくら",
    "민준",
    "D'Arcy",
    "A & B <C>",
)
FAMILY = (
    "Smith",
    "Müller",
    "O'Neill",
    "Østergård",
    "Петров",
    "van der Berg",
    "Hohenzollern-Sigmaringen",
    "García",
    "Παπαδοπούλου",
    "王",
    "佐藤",
    "김",
)

CONFIG = """
title = "Company"
[sources.staff]
connector = "csv"
path = "contacts.csv"
[dial.helpdesk]
title = "Call helpdesk"
number = "1001"
"""


def person(number: int, second: bool = False) -> tuple[str, ...]:
    """Return row `number` of an export: a unique name and one number or two."""
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]
    name = f"{given} {chr(97 + number % 26)}{number}"
    phone = f"+49 89 55{number:07d}"
    more = ("Mobile", f"0172 {number:07d}") if second else ("", "")
    return (name, family, "Acme & Co", "Sales" if number % 2 else "Support", "Work", phone, *more)


def numbers_of(number: int, second: bool = False) -> list[str]:
    """Return what a phone must dial for row `number`, without a region."""
    return [f"00498955{number:07d}", *([f"0172{number:07d}"] if second else [])]


def write(path: Path, rows: Iterable[tuple[str, ...]]) -> Path:
    """Write an export by rename, as a careful exporter does."""
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        out.writerows(rows)
    draft.replace(path)
    return path
