"""Send requests to Google with retries, and translate failures into source errors.

All retries share one budget of waiting time. The repetition of google-api-python-client
and google-auth is switched off.
"""

import functools
import logging
import random
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from connectors.base import SourceRefused, SourceUnavailable
from connectors.deadline import Deadline, ExchangeTooLong
from connectors.google.credentials import Credentials
from connectors.google.errors import (
    AccessExpired,
    Busy,
    RequestContext,
    raise_for_error,
    raise_for_token_error,
)
from connectors.google.transport import bounded_http
from connectors.http_client.responses import AnswerTooLarge

T = TypeVar("T")
R = TypeVar("R")


class _Token(msgspec.Struct):
    access_token: str


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Limits on the waiting of one fetch for a busy server, in seconds.

    A request is sent at most `tries` times, with waits of about `first`, twice that,
    and so on. Retry-After counts if it asks for more. The refresher takes over when a
    wait would exceed `longest`. All waits of a fetch together stay within `total`. The
    defaults outlast a quota per minute.
    """

    tries: int = 6
    first: float = 2.0
    longest: float = 60.0
    total: float = 120.0
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """A response of the token endpoint in the form that google-auth expects."""

    status: int
    headers: Mapping[str, str]
    data: bytes


# The client library repeats requests itself, but does not read Retry-After, and logs the bodies of
# refusals. google-auth repeats token calls with waits of its own. Both are switched off: one loop,
# one budget, and nothing is logged.
class PeopleClient:
    """HTTP client for the requests of one fetch.

    It holds one httplib2.Http, the credentials and one budget of waiting time. Use it
    in one thread, and close it.
    """

    def __init__(
        self, credentials: Credentials, *, timeout: float, retry_policy: RetryPolicy
    ) -> None:
        # The library logs the bodies of refusals at WARNING.
        logging.getLogger("googleapiclient.http").setLevel(logging.ERROR)
        self.http = bounded_http(timeout)
        self._credentials = credentials
        self._timeout = timeout
        self._retry_policy = retry_policy
        self._waited = 0.0

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def get(self, request_of: Callable[[], Any], answer: type[T], context: RequestContext) -> T:
        """Send a request of the client library and return its decoded response.

        `request_of` makes the request anew for each try. Raises CheckpointExpired if
        the sync token is unusable. Raises SourceUnavailable if the retries are used up
        or the response is not understood, SourceRefused if a person must act.
        """
        tried = 0
        while True:
            tried += 1
            try:
                return self._attempt(request_of, answer, context)
            except Busy as error:
                self._wait(error, tried)

    def _attempt(
        self, request_of: Callable[[], Any], answer: type[T], context: RequestContext
    ) -> T:
        if not self._credentials.is_valid:
            self._credentials.renew(self._post)
        try:
            return self._send(request_of(), answer, context)
        except AccessExpired:
            self._credentials.renew(self._post)
        try:
            return self._send(request_of(), answer, context)
        except AccessExpired as error:
            # The token is at most a minute old, so the sign-in is good: the API itself has a
            # problem.
            raise SourceUnavailable(
                f"{context.server} does not take the access token that Google has just given"
                " (status 401). It will be asked again later."
            ) from error

    def _send(self, request: Any, answer: type[T], context: RequestContext) -> T:
        from googleapiclient.errors import HttpError

        # The client library returns a 200 whose body is no JSON as a string. We take the bytes and
        # decode them by type.
        request.postproc = lambda _, content: content
        # We refresh and apply the credentials ourselves. A service account's `before_request`
        # (which AuthorizedHttp calls) starts a thread that asks googleapis.com for a "regional
        # access boundary". Nothing may be contacted but what is configured.
        self._credentials.apply(request.headers)
        try:
            content: bytes = self._send_once(
                context.server, functools.partial(request.execute, http=self.http)
            )
        except HttpError as error:
            raise_for_error(error.resp.status, error.resp, error.content, context)
        try:
            return msgspec.json.decode(content, type=answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceUnavailable(
                f"{context.server} answered 200 with something that is no answer of the People API."
                " If this stays, look for a proxy that puts itself in between, and check"
                " api_endpoint."
            ) from error

    def _post(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Any = None,
        **_: Any,
    ) -> TokenAnswer:
        """Send a request for google-auth and return the response if it is a good one.

        google-auth sees only good responses, so it never repeats a call by itself.
        Raises Busy, TokenRefused, SourceUnavailable or SourceRefused.
        """
        server = host_of(url)
        response, data = self._send_once(
            server, lambda: self.http.request(url, method=method, body=body, headers=headers)
        )
        if response.status != 200:
            raise_for_token_error(response.status, response, data, server)
        try:
            msgspec.json.decode(data, type=_Token)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceUnavailable(
                f"{server} answered 200 with something that is no token: check token_uri."
            ) from error
        return TokenAnswer(200, response, data)

    def _send_once(self, server: str, send: Callable[[], R]) -> R:
        """Call `send` and translate exceptions of the network.

        Raises Busy if the connection broke, else SourceUnavailable or SourceRefused.
        """
        import http.client

        import httplib2

        try:
            # httplib2 itself repeats a request once when the server closes the connection without
            # an answer: it may have been an idle one.
            return send()
        except (
            ExchangeTooLong,
            AnswerTooLarge,
            zlib.error,
            OSError,
            http.client.HTTPException,
            httplib2.HttpLib2Error,
        ) as error:
            # A half-read connection must not be used again.
            self.http.close()
            raise self._problem(server, error) from error

    def _problem(self, server: str, error: Exception) -> Busy | SourceUnavailable | SourceRefused:
        """Return what an exception of the network means."""
        import http.client
        import ssl

        import httplib2

        if isinstance(error, TimeoutError):
            return SourceUnavailable(f"{server} did not answer within {self._timeout:g} s.")
        if isinstance(error, ExchangeTooLong):
            return SourceUnavailable(
                f"{server} was still sending after {Deadline(self._timeout).seconds:g} s. Raise"
                " timeout if the line is slow."
            )
        if isinstance(error, AnswerTooLarge | zlib.error):
            return SourceUnavailable(
                f"{server} sent an answer that is larger than 64 MB, or packed and broken; nothing"
                " of it was taken. If this stays, look for a proxy that puts itself in between."
            )
        if isinstance(error, ssl.SSLCertVerificationError):
            return SourceRefused(
                f"{server} shows a certificate that this computer does not trust. Check"
                " api_endpoint and token_uri."
            )
        if isinstance(error, httplib2.ServerNotFoundError):
            return SourceUnavailable(
                f"The name {server} is not known here. Check the network, and api_endpoint."
            )
        if isinstance(error, ConnectionRefusedError):
            return SourceUnavailable(
                f"{server} accepts no connection. Check the network, and api_endpoint."
            )
        if isinstance(error, ConnectionError | http.client.HTTPException | ssl.SSLError):
            return Busy(f"The connection to {server} broke.")
        return SourceUnavailable(
            f"{server} cannot be reached ({type(error).__name__}). Check the network."
        )

    def _wait(self, error: Busy, tried: int) -> None:
        policy = self._retry_policy
        # A Retry-After of 0 does not switch the waiting off.
        seconds = max(
            error.retry_after or 0.0, policy.first * 2 ** (tried - 1) * random.uniform(0.75, 1.0)
        )
        if (
            tried >= policy.tries
            or seconds > policy.longest
            or self._waited + seconds > policy.total
        ):
            raise SourceUnavailable(
                f"{error} It will be asked again later.", retry_after=error.retry_after
            ) from error
        self._waited += seconds
        policy.pause(seconds)


def host_of(url: str) -> str:
    """Return the host name in a URL, for error messages."""
    return urlsplit(url).hostname or url
