"""HTTP session with one server, including its login and its redirects.

Redirects are followed by hand, because libraries turn PROPFIND and REPORT into GET and
drop the body. Here 301, 302, 303, 307 and 308 all keep both. A login is sent to the
configured origin alone. Nothing is logged.
"""

from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from connectors.base import SourceRefused, SourceUnavailable
from connectors.http_client.auth import Challenge, Digest, basic, choose_challenge, may_send_login
from connectors.http_client.exchange import Headers, Reply, ServerOptions, Wire
from connectors.http_client.redirects import PORTS, LeadsAway, origin, resolve_redirect
from connectors.http_client.responses import Response, redacted_url

_MAX_PROBES = 4


class Session:
    """Requests to one server over kept connections; a context manager.

    Opening one does no network I/O. `login` is the scheme in use ("", "basic",
    "digest", "bearer"). If it starts as "basic", from an earlier session, the login is
    sent with the first request.
    """

    def __init__(self, options: ServerOptions, login: str = "") -> None:
        self._options = options
        self._wire = Wire(options)
        self._home = origin(options.url)
        self._digest: Digest | None = None
        self._secret = (options.token or options.password or SecretStr("")).get_secret_value()
        self.login = (
            "bearer" if options.token else "basic" if login == "basic" and options.password else ""
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._wire.close()

    def request(
        self,
        method: str,
        url: str,
        headers: Headers = (),
        body: bytes = b"",
        *,
        fallible: bool = False,
        stay: bool = False,
    ) -> Response:
        """Send a request, follow redirects, log in if required, and return the answer.

        Its status may be any below 500, 501 or 507. With `fallible`, any other 5xx is
        returned as well, unless the server tells when to retry. With `stay`, a redirect
        to another origin raises LeadsAway. Raises SourceUnavailable if the server is
        down, slow, busy or breaks off. Raises SourceRefused if the login, the
        certificate, a redirect or the address is wrong. Raises AnswerTooLarge for a
        giant answer.
        """
        seen: list[str] = []
        while True:
            url = self._wire.as_sent(url)
            seen.append(url)
            reply = self._send_with_login(method, url, headers, body, fallible=fallible)
            if not reply.location:
                return reply.answer
            url = resolve_redirect(seen, reply.location)
            if stay and origin(url) != origin(seen[0]):
                raise LeadsAway(
                    f"{redacted_url(seen[0])} redirects to another server, {redacted_url(url)},"
                    " which is not asked. Check the server."
                )

    def probe_login(self, method: str, url: str, headers: Headers = (), body: bytes = b"") -> bool:
        """Log in at a server that answers without requesting a login.

        Returns whether the next request carries one. An empty login makes the server
        report what it requires, and reveals nothing. Servers that dislike it answer
        with any status (Cyrus: 500), so everything but 207 means that a login is
        required. If no challenge comes with it, the well-known address (RFC 6764
        section 5) may send one. Otherwise it is Basic.
        """
        if (
            self.login
            or self._options.password is None
            or not may_send_login(self._home, origin(url))
        ):
            return False
        answered = self._probe(method, url, (*headers, ("Authorization", basic("", ""))), body)
        if answered is not None and answered.challenges:
            self._log_in(url, answered.challenges)
            return True
        scheme, netloc, *_ = urlsplit(url)
        deeper = self._probe(method, f"{scheme}://{netloc}/.well-known/carddav", headers, body)
        if deeper is not None and deeper.challenges:
            self._log_in(url, deeper.challenges)
        elif answered is None or answered.answer.status != HTTPStatus.MULTI_STATUS:
            self.login = "basic"
        return bool(self.login)

    def _probe(self, method: str, url: str, headers: Headers, body: bytes) -> Reply | None:
        """Send a request without our login, following redirects within its origin.

        Returns None if no answer came.
        """
        seen: list[str] = []
        try:
            while len(seen) < _MAX_PROBES:
                seen.append(self._wire.as_sent(url))
                reply = self._wire.exchange(method, seen[-1], headers, body, fallible=True)
                if not reply.location or origin(
                    url := resolve_redirect(seen, reply.location)
                ) != origin(seen[0]):
                    return reply
        except (SourceUnavailable, SourceRefused):
            pass
        return None

    def _send_with_login(
        self, method: str, url: str, headers: Headers, body: bytes, *, fallible: bool
    ) -> Reply:
        refused: list[str] = []
        while True:
            ours = may_send_login(self._home, origin(url))
            sent = self._authorization(method, url, body) if ours else ""
            reply = self._wire.exchange(
                method,
                url,
                (*headers, ("Authorization", sent)) if sent else headers,
                body,
                fallible=fallible,
            )
            if reply.answer.status != HTTPStatus.UNAUTHORIZED:
                return reply
            refused.append(self.login if sent else "")
            challenges = self._should_retry_login(refused, reply.challenges)
            if not ours or (sent and not challenges):
                raise self._login_problem(url, refused, ours=ours)
            self._log_in(url, challenges)

    def _should_retry_login(
        self, refused: list[str], challenges: tuple[Challenge, ...]
    ) -> tuple[Challenge, ...]:
        """Return the challenges worth an answer.

        There are none if a login that was sent can have failed for the password alone.
        `refused` are the schemes sent with this request and not accepted, the latest
        last ("" if no login was sent).
        """
        last, first = refused[-1], len(refused) == 1
        if not last:
            return challenges
        others = tuple(one for one in challenges if one.scheme == "basic")
        if last == "digest":
            if first or (len(refused) == 2 and any(one.stale for one in challenges)):
                return challenges  # the nonce may be outdated
            return others if "basic" not in refused else ()
        return challenges if last == "basic" and first and not others else ()

    def _authorization(self, method: str, url: str, body: bytes) -> str:
        if self.login == "bearer":
            return f"Bearer {self._secret}"
        if self.login == "basic":
            return basic(self._options.username, self._secret)
        if self._digest is not None:
            parts = urlsplit(url)
            return self._digest.header(
                method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body
            )
        return ""

    def _log_in(self, url: str, challenges: tuple[Challenge, ...]) -> None:
        if self._options.password is None:
            raise SourceRefused(
                f"{redacted_url(url)} asks for a login. Set username and password, or token."
            )
        chosen = choose_challenge(challenges, secure=self._home[0] == "https")
        if chosen is None:
            names = ", ".join(one.description for one in challenges) or "none"
            raise SourceRefused(
                f"{redacted_url(url)} asks for a login, but offers no way that we know ({names}). "
                "Allow Basic or Digest (MD5, SHA-256) there, or set token."
            )
        self.login = chosen.scheme
        self._digest = (
            Digest(chosen, self._options.username, self._secret)
            if chosen.scheme == "digest"
            else None
        )

    def _login_problem(self, url: str, refused: list[str], *, ours: bool) -> SourceRefused:
        if not ours:
            scheme, host, port = origin(url)
            return SourceRefused(
                f"{redacted_url(self._options.url)} leads to {host}, which asks for a login; ours"
                " goes to the server in url alone. "
                "If that server is right, set url ="
                f' "{scheme}://{host}{"" if port == PORTS[scheme] else f":{port}"}/".'
            )
        if self._options.token:
            return SourceRefused(
                f"{redacted_url(url)} refused the bearer token. Check token: it may have expired."
            )
        if {"digest", "basic"} <= set(refused):
            return SourceRefused(
                f"{redacted_url(url)} refused the login by Digest, and by Basic as well. Check"
                " username and password; accounts with two-factor login need an app password."
            )
        return SourceRefused(
            f"{redacted_url(url)} refused the login. Check username and password; accounts with"
            " two-factor login need an app password."
        )
