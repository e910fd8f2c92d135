"""Send one HTTP request over kept connections, and explain every failure.

Time and size are limited. The HTTP library is imported only here, inside functions. Its
own log is silenced, because it would reveal names in paths. The environment (proxies,
.netrc, CA variables) is not read.
"""

import logging
import socket
import ssl
import zlib
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.deadline import Deadline, ExchangeTooLong
from connectors.http_client.auth import Challenge, parse_challenges
from connectors.http_client.body import read_body
from connectors.http_client.ports import speaks_plain_http, speaks_tls
from connectors.http_client.redirects import BadRedirect, origin
from connectors.http_client.responses import Response, raise_for_server, redacted_url
from connectors.http_client.timed_stream import with_deadline
from connectors.http_client.tls import find_cause, tls_context, tls_problem

if TYPE_CHECKING:
    import httpx

_REDIRECTS = (301, 302, 303, 307, 308)

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How to reach a server: its address, our identity and trusted authorities.

    `timeout` is in seconds.
    """

    url: str
    username: str = ""
    password: SecretStr | None = field(default=None, repr=False)
    token: SecretStr | None = field(default=None, repr=False)
    timeout: float = 30.0
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer on the wire, with its redirect target and the logins it offers.

    The target is "" if it is not redirected.
    """

    answer: Response
    location: str = ""
    challenges: tuple[Challenge, ...] = ()


class Wire:
    """Kept connections to servers.

    Creating one does no network I/O. It must be closed.
    """

    def __init__(self, options: ServerOptions) -> None:
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._options = options
        self._deadline = Deadline(options.timeout)
        self._clients: dict[bool, httpx.Client] = {}
        self._is_http = False

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def exchange(
        self, method: str, url: str, headers: Headers, body: bytes, *, fallible: bool
    ) -> Reply:
        """Send a request and return its answer.

        It is sent again if a kept connection was dead before a byte of the answer came.
        With `fallible`, an answer with status 5xx is returned too, unless the server
        tells when to retry. Raises SourceUnavailable if the server is down, slow, busy
        or breaks off. Raises SourceRefused if the certificate, the port or the address
        is wrong, and AnswerTooLarge.
        """
        import httpx

        self._deadline.start()
        try:
            client = self._client(secure=urlsplit(url).scheme == "https")
            encoded = [(name.encode(), value.encode()) for name, value in headers]
            request = client.build_request(method, url, headers=encoded, content=body or None)
            try:
                response = client.send(request, stream=True)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                response = client.send(request, stream=True)
            try:
                return self._receive(response, fallible=fallible)
            finally:
                response.close()
        except ExchangeTooLong as error:
            limit = f"{self._deadline.seconds:g} s"
            raise SourceUnavailable(
                f"{redacted_url(url)} was still sending after {limit}. Raise timeout if the line is"
                " slow."
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, zlib.error) as error:
            raise self._network_problem(error, url) from error

    def as_sent(self, url: str) -> str:
        """Return a URL as it is sent, without a login in it.

        Digest covers this form. Raises SourceRefused if it is not a URL.
        """
        import httpx

        try:
            parts = urlsplit(url)
            return str(httpx.URL(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()))
        except (httpx.InvalidURL, ValueError) as error:
            raise self._network_problem(error, url) from error

    def _client(self, *, secure: bool) -> "httpx.Client":
        """Return the connections with or without TLS.

        Authorities take time to load. Connections without TLS trust none.
        """
        import httpx

        if secure not in self._clients:
            options = self._options
            context = (
                tls_context(options.ca_file, options.certificate, options.key)
                if secure
                else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            )
            transport = httpx.HTTPTransport(verify=context, trust_env=False)
            # The library has a time limit for each step, but none for a whole exchange.
            transport._pool._network_backend = with_deadline(
                transport._pool._network_backend, self._deadline
            )
            self._clients[secure] = httpx.Client(
                transport=transport,
                timeout=options.timeout,
                trust_env=False,
                follow_redirects=False,
                # Some servers demand proofs against forgery from every client with a cookie.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                headers={"User-Agent": "directory-gateway", "Accept-Encoding": "gzip"},
            )
        return self._clients[secure]

    def _receive(self, response: "httpx.Response", *, fallible: bool) -> Reply:
        url, status, headers = str(response.url), response.status_code, response.headers
        if status == HTTPStatus.BAD_REQUEST and not self._is_http and self._meets_tls(url):
            # nginx, Apache and Go report this in a page of their own.
            raise _needs_https(url)
        self._is_http = True
        raise_for_server(status, url, headers.get("retry-after", ""), fallible=fallible)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if status in _REDIRECTS and headers.get("location"):
            return Reply(Response(status, url, kind, b""), headers["location"])
        body = read_body(
            response.iter_raw(),
            headers.get("content-length", ""),
            headers.get("content-encoding", ""),
            url,
        )
        if status == HTTPStatus.UNAUTHORIZED:
            return Reply(
                Response(status, url, kind, b""),
                challenges=parse_challenges(headers.get_list("www-authenticate")),
            )
        return Reply(Response(status, url, kind, body))

    def _meets_tls(self, url: str) -> bool:
        scheme, host, port = origin(url)
        return scheme == "http" and speaks_tls(host, port, self._options.timeout)

    def _network_problem(self, error: Exception, url: str) -> SourceError:
        """Return our error for one of httpx, by the administrator's remedy."""
        import httpx

        host = urlsplit(url).netloc.rpartition("@")[2]
        if problem := tls_problem(error, host):
            return SourceRefused(problem)
        if isinstance(error, httpx.TimeoutException):
            return SourceUnavailable(
                f"{host} did not answer within {self._options.timeout:g} s. Check the server, or"
                " raise timeout."
            )
        if find_cause(error, socket.gaierror) is not None:
            return SourceUnavailable(
                f"The name of {host} cannot be looked up. Check url, and this machine's DNS."
            )
        if isinstance(error, httpx.ConnectError):
            if find_cause(error, ConnectionRefusedError) is None and self._meets_plain_http(url):
                return SourceRefused(
                    f"{host} does not speak TLS on this port. Check the port in url, or write"
                    " http:// if it has no TLS."
                )
            return SourceUnavailable(
                f"{host} cannot be reached. Check that the server runs, and the host and port in"
                " url."
            )
        if isinstance(
            error,
            httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError | ValueError,
        ):
            return SourceRefused(
                f"{host} cannot be asked, or redirects to something that is no web address. Check"
                " url and username."
            )
        if isinstance(error, httpx.RemoteProtocolError) and "location header" in str(error):
            return BadRedirect(f"{host} redirects to something that is no web address. Check url.")
        if not self._is_http and self._meets_tls(url):
            return _needs_https(url)
        return SourceUnavailable(
            f"{host} stopped in the middle of its answer. Check the server's log if this stays."
        )

    def _meets_plain_http(self, url: str) -> bool:
        scheme, host, port = origin(url)
        return scheme == "https" and speaks_plain_http(host, port, self._options.timeout)


def _needs_https(url: str) -> SourceRefused:
    return SourceRefused(f"{urlsplit(url).netloc} speaks TLS on this port. Write https:// in url.")
