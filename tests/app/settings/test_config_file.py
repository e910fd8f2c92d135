"""Which file is the configuration, and what is said if there is none."""

import os
from pathlib import Path

import pytest

from app.settings import config_file
from app.settings.config_file import NoConfiguration, find_config


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder without a configuration, on a machine without one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GATEWAY_CONFIG", raising=False)
    monkeypatch.setattr(config_file, "SYSTEM_WIDE", tmp_path / "etc" / "gateway.toml")
    return tmp_path


def test_the_order_of_the_places(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    option, variable = nowhere / "option.toml", nowhere / "variable.toml"
    here, system = nowhere / "gateway.toml", nowhere / "etc" / "gateway.toml"
    system.parent.mkdir()
    for path in (system, here, variable, option):
        path.write_text("")
        if path == variable:
            monkeypatch.setenv("GATEWAY_CONFIG", variable.name)
        named = Path(option.name) if path == option else None
        assert path == find_config(named)


def test_without_a_file_every_place_and_every_way_out_is_told(nowhere: Path) -> None:
    (nowhere / "gateway.toml").mkdir()
    with pytest.raises(NoConfiguration) as raised:
        find_config(None)
    assert [
        "there is no configuration, looked for:",
        "  --config: not given, $GATEWAY_CONFIG: not set",
        f"  {nowhere}/gateway.toml: this is no file, but a folder or device",
        f"  {nowhere}/etc/gateway.toml: there is no such file",
        "  Write one by answering questions: directory-gateway init",
        "  Or name one that is elsewhere: -c FILE.",
        "  Or look at a demo directory of invented people: --demo.",
    ] == str(raised.value).splitlines()


def test_a_file_that_is_named_is_the_only_one_that_is_tried(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (nowhere / "gateway.toml").write_text("")
    with pytest.raises(NoConfiguration, match=r"none.toml:\n  there is no such file. Check --conf"):
        find_config(Path("none.toml"))
    monkeypatch.setenv("GATEWAY_CONFIG", "other.toml")
    with pytest.raises(NoConfiguration, match=r"other.toml:\n  there is .*. Check \$GATEWAY_CONF"):
        find_config(None)
    with pytest.raises(NoConfiguration, match="this is no file"):
        find_config(nowhere)


def test_a_folder_that_may_not_be_looked_into(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stat(path: Path) -> os.stat_result:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(NoConfiguration, match=r"etc/gateway\.toml: there is no right to look into"):
        find_config(None)
