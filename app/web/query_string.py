"""Parse the query string or form of a request, and the parameters of a search.

Parsing never fails, and unknown parameters are no error. What phones send is in the
facts, section 5 and rules 16 to 19.
"""

from urllib.parse import unquote_to_bytes

from app.generation.files import is_version
from app.search.query import Query, normalise_query

MOST_BYTES = 4096
"""Maximum length that is read of a query or form; typed text is far shorter."""

FORM = b"application/x-www-form-urlencoded"

_MOST_FIELDS = 50
_MOST_RESULTS = 6  # digits of a position among the results


def _text(raw: bytes) -> str:
    # A space comes as `+` or as `%20`. Text is UTF-8, else ISO-8859-1.
    data = unquote_to_bytes(raw.replace(b"+", b" "))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def parse_params(query: bytes) -> dict[str, str]:
    """Return the parameters of a query, with the first non-blank value of each."""
    # A phone that adds its own parameters may write a second "?" for "&".
    found: dict[str, str] = {}
    for pair in query[:MOST_BYTES].replace(b"?", b"&").split(b"&")[:_MOST_FIELDS]:
        name, _, raw = pair.partition(b"=")
        if (value := _text(raw)).strip():
            found.setdefault(_text(name), value)
    return found


def search_query(asked: dict[str, str]) -> Query:
    """Return the search query, ignoring an invalid position or version."""
    # An empty field may be missing.
    q, k = normalise_query(asked.get("q", ""), asked.get("k", ""))
    start, version = asked.get("start", ""), asked.get("v", "")
    place = int(start) if start.isascii() and start.isdigit() and len(start) <= _MOST_RESULTS else 1
    return Query(q, k, max(place, 1), version if is_version(version) else "", "form" in asked)
