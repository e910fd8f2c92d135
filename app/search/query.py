"""From what a person typed to an index expression."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote_plus

from app.model.names import fold
from app.model.text import clean
from app.search.spellings import consonants, is_latin, transliterate
from app.search.terms import DIALLED, FOLLOWING, FOUR, HEAD, KEYPAD, MAX_WORD, STRETCH, book_term, decimal

TYPED = 32
"""Of what was typed, so many characters count."""


PrefixLookup = Callable[[str], tuple[str, ...] | None]
"""Gives the words of an index that begin so; None where they are too many."""


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

    def shortened(self, room: int) -> "Query":
        """Return the query cut so that it takes at most `room` characters in a link."""
        q, k = self.q, self.k
        while len(quote_plus(k)) > room // 2:
            k = k[:-1]
        while q and len(quote_plus(q)) + len(quote_plus(k)) > room:
            q = q[:-1]
        return Query(q, k, self.start, self.version, self.form)

    def as_text(self) -> str:
        """Return what was typed, for a person to read."""
        return " ".join(text for text in (self.q, self.k) if text)

    def as_url_query(self) -> str:
        """Return what was typed, for a link: "q=mue&k=55"; "" for nothing."""
        return "&".join(f"{name}={quote_plus(value)}" for name, value in (("q", self.q), ("k", self.k)) if value)


def normalise_query(q: str, k: str) -> tuple[str, str]:
    """Return what counts of the texts of the two fields: one line of 32 characters, and as many digits, * and #."""
    keys = "".join(
        character for character in decimal(unicodedata.normalize("NFKC", k[: 8 * TYPED]).lower()).translate(KEYPAD) if character in DIALLED
    )
    return clean(clean(q[: 8 * TYPED])[:TYPED]), keys[:TYPED]


def expression(query: Query, completed: PrefixLookup, subset: str = "") -> str:
    """Return the FTS5 expression for a query in a book (`subset`: its table of places, "" for all rows); "" where nothing was typed."""
    parts = [part for piece in query.q.split() if (part := _piece(piece, completed))]
    if query.k:
        parts.append(_keys(query.k, completed))
    if parts and subset:
        parts.append(f'"{book_term(subset)}"')
    return " AND ".join(parts)


def _any(terms: Iterable[str]) -> str:
    """Return an expression for any of these terms; one that finds nothing where there is none."""
    told = " OR ".join(f'"{term}"' for term in terms) or '"="'
    return f"({told})" if " OR " in told else told


def _beginning(word: str, marked: int, completed: PrefixLookup) -> str:
    """Return an expression for all words that begin so; the first `marked` characters are a mark."""
    word = word[:MAX_WORD]
    if len(word) <= HEAD + marked:
        return f'"{word}"'
    words = completed(word)
    return f'"{word}"*' if words is None else _any(words)


def _word(word: str, completed: PrefixLookup) -> str:
    whole = _beginning(word, 0, completed)
    bones = consonants(word) if word.isascii() else ""
    if not bones:
        return whole
    return f'({whole} OR "~{bones[: MAX_WORD - 1]}{"." if len(bones) == 1 else ""}")'


def _piece(piece: str, completed: PrefixLookup) -> str:
    words = fold(piece).split()
    every = " AND ".join(_word(word, completed) for word in words)
    if not words or piece.isascii() or is_latin(piece):
        return every
    latin = transliterate(piece).replace(" ", "")
    return f"(({every}) OR {_beginning(latin, 0, completed)})" if latin else every


def _keys(keys: str, completed: PrefixLookup) -> str:
    name = _beginning(f"_{keys}", 1, completed)
    if len(keys) < FOUR:
        return name
    if len(keys) == FOUR:
        return f"({name} OR {_any(f'_{keys}{following}' for following in FOLLOWING)})"
    # Beside one another, from the end; the first may overlap the second.
    starts = sorted({max(end - STRETCH, 0) for end in range(len(keys), 0, -STRETCH)}, reverse=True)
    stretches = " AND ".join(f'"_{keys[start : start + STRETCH]}"' for start in starts)
    return f"({name} OR ({stretches}))"
