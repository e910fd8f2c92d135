"""Tests of the connection table: shares of addresses, a full worker, fair turns."""

import asyncio
from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest
from structlog.testing import capture_logs

from app.web.connections import ConnectionTable, Shares, Turns


@dataclass(eq=False)
class Line:
    """A connection of a test."""

    address: str
    idle_since: float = 0.0
    idle: bool = True
    dropped: bool = False
    steps: int = 0
    turns: Turns | None = None
    order: list[str] = field(default_factory=list)

    def is_idle(self) -> bool:
        return self.idle

    def drop(self) -> None:
        self.dropped = True

    def go_on(self) -> None:
        self.order.append(self.address)
        self.steps -= 1
        if self.steps > 0 and self.turns is not None:
            self.turns.add(self)


def test_at_its_share_the_oldest_idle_one_goes_else_the_new_one() -> None:
    table = ConnectionTable(Shares(3))
    lines = [Line("a", 1.0, idle=False), Line("a", 3.0), Line("a", 2.0)]
    assert all(map(table.admit, lines))
    assert table.admit(Line("b"))
    assert table.admit(Line("a", 4.0, idle=False))
    assert [False, False, True] == [line.dropped for line in lines]
    assert table.admit(Line("a", 5.0, idle=False))
    assert [False, True, True] == [line.dropped for line in lines]
    assert not table.admit(Line("a", 6.0))
    assert 3 == table.dropped


def test_a_share_of_one_is_the_newest_ones() -> None:
    table, lines = ConnectionTable(Shares(1)), [Line("a") for _ in range(5)]
    assert all(map(table.admit, lines))
    assert [True] * 4 + [False] == [line.dropped for line in lines]


def test_a_full_worker_takes_from_whom_has_most() -> None:
    table = ConnectionTable(Shares(10), capacity=6)
    few, many = [Line("a", 1.0), Line("b", 2.0)], [Line("c", 9.0 - number) for number in range(4)]
    assert all(map(table.admit, (*few, *many)))
    assert table.admit(Line("d"))
    assert [False, False] == [line.dropped for line in few]
    assert [False, False, False, True] == [line.dropped for line in many]


def test_a_full_worker_takes_an_idle_one_of_those_who_have_most() -> None:
    table = ConnectionTable(Shares(10), capacity=3)
    lines = [Line("a", idle=False), Line("b"), Line("c")]
    assert all(map(table.admit, lines))
    assert table.admit(Line("d"))
    assert [False, True, False] == [line.dropped for line in lines]


def test_nobody_keeps_a_full_worker_by_being_busy() -> None:
    table = ConnectionTable(Shares(10), capacity=4)
    busy = [Line("a", number, idle=False) for number in range(3)]
    other = Line("b", 5.0)
    assert all(map(table.admit, (*busy, other)))
    assert table.admit(Line("c"))
    assert [True, False, False] == [line.dropped for line in busy]
    assert not other.dropped


def test_a_trusted_proxy_has_a_larger_share_and_is_measured_by_it() -> None:
    table = ConnectionTable(Shares(2, 8, (ip_network("10.0.0.1/32"),)), capacity=8)
    proxied = [Line(address) for address in ("10.0.0.1", "::ffff:10.0.0.1") for _ in range(3)]
    greedy = [Line("a", 1.0), Line("a", 2.0)]
    assert all(map(table.admit, (*proxied, *greedy)))
    assert table.admit(Line("b"))
    assert [True, False] == [line.dropped for line in greedy]
    assert not any(line.dropped for line in proxied)


def test_an_administrators_share_above_a_proxys_is_the_proxys_too() -> None:
    table = ConnectionTable(Shares(10, 2, (ip_network("10.0.0.1/32"),)))
    lines = [Line("10.0.0.1") for _ in range(10)]
    assert all(map(table.admit, lines))
    assert not any(line.dropped for line in lines)


def test_who_has_gone_counts_no_more() -> None:
    table = ConnectionTable(Shares(1), capacity=1)
    for _ in range(3):
        line = Line("a", idle=False)
        assert table.admit(line)
        table.discard(line)
        table.discard(line)
    assert table.admit(Line("a", idle=False))
    assert not table.admit(Line("a"))


def test_drops_are_logged_once_a_minute_with_their_count() -> None:
    table = ConnectionTable(Shares(1))
    with capture_logs() as lines:
        for _ in range(5):
            table.admit(Line("192.0.2.7"))
        table.report()
        table.admit(Line("192.0.2.7"))
        table.count_drop("unfinished", "192.0.2.8")
        table.report()
    assert 6 == table.dropped
    assert [("connections_dropped", "share", 4, "192.0.2.7")] == [
        (line["event"], line["reason"], line["count"], line["latest_address"]) for line in lines
    ]


def test_turns_go_round() -> None:
    order: list[str] = []

    async def run() -> None:
        turns = Turns()
        for name in "abc":
            turns.add(Line(name, steps=2, turns=turns, order=order))
        while len(order) < 6:
            await asyncio.sleep(0)

    asyncio.run(run())
    assert list("abcabc") == order


def test_one_that_fails_costs_the_others_no_turn() -> None:
    order: list[str] = []

    class Failing(Line):
        def go_on(self) -> None:
            raise RuntimeError("broken")

    async def run() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda *_: None)
        turns = Turns()
        turns.add(Failing("x"))
        turns.add(Line("a", order=order))
        while not order:
            await asyncio.sleep(0)

    asyncio.run(run())
    assert ["a"] == order


@pytest.mark.parametrize("taken", [0, 1000])
def test_progress_is_what_was_sent_since(taken: int) -> None:
    from app.web.transport import ClientTransport

    class Slow(asyncio.Transport):
        size = 5000

        def is_closing(self) -> bool:
            return False

        def write(self, data: object) -> None:
            pass

        def get_write_buffer_size(self) -> int:
            return self.size

    slow = Slow()
    line = ClientTransport(slow)
    line.write(b"x" * 5000)
    found = []
    for second in range(100, 104):
        found.append(line.stalled_for(float(second)) > 0)
        slow.size -= taken
        # What is added meanwhile is no progress, and hides none.
        line.write(b"y" * 1000)
        slow.size += 1000
    assert [False, *([taken == 0] * 3)] == found
    slow.size = 0
    assert 0 == line.stalled_for(200.0)
