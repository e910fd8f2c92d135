"""A new user takes contacts from Google, from `login` and `check` to the phone.

The server has no browser.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.connectors.contract import MOBILE, WORK, person
from tests.connectors.google.server import GoogleWorld, google_world
from tests.connectors.google.test_login import write_client_file
from tests.support.phone.strict import CP_7821, Phone, walk
from tests.support.servers.gateway import Gateway, command, environment, eventually, run

CONFIG = """
title = "Company"
[sources.people]
connector = "google"
refresh = "1s"
token_file = "token.json"
client_file = "client.json"
api_endpoint = "{url}"
token_uri = "{url}/token"
[numbers]
region = "DE"
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with google_world(tmp_path) as world:
        world.token_file.unlink()
        write_client_file(world)
        world.put(person("1", WORK, MOBILE), person("2", MOBILE, given="Zoë", family="Müller"))
        yield world


def log_in(folder: Path) -> str:
    """Type `login`, open the printed address in our browser, and return the output."""
    words = command("login", "people", "--port", "0")
    more = environment(OAUTHLIB_INSECURE_TRANSPORT="1")
    printed: list[str] = []
    with subprocess.Popen(
        words, cwd=folder, env=more, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            printed.append(line)
            if line.startswith("http"):
                assert 200 == httpx.get(line.strip(), follow_redirects=True).status_code
    assert 0 == process.returncode, "".join(printed)
    return "".join(printed)


def test_from_nothing_to_the_phone(world: GoogleWorld) -> None:
    config = CONFIG.format(url=world.api.url)
    (world.folder / "gateway.toml").write_text(config)
    before = run("check", cwd=world.folder)
    assert (1, True) == (
        before.returncode,
        "directory-gateway login people" in before.stdout,
    ), before.stdout
    assert "Signed in" in log_in(world.folder)
    assert 0o600 == world.token_file.stat().st_mode & 0o777
    after = run("check", cwd=world.folder)
    assert (0, True) == (
        after.returncode,
        "source people: 2 contacts with 3 numbers" in after.stdout,
    ), after.stdout
    with Gateway(world.folder, config) as gateway:
        eventually(
            lambda: gateway.status()["profiles"]["default"]["books"]["people"]["rows"] == 3,
            "it is served",
        )
        with Phone(CP_7821) as phone:
            found = walk(phone, f"{gateway.base}/menu.xml")
    assert [
        ("Zoë Müller", "01725550116"),
        ("Ann Test1", "0895550109"),
        ("Ann Test1 (mobile)", "01725550116"),
    ] == list(found.rows)


def test_a_sign_in_that_was_revoked_says_so_and_comes_back_by_itself(world: GoogleWorld) -> None:
    token = world.sign_in()
    with Gateway(world.folder, CONFIG.format(url=world.api.url)) as gateway:
        eventually(
            lambda: gateway.status()["profiles"]["default"]["books"]["people"]["rows"] == 3,
            "it is served",
        )
        world.api.oauth.grants[token].revoked = True
        world.api.oauth.forget_access_tokens()
        eventually(
            lambda: gateway.status()["sources"]["people"]["state"] == "refused", "the refusal"
        )
        message = gateway.status()["sources"]["people"]["error"]
        assert "directory-gateway login people" in message
        assert 3 == gateway.status()["profiles"]["default"]["books"]["people"]["rows"]
        log_in(world.folder)
        eventually(
            lambda: gateway.status()["sources"]["people"]["state"] == "ok", "it is read again"
        )
        for secret in ("secret-1", token):
            assert secret not in gateway.logged()
