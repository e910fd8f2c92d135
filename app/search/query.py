"""Turn what a person typed into an FTS5 expression for the search index."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote_plus

from app.model.names import fold
from app.model.text import clean
from app.search.terms import (
    DIALLED,
    KEYPAD,
    MAX_PREFIX,
    MAX_WORD,
    STRETCH,
    ascii_digits,
    book_term,
)
from app.search.transliteration import consonants, is_latin, transliterate

MAX_TYPED = 32
"""How many characters of a typed text count."""

PrefixLookup = Callable[[str], tuple[str, ...] | None]
"""Returns the indexed words with a prefix, or None if they are too many."""


@dataclass(frozen=True, slots=True)
class Query:
    """A search query, with letters in `q` and keys in `k`.

    Both are kept as the form shows them again. `start` is the first result to show,
    counted from 1. `version` is the generation that the link was made from. `form`
    means that the form itself is requested.
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
        """Return the query as text for a person to read."""
        return " ".join(text for text in (self.q, self.k) if text)

    def as_url_query(self) -> str:
        """Return the query for a link, such as "q=mue&k=55"; "" if it is empty."""
        return "&".join(
            f"{name}={quote_plus(value)}" for name, value in (("q", self.q), ("k", self.k)) if value
        )


def normalise_query(q: str, k: str) -> tuple[str, str]:
    """Return the normalised texts of the two fields.

    `q` becomes one line of at most 32 characters, `k` at most 32 digits, * and #.
    """
    folded = unicodedata.normalize("NFKC", k[: 8 * MAX_TYPED]).lower()
    digits = ascii_digits(folded).translate(KEYPAD)
    keys = "".join(character for character in digits if character in DIALLED)
    return clean(clean(q[: 8 * MAX_TYPED])[:MAX_TYPED]), keys[:MAX_TYPED]


def expression(query: Query, look_up: PrefixLookup, subset: str = "") -> str:
    """Return the FTS5 expression for a query in a book, or "" if nothing was typed.

    `subset` is the book's table of positions, "" for all rows.
    """
    parts = [part for piece in query.q.split() if (part := _piece(piece, look_up))]
    if query.k:
        parts.append(_keys(query.k, look_up))
    if parts and subset:
        parts.append(f'"{book_term(subset)}"')
    return " AND ".join(parts)


def _any(terms: Iterable[str]) -> str:
    """Return an expression that matches any of these terms.

    Without terms it matches nothing.
    """
    alternatives = " OR ".join(f'"{term}"' for term in terms) or '"="'
    return f"({alternatives})" if " OR " in alternatives else alternatives


def _prefix(prefix: str, look_up: PrefixLookup, marks: int = 0) -> str:
    """Return an expression for all words with a prefix.

    Its first `marks` characters are no letters; they mark the kind of term.
    """
    prefix = prefix[:MAX_WORD]
    if len(prefix) <= MAX_PREFIX + marks:
        return f'"{prefix}"'
    words = look_up(prefix)
    return f'"{prefix}"*' if words is None else _any(words)


def _word(word: str, look_up: PrefixLookup) -> str:
    as_typed = _prefix(word, look_up)
    letters = consonants(word) if word.isascii() else ""
    if not letters:
        return as_typed
    return f'({as_typed} OR "~{letters[: MAX_WORD - 1]}{"." if len(letters) == 1 else ""}")'


def _piece(piece: str, look_up: PrefixLookup) -> str:
    words = fold(piece).split()
    every = " AND ".join(_word(word, look_up) for word in words)
    if not words or piece.isascii() or is_latin(piece):
        return every
    latin = transliterate(piece).replace(" ", "")
    return f"(({every}) OR {_prefix(latin, look_up)})" if latin else every


def _keys(keys: str, look_up: PrefixLookup) -> str:
    name = _prefix(f"_{keys}", look_up, marks=1)
    if len(keys) <= STRETCH:
        return name
    # Adjacent stretches from the end; the first may overlap the second.
    starts = sorted({max(end - STRETCH, 0) for end in range(len(keys), 0, -STRETCH)}, reverse=True)
    stretches = " AND ".join(f'"_{keys[start : start + STRETCH]}"' for start in starts)
    return f"({name} OR ({stretches}))"
