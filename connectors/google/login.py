"""Sign a person in with a browser on any computer, and write the token file.

`run_local_server` of google-auth-oauthlib takes the first request for the answer,
prints by itself and waits without end. So only its flow is used (address, PKCE,
exchange). The device flow does not allow the scopes of contacts. Google ended the
copying of a code by hand ("OOB") in 2022.
"""

import logging
import queue
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.google.client import host_of
from connectors.google.credential_files import (
    ClientFile,
    OAuthClient,
    TokenFile,
    format_expiry,
    read_file,
    write_token_file,
)
from connectors.google.credentials import TESTING, expired_in_testing
from connectors.google.errors import safe_oauth_code

PORT = 8765
"""Default port for the sign-in.

It is fixed, so that the documentation can name an SSH port forward.
"""

TIME_LIMIT = 900.0
"""Seconds that a person has for the sign-in."""


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """What a sign-in needs from the configuration.

    `timeout` is that of the token endpoint.
    """

    token_file: Path
    client_file: Path
    token_uri: str
    scopes: tuple[str, ...]
    timeout: float


def sign_in(
    request: LoginRequest, *, port: int, echo: Callable[[str], None], time_limit: float = TIME_LIMIT
) -> None:
    """Let a person sign in, and write the token file.

    `port` is the port of this computer to which the browser returns (0: any free one).
    `echo` is called with lines for the person. `time_limit` is in seconds. Raises
    SourceRefused if the person must change something. Raises SourceUnavailable if
    Google does not answer or nobody signed in.
    """
    client = read_file(request.client_file, ClientFile, "client_file").installed
    _warn_if_testing(request.token_file, echo)
    answers: queue.Queue[dict[str, str]] = queue.Queue()
    with _listener(port, answers) as server:
        flow = _flow(request, client, server.server_port)
        try:
            address, server.state = _consent_page(flow)
            _show_instructions(echo, address, server.server_port)
            answer = _wait_for_answer(server, answers, time_limit)
            token = _exchange(flow, answer, request)
        finally:
            flow.oauth2session.close()
    _save_token(request, client, token)
    # A consent screen in "Testing" gives sign-ins that end after 7 days; `refresh_token_expires_in`
    # in the response then says so.
    lasts = _seconds(token, "refresh_token_expires_in")
    if lasts:
        echo(f"Warning: this sign-in ends by itself in {round(lasts / 86400)} days. {TESTING}")
    echo(f"Signed in; kept in {request.token_file}. Next: directory-gateway check")


def _warn_if_testing(token_file: Path, echo: Callable[[str], None]) -> None:
    """Warn if the previous sign-in is young, because "Testing" probably ended it."""
    try:
        last = read_file(token_file, TokenFile, "token_file")
    except SourceError:
        return
    if expired_in_testing(last, datetime.now(UTC)):
        echo(f"If the last sign-in stopped working by itself: {TESTING}")


class _Listener(ThreadingHTTPServer):
    """HTTP server that waits for the browser to return with our `state`.

    A desktop client's consent ends in a redirect to a port of this computer (RFC 8252
    section 7.3). Google allows http to 127.0.0.1 with any port. `ssh -L` makes that
    port visible on the computer with the browser, so a server needs no browser.
    """

    daemon_threads = True
    state = ""

    def __init__(self, port: int, answers: "queue.Queue[dict[str, str]]") -> None:
        super().__init__(("127.0.0.1", port), _Redirect)
        self.answers = answers


