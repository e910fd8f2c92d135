"""Translate Google's error responses into exceptions with messages for administrators.

Messages of Google are never passed on, because they may name an account.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn

import msgspec

from connectors.base import SourceRefused, SourceUnavailable

# Quotas are answered by 429, or by 403 with a reason. The first page of a full list has a quota of
# its own, which cannot be raised.
_RATE = frozenset(
    {"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded", "RESOURCE_EXHAUSTED"}
)
_QUOTA = frozenset(
    {"quotaExceeded", "dailyLimitExceeded", "QUOTA_EXCEEDED", "dailyLimitExceededUnreg"}
)
_DISABLED = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})
_SCOPE = frozenset(
    {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions", "insufficientScopes"}
)
_TOKEN_TRY_AGAIN = frozenset({"temporarily_unavailable", "server_error", "internal_failure"})
_DELAY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s\Z")


class Busy(Exception):
    """The server is overloaded or a connection broke; the same request may work soon.

    `retry_after` is in seconds.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class AccessExpired(Exception):
    """The access token was refused (401); a new one may be accepted."""


class TokenRefused(Exception):
    """The token endpoint refuses.

    `code` is the error code of OAuth ("invalid_grant").
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CheckpointExpired(Exception):
    """The sync token is no longer usable; everything must be read."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Context of a request, for its errors.

    `key` is the configuration key that caused it. `sync_token` and `page_token` say
    whether it contained tokens of earlier responses.
    """

    server: str
    key: str = ""
    sync_token: bool = False
    page_token: bool = False


# The body of an error is `{"error": {"code", "message", "status", "details": [...], "errors":
# [...]}}`. `details` may hold a google.rpc.ErrorInfo with a `reason` and a google.rpc.RetryInfo
# with a `retryDelay` ("30s") (google.aip.dev/193). `errors` is the older list with reasons of its
# own ("rateLimitExceeded", "accessNotConfigured").
class _Detail(msgspec.Struct, rename="camel"):
    reason: str = ""
    retry_delay: str = ""


class _Error(msgspec.Struct):
    status: str = ""
    details: tuple[_Detail, ...] = ()
    errors: tuple[_Detail, ...] = ()


class _ErrorAnswer(msgspec.Struct):
    error: _Error = msgspec.field(default_factory=_Error)


# The token endpoint answers `{"error", "error_description"}` (RFC 6749 section 5.2).
# `invalid_grant` is final.
class _TokenError(msgspec.Struct):
    error: str


def raise_for_error(
    status: int, headers: Mapping[str, str], body: bytes, context: RequestContext
) -> NoReturn:
    """Raise the exception for an error response.

    Raises Busy (wait and repeat), AccessExpired (401), CheckpointExpired, SourceRefused
    or SourceUnavailable.
    """
    try:
        error = msgspec.json.decode(body, type=_ErrorAnswer).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        error = _Error()
    reasons = {error.status, *(item.reason for item in (*error.details, *error.errors))}
    where = context.server
    if status == 429 or status >= 500 or (status == 403 and reasons & _RATE):
        raise busy(status, where, headers, error.details)
    if status == 401:
        raise AccessExpired
    # An expired sync token is 400 with the reason EXPIRED_SYNC_TOKEN (discovery document of the
    # People API); older documents say 410. The response to a token of another account or with other
    # parameters is not documented. So any 400 or 410 to a request with a sync token means that the
    # token is unusable, and that everything must be read.
    if status in (400, 410) and context.sync_token:
        raise CheckpointExpired
    if status == 403:
        _refuse_forbidden(reasons, context)
    if 300 <= status < 400:
        raise SourceRefused(
            f"{where} sends us elsewhere (status {status}) instead of answering: check"
            " api_endpoint."
        )
    if status == 404:
        raise SourceRefused(f"{where} answers, but knows no People API (404): check api_endpoint.")
    if context.page_token:
        raise SourceUnavailable(
            f"{where} broke off in the middle of a list (status {status}); nothing of it was taken."
        )
    if context.key == "directory":
        raise SourceRefused(
            f"{where} gives this account no directory (status {status}): directory = true works"
            " with an account of Google Workspace alone. Set directory = false, or sign in with a"
            " Workspace account."
        )
    raise SourceRefused(
        f"{where} refused the request (status {status}): check api_endpoint; if it is right, report"
        " this as an error of the gateway."
    )


def raise_for_token_error(
    status: int, headers: Mapping[str, str], body: bytes, server: str
) -> NoReturn:
    """Raise the exception for an error response of a token endpoint.

    Raises Busy, TokenRefused or SourceRefused.
    """
    if status == 429 or status >= 500:
        raise busy(status, server, headers)
    try:
        code = msgspec.json.decode(body, type=_TokenError).error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceRefused(
            f"{server} answers (status {status}), but not as a token endpoint does: check"
            " token_uri."
        ) from error
    if code in _TOKEN_TRY_AGAIN:
        raise busy(status, server, headers)
    raise TokenRefused(safe_oauth_code(code))


def safe_oauth_code(code: str) -> str:
    """Return an OAuth error code in a form that may be shown.

    Returns "refused" for a text of another form, because it may name a person.
    """
    return code if re.fullmatch("[a-z_]{1,40}", code) else "refused"


def busy(
    status: int, where: str, headers: Mapping[str, str], details: tuple[_Detail, ...] = ()
) -> Busy:
    """Return the Busy for a response, with the delay that the server asked for.

    Retry-After counts before RetryInfo.
    """
    delay = retry_after(headers.get("retry-after", ""), datetime.now(UTC))
    if delay is None:
        retry_delays = (_DELAY.match(detail.retry_delay) for detail in details)
        delay = next((float(match[1]) for match in retry_delays if match), None)
    what = (
        "has too many requests at the moment" if status in (403, 429) else "has trouble of its own"
    )
    return Busy(f"{where} {what} (status {status}).", retry_after=delay)


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, or None if it is not valid.

    It holds a number or a date (RFC 9110 section 10.2.3).
    """
    value = value.strip()
    if re.fullmatch("[0-9]{1,9}", value):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value).astimezone(UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return None


def _refuse_forbidden(reasons: set[str], context: RequestContext) -> NoReturn:
    if reasons & _QUOTA:
        raise SourceUnavailable(
            f"{context.server}: the day's quota of this Google Cloud project is used up. It is"
            " renewed at midnight Pacific time; a longer refresh needs less of it."
        )
    if reasons & _DISABLED:
        raise SourceRefused(
            "The People API is switched off in this Google Cloud project. Enable it at"
            " https://console.cloud.google.com/apis/library/people.googleapis.com and wait five"
            " minutes."
        )
    if reasons & _SCOPE:
        raise SourceRefused(
            f"This sign-in does not cover {context.key or 'contacts'}. Sign in again and leave"
            " every box ticked: directory-gateway login SOURCE. With a service account: allow the"
            " scope in the domain-wide delegation."
        )
    if context.key == "directory":
        raise SourceRefused(
            f"{context.server} does not show the directory to this account. In the Admin console"
            " allow contact sharing (Directory, Directory settings), or set directory = false."
        )
    raise SourceRefused(
        f"{context.server} refuses this account (403). Check that the account may use the project,"
        " and that a Workspace administrator has not blocked the app."
    )
