"""HTTP for connectors: one session with one server, and every way it can fail as a sentence.

Facts: redirects to another address are followed by hand, because libraries turn PROPFIND and REPORT into GET and drop the
body; 301, 302, 303, 307 and 308 all keep both here. A login goes to the configured origin alone. Cookies are refused: some
servers demand proofs against forgery from whoever brings one. The environment (proxies, .netrc, CA variables) is not read.

Law of this file: the only one that imports httpx, inside functions. It knows requests, logins, redirects, sizes and times.
It knows no DAV, no contact and no checkpoint. It logs nothing, and silences the library's own log, which would tell names
in paths.
"""

import logging
import socket
import ssl
import zlib
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.http_address import PORTS, origin, redirected
from connectors.http_body import read_body
from connectors.http_login import Challenge, Digest, basic, choose, may_have_login, parse_challenges
from connectors.http_status import Answer, raise_for_server, shown
from connectors.http_tls import in_chain, tls_context, tls_problem

if TYPE_CHECKING:
    import httpx

_REDIRECTS = (301, 302, 303, 307, 308)

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Access:
    """How to speak to a server: its address, who we are, and whom we trust. `timeout` in seconds."""

    url: str
    username: str = ""
    password: SecretStr | None = field(default=None, repr=False)
    token: SecretStr | None = field(default=None, repr=False)
    timeout: float = 30.0
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class _Reply:
    """One answer on the wire: where it redirects to ("": nowhere), and which logins it offers."""

    answer: Answer
    location: str = ""
    challenges: tuple[Challenge, ...] = ()


