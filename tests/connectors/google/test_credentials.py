"""The token file of a sign-in is renewed and kept, and refusals are handled."""

import json
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import Delta, SourceError, SourceRefused, SourceUnavailable
from connectors.google.client import TokenAnswer
from connectors.google.credentials import UserCredentials
from tests.connectors.contract import WORK, everything, names, person
from tests.connectors.google.server import WAITS, GoogleWorld, google_world
from tests.support.fakes import people_faults as faults
from tests.support.fakes.people_api import CONNECTIONS, GROUPS, TOKEN
from tests.support.fakes.people_faults import Fault
from tests.support.fakes.people_oauth import CONTACTS, DIRECTORY


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with google_world(tmp_path) as world:
        world.put(person("1", WORK))
        yield world


def ago(**lapse: float) -> str:
    return (datetime.now(UTC) - timedelta(**lapse)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_new_access_token_is_kept_and_the_rest_as_it_was(world: GoogleWorld) -> None:
    refresh_token = world.sign_in(
        CONTACTS,
        scopes=[CONTACTS],
        account="ann@example.com",
        quota_project_id="p1",
        signed_in_at="2026-01-01T00:00:00Z",
    )
    world.token_file.chmod(0o644)
    everything(world.connector())
    kept = json.loads(world.token_file.read_bytes())
    assert 0o600 == stat.S_IMODE(world.token_file.stat().st_mode)
    assert refresh_token == kept["refresh_token"]
    assert ([CONTACTS], "ann@example.com", "p1", "2026-01-01T00:00:00Z") == tuple(
        kept[key] for key in ("scopes", "account", "quota_project_id", "signed_in_at")
    )
    assert kept["token"].startswith("access-")
    assert [world.token_file.name] == [path.name for path in world.folder.iterdir()]
    everything(world.connector())
    assert ["refresh_token"] == world.api.oauth.token_calls


@pytest.mark.parametrize(
    "expiry", ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123456", "", "tomorrow", None]
)
def test_a_token_whose_time_is_over_or_unknown_is_not_tried(
    world: GoogleWorld, expiry: str | None
) -> None:
    world.sign_in(token="access-old", expiry=expiry)
    everything(world.connector())
    assert {TOKEN: 1, CONNECTIONS: 1, GROUPS: 1} == dict(world.api.requests)


def test_a_token_that_is_good_costs_no_token_call(world: GoogleWorld) -> None:
    world.sign_in(token=world.api.oauth.access_token(CONTACTS), expiry=ago(hours=-1))
    everything(world.connector())
    assert {CONNECTIONS: 1, GROUPS: 1} == dict(world.api.requests)


def test_a_token_that_google_has_forgotten_is_renewed_once(world: GoogleWorld) -> None:
    everything(world.connector())
    world.api.oauth.forget_access_tokens()
    world.api.requests.clear()
    everything(world.connector())
    assert {TOKEN: 1, CONNECTIONS: 2, GROUPS: 1} == dict(world.api.requests)


@pytest.mark.parametrize("path", [CONNECTIONS, GROUPS])
def test_401_for_a_new_token_too_is_a_hiccup_of_the_api(world: GoogleWorld, path: str) -> None:
    first = everything(world.connector())
    world.api.requests.clear()
    for since in (None, first.checkpoint):
        world.api.fail(path, *[faults.UNAUTHORIZED] * 2)
        with pytest.raises(
            SourceUnavailable,
            match=r"does not take the access token .* \(status 401\)\. It will be asked again",
        ):
            world.connector().fetch(since)
    assert 2 == world.api.requests[TOKEN]
    assert isinstance(world.connector().fetch(first.checkpoint), Delta)


@pytest.mark.parametrize("word", ["invalid_request", "access_denied", "something_new"])
def test_a_refusal_that_is_not_about_the_sign_in_is_tried_again_without_a_new_file(
    world: GoogleWorld, word: str
) -> None:
    world.api.fail(TOKEN, faults.answer(400, json.dumps({"error": word}).encode()))
    with pytest.raises(SourceRefused, match=word) as caught:
        world.connector().fetch(None)
    assert caught.value.until_changed is None
    everything(world.connector())


@pytest.mark.parametrize(
    "more, testing",
    [
        ({}, False),
        ({"signed_in_at": ago(days=7)}, True),
        ({"signed_in_at": ago(days=30)}, False),
        ({"signed_in_at": ago(days=30), "refresh_token_expires_at": ago(days=23)}, True),
        ({"signed_in_at": "yesterday"}, False),
    ],
)
def test_a_sign_in_that_has_ended(world: GoogleWorld, more: dict[str, str], testing: bool) -> None:
    world.api.oauth.grants[world.sign_in(**more)].revoked = True
    before = world.token_file.read_bytes()
    with pytest.raises(SourceRefused) as caught:
        world.connector().fetch(None)
    assert "ign in again: directory-gateway login SOURCE." in str(caught.value)
    assert testing == ('"Testing"' in str(caught.value))
    assert world.token_file == caught.value.until_changed
    assert before == world.token_file.read_bytes()
    assert ({TOKEN: 1}, []) == (dict(world.api.requests), WAITS)


def test_an_oauth_client_that_was_deleted(world: GoogleWorld) -> None:
    world.api.oauth.clients.clear()
    with pytest.raises(SourceRefused, match=r"OAuth client .* \(invalid_client\)") as caught:
        world.connector().fetch(None)
    assert world.token_file == caught.value.until_changed
    assert {TOKEN: 1} == dict(world.api.requests)


TOKEN_FAULTS = [
    pytest.param(faults.HTML, SourceUnavailable, "token_uri", 1, id="HTML"),
    pytest.param(faults.answer(200, b"{}"), SourceUnavailable, "token_uri", 1, id="no token in it"),
    pytest.param(
        faults.answer(200, b'{"access_token": "a", "expires_in": "soon"}'),
        SourceUnavailable,
        "token_uri",
        1,
        id="no time in it",
    ),
    pytest.param(faults.MISSING, SourceRefused, "token_uri", 1, id="404"),
    pytest.param(faults.MOVED, SourceRefused, "token_uri", 1, id="redirect"),
    pytest.param(
        faults.answer(400, b'{"error": "Ann Smith is on leave"}'),
        SourceRefused,
        "(refused)",
        1,
        id="words of its own",
    ),
    pytest.param(faults.UNAVAILABLE, SourceUnavailable, "trouble of its own", 6, id="503"),
    pytest.param(faults.reset, SourceUnavailable, "broke", 6, id="reset"),
    pytest.param(
        faults.TOO_MANY_WAIT_AN_HOUR,
        SourceUnavailable,
        "too many requests",
        1,
        id="429 for an hour",
    ),
    pytest.param(
        faults.answer(400, b'{"error": "temporarily_unavailable"}'),
        SourceUnavailable,
        "trouble",
        6,
        id="OAuth's 503",
    ),
]


@pytest.mark.parametrize("fault, kind, words, calls", TOKEN_FAULTS)
def test_faults_of_the_token_endpoint(
    world: GoogleWorld, fault: Fault, kind: type[SourceError], words: str, calls: int
) -> None:
    world.api.fail(TOKEN, *[fault] * 20)
    with pytest.raises(kind) as caught:
        world.connector().fetch(None)
    assert words in str(caught.value)
    assert "Ann" not in str(caught.value)
    assert ({TOKEN: calls}, calls - 1) == (dict(world.api.requests), len(WAITS))


def test_a_token_endpoint_that_recovers(world: GoogleWorld) -> None:
    world.api.fail(TOKEN, faults.UNAVAILABLE, faults.TOO_MANY_WAIT_7)
    everything(world.connector())
    assert {TOKEN: 3, CONNECTIONS: 1, GROUPS: 1} == dict(world.api.requests)
    assert 7.0 == WAITS[1]


@pytest.mark.parametrize(
    "scopes, keys, accepted",
    [
        ([CONTACTS], {}, True),
        ([CONTACTS], {"directory": True}, False),
        ([CONTACTS, DIRECTORY], {"directory": True}, True),
        (["https://www.googleapis.com/auth/contacts"], {}, True),
        (f"{CONTACTS} {DIRECTORY}", {"directory": True}, True),
        ([DIRECTORY], {}, False),
        ([], {"directory": True}, True),
    ],
)
def test_scopes_of_a_token_file(
    world: GoogleWorld, scopes: list[str] | str, keys: dict[str, bool], accepted: bool
) -> None:
    world.sign_in(CONTACTS, DIRECTORY, scopes=scopes)
    if accepted:
        assert ["Ann Test1"] == names(everything(world.connector(**keys)))
        return
    with pytest.raises(SourceRefused, match="does not cover") as caught:
        world.connector(**keys).fetch(None)
    assert (world.token_file, {}) == (caught.value.until_changed, dict(world.api.requests))


@pytest.mark.parametrize(
    "content, words",
    [
        (None, "there is no file .* Sign in: directory-gateway login SOURCE"),
        (b"", "is not the token of a sign-in"),
        (b"{", "is not the token of a sign-in"),
        (b'{"client_id": "x", "client_secret": "top-secret"}', "is not the token of a sign-in"),
        (
            b'{"installed": {"client_id": "x", "client_secret": "top-secret"}}',
            "is not the token of a sign-in",
        ),
        (b"\xff\xfe", "is not the token of a sign-in"),
    ],
)
def test_token_files_that_are_none(world: GoogleWorld, content: bytes | None, words: str) -> None:
    world.token_file.unlink()
    if content is not None:
        world.token_file.write_bytes(content)
    with pytest.raises(SourceRefused, match=words) as caught:
        world.connector().fetch(None)
    assert "top-secret" not in str(caught.value)
    assert (world.token_file, {}) == (caught.value.until_changed, dict(world.api.requests))


def test_a_token_file_that_cannot_be_written_costs_a_token_call_and_no_contact(
    world: GoogleWorld,
) -> None:
    (world.folder / f".token.json.{os.getpid()}.new").mkdir()
    for _ in range(2):
        assert ["Ann Test1"] == names(everything(world.connector()))
    assert 2 == world.api.requests[TOKEN]


def test_a_sign_in_that_comes_meanwhile_is_not_overwritten(world: GoogleWorld) -> None:
    access = UserCredentials(world.token_file, "https://example.com/token", ())
    newer = world.sign_in()
    access.renew(lambda **_: TokenAnswer(200, {}, b'{"access_token": "old", "expires_in": 3600}'))
    assert {"refresh_token": newer, "token": None} == {
        key: json.loads(world.token_file.read_bytes()).get(key)
        for key in ("refresh_token", "token")
    }
