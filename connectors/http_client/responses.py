"""Answers over HTTP, and what their status says to an administrator.

Law of this file: it knows status codes, as pure functions. It opens no connection and imports no HTTP library.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from connectors.base import SourceRefused, SourceUnavailable

_BUSY = (408, 423, 425, 429)


class AnswerTooLarge(SourceRefused):
    """An answer exceeded the size that we read: asking for less at once may help."""


class NotFound(SourceRefused):
    """There is nothing at the address that was asked for."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `url` is where it came from, after redirects; `content_type` is in lower case, without parameters."""

    status: int
    url: str
    content_type: str
    body: bytes = field(repr=False)


def redacted_url(url: str) -> str:
    """Return a URL as it may stand in an error: without a login, its query and the name of a card, which may be a person's."""
    parts = urlsplit(url)
    path = f"{parts.path.rpartition('/')[0]}/*.vcf" if parts.path.lower().endswith(".vcf") else parts.path
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}"


def status_problem(answer: Response) -> SourceRefused:
    """Return the error for an answer with a status that nobody expected."""
    if answer.status in (404, 410):
        return NotFound(f"There is nothing at {redacted_url(answer.url)} (status {answer.status}). Check url.")
    if answer.status == 403:
        return SourceRefused(
            f"The server does not let us read {redacted_url(answer.url)} (status 403). Check username and the rights of that account."
        )
    return SourceRefused(
        f"{redacted_url(answer.url)} answered with status {answer.status}{_phrase(answer.status)}. Check url: is this the right server?"
    )


def raise_for_server(status: int, url: str, retry_after: str, *, fallible: bool = False) -> None:
    """Raise for a status with which the server, or a proxy before it, says that it cannot answer anybody now.

    `fallible`: a status 5xx without a Retry-After may be about this request alone, and does not raise.
    """
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        raise SourceRefused(f"A proxy before {redacted_url(url)} asks for a login. Let this machine reach the server without it.")
    if status in _BUSY or (status >= 500 and status not in (501, 507)):
        wait = _seconds(retry_after)
        if fallible and wait is None and status >= 500:
            return
        raise server_problem(status, url, wait)


def server_problem(status: int, url: str, wait: float | None = None) -> SourceUnavailable:
    """Return the error for a server that cannot answer anybody now; `wait` are the seconds that it asks for."""
    return SourceUnavailable(f"{redacted_url(url)} cannot answer now (status {status}{_phrase(status)}). We try again.", retry_after=wait)


def _seconds(value: str) -> float | None:
    """Seconds of a Retry-After header, which holds seconds or a date; at most a day."""
    if value.isascii() and value.isdigit():
        return float(min(int(value[:9]), 86_400))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), 86_400.0)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
