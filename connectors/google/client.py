"""One request to Google: bounded in time, repeated with patience, and with every way it can fail turned into an outcome.

Law of this file: it knows httplib2, the request objects of google-api-python-client and how long to wait. It does not know what
is asked for, nor how the credentials were come by.

Facts:

- The client library repeats requests itself, but does not read Retry-After, and logs the bodies of refusals; google-auth repeats
  token calls with waits of its own. Both are switched off here: one loop, one budget, and nothing logged.
- A service account's `before_request` (which AuthorizedHttp calls) starts a thread that asks googleapis.com for a "regional access
  boundary". We refresh and apply credentials ourselves, so that nothing is contacted but what is configured.
- A 200 whose body is no JSON comes back from the client library as a string: we take the bytes and decode them by type.
- httplib2 repeats a request once by itself when the server closes the connection without a word (it may have been an idle one).
"""

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
from connectors.deadline import TIMEOUTS, ExchangeTooLong
from connectors.google.credentials import Credentials
from connectors.google.errors import AccessExpired, Busy, RequestContext, raise_for_error, raise_for_token_error
from connectors.google.transport import bounded_http
from connectors.http_client.responses import AnswerTooLarge

T = TypeVar("T")
R = TypeVar("R")


class _Token(msgspec.Struct):
    access_token: str


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long one fetch waits for a busy server before it gives up; seconds.

    A request is sent at most `tries` times, with waits of about `first`, twice that, and so on, or what Retry-After says where that is
    more. A wait over `longest` is left to the refresher, and all waits of a fetch together stay within `total`. The defaults outlast a
    quota per minute.
    """

    tries: int = 6
    first: float = 2.0
    longest: float = 60.0
    total: float = 120.0
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """What google-auth wants to see of an answer of the token endpoint."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class PeopleClient:
    """The requests of one fetch: one httplib2.Http, one access, one budget of waiting. For one thread; close it."""

    def __init__(self, access: Credentials, *, timeout: float, patience: RetryPolicy) -> None:
        # It logs the bodies of refusals at WARNING.
        logging.getLogger("googleapiclient.http").setLevel(logging.ERROR)
        self.http = bounded_http(timeout)
        self._access = access
        self._timeout = timeout
        self._patience = patience
        self._waited = 0.0

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def get(self, request_of: Callable[[], Any], answer: type[T], asked: RequestContext) -> T:
        """Send a request of the client library, made anew for each try, and return its decoded answer.

        Raises CheckpointExpired when the sync token is of no use, SourceUnavailable when patience ends or the answer makes no sense,
        SourceRefused when a person must act.
        """
        tried = 0
        while True:
            tried += 1
            try:
                return self._attempt(request_of, answer, asked)
            except Busy as error:
                self._wait(error, tried)

    def _attempt(self, request_of: Callable[[], Any], answer: type[T], asked: RequestContext) -> T:
        if not self._access.is_valid:
            self._access.renew(self._post)
        try:
            return self._send(request_of(), answer, asked)
        except AccessExpired:
            self._access.renew(self._post)
        try:
            return self._send(request_of(), answer, asked)
        except AccessExpired as error:
            # The token is a minute old at most, so the sign-in is good: the API has a trouble of its own.
            raise SourceUnavailable(
                f"{asked.server} does not take the access token that Google has just given (status 401). It will be asked again later."
            ) from error

    def _send(self, request: Any, answer: type[T], asked: RequestContext) -> T:
        from googleapiclient.errors import HttpError

        request.postproc = lambda _, content: content
        self._access.apply(request.headers)
        try:
            content: bytes = self._send_with_retries(asked.server, request.execute)
        except HttpError as error:
            raise_for_error(error.resp.status, error.resp, error.content, asked)
        try:
            return msgspec.json.decode(content, type=answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceUnavailable(
                f"{asked.server} answered 200 with something that is no answer of the People API. If this stays, look for a proxy that "
                "puts itself in between, and check api_endpoint."
            ) from error

    def _post(self, url: str, method: str = "GET", body: bytes | None = None, headers: Any = None, **_: Any) -> TokenAnswer:
        """The transport that google-auth calls. It returns good answers alone, so that google-auth never repeats a call by itself.

        Raises Busy, TokenRefused, SourceUnavailable or SourceRefused.
        """
        server = host_of(url)
        response, data = self._send_with_retries(server, lambda: self.http.request(url, method=method, body=body, headers=headers))
        if response.status != 200:
            raise_for_token_error(response.status, response, data, server)
        try:
            msgspec.json.decode(data, type=_Token)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceUnavailable(f"{server} answered 200 with something that is no token: check token_uri.") from error
        return TokenAnswer(200, response, data)

    def _send_with_retries(self, server: str, send: Callable[[], R]) -> R:
        """Send, and turn the network's exceptions into Busy (a broken connection), SourceUnavailable or SourceRefused."""
        import http.client
        import ssl

        import httplib2

        try:
            return send()
        except TimeoutError as error:
            what: SourceUnavailable | SourceRefused | Busy = SourceUnavailable(f"{server} did not answer within {self._timeout:g} s.")
            cause: Exception = error
        except ExchangeTooLong as error:
            limit = f"{TIMEOUTS * self._timeout:g} s"
            what, cause = SourceUnavailable(f"{server} was still sending after {limit}. Raise timeout if the line is slow."), error
        except (AnswerTooLarge, zlib.error) as error:
            what = SourceUnavailable(
                f"{server} sent an answer that is larger than 64 MB, or packed and broken; nothing of it was taken. If this stays, look "
                "for a proxy that puts itself in between."
            )
            cause = error
        except ssl.SSLCertVerificationError as error:
            what = SourceRefused(f"{server} shows a certificate that this computer does not trust. Check api_endpoint and token_uri.")
            cause = error
        except httplib2.ServerNotFoundError as error:
            what, cause = SourceUnavailable(f"The name {server} is not known here. Check the network, and api_endpoint."), error
        except ConnectionRefusedError as error:
            what, cause = SourceUnavailable(f"{server} accepts no connection. Check the network, and api_endpoint."), error
        except (ConnectionError, http.client.HTTPException, ssl.SSLError) as error:
            what, cause = Busy(f"The connection to {server} broke."), error
        except (OSError, httplib2.HttpLib2Error) as error:
            what, cause = SourceUnavailable(f"{server} cannot be reached ({type(error).__name__}). Check the network."), error
        # A half-read connection must not be used again.
        self.http.close()
        raise what from cause

    def _wait(self, error: Busy, tried: int) -> None:
        policy = self._patience
        # A Retry-After of 0 is no leave to hammer.
        seconds = max(error.retry_after or 0.0, policy.first * 2 ** (tried - 1) * random.uniform(0.75, 1.0))
        if tried >= policy.tries or seconds > policy.longest or self._waited + seconds > policy.total:
            raise SourceUnavailable(f"{error} It will be asked again later.", retry_after=error.retry_after) from error
        self._waited += seconds
        policy.pause(seconds)


def host_of(url: str) -> str:
    """Return the name of the server in a URL, as errors call it."""
    return urlsplit(url).hostname or url
