"""Turn what a person typed into an FTS5 expression for the search index."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
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

_FEW = 2
"""How many stretches of a long number are looked for in the index, the rarest ones."""

_MANY, _SOME = 1000, 250
"""After how many rows counting ends: for one list of the index, and if rows are compared."""


class Index(Protocol):
    """What the index of a generation can tell about its terms."""

    def words(self, prefix: str) -> tuple[str, ...] | None:
        """Return the indexed words with a prefix, or None if they are too many."""

    def rarity(self, term: str) -> int:
        """Return a number that is the larger, the fewer rows have a term."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of an index.

    `terms` is the FTS5 expression, "" if nothing was typed. If `digits` is set, rows
    may be looked for by `rare` instead, a shorter expression; those count whose number
    holds the digits. `counted` is the row after which counting ends, because each page
    counts again.
    """

    terms: str
    counted: int = _MANY
    rare: str = ""
    digits: str = ""


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


def search_of(query: Query, index: Index, subset: str = "") -> Search:
    """Return what a query in a book asks of an index.

    `subset` is the book's table of ids, "" for all rows.
    """
    parts = [part for piece in query.q.split() if (part := _piece(piece, index))]
    if not (parts or query.k):
        return Search("")
    counted = _SOME if query.k and (parts or len(query.k) > STRETCH) else _MANY
    if subset:
        parts.append(f'"{book_term(subset)}"')
    if not query.k:
        return Search(" AND ".join(parts), counted)
    name = f"_{query.k}"
    if len(query.k) <= STRETCH:
        return Search(" AND ".join([*parts, f'"{name}"']), counted)
    stretches = " AND ".join(f'"_{stretch}"' for stretch in _adjacent(query.k))
    if index.words(name[:MAX_WORD]) != ():
        either = f"({_prefix(name, index, marks=1)} OR ({stretches}))"
        return Search(" AND ".join([*parts, either]), counted)
    rare = [f'"_{stretch}"' for stretch in _rarest(query.k, index)]
    return Search(
        " AND ".join([*parts, stretches]), counted, " AND ".join([*parts, *rare]), query.k
    )


def _any(terms: Iterable[str]) -> str:
    """Return an expression that matches any of these terms.

    Without terms it matches nothing.
    """
    alternatives = " OR ".join(f'"{term}"' for term in terms) or '"="'
    return f"({alternatives})" if " OR " in alternatives else alternatives


def _prefix(prefix: str, index: Index, marks: int = 0) -> str:
    """Return an expression for all words with a prefix.

    Its first `marks` characters are no letters; they mark the kind of term.
    """
    prefix = prefix[:MAX_WORD]
    if len(prefix) <= MAX_PREFIX + marks:
        return f'"{prefix}"'
    words = index.words(prefix)
    return f'"{prefix}"*' if words is None else _any(words)


def _word(word: str, index: Index) -> str:
    as_typed = _prefix(word, index)
    letters = consonants(word) if word.isascii() else ""
    if not letters:
        return as_typed
    return f'({as_typed} OR "~{letters[: MAX_WORD - 1]}{"." if len(letters) == 1 else ""}")'


def _piece(piece: str, index: Index) -> str:
    words = fold(piece).split()
    every = " AND ".join(_word(word, index) for word in words)
    if not words or piece.isascii() or is_latin(piece):
        return every
    latin = transliterate(piece).replace(" ", "")
    return f"(({every}) OR {_prefix(latin, index)})" if latin else every


def _adjacent(keys: str) -> list[str]:
    """Return stretches from the end of a number; the first may overlap the second."""
    starts = sorted({max(end - STRETCH, 0) for end in range(len(keys), 0, -STRETCH)}, reverse=True)
    return [keys[start : start + STRETCH] for start in starts]


def _rarest(keys: str, index: Index) -> list[str]:
    """Return the stretches of a number that fewest rows have.

    Numbers of a site begin alike. A list that holds most rows takes longer to skip
    through than the few rows of a rare one take to compare.
    """
    stretches = {keys[start : start + STRETCH] for start in range(len(keys) - STRETCH + 1)}
    return sorted(stretches, key=lambda stretch: (-index.rarity(f"_{stretch}"), stretch))[:_FEW]
