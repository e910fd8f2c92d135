"""A new user signs in: a process prints an address, and a browser elsewhere opens it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from connectors.base import SourceRefused, SourceUnavailable
from connectors.google.login import LoginRequest, sign_in
from tests.connectors.contract import WORK, everything, names, person
from tests.connectors.google.server import GoogleWorld, google_world
from tests.support.fakes.people_api import CONNECTIONS, GROUPS, TOKEN
from tests.support.fakes.people_oauth import CONTACTS, DIRECTORY
from tests.support.patience import PATIENCE

LOGIN = """
import json, sys
from connectors.base import SourceError
from connectors.google.connector import GoogleConnector

try:
    connector = GoogleConnector.model_validate(json.loads(sys.argv[1]))
    connector.sign_in(port=0, echo=lambda line: print(line, flush=True))
except SourceError as error:
    print(f"{type(error).__name__}: {error}", flush=True)
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with google_world(tmp_path) as world:
        world.token_file.unlink()
        world.put(person("1", WORK))
        write_client_file(world)
        yield world


def write_client_file(world: GoogleWorld, secret: str = "secret-1", auth_uri: str = "") -> None:
    client = {
        "client_id": "client-1.apps.example",
        "project_id": "p1",
        "client_secret": secret,
        "redirect_uris": ["http://localhost"],
    }
    content = {
        "installed": (
            client
            | {
                "auth_uri": auth_uri or f"{world.api.url}/consent",
                "token_uri": "https://oauth2.googleapis.com/token",
            }
        )
    }
    (world.folder / "client.json").write_text(json.dumps(content))


class Terminal:
    """The process that signs in, and what it has printed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []

    def address(self) -> str:
        """Read on until the consent page's address."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if line.startswith("http"):
                return line.strip()
        raise AssertionError("\n".join(self.lines))

    def end(self) -> str:
        """Wait for the end; return everything that was printed."""
        assert self.process.stdout is not None
        self.lines.append(self.process.stdout.read())
        return "\n".join(self.lines)


@contextmanager
def login(world: GoogleWorld, **keys: Any) -> Iterator[Terminal]:
    keys = {
        "client_file": str(world.folder / "client.json"),
        "token_file": str(world.token_file),
        **keys,
    }
    data = {**keys, "api_endpoint": world.api.url, "token_uri": f"{world.api.url}/token"}
    # oauthlib refuses http; the fake is on loopback. No browser, no display.
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "BROWSER")
    }
    command = [sys.executable, "-c", LOGIN, json.dumps(data)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment | {"OAUTHLIB_INSECURE_TRANSPORT": "1"},
    ) as process:
        try:
            yield Terminal(process)
        finally:
            process.kill()


def redirect_uri(address: str) -> str:
    return parse_qs(urlsplit(address).query)["redirect_uri"][0]


def test_a_new_user_signs_in_and_the_contacts_come(world: GoogleWorld) -> None:
    with login(world) as terminal:
        address = terminal.address()
        page = httpx.get(address, follow_redirects=True)
        assert (200, True) == (page.status_code, page.url.host == "127.0.0.1")
        assert "Go back to the terminal" in page.text
        printed = terminal.end()
    port = urlsplit(redirect_uri(address)).port
    assert f"ssh -L {port}:127.0.0.1:{port} {socket.gethostname()}" in printed
    assert f"Signed in; kept in {world.token_file}. Next: directory-gateway check" in printed
    assert [] == [
        word for word in ("secret-1", "refresh-", "access-", "Warning") if word in printed
    ]
    assert 0o100600 == world.token_file.stat().st_mode
    assert ["Ann Test1"] == names(everything(world.connector()))
    assert {"/consent": 1, TOKEN: 1, CONNECTIONS: 1, GROUPS: 1} == dict(world.api.requests)


def test_the_consent_page_is_asked_for_what_is_configured(world: GoogleWorld) -> None:
    with login(world, directory=True) as terminal:
        parameters = parse_qs(urlsplit(terminal.address()).query)
    assert [f"{CONTACTS} {DIRECTORY}"] == parameters["scope"]
    assert (["offline"], ["consent"], ["S256"]) == (
        parameters["access_type"],
        parameters["prompt"],
        parameters["code_challenge_method"],
    )


