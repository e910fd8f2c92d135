"""A reload while the builder is stopped changes access at once, and is reported.

Rows stay as they are.
"""

import os
import signal
from pathlib import Path

from tests.support.servers.gateway import eventually
from tests.support.servers.steered import Steered, somebody

ANN, BEN = somebody("1", "Ann Smith", "0895550101"), somebody("2", "Ben Smith", "0895550102")
BOOKS = """
[books.staff]
sources = ["staff"]
[books.board]
sources = ["staff"]
[profiles.default]
[profiles.lobby]
menu = ["staff"]
"""
NARROWER = """
[books.staff]
sources = ["staff"]
[profiles.default]
[profiles.lobby]
menu = ["staff"]
restricted = true
networks = ["10.9.9.0/24"]
"""


def test_a_reload_that_the_builder_does_not_take(tmp_path: Path) -> None:
    with Steered(tmp_path, people=(ANN, BEN), rest=BOOKS) as gateway:
        gateway.until_seen("<Name>Ann Smith</Name>")
        gateway.until_seen("<Name>Ann Smith</Name>", "/board.xml")
        assert 200 == gateway.get("/p/lobby/staff.xml")[0]
        (builder,) = gateway.children("app.build.worker")
        os.kill(builder, signal.SIGSTOP)
        try:
            gateway.configure(gateway.config(rest=NARROWER))
            message = gateway.refused("reload")
            assert (
                "The configuration is good, but the builder has not taken it within 10 s" in message
            )
            assert "refused" not in message and "Nothing was changed" not in message
            # The rows of before are served; what the new configuration closes is closed.
            assert "<Name>Ann Smith</Name>" in gateway.text("/staff.xml")
            assert "There is no such page" in gateway.text("/board.xml")
            assert 403 == gateway.get("/p/lobby/staff.xml")[0]
            assert "has not taken it" in gateway.status()["problem"]
            assert 503 == gateway.status_code("/-/ready")
            # Who is told so may try again: there is no generation of the configuration before, and
            # those of the one before that do.
            assert "has not taken it" in gateway.refused("reload")
            assert "<Name>Ann Smith</Name>" in gateway.text("/staff.xml")
            assert 403 == gateway.get("/p/lobby/staff.xml")[0]
        finally:
            os.kill(builder, signal.SIGCONT)
        eventually(lambda: gateway.status()["problem"] == "", "the builder takes it")
        eventually(lambda: gateway.status_code("/-/ready") == 200, "a generation of it")
        assert "<Name>Ann Smith</Name>" in gateway.text("/staff.xml")
        assert 2 == len(gateway.events("reload_not_taken"))
