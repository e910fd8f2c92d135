"""The builder leaves the first of its cores to the web workers."""

import os
from pathlib import Path

import pytest

from app.build.priority import LOWEST, building_cores
from tests.support import contacts
from tests.support.servers.gateway import Gateway


@pytest.mark.parametrize(
    "allowed, expected",
    [({0}, {0}), ({3}, {3}), ({0, 1}, {1}), ({2, 3, 7}, {3, 7})],
)
def test_the_first_core_is_left(allowed: set[int], expected: set[int]) -> None:
    assert expected == building_cores(allowed)


def test_a_gateway_has_a_core_without_its_builder(tmp_path: Path) -> None:
    allowed = os.sched_getaffinity(0)
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(2)))
    with Gateway(tmp_path, contacts.CONFIG) as gateway:
        (builder,) = gateway.children("app.build.worker")
        (web,) = gateway.children("app.web.worker")
        assert allowed == os.sched_getaffinity(web)
        assert building_cores(allowed) == os.sched_getaffinity(builder)
        assert (os.getpriority(os.PRIO_PROCESS, 0), LOWEST) == tuple(
            os.getpriority(os.PRIO_PROCESS, pid) for pid in (web, builder)
        )
