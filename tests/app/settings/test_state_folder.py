"""Which folder is the state directory, and what is said of it."""

import json
from pathlib import Path

import pytest

from app.settings.config_file import SYSTEM_WIDE
from app.settings.loader import DEMO
from app.settings.state_folder import WrongVariable, find_state_dir
from tests.support.paths import ROOT
from tests.support.servers.gateway import run

CONFIG = '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'
HERE = "default: beside gateway.toml"


@pytest.mark.parametrize(
    "written, ours, systemd, folder, origin",
    [
        ("", "", "", "/etc/gateway/state", HERE),
        ("", "/var/a", "", "/var/a", "from $GATEWAY_STATE_DIR"),
        ("", "/var/a:b", "", "/var/a:b", "from $GATEWAY_STATE_DIR"),
        ("", "", "/var/b", "/var/b", "from $STATE_DIRECTORY"),
        ("", "", "/var/b:/var/c", "/var/b", "from $STATE_DIRECTORY"),
        ("", "/var/a", "/var/b", "/var/a", "from $GATEWAY_STATE_DIR"),
        ("", "/var/a", "relative", "/var/a", "from $GATEWAY_STATE_DIR"),
        ("kept", "/var/a", "/var/b", "/etc/gateway/kept", "set in gateway.toml"),
        ("/kept", "relative", "relative", "/kept", "set in gateway.toml"),
    ],
)
def test_the_first_that_is_set_decides(
    monkeypatch: pytest.MonkeyPatch,
    written: str,
    ours: str,
    systemd: str,
    folder: str,
    origin: str,
) -> None:
    monkeypatch.setenv("GATEWAY_STATE_DIR", ours)
    monkeypatch.setenv("STATE_DIRECTORY", systemd)
    config = Path("/etc/gateway/gateway.toml")
    found = find_state_dir(Path(written) if written else None, config, demo=False)
    assert (Path(folder), origin) == found


def test_a_folder_whose_name_is_no_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_STATE_DIR", "/var/\udcff")
    with pytest.raises(WrongVariable, match=r"not a path in UTF-8\. Rename the folder"):
        find_state_dir(None, Path("/etc/gateway/gateway.toml"), demo=False)


def test_the_systems_configuration_has_the_systems_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GATEWAY_STATE_DIR", raising=False)
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    folder, origin = find_state_dir(None, SYSTEM_WIDE, demo=False)
    assert "/var/lib/directory-gateway" == str(folder)
    assert "default: of /etc/directory-gateway/gateway.toml" == origin
    # It is what the unit gives to the service.
    unit = (ROOT / "packaging/directory-gateway.service").read_text(encoding="utf-8")
    assert f"StateDirectory={folder.name}\n" in unit


def test_the_demo_keeps_out_of_the_folder_of_real_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_STATE_DIR", "/var/a")
    folder, origin = find_state_dir(None, DEMO, demo=True)
    assert ("of the demo", True) == (origin, folder.name.startswith("directory-gateway-demo-"))


@pytest.mark.parametrize("name", ["GATEWAY_STATE_DIR", "STATE_DIRECTORY"])
def test_a_relative_path_in_a_variable_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("GATEWAY_STATE_DIR", raising=False)
    monkeypatch.setenv(name, "state")
    with pytest.raises(WrongVariable, match=r"\$" + name + " = 'state': not an absolute path"):
        find_state_dir(None, Path("/etc/gateway/gateway.toml"), demo=False)


def test_commands_use_and_show_the_folder(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("name,number\nAnn,1001\n", encoding="utf-8")
    config = tmp_path / "gateway.toml"
    config.write_text(CONFIG, encoding="utf-8")
    folder = tmp_path / "elsewhere"
    more = {"STATE_DIRECTORY": f"{folder}:{tmp_path / 'second'}"}
    shown = f"state_dir: {folder} (from $STATE_DIRECTORY)"

    assert 0 == run("build", "--once", cwd=tmp_path, **more).returncode
    assert {"contacts.csv", "gateway.toml", "elsewhere"} == {
        path.name for path in tmp_path.iterdir()
    }
    assert (folder / "current").is_file()
    assert shown in run("check", "--offline", cwd=tmp_path, **more).stdout.splitlines()
    status = json.loads(run("status", "--json", cwd=tmp_path, **more).stdout)
    assert (str(folder), "from $STATE_DIRECTORY") == (
        status["state_dir"],
        status["state_dir_origin"],
    )
    assert 1 == status["sources"]["staff"]["contacts"]

    config.write_text("titel = 'x'\n" + CONFIG, encoding="utf-8")
    told_without = run("status", cwd=tmp_path, **more)
    assert shown == told_without.stdout.splitlines()[0]
    both = run("status", cwd=tmp_path, GATEWAY_STATE_DIR="elsewhere")
    assert (1, "") == (both.returncode, both.stdout)
    assert "2 problems" in both.stderr
    assert "titel: unknown key" in both.stderr
    assert "$GATEWAY_STATE_DIR = 'elsewhere': not an absolute path." in both.stderr
