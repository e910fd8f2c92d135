"""Read a complete response as a phone does: status, headers and page."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from app.phone_display.objects import PhoneError, PhoneFault, PhoneObject, PhoneText
from app.phone_display.parser import parse_object
from app.phone_display.tokens import refuse

HOST_NOT_FOUND = "Host Not Found"
# A 69xx refuses more (XSI, "Troubleshooting"). Of other models no limit is known.
_MAX_BYTES = 196_608
# The texts are those of a 69xx, the only model of which they are documented (XSI,
# "Troubleshooting").
_STATUS_ERRORS = {
    404: "File Not Found",
    500: "HTTP connection failed",
    503: "Server Busy!",
}
_CONTENT_TYPE = re.compile(
    r'([a-z]+/[a-z0-9.+-]+)(?: *; *charset="?([a-z0-9._-]+)"?)?', re.IGNORECASE
)
_REFRESH = re.compile(r"\d+(?:; *url=(\S+))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """A page as a phone understood it, or the error that it shows in its place.

    `refresh` is the URL that its own key Next opens, or "". Exit never returns to an
    `expired` page.
    """

    content: PhoneObject | PhoneFault
    refresh: str = ""
    expired: bool = False


def read_response(status: int, headers: Mapping[str, str], body: bytes) -> LoadedPage:
    """Return what a phone makes of a response; names of headers are in lower case."""
    try:
        return LoadedPage(
            _content(status, headers.get("content-type", ""), body),
            _refresh_url(headers.get("refresh", "")),
            _is_expired(headers.get("expires", "")),
        )
    except PhoneError as error:
        return failed_page(error.shown, str(error))


def failed_page(shown: str, reason: str) -> LoadedPage:
    """Return the page of an error."""
    return LoadedPage(PhoneFault(shown, reason), expired=True)


def _content(status: int, content_type: str, body: bytes) -> PhoneObject:
    if status != 200:
        shown = _STATUS_ERRORS.get(status, "HTTP Error [8]")
        raise PhoneError(shown, f"The response has the status {status}.")
    if not body:
        raise PhoneError("No services configured", "The response is empty.")
    if len(body) > _MAX_BYTES:
        raise PhoneError("Data too large!", f"The page has {len(body)} bytes.")
    found = _CONTENT_TYPE.fullmatch(content_type.strip())
    kind, charset = (found[1].lower(), (found[2] or "").lower()) if found else ("", "")
    if kind in ("text/plain", "text/html"):
        return PhoneText("", "", (), body.decode("latin-1"))
    # XML is parsed only if it is labelled text/xml (XSI, "HTTP Requests and Header Settings").
    if kind != "text/xml":
        raise refuse(f"The Content-Type is {content_type!r}, not text/xml.")
    # Without a charset a phone assumes that of its user locale, which nobody knows here.
    if not charset:
        raise refuse(f"The Content-Type {content_type!r} names no charset.")
    return parse_object(body, charset)


def _refresh_url(header: str) -> str:
    found = _REFRESH.fullmatch(header)
    return (found[1] or "") if found else ""


def _is_expired(header: str) -> bool:
    # A phone asks one question of Expires: whether the page had expired when it was loaded
    # (XSI, "HTTP Requests and Header Settings"). An 8800 needs a date after 1970-01-01.
    try:
        return 86_400 < parsedate_to_datetime(header).timestamp() < time.time()
    except ValueError:
        return False
