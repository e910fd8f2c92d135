"""Waits for a server are bounded by silence, not by time."""

from collections.abc import Callable

import pytest
from psycopg.abc import PQGen
from psycopg.waiting import Ready, Wait

from app.exchange import connection
from app.exchange.connection import until_silent


def upload(parts: int) -> PQGen[int]:
    """Take so many parts, as psycopg does; return how often the socket was ready."""
    taken = 0
    while taken < parts:
        if (yield Wait.W):
            taken += 1
    return taken


def nothing() -> int:
    return 0


@pytest.fixture
def pass_seconds(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [0.0]
    monkeypatch.setattr(connection.time, "monotonic", lambda: now[0])

    def passing(seconds: float) -> None:
        now[0] += seconds

    return passing


def test_a_long_upload_that_moves_is_not_cut(pass_seconds: Callable[[float], None]) -> None:
    steps = until_silent(upload(100), lambda: 8.0, nothing)
    next(steps)
    for _ in range(99):
        pass_seconds(5.0)
        steps.send(Ready.NONE)
        steps.send(Ready.W)
    with pytest.raises(StopIteration) as ended:
        steps.send(Ready.W)
    assert 100 == ended.value.value


def test_what_the_system_still_sends_is_waited_for(
    pass_seconds: Callable[[float], None],
) -> None:
    """Over a slow link, after the last part was taken from psycopg."""
    unsent = [1000]
    steps = until_silent(upload(100), lambda: 8.0, lambda: unsent[0])
    next(steps)
    for unsent[0] in range(900, -1, -100):
        pass_seconds(5.0)
        steps.send(Ready.NONE)
    pass_seconds(8.1)
    with pytest.raises(TimeoutError, match="has not answered for 8 s"):
        steps.send(Ready.NONE)


def test_what_the_last_step_sent_is_waited_for_too(
    pass_seconds: Callable[[float], None],
) -> None:
    """The system's buffer was empty, and psycopg fills it."""
    unsent = [0]

    def last_part() -> PQGen[None]:
        yield Wait.W
        unsent[0] = 1000
        while True:
            yield Wait.R

    steps = until_silent(last_part(), lambda: 8.0, lambda: unsent[0])
    next(steps)
    steps.send(Ready.W)
    for unsent[0] in range(900, -1, -100):
        pass_seconds(5.0)
        steps.send(Ready.NONE)
    pass_seconds(8.1)
    with pytest.raises(TimeoutError):
        steps.send(Ready.NONE)


def test_silence_ends_a_wait(pass_seconds: Callable[[float], None]) -> None:
    steps = until_silent(upload(100), lambda: 8.0, nothing)
    next(steps)
    steps.send(Ready.W)
    pass_seconds(8.0)
    steps.send(Ready.NONE)
    pass_seconds(0.1)
    with pytest.raises(TimeoutError, match="has not answered for 8 s"):
        steps.send(Ready.NONE)


def test_a_wait_under_way_becomes_shorter(pass_seconds: Callable[[float], None]) -> None:
    allowed = [8.0]
    steps = until_silent(upload(100), lambda: allowed[0], nothing)
    next(steps)
    pass_seconds(2.0)
    steps.send(Ready.NONE)
    allowed[0] = 1.0
    with pytest.raises(TimeoutError, match="has not answered for 1 s"):
        steps.send(Ready.NONE)
