"""What holds for every test, and a running gateway with a hundred people.

With CI set, a skipped test has failed.
"""

import gc
import os
import sys
from collections.abc import Iterator

import hypothesis
import pytest

from app import logs
from tests.support import contacts
from tests.support.servers.gateway import Gateway, eventually

# How long an example takes, and how long one is made, is the machine's business: speed is measured
# in tests/bench.
hypothesis.settings.register_profile(
    "tests", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("tests")

# Hundreds of processes of the gateway are started: they compile its modules once.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="module", autouse=True)
def frozen() -> None:
    # Thousands of collected tests and all modules stay until the end: the builder's collection of
    # garbage after each build need not look through them.
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def log_configuration() -> Iterator[None]:
    # A command that a test calls in this process configures its log, for this test alone.
    yield
    logs.reset()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", ())) if reporter is not None else 0
    if os.environ.get("CI") and skipped and exitstatus == 0:
        print(f"\n{skipped} tests were skipped, and CI is set: that is a failure.")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


CONFIG = (
    contacts.CONFIG
    + """
[dial.nonsense]
title = "Call nobody"
number = "none"
[profiles.default]
[profiles.lobby]
title = "Lobby"
menu = ["helpdesk"]
devices = ["SEP001122AABBCC"]
[profiles.board]
restricted = true
networks = ["10.9.9.0/24"]
"""
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    contacts.write(folder / "contacts.csv", (contacts.person(row) for row in range(100)))
    with Gateway(folder, CONFIG) as running:
        eventually(
            lambda: running.status()["profiles"]["default"]["books"]["staff"]["rows"] == 100,
            "it is served",
        )
        yield running
