"""`directory-gateway hash-password`: from standard input, and from a terminal."""

import os
import pty
import select
import subprocess
import time
from pathlib import Path

import pytest

from app.model.password import parse_password_line
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import command, environment


def typed(folder: Path, data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command("hash-password"),
        cwd=folder,
        env=environment(),
        input=data,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_standard_input(tmp_path: Path, end: bytes) -> None:
    shown = typed(tmp_path, "Grüße aus Köln".encode() + end)
    assert (0, b"") == (shown.returncode, shown.stderr)
    assert parse_password_line(shown.stdout.decode().rstrip("\n")).verify("Grüße aus Köln")


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"", "too short"),
        (b"short\n", "too short"),
        (b"first line\nsecond line\n", "more than one line"),
        (b"x" * 5000, "too long"),
        (b"x" + "\u00fc".encode() * 2500, "too long"),
        (b"\xff\xfe\xff\xfe\xff\xfe\xff\xfe", "not UTF-8"),
    ],
)
def test_what_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    shown = typed(tmp_path, data)
    assert (1, b"") == (shown.returncode, shown.stdout)
    output = shown.stderr.decode()
    assert output.startswith("Error: ") and output.count("\n") == 1 and reason in output


def at_terminal(folder: Path, *answers: str) -> str:
    """Return all that a terminal shows while the prompts are answered."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("hash-password"),
        cwd=folder,
        env=environment(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, waiting = b"", list(answers)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if select.select([ours], [], [], 1)[0]:
            try:
                shown += os.read(ours, 4096)
            except OSError:
                break
        if waiting and shown.count(b": ") > len(answers) - len(waiting):
            os.write(ours, waiting.pop(0).encode() + b"\n")
    os.close(ours)
    process.wait(PATIENCE)
    return shown.decode()


def test_a_terminal_does_not_show_the_password(tmp_path: Path) -> None:
    shown = at_terminal(tmp_path, "correct horse", "correct horse")
    assert "correct" not in shown
    line = shown.split()[-1]
    assert parse_password_line(line).verify("correct horse")


def test_a_terminal_asks_twice(tmp_path: Path) -> None:
    shown = at_terminal(tmp_path, "correct horse", "correct house")
    assert "not the same" in shown and "$scrypt" not in shown
