"""Refuse or normalise requests that a proxy may read differently from this server."""

import httptools

Headers = list[tuple[bytes, bytes]]


def refusal(headers: Headers, version: str) -> str:
    """Return why a request is answered with 400, "" if it is not.

    It is answered with 400 if its host or its length is ambiguous. `headers` have names
    in lower case; `version` is "1.0" or "1.1".
    """
    names = [name for name, _ in headers]
    if names.count(b"host") > 1:
        # RFC 9112, section 3.2.
        return "More than one Host."
    if b"transfer-encoding" in names:
        codings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
        # HTTP/1.0 has no transfer codings, and the end of an unknown one cannot be found
        # (RFC 9112, sections 6.1 and 6.3).
        if codings != [b"chunked"] or version == "1.0":
            return "Transfer-Encoding must be chunked alone."
    return ""


def origin_form(url: bytes, headers: Headers) -> tuple[bytes, bytes | None]:
    """Return a request's target as path and query, and its host or None.

    Only an absolute target has a host. It replaces those in `headers` (RFC 9112,
    section 3.2.2). Raises httptools.HttpParserInvalidURLError if the target is invalid.
    """
    parsed = httptools.parse_url(url) if not url.startswith((b"/", b"*")) else None
    if parsed is None or not parsed.host:
        return url, None
    host: bytes = b"[%b]" % parsed.host if b":" in parsed.host else parsed.host
    if parsed.port is not None:
        host = b"%b:%d" % (host, parsed.port)
    headers[:] = [(b"host", host), *(header for header in headers if header[0] != b"host")]
    return (parsed.path or b"/") + (b"?" + parsed.query if parsed.query else b""), host
