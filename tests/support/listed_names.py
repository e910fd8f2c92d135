"""Lists of invented people in many languages, and the encodings of these lists."""

import re
from pathlib import Path

_FILE = Path(__file__).parents[1] / "connectors" / "csv" / "data" / "people.txt"
_SECTIONS = [
    section.partition("]\n") for section in _FILE.read_text(encoding="utf-8").split("\n[")[1:]
]
_LISTS = {head: tuple(re.split(", |\n", text.strip())) for head, _, text in _SECTIONS}

PAGES = [
    (language, encoding)
    for language, _, encodings in (head.partition(": ") for head in _LISTS)
    for encoding in encodings.split()
]
"""Each language with each encoding of its list."""


def people(language: str) -> tuple[str, ...]:
    """Return the names of a language's list."""
    return next(names for head, names in _LISTS.items() if head.startswith(f"{language}: "))