class Session:
    """Requests to one server over kept connections; a context manager. Opening one does no network I/O.

    `login` is the scheme in use ("", "basic", "digest", "bearer"). Given "basic", for which the server asked on an earlier
    day, the login is sent with the first request.
    """

    def __init__(self, access: Access, login: str = "") -> None:
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._access = access
        self._home = origin(access.url)
        self._digest: Digest | None = None
        self._secret = (access.token or access.password or SecretStr("")).get_secret_value()
        self.login = "bearer" if access.token else "basic" if login == "basic" and access.password else ""
        self._clients: dict[bool, httpx.Client] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for client in self._clients.values():
            client.close()

    def insist(self) -> bool:
        """Make the next request ask for a login; return whether that changes anything.

        It bears a login that is empty, which makes the server say what it wants, and tells nobody anything.
        """
        if self.login or self._access.password is None:
            return False
        self.login = "probe"
        return True

    def request(self, method: str, url: str, headers: Headers = (), body: bytes = b"") -> Answer:
        """Ask, follow redirects, log in where asked, and return the answer, whatever its status below 500, 501 and 507.

        Raises SourceUnavailable when the server is down, slow, busy or breaks off; SourceRefused when the login, the
        certificate, a redirect or the address is wrong; AnswerTooLarge for a giant answer.
        """
        seen: list[str] = []
        while True:
            url = _as_sent(url, self._access.timeout)
            seen.append(url)
            reply = self._logged_in(method, url, headers, body)
            if not reply.location:
                return reply.answer
            url = redirected(seen, reply.location)

    def _client(self, *, secure: bool) -> "httpx.Client":
        """The connections for TLS, whose authorities take time to load, or those without, which trust no authority at all."""
        import httpx

        if secure not in self._clients:
            access = self._access
            context = tls_context(access.ca_file, access.certificate, access.key) if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._clients[secure] = httpx.Client(
                verify=context,
                timeout=access.timeout,
                trust_env=False,
                follow_redirects=False,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                headers={"User-Agent": "directory-gateway", "Accept-Encoding": "gzip"},
            )
        return self._clients[secure]

    def _logged_in(self, method: str, url: str, headers: Headers, body: bytes) -> _Reply:
        tried = 0
        while True:
            ours = may_have_login(self._home, origin(url))
            sent = self._authorization(method, url, body) if ours else ""
            reply = self._exchange(method, url, (*headers, ("Authorization", sent)) if sent else headers, body)
            if reply.answer.status != HTTPStatus.UNAUTHORIZED:
                self.login = "" if self.login == "probe" else self.login
                return reply
            tried += 1
            if not ours or (sent and not self._worth_another(tried, reply.challenges)):
                raise self._login_problem(url, ours=ours)
            self._log_in(url, reply.challenges)

    def _worth_another(self, tried: int, challenges: tuple[Challenge, ...]) -> bool:
        """Whether a login that was sent may have failed for another reason than the password: an old nonce, another scheme."""
        if self.login == "probe":
            return True
        if self.login == "digest":
            return tried == 1 or (tried == 2 and any(one.stale for one in challenges))
        return self.login == "basic" and tried == 1 and bool(challenges) and all(one.scheme != "basic" for one in challenges)

    def _authorization(self, method: str, url: str, body: bytes) -> str:
        if self.login == "bearer":
            return f"Bearer {self._secret}"
        if self.login == "basic":
            return basic(self._access.username, self._secret)
        if self.login == "probe":
            return basic("", "")
        if self._digest is not None:
            parts = urlsplit(url)
            return self._digest.header(method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body)
        return ""

    def _log_in(self, url: str, challenges: tuple[Challenge, ...]) -> None:
        if self._access.password is None:
            raise SourceRefused(f"{shown(url)} asks for a login. Set username and password, or token.")
        chosen = choose(challenges, secure=self._home[0] == "https")
        if chosen is None:
            names = ", ".join(one.description for one in challenges) or "none"
            raise SourceRefused(
                f"{shown(url)} asks for a login, but offers no way that we know ({names}). "
                "Allow Basic or Digest (MD5, SHA-256) there, or set token."
            )
        self.login = chosen.scheme
        self._digest = Digest(chosen, self._access.username, self._secret) if chosen.scheme == "digest" else None

    def _login_problem(self, url: str, *, ours: bool) -> SourceRefused:
        if not ours:
            scheme, host, port = origin(url)
            return SourceRefused(
                f"{shown(self._access.url)} leads to {host}, which asks for a login; ours goes to the server in url alone. "
                f'If that server is right, set url = "{scheme}://{host}{"" if port == PORTS[scheme] else f":{port}"}/".'
            )
        if self._access.token:
            return SourceRefused(f"{shown(url)} refused the bearer token. Check token: it may have expired.")
        return SourceRefused(
            f"{shown(url)} refused the login. Check username and password; accounts with two-factor login need an app password."
        )

    def _exchange(self, method: str, url: str, headers: Headers, body: bytes) -> _Reply:
        """One request on the wire; once more where a kept connection was dead before a byte of the answer came."""
        import httpx

        try:
            client = self._client(secure=urlsplit(url).scheme == "https")
            encoded = [(name.encode(), value.encode()) for name, value in headers]
            request = client.build_request(method, url, headers=encoded, content=body or None)
            try:
                response = client.send(request, stream=True)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                response = client.send(request, stream=True)
            try:
                return self._received(response)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL, zlib.error) as error:
            raise _network_problem(error, url, self._access.timeout) from error

    def _received(self, response: "httpx.Response") -> _Reply:
        url, status, headers = str(response.url), response.status_code, response.headers
        raise_for_server(status, url, headers.get("retry-after", ""))
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if status in _REDIRECTS and headers.get("location"):
            return _Reply(Answer(status, url, kind, b""), headers["location"])
        packing = headers.get("content-encoding", "")
        body = read_body(response.iter_raw(), headers.get("content-length", ""), packing, url, self._access.timeout)
        if status == HTTPStatus.UNAUTHORIZED:
            return _Reply(Answer(status, url, kind, b""), challenges=parse_challenges(headers.get_list("www-authenticate")))
        return _Reply(Answer(status, url, kind, body))


def _as_sent(url: str, timeout: float) -> str:
    """Return a URL in the form in which it goes over the wire, which is what Digest proves. Raises SourceRefused where it is none."""
    import httpx

    try:
        return str(httpx.URL(url))
    except httpx.InvalidURL as error:
        raise _network_problem(error, url, timeout) from error


def _network_problem(error: Exception, url: str, timeout: float) -> SourceError:
    """Return our error for one of httpx, by what an administrator can do about it."""
    import httpx

    host = urlsplit(url).netloc.rpartition("@")[2]
    if problem := tls_problem(error, host):
        return SourceRefused(problem)
    if isinstance(error, httpx.TimeoutException):
        return SourceUnavailable(f"{host} did not answer within {timeout:g} s. Check the server, or raise timeout.")
    if in_chain(error, socket.gaierror) is not None:
        return SourceUnavailable(f"The name of {host} cannot be looked up. Check url, and this machine's DNS.")
    if isinstance(error, httpx.ConnectError):
        return SourceUnavailable(f"{host} cannot be reached. Check that the server runs, and the host and port in url.")
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return SourceRefused(f"{host} cannot be asked, or redirects to something that is no web address. Check url and username.")
    if isinstance(error, httpx.RemoteProtocolError) and "location header" in str(error):
        return SourceRefused(f"{host} redirects to something that is no web address. Check url.")
    return SourceUnavailable(f"{host} stopped in the middle of its answer. Check the server's log if this stays.")
