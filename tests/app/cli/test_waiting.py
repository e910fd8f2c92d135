"""What commands tell that wait for the exchange of several hosts."""

import time
from pathlib import Path
from threading import Event

import pytest

from app.build.state_dir_lease import state_dir_lease
from app.cli.accept import accept_lines
from app.cli.refresh import request_refresh
from app.state.host_status import ExchangeStatus
from app.state.status import Status, write_status
from tests.support.held_gateway import troubled

REFUSED = "the exchange failed: connection refused. Check that the server runs."


@pytest.mark.parametrize("problem", [REFUSED, ""])
def test_a_request_waits_until_the_exchange_answers(tmp_path: Path, problem: str) -> None:
    settings = troubled(tmp_path).settings
    exchange = ExchangeStatus("south", builds=False, problem=problem)
    write_status(settings.state_dir, Status(written_at=time.time(), exchange=exchange))
    with state_dir_lease(settings.state_dir, Event()):
        *_, accepted = accept_lines(settings, "club")
        asked = request_refresh(settings, "staff")
    for told in (accepted, asked):
        assert ("until the exchange answers" in told) == bool(problem), told
    assert (REFUSED in asked) == bool(problem)
