"""Commands as users type them: right ones, wrong ones, and their messages."""

import contextlib
import importlib.metadata
import json
import signal
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import main
from tests.support import contacts
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, command, environment, eventually, run
from tests.support.servers.processes import free_port


def test_the_command_line(gateway: Gateway) -> None:
    folder = gateway.folder
    check = run("check", cwd=folder)
    assert (0, True) == (check.returncode, "100 contacts with 100 numbers" in check.stdout)
    assert 'dial.nonsense.number = "none" cannot be dialled in profile default.' in check.stdout
    assert (
        "book staff is in a restricted profile, and in profile default too, which is open"
        in check.stdout
    )
    lines = run("fetch", "staff", "--json", cwd=folder).stdout.splitlines()
    assert 100 == len(lines)
    assert {"id", "name", "given_name", "family_name", "numbers", "groups", "emails"} < set(
        json.loads(lines[0])
    )
    assert {"value", "kind", "label", "canonical"} == set(json.loads(lines[0])["numbers"][0])
    assert 100 == len(run("fetch", "staff", cwd=folder).stdout.splitlines())
    assert "<CiscoIPPhoneMenu>" in run("show", "/menu.xml", cwd=folder).stdout
    assert (
        run("show", "/staff.xml", cwd=folder).stdout
        == run("show", f"{gateway.base}/staff.xml", cwd=folder).stdout
    )
    assert (
        "<Title>Lobby</Title>" in run("show", "/menu.xml", "--profile", "lobby", cwd=folder).stdout
    )
    assert (
        'encoding="iso-8859-1"'
        in run(
            "show", "/staff.xml", "--model", "CP-7965G", "--charset", "iso-8859-1", cwd=folder
        ).stdout
    )
    assert "source staff: ok, 100 contacts" in run("status", cwd=folder).stdout


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shown = run("--version", cwd=tmp_path)
    assert (0, f"{project['name']} {project['version']}\n", "") == (
        shown.returncode,
        shown.stdout,
        shown.stderr,
    )


def test_a_version_that_is_not_known_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    shown = CliRunner().invoke(main.app, ["--version"])
    assert (1, "") == (shown.exit_code, shown.stdout)
    assert "is not installed as a package" in shown.stderr


@pytest.mark.parametrize(
    "words, code, message",
    [
        (("fetch", "nobody"), 2, 'Error: there is no source "nobody". There are: staff.'),
        (("refresh", "Staf"), 2, 'there is no source "Staf". Did you mean "staff"?'),
        (("numbers", "--profile", "lobyb"), 2, 'there is no profile "lobyb". Did you mean "lobby"'),
        (("show", "/menu.xml", "--charset", "utf8"), 2, '"utf8" is none of utf-8 and iso-8859-1'),
        (("statsu",), 2, "No such command 'statsu'. Did you mean 'status'?"),
        (("status", "--josn"), 2, "No such option: --josn"),
        (("show", "/menu.xml", "--profile", "nobody"), 2, 'there is no profile "nobody"'),
        (("accept", "nobody"), 2, 'there is no source "nobody"'),
        (("serve", "--workers", "0"), 2, "workers"),
        (("diff", "none.toml"), 2, "'none.toml' does not exist"),
        (("diff", "."), 2, "Invalid value for"),
        (("nonsense",), 2, "No such command"),
        (("fetch",), 2, "Missing argument"),
        (
            ("show", "nope.xml"),
            1,
            (
                'profile default has no page "/nope.xml": the output is what a phone would show.'
                " There are: menu.xml, "
            ),
        ),
        (("show", "http://127.0.0.1:1/nope.xml"), 1, 'has no page "/nope.xml"'),
        (
            ("show", "/p/lobby/nothing/at/all.xml"),
            1,
            'profile lobby has no page "/nothing/at/all.xml"',
        ),
        (("serve",), 1, "cannot listen on 127.0.0.1 port"),
    ],
)
def test_mistakes_on_the_command_line(
    gateway: Gateway, words: tuple[str, ...], code: int, message: str
) -> None:
    shown = run(*words, cwd=gateway.folder)
    assert (code, True) == (shown.returncode, message in shown.stderr)
    assert "Traceback" not in shown.stderr
    assert code == 1 or "gateway.toml" not in shown.stderr, "a wrong word is no fault of the file"


