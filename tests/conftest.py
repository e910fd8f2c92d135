"""What holds for every test: with CI set, a skipped test is a failed one."""

import os

import pytest


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", ())) if reporter is not None else 0
    if os.environ.get("CI") and skipped and exitstatus == 0:
        print(f"\n{skipped} tests were skipped, and CI is set: that is a failure.")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
