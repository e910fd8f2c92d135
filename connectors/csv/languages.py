"""Languages whose letters distinguish encodings, with words of contact lists."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

LATIN = "latin"
_FILE = Path(__file__).with_name("languages.txt")


@dataclass(frozen=True, slots=True)
class Language:
    """A language's code (ISO 639), script and common words of contact lists."""

    name: str
    script: str
    words: tuple[str, ...]


@cache
def languages() -> tuple[Language, ...]:
    """Return all languages, in the order of their file."""
    found: list[Language] = []
    for section in _FILE.read_text(encoding="utf-8").split("\n[")[1:]:
        head, _, text = section.partition("]\n")
        name, script = head.split()
        found.append(Language(name, script, tuple(text.split())))
    return tuple(found)