def test_show_prints_what_a_phone_gets_where_there_is_no_page(gateway: Gateway) -> None:
    shown = run("show", "nope.xml", cwd=gateway.folder)
    assert (1, True) == (shown.returncode, "<Text>There is no such page here." in shown.stdout)
    for path in (
        "/",
        "menu",
        "/menu.xml",
        "directory.xml",
        "/search.xml?q=a",
        "/staff/search.xml?q=a",
        "p/lobby/menu.xml",
    ):
        assert (path, path == "/") == (path, run("show", path, cwd=gateway.folder).returncode == 1)


def test_show_builds_for_itself_where_nothing_was_built(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", (contacts.person(row) for row in range(5)))
    (tmp_path / "gateway.toml").write_text(contacts.CONFIG, encoding="utf-8")
    assert 5 == run("show", "/staff.xml", cwd=tmp_path).stdout.count("<DirectoryEntry>")
    assert not (tmp_path / "state").exists()
    once = run("build", "--once", cwd=tmp_path)
    assert (0, "staff: ok, 5 contacts\n") == (once.returncode, once.stdout)
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "state").iterdir())


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "empty"),
        (b"Name,Number\n", "no rows"),
        (b"PK\x03\x04\x00\x00", "spreadsheet"),
        (b'Name,Number\nAnn,"1001\n', "quot"),
        (b"A,B\nx,y\n", "column"),
    ],
)
def test_check_tells_what_is_wrong_with_a_file(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "contacts.csv").write_bytes(content)
    (tmp_path / "gateway.toml").write_text(contacts.CONFIG, encoding="utf-8")
    shown = run("check", cwd=tmp_path)
    assert (1, True) == (
        shown.returncode,
        "contacts.csv" in shown.stdout and message in shown.stdout,
    ), shown.stdout


@pytest.mark.parametrize(
    "words", [("fetch", "staff"), ("check",), ("show", "/menu.xml"), ("status",)]
)
def test_output_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(4)))
    (tmp_path / "gateway.toml").write_text(contacts.CONFIG, encoding="utf-8")
    with Path("/dev/full").open("w") as full:
        shown = subprocess.run(
            command(*words),
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (
        1,
        "Error: the output cannot be written (No space left on device). Make room there.",
    ) == (
        shown.returncode,
        shown.stderr.strip(),
    )


def test_a_state_directory_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "gateway.toml").write_text(
        'state_dir = "file/state"\n' + contacts.CONFIG, encoding="utf-8"
    )
    for words in (("serve",), ("build", "--once"), ("build",), ("reload",)):
        shown = run(*words, cwd=tmp_path)
        assert (1, True) == (shown.returncode, "state_dir" in shown.stderr), (words, shown.stderr)
        assert (
            words == ("reload",)
            or "A file is in the way: move it, or set state_dir to another folder." in shown.stderr
        )
        assert "Traceback" not in shown.stderr


def test_a_folder_of_the_same_name_in_the_working_folder_is_not_taken_for_ours(
    tmp_path: Path,
) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("raise SystemExit('somebody else')")
    (tmp_path / "app" / "builder.py").write_text("raise SystemExit('somebody else')")
    script = Path(sys.executable).with_name("directory-gateway")
    port = free_port()
    (tmp_path / "gateway.toml").write_text(
        f'{contacts.CONFIG}[listen]\nhost = "127.0.0.1"\nport = {port}\n', encoding="utf-8"
    )
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(script), "serve"],
            cwd=tmp_path,
            env=environment(PYTHONPATH=""),
            stdout=log,
            stderr=log,
        )
    try:

        def served() -> bool:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(
                    f"http://127.0.0.1:{port}/menu.xml", timeout=PATIENCE
                ) as answer,
            ):
                return bool(answer.status == 200)
            return False

        eventually(served, "the menu")
    finally:
        process.send_signal(signal.SIGTERM)
        assert 0 == process.wait(PATIENCE)
    assert "somebody else" not in (tmp_path / "log").read_text()
