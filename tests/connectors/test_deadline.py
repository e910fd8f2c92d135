"""The time of one step, and what an error of it means at the end of the exchange."""

import pytest

from connectors import deadline
from connectors.deadline import Deadline, ExchangeTooLong


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(deadline, "time", clock)
    return clock


@pytest.mark.parametrize(
    "passed, timeout, seconds",
    [(0, None, 3.0), (0, 2.0, 2.0), (0, 100.0, 30.0), (28, None, 2.0), (29, 0.5, 0.5)],
)
def test_a_step_takes_its_timeout_or_the_rest_of_the_exchange(
    clock: Clock, passed: float, timeout: float | None, seconds: float
) -> None:
    limit = Deadline(3.0)
    limit.start()
    clock.now += passed
    with limit.step(timeout) as found:
        assert seconds == found


def test_no_step_begins_after_the_exchange(clock: Clock) -> None:
    limit = Deadline(3.0)
    limit.start()
    clock.now += 31
    with pytest.raises(ExchangeTooLong), limit.step():
        raise AssertionError("the step was begun")
    limit.start()
    with limit.step() as seconds:
        assert 3.0 == seconds


def fail_late(clock: Clock, seconds: float) -> None:
    """Fail in a step that takes so many seconds."""
    limit = Deadline(3.0)
    limit.start()
    with limit.step():
        clock.now += seconds
        raise TimeoutError


@pytest.mark.parametrize("seconds, expected", [(29, TimeoutError), (31, ExchangeTooLong)])
def test_an_error_of_a_step_is_the_end_of_the_exchange_if_its_time_is_over(
    clock: Clock, seconds: float, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        fail_late(clock, seconds)
