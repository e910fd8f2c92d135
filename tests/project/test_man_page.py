"""The man page is made from the help, and groff finds no fault in it."""

import subprocess
import sys

from tests.support.command_line import listed_commands
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

PAGE = ROOT / "packaging" / "directory-gateway.1"


def test_the_page_is_that_of_the_present_help() -> None:
    made = subprocess.run(
        [sys.executable, "packaging/make_man.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert made.stdout == PAGE.read_text(encoding="utf-8"), "run: make man"


def test_groff_has_no_warning_and_shows_every_command_and_option() -> None:
    shown = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=200n", str(PAGE)],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert "" == shown.stderr
    for command in listed_commands():
        assert f"directory-gateway {command.name} " in shown.stdout
        for parameter in command.params:
            for word in (*parameter.opts, *parameter.secondary_opts):
                assert word in shown.stdout or not word.startswith("-")
    assert "Example:" in shown.stdout and "EXIT STATUS" in shown.stdout
