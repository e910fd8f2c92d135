"""Each failure of Google ends the fetch with the right error, delay and retries."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.base import Delta, Full, SourceError, SourceRefused, SourceUnavailable
from connectors.google.errors import retry_after
from tests.connectors.contract import WORK, everything, person
from tests.connectors.google.server import WAITS, GoogleWorld, google_world
from tests.support.fakes import people_faults as faults
from tests.support.fakes.people_api import CONNECTIONS, DIRECTORY, GROUPS, OTHER, TOKEN
from tests.support.fakes.people_faults import Fault


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with google_world(tmp_path) as world:
        world.put(*(person(str(n), WORK) for n in range(1002)))
        yield world


PASSING = [
    pytest.param(faults.RATE_403, [], id="403 rate"),
    pytest.param(faults.RATE_403_LEGACY, [], id="403 rate, older form"),
    pytest.param(faults.TOO_MANY, [], id="429"),
    pytest.param(faults.TOO_MANY_WAIT_7, [7.0], id="429 with Retry-After"),
    pytest.param(faults.TOO_MANY_DELAY_9, [9.0], id="429 with RetryInfo"),
    pytest.param(faults.INTERNAL, [], id="500"),
    pytest.param(faults.UNAVAILABLE, [], id="503"),
    pytest.param(faults.UNAVAILABLE_HTML, [], id="503 in HTML"),
    pytest.param(faults.reset, [], id="reset"),
    pytest.param(faults.half, [], id="half an answer"),
]


@pytest.mark.parametrize("path", [CONNECTIONS, GROUPS])
@pytest.mark.parametrize("fault, waits", PASSING)
def test_what_passes_is_waited_out(
    world: GoogleWorld, path: str, fault: Fault, waits: list[float]
) -> None:
    world.api.fail(path, fault)
    assert 1002 == len(everything(world.connector()).contacts)
    assert {TOKEN: 1, CONNECTIONS: 2, GROUPS: 1} | {
        path: {CONNECTIONS: 3, GROUPS: 2}[path]
    } == dict(world.api.requests)
    assert 1 == len(WAITS)
    assert waits in ([], WAITS)
    assert 1.0 < WAITS[0] < 10.0


@pytest.mark.parametrize("fault", [faults.TOO_MANY, faults.INTERNAL, faults.RATE_403, faults.reset])
def test_patience_ends(world: GoogleWorld, fault: Fault) -> None:
    world.api.fail(CONNECTIONS, *[fault] * 50)
    with pytest.raises(SourceUnavailable) as caught:
        world.connector().fetch(None)
    assert {TOKEN: 1, CONNECTIONS: 6} == dict(world.api.requests)
    assert 5 == len(WAITS)
    assert WAITS == sorted(WAITS)
    assert 45 < sum(WAITS) <= 62
    assert caught.value.retry_after is None


def test_a_wait_that_is_too_long_is_left_to_the_refresher(world: GoogleWorld) -> None:
    world.api.fail(CONNECTIONS, faults.TOO_MANY_WAIT_AN_HOUR)
    with pytest.raises(SourceUnavailable) as caught:
        world.connector().fetch(None)
    assert 3600.0 == caught.value.retry_after
    assert ([], 1) == (WAITS, world.api.requests[CONNECTIONS])


def test_a_retry_after_of_nothing_is_no_leave_to_hammer(world: GoogleWorld) -> None:
    world.api.fail(CONNECTIONS, *[faults.answer(503, b"", retry_after="0")] * 50)
    with pytest.raises(SourceUnavailable):
        world.connector().fetch(None)
    assert (6, 5) == (world.api.requests[CONNECTIONS], len(WAITS))
    assert 45 < sum(WAITS) <= 62


def test_all_waits_of_a_fetch_count_together(world: GoogleWorld) -> None:
    wait_50 = faults.answer(429, b"", retry_after="50")
    world.api.fail(CONNECTIONS, wait_50, wait_50, wait_50)
    with pytest.raises(SourceUnavailable) as caught:
        world.connector().fetch(None)
    assert [50.0, 50.0] == WAITS
    assert 50.0 == caught.value.retry_after
    assert 3 == world.api.requests[CONNECTIONS]


FINAL = [
    pytest.param(faults.DISABLED_403, SourceRefused, "switched off", 1, id="API disabled"),
    pytest.param(faults.SCOPE_403, SourceRefused, "does not cover contacts", 1, id="scope"),
    pytest.param(faults.DENIED_403, SourceRefused, "refuses this account", 1, id="403"),
    pytest.param(faults.QUOTA_403, SourceUnavailable, "quota", 1, id="daily quota"),
    pytest.param(faults.MOVED, SourceRefused, "api_endpoint", 1, id="redirect"),
    pytest.param(faults.MISSING, SourceRefused, "api_endpoint", 1, id="404"),
    pytest.param(faults.HTML, SourceUnavailable, "proxy", 1, id="HTML"),
    pytest.param(
        faults.TRUNCATED, SourceUnavailable, "no answer of the People API", 1, id="truncated JSON"
    ),
    pytest.param(
        faults.NO_OBJECT,
        SourceUnavailable,
        "no answer of the People API",
        1,
        id="JSON, but no object",
    ),
]


@pytest.mark.parametrize("fault, kind, words, requests", FINAL)
def test_what_does_not_pass_is_asked_once(
    world: GoogleWorld,
    fault: Fault,
    kind: type[SourceError],
    words: str,
    requests: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    world.api.fail(CONNECTIONS, fault)
    with pytest.raises(kind) as caught:
        world.connector().fetch(None)
    assert words in str(caught.value)
    assert "example.com" not in str(caught.value) + caplog.text
    assert ({TOKEN: 1, CONNECTIONS: requests}, []) == (dict(world.api.requests), WAITS)


@pytest.mark.parametrize(
    "body", [b"{}", b'{"error": {"code": 503}}', b'{"connections": [], "contactGroups": []}']
)
@pytest.mark.parametrize("path", [CONNECTIONS, GROUPS, DIRECTORY])
def test_an_empty_object_is_not_an_empty_account(
    world: GoogleWorld, path: str, body: bytes
) -> None:
    world.keys |= {"directory": True}
    first = everything(world.connector())
    for since in (None, first.checkpoint):
        world.api.fail(path, faults.answer(200, body))
        with pytest.raises(SourceUnavailable, match="this is not the People API"):
            world.connector().fetch(since)


def test_an_empty_account_is_one(world: GoogleWorld) -> None:
    world.remove(*(str(n) for n in range(1002)))
    assert () == everything(world.connector()).contacts


def test_a_fault_on_the_second_page_leaves_nothing(world: GoogleWorld) -> None:
    world.api.fail(CONNECTIONS, None, faults.HTML)
    with pytest.raises(SourceUnavailable):
        world.connector().fetch(None)
    assert 2 == world.api.requests[CONNECTIONS]


def test_a_page_token_that_is_no_longer_known(world: GoogleWorld) -> None:
    world.api.fail(CONNECTIONS, None, faults.NO_WORKSPACE)
    with pytest.raises(SourceUnavailable, match="middle of a list"):
        world.connector().fetch(None)


def test_an_empty_page_with_a_next_one_is_no_end(world: GoogleWorld) -> None:
    world.api.starts_with_an_empty_page = True
    assert 1002 == len(everything(world.connector()).contacts)
    assert {TOKEN: 1, CONNECTIONS: 3, GROUPS: 2} == dict(world.api.requests)


def test_a_page_token_that_repeats_is_an_error(world: GoogleWorld) -> None:
    world.api.repeats_page_tokens = True
    with pytest.raises(SourceUnavailable, match="same page token twice"):
        world.connector().fetch(None)
    assert 2 == world.api.requests[CONNECTIONS]


@pytest.mark.parametrize("fault", [faults.EXPIRED_400, faults.EXPIRED_410, faults.EXPIRED_410_BARE])
@pytest.mark.parametrize("path", [CONNECTIONS, OTHER, DIRECTORY])
def test_an_expired_sync_token_means_everything(
    world: GoogleWorld, path: str, fault: Fault
) -> None:
    world.keys |= {"other_contacts": True, "directory": True}
    first = everything(world.connector())
    world.remove("3")
    world.api.requests.clear()
    world.api.fail(path, fault)
    result = world.connector().fetch(first.checkpoint)
    assert isinstance(result, Full)
    assert 1001 == len(result.contacts)
    tried = [CONNECTIONS, OTHER, DIRECTORY][: [CONNECTIONS, OTHER, DIRECTORY].index(path) + 1]
    expected = {CONNECTIONS: 2, OTHER: 1, DIRECTORY: 1, GROUPS: 1}
    assert {key: count + (key in tried) for key, count in expected.items()} == dict(
        world.api.requests
    )
    assert isinstance(world.connector().fetch(result.checkpoint), Delta)


def test_after_seven_days_the_server_itself_says_so(world: GoogleWorld) -> None:
    first = everything(world.connector())
    world.api.expire_tokens()
    world.api.requests.clear()
    assert isinstance(world.connector().fetch(first.checkpoint), Full)
    assert {CONNECTIONS: 3, GROUPS: 1} == dict(world.api.requests)


def test_an_expired_token_that_stays_is_no_loop(world: GoogleWorld) -> None:
    first = everything(world.connector())
    world.api.requests.clear()
    world.api.fail(CONNECTIONS, *[faults.EXPIRED_400] * 10)
    with pytest.raises(SourceRefused):
        world.connector().fetch(first.checkpoint)
    assert {CONNECTIONS: 2} == dict(world.api.requests)


def test_a_fault_while_reading_changes_is_no_reason_to_read_everything(world: GoogleWorld) -> None:
    first = everything(world.connector())
    world.api.requests.clear()
    world.api.fail(CONNECTIONS, faults.HTML)
    with pytest.raises(SourceUnavailable):
        world.connector().fetch(first.checkpoint)
    assert {CONNECTIONS: 1} == dict(world.api.requests)


def test_an_account_without_a_directory(world: GoogleWorld) -> None:
    world.api.fail(DIRECTORY, faults.NO_WORKSPACE)
    with pytest.raises(
        SourceRefused, match="directory = true works with an account of Google Workspace alone"
    ):
        world.connector(directory=True).fetch(None)


def test_a_directory_that_is_not_shared(world: GoogleWorld) -> None:
    world.api.fail(DIRECTORY, faults.DENIED_403)
    with pytest.raises(SourceRefused, match="contact sharing"):
        world.connector(directory=True).fetch(None)


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "value, expected",
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
        ("9" * 400, None),
    ],
)
def test_retry_after(value: str, expected: float | None) -> None:
    assert expected == retry_after(value, NOON)
