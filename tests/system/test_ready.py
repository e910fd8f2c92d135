"""`/-/ready` says yes once phones see what came of every source.

A source has answered or failed by then. After a minute it says yes in any case.
"""

import time
from contextlib import closing
from pathlib import Path

import pytest

from app.build.builder import Builder
from app.state.status import SourceStatus, Status
from app.web.readiness import not_ready_reason
from connectors.base import Full
from tests.support.fakes.scripted import Script
from tests.support.offline_gateway import configured, open_generation
from tests.support.servers.gateway import eventually
from tests.support.servers.steered import Steered, crowd, somebody

ANN, BEN = somebody("1", "Ann Smith", "0895550101"), somebody("2", "Ben Smith", "0895550102")
TWO = (
    '[sources.staff]\nconnector = "csv"\npath = "a.csv"\n[sources.shop]\nconnector = "csv"\npath ='
    ' "b.csv"\n'
)
NEVER, FAILING = SourceStatus(), SourceStatus(state="failing")
HELD, READ = SourceStatus(state="held"), SourceStatus(state="ok", last_success=1.0)


@pytest.mark.parametrize(
    "shop, age, running, ready",
    [
        (None, 0, 1, False),
        (NEVER, 0, 1, False),
        (FAILING, 0, 1, True),
        (SourceStatus(state="refused"), 0, 1, True),
        (HELD, 0, 1, True),
        # It has answered, and the generation that will hold it is not there yet.
        (READ, 0, 1, False),
        # What another run told before this one started.
        (FAILING, 30, 1, False),
        (FAILING, 30, 59, True),
        (NEVER, 0, 59, False),
        (None, 0, 60, True),
        (NEVER, 0, 60, True),
        (READ, 0, 3600, True),
    ],
)
def test_each_source_counts(
    tmp_path: Path, shop: SourceStatus | None, age: float, running: float, ready: bool
) -> None:
    settings = configured(tmp_path, TWO)
    settings.state_dir.mkdir(mode=0o700)
    builder = Builder(settings)
    builder.prepare()
    builder.refreshers()[0].handle_result(Full(crowd(3)))
    builder.compose()
    sources = {"staff": NEVER} | ({"shop": shop} if shop is not None else {})
    with closing(open_generation(settings)) as generation:
        reason = not_ready_reason(
            settings, generation, Status(written_at=time.time() - age, sources=sources), running
        )
    assert ready == (reason == "")
    assert ready or "1 of 2 sources" in reason


def test_nothing_is_ready_without_a_generation(tmp_path: Path) -> None:
    assert "no generation" in not_ready_reason(configured(tmp_path, TWO), None, Status(), 3600)


def test_a_start_is_ready_when_the_phones_see_the_first_answers(tmp_path: Path) -> None:
    other = '[sources.shop]\nconnector = "scripted"\nscript = "shop.json"\nrefresh = "1s"'
    gateway = Steered(tmp_path, rest=other, mood="hang", ready=False)
    Script(mood="hang").write(tmp_path / "shop.json")
    with gateway:
        eventually(lambda: gateway.status_code("/-/healthy") == 200, "a worker")
        eventually(lambda: gateway.status()["generation"], "a generation of nothing")
        code, _, body = gateway.get("/-/ready")
        assert (503, b"2 of 2 sources have neither answered nor failed yet\n") == (code, body)
        Script(mood="unavailable").write(tmp_path / "shop.json")
        eventually(lambda: b"1 of 2" in gateway.get("/-/ready")[2], "one has failed")
        gateway.say("well", ANN, BEN)
        eventually(lambda: gateway.status_code("/-/ready") == 200, "ready")
        assert [
            "Ann Smith",
            "Ben Smith",
        ] == gateway.listed(), "there at that moment, not soon after"
    # With what was read before, nobody waits for a source that hangs.
    gateway.say("hang")
    Script(mood="unavailable").write(tmp_path / "shop.json")
    with gateway:
        eventually(lambda: gateway.status_code("/-/ready") == 200, "ready")
        assert ["Ann Smith", "Ben Smith"] == gateway.listed()
