"""The command `status`: what it says, and the exit code for monitoring."""

import json
from pathlib import Path

import pytest

from app.cli.status import find_faults
from app.state.status import SourceStatus, Status
from tests.support.offline_gateway import configured
from tests.support.servers.gateway import Gateway, run

NOW = 1_800_000_000.0
CONFIG = '[sources.staff]\nconnector = "csv"\npath = "staff.csv"\nrefresh = "5m"\n'


def status(state: str, failing_since: float | None = None) -> Status:
    return Status(sources={"staff": SourceStatus(state=state, failing_since=failing_since)})


@pytest.mark.parametrize(
    "found, fault",
    [
        (status("ok"), ""),
        (status("refused", NOW), "source staff needs a correction"),
        (status("held"), "source staff is held back by the brake"),
        (status("never"), "source staff was never read"),
        (Status(), "source staff was never read"),
        (status("failing", NOW), ""),
        (status("failing", NOW - 3 * 300), ""),
        (status("failing", NOW - 3 * 300 - 1), "source staff fails for more than 3 intervals"),
    ],
)
def test_faults(tmp_path: Path, found: Status, fault: str) -> None:
    settings = configured(tmp_path, CONFIG)
    assert ([fault] if fault else []) == find_faults(settings, found, NOW, is_serving=True)
    assert "the phones are not served" == find_faults(settings, found, NOW, is_serving=False)[0]


def write(folder: Path) -> None:
    (folder / "staff.csv").write_text("name,number\nAnn,1001\n", encoding="utf-8")


def test_a_gateway_that_is_well_and_one_that_is_not(tmp_path: Path) -> None:
    write(tmp_path)
    with Gateway(tmp_path, CONFIG) as gateway:
        gateway.get("/staff.xml", **{"x-CiscoIPPhoneModelName": "CP-7821"})
        done = run("status", cwd=tmp_path)
        assert (0, "") == (done.returncode, done.stderr)
        lines = done.stdout.splitlines()
        assert lines[0].startswith("running: the gateway")
        assert f"state_dir: {tmp_path / 'state'} (default: beside gateway.toml)" == lines[1]
        assert lines[2].startswith("generation: ")
        assert any(
            line.startswith("phone CP-7821 127.0.0.1 (profile default): last 20") for line in lines
        )
        done = run("status", "--json", cwd=tmp_path)
        shown = json.loads(done.stdout)
        served = gateway.status()
        more = {"running", "faults", "requests_problem", "state_dir", "state_dir_origin"}
        assert set(served) | more == set(shown)
        assert ([], "") == (shown["faults"], shown["requests_problem"])
        for key in ("sources", "profiles", "problem", "phones", "refused_requests"):
            assert served[key] == shown[key]
    done = run("status", "--json", cwd=tmp_path)
    shown = json.loads(done.stdout)
    assert (1, ["the phones are not served"]) == (done.returncode, shown["faults"])
    assert [] == shown["phones"]


def test_refused_requests_are_shown(tmp_path: Path) -> None:
    write(tmp_path)
    lobby = '[profiles.lobby]\nrestricted = true\nnetworks = ["10.0.0.0/8"]\n'
    with Gateway(tmp_path, CONFIG + lobby) as gateway:
        for _ in range(2):
            assert 403 == gateway.status_code("/p/lobby/menu.xml")
        (line,) = [
            line
            for line in run("status", cwd=tmp_path).stdout.splitlines()
            if line.startswith("refused ")
        ]
        (item,) = gateway.status()["refused_requests"]
        assert line == (
            f"refused 127.0.0.1 /p/lobby/menu.xml: {item['reason']}; 2 times, last {item['last']}"
        )


def test_a_gateway_that_refuses_its_own_machine_is_still_reported(tmp_path: Path) -> None:
    write(tmp_path)
    with Gateway(tmp_path, CONFIG + '[access]\noperators = ["10.0.0.0/8"]\n'):
        done = run("status", cwd=tmp_path)
        assert 0 == done.returncode, done.stdout
        assert done.stdout.splitlines()[-1] == (
            "phones and refused requests: not known. The gateway answered 403 to a request from"
            " this machine: see operators under [access]."
        )