def test_what_else_comes_to_the_port_is_not_the_answer(world: GoogleWorld) -> None:
    with login(world) as terminal:
        address = terminal.address()
        here = redirect_uri(address)
        with socket.create_connection((urlsplit(here).hostname, urlsplit(here).port)):
            # A browser that connects ahead of need and says nothing, while others speak.
            for path in (
                "favicon.ico",
                "?state=forged&code=4711",
                "?code=4711",
                "?state=&code=4711",
            ):
                assert 404 == httpx.get(here + path).status_code
            assert 200 == httpx.get(address, follow_redirects=True).status_code
        assert "Signed in" in terminal.end()


def test_consent_refused(world: GoogleWorld) -> None:
    world.api.oauth.consents = False
    with login(world) as terminal:
        httpx.get(terminal.address(), follow_redirects=True)
        printed = terminal.end()
    assert "SourceRefused: The consent page ended without a sign-in (access_denied)" in printed
    assert not world.token_file.exists()


def test_a_box_that_was_unticked(world: GoogleWorld) -> None:
    world.api.oauth.unticked = (DIRECTORY,)
    with login(world, directory=True) as terminal:
        httpx.get(terminal.address(), follow_redirects=True)
        assert "SourceRefused: Other rights were granted than asked for" in terminal.end()
    assert not world.token_file.exists()


def test_a_client_file_with_an_old_secret(world: GoogleWorld) -> None:
    write_client_file(world, secret="old")
    with login(world) as terminal:
        httpx.get(terminal.address(), follow_redirects=True)
        assert "SourceRefused: 127.0.0.1 gives no token (invalid_client)" in terminal.end()


def test_the_token_endpoint_is_gone(world: GoogleWorld) -> None:
    with login(world) as terminal:
        back = httpx.get(terminal.address()).headers["location"]
        world.api.stop()
        assert 200 == httpx.get(back).status_code
        assert "SourceUnavailable: 127.0.0.1 cannot be reached" in terminal.end()


def test_a_consent_screen_in_testing_is_warned_of_at_once(world: GoogleWorld) -> None:
    world.api.oauth.testing = True
    with login(world) as terminal:
        httpx.get(terminal.address(), follow_redirects=True)
        assert "Warning: this sign-in ends by itself in 7 days" in terminal.end()
    assert "refresh_token_expires_at" in json.loads(world.token_file.read_bytes())


@pytest.mark.parametrize("days, warned", [(7, True), (30, False)])
def test_a_sign_in_that_died_young_is_warned_of(
    world: GoogleWorld, days: int, warned: bool
) -> None:
    world.sign_in(signed_in_at=(datetime.now(UTC) - timedelta(days=days)).isoformat())
    with login(world) as terminal:
        terminal.address()
    assert warned == any('"Testing"' in line for line in terminal.lines)


def nothing(line: str) -> None:
    """Say it to nobody."""


def test_nobody_signs_in(world: GoogleWorld) -> None:
    write_client_file(world, auth_uri="https://accounts.example.com/auth")
    request = LoginRequest(
        token_file=world.token_file,
        client_file=world.folder / "client.json",
        token_uri=f"{world.api.url}/token",
        scopes=(CONTACTS,),
        timeout=PATIENCE,
    )
    with pytest.raises(SourceUnavailable, match="Nobody signed in"):
        sign_in(request, port=0, echo=nothing, time_limit=0.05)


def test_a_consent_page_without_tls(world: GoogleWorld) -> None:
    with pytest.raises(SourceRefused, match="auth_uri is not https"):
        world.connector(client_file="client.json").sign_in(port=0, echo=nothing)


def test_a_port_that_is_taken(world: GoogleWorld) -> None:
    port = urlsplit(world.api.url).port or 0
    with pytest.raises(SourceRefused, match=f"Port {port} of this computer cannot be used"):
        world.connector(client_file="client.json").sign_in(port=port, echo=nothing)


@pytest.mark.parametrize(
    "keys, content, words",
    [
        ({}, None, "client_file is missing"),
        ({"client_file": "none.json"}, None, "client_file: there is no file"),
        (
            {"client_file": "web.json"},
            b'{"web": {"client_id": "x", "client_secret": "top-secret"}}',
            'of the type "Desktop app"',
        ),
        (
            {"token_file": None, "service_account_file": "key.json", "subject": "a@example.com"},
            None,
            "nothing to sign in to",
        ),
    ],
)
def test_sources_that_cannot_be_signed_in_to(
    world: GoogleWorld, keys: dict[str, Any], content: bytes | None, words: str
) -> None:
    if content is not None:
        (world.folder / "web.json").write_bytes(content)
    with pytest.raises(SourceRefused, match=words):
        world.connector(**keys).sign_in(port=0, echo=nothing)
