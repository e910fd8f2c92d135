"""The query of a request: what phones and browsers write behind the "?" or send as a form, taken apart.

Law of this file: bytes in, text out; it never fails. It knows which parameters a search has, and not what they find.

Facts (section 5 and rules 16 to 19): a space comes as `+` or as `%20`; text is UTF-8, else ISO-8859-1; an empty field may be missing; a
phone that adds its own parameters may write a second "?" for "&". Unknown parameters are no error.
"""

from urllib.parse import unquote_to_bytes

from app.generation.files import is_version
from app.search.query import Query, normalise_query

MOST_BYTES = 4096
"""Of a query or a form, so many bytes are read: what a person types is far shorter."""

FORM = b"application/x-www-form-urlencoded"

_MOST_FIELDS = 50
_MOST_RESULTS = 6  # digits of a place among the results


def _text(raw: bytes) -> str:
    data = unquote_to_bytes(raw.replace(b"+", b" "))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def parse_params(query: bytes) -> dict[str, str]:
    """Return the parameters of a query; of several of one name, the first that is not blank."""
    found: dict[str, str] = {}
    for pair in query[:MOST_BYTES].replace(b"?", b"&").split(b"&")[:_MOST_FIELDS]:
        name, _, raw = pair.partition(b"=")
        if (value := _text(raw)).strip():
            found.setdefault(_text(name), value)
    return found


def search_query(asked: dict[str, str]) -> Query:
    """Return what the parameters ask a search for; what is no place or no version counts as none."""
    q, k = normalise_query(asked.get("q", ""), asked.get("k", ""))
    start, version = asked.get("start", ""), asked.get("v", "")
    place = int(start) if start.isascii() and start.isdigit() and len(start) <= _MOST_RESULTS else 1
    return Query(q, k, max(place, 1), version if is_version(version) else "", "form" in asked)
