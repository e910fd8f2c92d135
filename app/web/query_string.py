"""Parse the query string or form of a request, and the parameters of a search.

Parsing never fails, and unknown parameters are no error.
"""

from urllib.parse import unquote_to_bytes

from app.generation.files import is_version
from app.search.query import Query, normalise_query

MAX_BYTES = 4096
"""Maximum length that is read of a query or form; typed text is far shorter."""

FORM = b"application/x-www-form-urlencoded"

_MAX_FIELDS = 50
_MAX_START_DIGITS = 6


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
    params: dict[str, str] = {}
    for pair in query[:MAX_BYTES].replace(b"?", b"&").split(b"&")[:_MAX_FIELDS]:
        name, _, raw = pair.partition(b"=")
        if (value := _text(raw)).strip():
            params.setdefault(_text(name), value)
    return params


def has_param(query: bytes, name: str) -> bool:
    """Return whether a query has a parameter, even a blank one."""
    pairs = query[:MAX_BYTES].replace(b"?", b"&").split(b"&")[:_MAX_FIELDS]
    return any(_text(pair.partition(b"=")[0]) == name for pair in pairs)


def parse_search(params: dict[str, str]) -> Query:
    """Return the search query of parameters, ignoring an invalid start or version."""
    # An empty field may be missing.
    q, k = normalise_query(params.get("q", ""), params.get("k", ""))
    start, version = params.get("start", ""), params.get("v", "")
    is_position = start.isascii() and start.isdigit() and len(start) <= _MAX_START_DIGITS
    return Query(
        q,
        k,
        start=max(int(start), 1) if is_position else 1,
        version=version if is_version(version) else "",
        form="form" in params,
    )
