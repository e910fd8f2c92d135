"""The commands `lint` and `phone-config`, as docs/phone-setup.md shows them."""

import json
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.app.device_config.test_lint import GOOD, NAME, SAMPLE, TEMPLATE
from tests.support import contacts
from tests.support.paths import ROOT
from tests.support.servers.gateway import run

PAGE = (ROOT / "docs" / "phone-setup.md").read_text(encoding="utf-8")
CONFIG = f"""
base_url = "http://192.168.1.10:8080"
{contacts.CONFIG}
[profiles.lobby]
title = "Lobby"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(row) for row in range(5)])
    (tmp_path / "gateway.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "account.txt").write_text("gEheim7\nmore\n", encoding="utf-8")
    (tmp_path / "tftp").mkdir()
    (tmp_path / "tftp" / NAME).write_text(GOOD, encoding="utf-8")
    (tmp_path / NAME).write_text(GOOD, encoding="utf-8")
    (tmp_path / "dialplan.xml").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def commands() -> list[list[str]]:
    """Return the commands of the page, without the program's name and redirections."""
    blocks = "\n".join(re.findall(r"(?ms)^```\n(.*?)^```", PAGE)).replace("\\\n", " ")
    lines = [line for line in blocks.split("\n") if line.startswith("directory-gateway")]
    return [shlex.split(line.partition(" > ")[0])[1:] for line in lines]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_of_the_page_works(folder: Path, words: list[str]) -> None:
    shown = run(*[word.replace("/srv/tftp", "tftp") for word in words], cwd=folder)
    assert 0 == shown.returncode, shown.stderr
    assert shown.stdout or "--json" in words


def test_the_page_has_commands_and_every_option() -> None:
    assert 8 == len(commands())
    for command in ("lint", "phone-config"):
        shown = run(command, "--help", cwd=ROOT).stdout
        options = set(re.findall(r"--[a-z-]+", shown)) - {"--help", "--config", "--demo"}
        assert options
        assert set() == {option for option in options if option not in PAGE}


def test_lint_of_the_sample(folder: Path) -> None:
    (folder / "tftp" / NAME).write_text(SAMPLE, encoding="utf-8")
    shown = run("lint", "tftp", cwd=folder)
    assert 1 == shown.returncode
    assert f"{NAME}:157: </sipLines> closes nothing" in shown.stdout
    assert "    write: <sipLines>" in shown.stdout
    assert "needs the file sip78xx.14-4-1-0001-36.loads" in shown.stdout
    assert "1 file: 8 problems found." == shown.stdout.splitlines()[-1]
    lines = run("lint", "tftp", "--json", cwd=folder).stdout.splitlines()
    assert 8 == len(lines)
    assert {"file", "line", "rule", "message", "correction"} == set(json.loads(lines[0]))


def test_lint_of_good_files(folder: Path) -> None:
    assert "1 file: no problem found.\n" == run("lint", "tftp", cwd=folder).stdout
    assert "" == run("lint", "tftp", "--json", cwd=folder).stdout


def test_numbers_that_are_typed(folder: Path) -> None:
    shown = run(
        "lint", "dialplan.xml", "--dial", "112", "--dial", "0049301", "--dial", "11", cwd=folder
    )
    assert [
        "112: sent at once, as 112 (line 2, '112')",
        "0049301: sent 5 seconds after the last digit, as 0049301 (line 4, '0,0*')",
        "11: sent 10 seconds after the last digit, no rule fits completely",
    ] == shown.stdout.splitlines()[1:]
    line = run("lint", "dialplan.xml", "--json", "--dial", "112", cwd=folder).stdout
    assert {"number": "112", "sending": "at once", "sent": "112", "wait": 0, "line": 2} == (
        json.loads(line)
    )


def test_numbers_of_the_directory(folder: Path) -> None:
    (folder / "dialplan.xml").write_text(
        TEMPLATE.replace('"112"', '"1"').replace('MATCH="*"', 'MATCH="7*"'), encoding="utf-8"
    )
    shown = run("lint", "dialplan.xml", "--dial-directory", cwd=folder).stdout
    assert "5 numbers of profile default, typed on the keypad:" in shown
    counts = re.findall(r"(?m)^  (\d+) ", shown)
    assert 5 == sum(map(int, counts)) and 4 == len(counts)
    lines = run("lint", "dialplan.xml", "--dial-directory", "--json", cwd=folder).stdout
    assert 5 == len(lines.splitlines())


@pytest.mark.parametrize(
    "words, code, message",
    [
        (("lint",), 2, "Missing argument"),
        (("lint", "none.xml"), 2, "does not exist"),
        (("lint", "empty"), 1, "there is no SEP<mac>.cnf.xml"),
        (("lint", "tftp", "--dial", "112"), 1, "there is no dial template"),
        (("lint", "dialplan.xml", "--dial-directory", "--profile", "x"), 2, "no profile"),
        (("phone-config", "--profile", "x"), 2, 'there is no profile "x"'),
        (("phone-config", "--mac", "1"), 2, "--password-file"),
        (("phone-config", "--account", "1001"), 2, "--mac: the other options"),
        (("phone-config", "--port", "5070"), 2, "--mac: the other options"),
        (("phone-config", "--mac", "1", "--password-file", "none"), 2, "cannot be read"),
        (("phone-config", "--mac", "1", "--password-file", "account.txt"), 2, "--mac: The MAC"),
    ],
)
def test_wrong_use(folder: Path, words: tuple[str, ...], code: int, message: str) -> None:
    (folder / "empty").mkdir()
    shown = run(*words, cwd=folder)
    assert code == shown.returncode
    assert message in " ".join(re.sub("[│╭╮╰╯─]", " ", shown.stderr).split())
    assert "gEheim7" not in shown.stdout + shown.stderr


def test_the_lines_of_a_profile(folder: Path) -> None:
    shown = run("phone-config", "--profile", "lobby", cwd=folder).stdout
    assert "<directoryURL>http://192.168.1.10:8080/p/lobby/menu.xml</directoryURL>" in shown
    assert "<serviceURI>http://192.168.1.10:8080/p/lobby/directory.xml</serviceURI>" in shown
    assert "<!-- Directory key. Inside <device>" in shown
    ElementTree.fromstring(f"<device>{shown}</device>")


def test_a_whole_file(folder: Path) -> None:
    words = commands()[2]
    shown = run(*words, cwd=folder)
    assert "Save this as SEP001122AABBCC.cnf.xml" in shown.stderr
    root = ElementTree.fromstring(shown.stdout)
    assert "gEheim7" == root.findtext(".//authPassword")
    assert "http://192.168.1.10:8080/menu.xml" == root.findtext("directoryURL")
    (folder / "tftp" / NAME).write_text(shown.stdout, encoding="utf-8")
    assert 0 == run("lint", "tftp", cwd=folder).returncode
