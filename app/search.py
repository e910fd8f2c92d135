"""Search: what a row is found by, and how what was typed becomes a full-text query.

Law of this file: words and digits in, terms out; it knows which terms the index holds, and no file, contact or phone.

The index (SQLite FTS5, `detail=none`) holds whole terms only, so that every question is answered by walking ready lists in reading order;
measured at 1,000,000 rows, FTS5's own prefix search collects a list of everything first (22 ms for a word that all rows share). The terms
of a row:

- every beginning of a word, up to its first 12 letters: "mue" of "mueller";
- `_` and the same on the keypad (ITU-T E.161): "_683"; one digit a letter;
- `_` and the first one and two digits of a number, and every stretch of three to six digits of it: "_5550". What is longer is found by all
  its stretches of six;
- `~` and every beginning of the consonants of a word in a script that leaves vowels out, and all of them with a point: "~mhm", "~mhmd.";
- `=` and the number of a book that holds only some of a profile's rows.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote_plus

from app.names import fold
from app.screens import clean
from app.search_words import LETTERS, in_latin, is_latin, lacks_vowels, skeleton, spellings

TOKENS = "ascii tokenchars '_~=.*#'"
"""The FTS5 tokenizer that keeps terms as they are."""

TYPED = 32
"""Of what was typed, so many characters count."""

_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_DIALLED = frozenset("0123456789*#")
_SHORT, _STRETCH = 3, 6


def keypad(word: str) -> str:
    """Return the digits under a folded word's letters, one press each; "" where it is not in Latin letters."""
    return word.translate(_KEYPAD) if word.isascii() else ""


def words_of(texts: Iterable[str]) -> str:
    """Return the words by which names and parts of names are found, each once, a space between them; marked `~`: consonants."""
    found: dict[str, None] = {}
    for text in texts:
        if text:
            words = spellings(text)
            found |= dict.fromkeys(words)
            if not text.isascii() and lacks_vowels(text):
                found |= dict.fromkeys(f"~{bones}" for word in words if word.isascii() and (bones := skeleton(word)))
    return " ".join(found)


def digits_of(numbers: Iterable[str]) -> str:
    """Return the digits (and * and #) of the ways in which a number is written, without those that are part of another."""
    kept: list[str] = []
    for number in numbers:
        digits = "".join(filter(_DIALLED.__contains__, number if number.isascii() else _decimal(number)))
        if not any(digits in other for other in kept):
            kept = [other for other in kept if other not in digits]
            kept.append(digits)
    return " ".join(kept)


def _decimal(text: str) -> str:
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


@lru_cache(maxsize=65536)
def _word_terms(word: str) -> str:
    if word[0] == "~":
        return " ".join([word[:end] for end in range(3, min(len(word), LETTERS) + 1)] + [f"{word}."])
    ends = range(1, min(len(word), LETTERS) + 1)
    keys = keypad(word)
    return " ".join([word[:end] for end in ends] + ([f"_{keys[:end]}" for end in ends] if keys else []))


def terms(words: str, digits: str) -> str:
    """Return the terms of a row's words and digits, as `words_of` and `digits_of` gave them. A term may stand twice."""
    found = [_word_terms(word) for word in words.split()]
    for number in digits.split():
        found += ("_" + number[:1], "_" + number[:2])
        last = len(number) + 1
        for length in range(_SHORT, _STRETCH + 1):
            found += ["_" + number[end - length : end] for end in range(length, last)]
    return " ".join(found)


def book_term(subset: str) -> str:
    """Return the term of the rows of a book that holds only some of its profile's ("book_3")."""
    return f"={subset.rpartition('_')[2]}" if subset else ""


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: `q` letters, `k` keys, both as they are shown again.

    `start` is the first result to show, counted from 1, `version` the generation that a link of ours was made from, `form` tells that the
    form itself is wanted.
    """

    q: str = ""
    k: str = ""
    start: int = 1
    version: str = ""
    form: bool = False

    def fitting(self, room: int) -> "Query":
        """Return the query cut so that it takes at most `room` characters in a link."""
        k = self.k[: room // 2]
        q = self.q
        while q and len(quote_plus(q)) + len(k) > room:
            q = q[:-1]
        return Query(q, k, self.start, self.version, self.form)

    def told(self) -> str:
        """Return what was typed, for a person to read."""
        return " ".join(text for text in (self.q, self.k) if text)

    def linked(self) -> str:
        """Return what was typed, for a link: "q=mue&k=55"; "" for nothing."""
        return "&".join(f"{name}={quote_plus(value)}" for name, value in (("q", self.q), ("k", self.k)) if value)


def typed(q: str, k: str) -> tuple[str, str]:
    """Return what counts of the texts of the two fields: one line of 32 characters, and as many digits, * and #."""
    keys = "".join(
        character
        for character in _decimal(unicodedata.normalize("NFKC", k[: 8 * TYPED]).lower()).translate(_KEYPAD)
        if character in _DIALLED
    )
    return clean(clean(q[: 8 * TYPED])[:TYPED]), keys[:TYPED]


def expression(query: Query, subset: str = "") -> str:
    """Return the FTS5 expression for a query in a book (`subset`: its table of places, "" for all rows); "" where nothing was typed."""
    parts = [part for piece in query.q.split() if (part := _piece(piece))]
    if query.k:
        parts.append(_keys(query.k))
    if parts and subset:
        parts.append(f'"{book_term(subset)}"')
    return " AND ".join(parts)


def _word(word: str) -> str:
    bones = skeleton(word) if word.isascii() else ""
    if not bones:
        return f'"{word[:LETTERS]}"'
    term = f"~{bones}"[:LETTERS] if len(bones) > 1 else f"~{bones}."
    return f'("{word[:LETTERS]}" OR "{term}")'


def _piece(piece: str) -> str:
    words = fold(piece).split()
    every = " AND ".join(map(_word, words))
    if not words or piece.isascii() or is_latin(piece):
        return every
    latin = in_latin(piece).replace(" ", "")
    return f'(({every}) OR "{latin[:LETTERS]}")' if latin else every


def _keys(keys: str) -> str:
    whole = f'"_{keys[:LETTERS]}"'
    if len(keys) <= _STRETCH:
        return whole
    stretches = " AND ".join(f'"_{keys[end - _STRETCH : end]}"' for end in range(_STRETCH, len(keys) + 1))
    return f"({whole} OR ({stretches}))"