class _Redirect(BaseHTTPRequestHandler):
    timeout = 10
    server: _Listener

    def do_GET(self) -> None:
        answer = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        # Browsers open connections in advance and request icons: a request without our `state` is
        # not the answer.
        ours = bool(self.server.state) and answer.get("state") == self.server.state
        text = (
            "Thank you. Go back to the terminal: it says how it went. This page can be closed."
            if ours
            else "Nothing is here."
        )
        self.send_response(200 if ours else 404)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())
        if ours:
            self.server.answers.put(answer)

    # The name `format` is that of the base class.
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing, because the path contains the code."""


def _listener(port: int, answers: "queue.Queue[dict[str, str]]") -> _Listener:
    try:
        return _Listener(port, answers)
    except OSError as error:
        raise SourceRefused(
            f"Port {port} of this computer cannot be used ({error.strerror}): choose another with"
            " --port."
        ) from error


def _flow(request: LoginRequest, client: OAuthClient, port: int) -> Any:
    from google_auth_oauthlib.flow import Flow

    for name in ("oauthlib", "requests_oauthlib"):
        # At DEBUG they log codes and tokens.
        logging.getLogger(name).setLevel(logging.WARNING)
    config = {
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "auth_uri": client.auth_uri,
        "token_uri": request.token_uri,
    }
    return Flow.from_client_config(
        {"installed": config},
        scopes=list(request.scopes),
        redirect_uri=f"http://127.0.0.1:{port}/",
    )


def _consent_page(flow: Any) -> tuple[str, str]:
    """Return the address of the consent page, and the state that its answer has."""
    # oauthlib has no types.
    from oauthlib.oauth2 import InsecureTransportError  # type: ignore[import-untyped]

    try:
        # Without `prompt=consent` Google gives a refresh token at the first sign-in only.
        address, state = flow.authorization_url(access_type="offline", prompt="consent")
    except InsecureTransportError as error:
        raise SourceRefused(
            "client_file: its auth_uri is not https. Download the file from the Google Cloud"
            " console again."
        ) from error
    return address, state


def _show_instructions(echo: Callable[[str], None], address: str, port: int) -> None:
    echo(
        "Open this address in a browser, sign in with the account whose contacts the phones shall"
        " show, and allow everything asked for:"
    )
    echo(address)
    echo(
        "The browser is on another computer? Run this there first, and leave it running until you"
        " have signed in:"
    )
    echo(f"ssh -L {port}:127.0.0.1:{port} {socket.gethostname()}")


def _wait_for_answer(
    server: _Listener, answers: "queue.Queue[dict[str, str]]", time_limit: float
) -> dict[str, str]:
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        return answers.get(timeout=time_limit)
    except queue.Empty as error:
        raise SourceUnavailable(
            f"Nobody signed in within {time_limit / 60:g} minutes. Start again."
        ) from error
    finally:
        server.shutdown()


def _exchange(flow: Any, answer: dict[str, str], request: LoginRequest) -> dict[str, Any]:
    """Exchange the code for tokens."""
    from oauthlib.oauth2 import OAuth2Error
    from requests import RequestException

    server = host_of(request.token_uri)
    if "code" not in answer:
        raise SourceRefused(
            "The consent page ended without a sign-in"
            f" ({safe_oauth_code(answer.get('error', ''))}). If the app is in Testing, the account"
            " must be one of its test users; a Workspace administrator may have to allow it."
        )
    try:
        flow.fetch_token(code=answer["code"], timeout=request.timeout)
    except OAuth2Error as error:
        raise SourceRefused(
            f"{server} gives no token ({safe_oauth_code(error.error or '')}): check that"
            " client_file is the JSON of an existing client, and token_uri."
        ) from error
    except RequestException as error:
        raise SourceUnavailable(
            f"{server} cannot be reached ({type(error).__name__}): check the network and token_uri."
        ) from error
    except Warning as error:
        # A person may untick single scopes on the consent page. oauthlib raises its Warning if the
        # granted scopes differ from those requested.
        raise SourceRefused(
            "Other rights were granted than asked for: sign in again and leave every box on the"
            " consent page ticked."
        ) from error
    token: dict[str, Any] = flow.oauth2session.token
    if not token.get("refresh_token"):
        raise SourceRefused(
            "Google gave no lasting sign-in. Remove the app at"
            " https://myaccount.google.com/connections and sign in again."
        )
    return token


def _seconds(token: dict[str, Any], key: str) -> int:
    """Return a number of seconds in the token endpoint's response, or 0."""
    value = token.get(key)
    return value if isinstance(value, int) else 0


def _save_token(request: LoginRequest, client: OAuthClient, token: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    lasts = _seconds(token, "refresh_token_expires_in")
    content = TokenFile(
        client_id=client.client_id,
        client_secret=client.client_secret,
        refresh_token=token["refresh_token"],
        token=token["access_token"],
        expiry=format_expiry(now + timedelta(seconds=_seconds(token, "expires_in"))),
        scopes=request.scopes,
        token_uri=request.token_uri,
        signed_in_at=format_expiry(now),
        refresh_token_expires_at=format_expiry(now + timedelta(seconds=lasts)) if lasts else "",
    )
    try:
        write_token_file(request.token_file, content)
    except OSError as error:
        raise SourceRefused(
            f"token_file: {request.token_file} cannot be written ({error.strerror}). Sign in again"
            " with the rights to it."
        ) from error
