"""What is wrong with the hosts of several machines, and how what is known ages."""

import pytest

from app.state.host_status import ExchangeStatus, HostStatus, LeaseStatus, aged, host_problems

NORTH = HostStatus("north", "000000a1", builds=True, age=2.0)


def host(
    name: str = "south", builds: bool = False, age: float = 2.0, lag: float = 0.0, release: str = ""
) -> HostStatus:
    return HostStatus(name, "000000a1", builds, age, lag, release)


@pytest.mark.parametrize(
    "hosts, begins",
    [
        ((), ()),
        ((NORTH, host()), ()),
        ((NORTH, host(age=59.0)), ()),
        ((NORTH, host(age=61.0)), ("host south has told nothing for 61 s: it does not run",)),
        # One that is silent is not told a second time, whatever it served last.
        ((NORTH, host(age=61.0, lag=90.0)), ("host south has told nothing for 61 s",)),
        # The build of a million people takes a minute; its lease is renewed meanwhile.
        ((host("north", builds=True, age=90.0), host()), ()),
        ((NORTH, host(lag=59.0)), ()),
        ((NORTH, host(lag=61.0)), ("host south has not served what is published for 61 s.",)),
        ((host("north"), host()), ("no host builds now.",)),
        ((NORTH, host("north")), ("2 hosts are called north.",)),
        (
            (host("north", builds=True, release="1.2"), host(release="1.3")),
            ("the hosts have different releases: north 1.2, south 1.3.",),
        ),
        (
            (host("north", age=70.0), host(lag=80.0)),
            (
                "host north has told nothing for 70 s",
                "no host builds now.",
                "host south has not served what is published for 80 s.",
            ),
        ),
    ],
)
def test_problems_of_hosts(hosts: tuple[HostStatus, ...], begins: tuple[str, ...]) -> None:
    found = host_problems(ExchangeStatus("north", True, hosts))
    assert len(begins) == len(found)
    assert all(map(str.startswith, found, begins))


def test_while_the_exchange_cannot_be_used_nothing_is_known() -> None:
    assert () == host_problems(ExchangeStatus("north", False, (host(age=999.0),), "no answer"))


@pytest.mark.parametrize(
    "problem, seconds, left",
    [
        ("", 5.0, 7.0),
        ("", -5.0, 12.0),
        ("down", 5.0, 7.0),
        ("down", 11.0, 1.0),
        ("", 40.0, 0.0),
        ("down", 12.0, None),
    ],
)
def test_what_is_known_ages(problem: str, seconds: float, left: float | None) -> None:
    lease = LeaseStatus("north", 4, 60.0, 12.0)
    found = aged(ExchangeStatus("south", False, (NORTH, host(lag=0.5)), problem, lease), seconds)
    # No clock of a host may make it younger.
    passed = max(seconds, 0.0)
    assert [2.0 + passed, 2.0 + passed] == [each.age for each in found.hosts]
    assert [0.0, 0.5 + passed] == [each.lag for each in found.hosts]
    # A lease that is over by now is nobody's, unless a long build kept the host from asking.
    expected = None if left is None else LeaseStatus("north", 4, 60.0 + passed, left)
    assert (problem, expected) == (found.problem, found.lease)
    assert [left is not None, False] == [each.builds for each in found.hosts]
