"""Accept a form that changes something, if a page of this gateway sent it.

A form carries a token that other sites cannot read. Browsers also tell which site a
request comes from, and other sites are refused.
"""

import hashlib
import hmac
from urllib.parse import parse_qsl, urlsplit

from fastapi import HTTPException, Request

from app.web.console.context import ConsoleContext
from app.web.query_string import FORM

TOKEN = "token"  # noqa: S105  # the name of the form's field
MAX_FORM_BYTES = 60 * 1024
"""Maximum size of a form. It stays below the limit of a request's body."""
_MAX_FIELDS = 100
_SAME_SITE = ("", "same-origin", "none")
_OLD_PAGE = "This page is too old. Open it again, then repeat what you did."
_ELSEWHERE = "Another site sent this request, so nothing was done."


def form_token(context: ConsoleContext, request: Request) -> str:
    """Return the token of the forms on a page, for one session."""
    session: str = request.scope.get("session_id", "")
    return hmac.new(context.recent.secret, f"form {session}".encode(), hashlib.sha256).hexdigest()


async def read_action(context: ConsoleContext, request: Request) -> dict[str, str]:
    """Return the fields of a form that a page of this gateway sent.

    Raises HTTPException if another site sent it, its token is missing or old, or it is
    too long.
    """
    if not _is_same_origin(request):
        raise HTTPException(403, _ELSEWHERE)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.encode() != FORM:
        raise HTTPException(415, "Send a form.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(413, f"A form has {MAX_FORM_BYTES // 1024} KB at most.")
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS
        )
    except ValueError as error:
        raise HTTPException(400, "The form has too many fields.") from error
    fields = dict(pairs)
    if not hmac.compare_digest(
        fields.pop(TOKEN, "").encode(), form_token(context, request).encode()
    ):
        raise HTTPException(403, _OLD_PAGE)
    return fields


def _is_same_origin(request: Request) -> bool:
    """Return True unless the browser tells that another site sent the request."""
    # Fetch Metadata, section 2.3; the Origin header: Fetch Standard, section 3.2.
    if request.headers.get("sec-fetch-site", "") not in _SAME_SITE:
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    base: str = request.scope["base"]
    hosts = {request.headers.get("host", "").lower(), urlsplit(base).netloc.lower()}
    return urlsplit(origin).netloc.lower() in hosts - {""}
