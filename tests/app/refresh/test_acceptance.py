"""A held result is looked at and accepted, where there is one."""

from pathlib import Path

from app.refresh.acceptance import accept_held, find_held_loss
from app.state import control
from tests.support.offline_gateway import configured, write_people
from tests.support.servers.gateway import run

CONFIG = '[sources.staff]\nconnector = "csv"\npath = "staff.csv"\n'


def test_a_held_result_is_accepted_once_it_is_looked_at(tmp_path: Path) -> None:
    state = configured(tmp_path, CONFIG).state_dir
    assert find_held_loss(state, "staff") is None
    assert not accept_held(state, "staff", "digest")
    assert not state.exists(), "nothing is made where nothing is"
    for people in (20, 2):
        rows = ({"Name": f"Ann {number:02}", "Number": f"1{number:03}"} for number in range(people))
        write_people(tmp_path / "staff.csv", rows)
        run("build", "--once", cwd=tmp_path)
    found = find_held_loss(state, "staff")
    assert found is not None
    assert {f"Ann {number:02}" for number in range(2, 20)} == set(found.names)
    assert not accept_held(state, "staff", "another digest")
    assert accept_held(state, "staff", found.held.digest)
    assert (control.Request(control.REFRESH, "staff"),) == control.receive(state, control.REFRESH)
    assert 0 == run("build", "--once", cwd=tmp_path).returncode
    assert find_held_loss(state, "staff") is None
