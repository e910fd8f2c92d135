"""The systemd unit is one that systemd reads without a warning, and shut in."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

UNIT = ROOT / "packaging" / "directory-gateway.service"
SYSTEMD = Path("/usr/lib/systemd/system")


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    """Run `systemd-analyze`, which needs no running systemd for this."""
    return subprocess.run(
        ["systemd-analyze", *words, "--no-pager"],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )


def verify(root: Path, unit: str) -> str:
    """Return the warnings about a unit in a system that has the program."""
    units, program = root / "usr/lib/systemd/system", root / "usr/bin/directory-gateway"
    units.mkdir(parents=True)
    for kind in ("target", "slice"):
        for path in SYSTEMD.glob(f"*.{kind}"):
            shutil.copy(path, units)
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (units / UNIT.name).write_text(unit, encoding="utf-8")
    return analyze("verify", "--man=no", f"--root={root}", UNIT.name).stderr


def test_systemd_has_no_warning(tmp_path: Path) -> None:
    unit = UNIT.read_text(encoding="utf-8")
    assert "" == verify(tmp_path / "good", unit)
    # The same call does find what is wrong.
    assert "ProtectHom" in verify(tmp_path / "bad", unit.replace("ProtectHome", "ProtectHom"))


def test_the_exposure_is_below_2() -> None:
    shown = analyze("security", "--offline=true", str(UNIT)).stdout
    level = re.findall(r"Overall exposure level for \S+: ([\d.]+)", shown)
    assert 1 == len(level) and float(level[0]) < 2.0


def test_the_unit_starts_and_reloads_one_configuration() -> None:
    commands = re.findall(r"(?m)^Exec\w+=(.*)$", UNIT.read_text(encoding="utf-8"))
    file = "--config /etc/directory-gateway/gateway.toml"
    assert [f"directory-gateway serve {file}", f"directory-gateway reload {file}"] == commands
