"""HTTP answers, and errors that explain their status to an administrator."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from connectors.base import SourceRefused, SourceUnavailable

_BUSY = (408, 423, 425, 429)


class AnswerTooLarge(SourceRefused):
    """An answer exceeded the size limit; a smaller request may help."""


class NotFound(SourceRefused):
    """There is nothing at the requested address."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer.

    `url` is its address after redirects. `content_type` is in lower case, without
    parameters.
    """

    status: int
    url: str
    content_type: str
    body: bytes = field(repr=False)


def redacted_url(url: str) -> str:
    """Return a URL for use in an error.

    It has no login, no query and no card name, which may be a person's.
    """
    parts = urlsplit(url)
    path = (
        f"{parts.path.rpartition('/')[0]}/*.vcf"
        if parts.path.lower().endswith(".vcf")
        else parts.path
    )
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}"


def status_problem(answer: Response) -> SourceRefused:
    """Return the error for an answer with an unexpected status."""
    if answer.status in (404, 410):
        return NotFound(
            f"There is nothing at {redacted_url(answer.url)} (status {answer.status}). Check url."
        )
    if answer.status == 403:
        return SourceRefused(
            f"The server does not let us read {redacted_url(answer.url)} (status 403). Check"
            " username and the rights of that account."
        )
    return SourceRefused(
        f"{redacted_url(answer.url)} answered with status {answer.status}{_phrase(answer.status)}."
        " Check url: is this the right server?"
    )


def raise_for_server(status: int, url: str, retry_after: str, *, fallible: bool = False) -> None:
    """Raise if the status means that the server or a proxy cannot answer anybody now.

    With `fallible`, a status 5xx without a Retry-After does not raise. It may be about
    this request alone.
    """
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        raise SourceRefused(
            f"A proxy before {redacted_url(url)} asks for a login. Let this machine reach the"
            " server without it."
        )
    if status in _BUSY or (status >= 500 and status not in (501, 507)):
        wait = _seconds(retry_after)
        if fallible and wait is None and status >= 500:
            return
        raise server_problem(status, url, wait)


def server_problem(status: int, url: str, wait: float | None = None) -> SourceUnavailable:
    """Return the error for a server that cannot answer anybody now.

    `wait` is the number of seconds that it requests.
    """
    return SourceUnavailable(
        f"{redacted_url(url)} cannot answer now (status {status}{_phrase(status)}). We try again.",
        retry_after=wait,
    )


def _seconds(value: str) -> float | None:
    """Return the seconds of a Retry-After header, at most a day.

    The header holds seconds or a date.
    """
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
