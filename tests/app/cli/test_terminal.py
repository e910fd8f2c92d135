"""What is shown on a terminal alone: that work goes on, from the first second."""

import os
import pty
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from tests.support.fakes.raw_server import raw_server
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import command, environment, run

CONFIG = '[sources.cloud]\nconnector = "carddav"\nurl = "http://127.0.0.1:{port}/dav/"\n'


@pytest.mark.parametrize(
    "words, message",
    [
        (("fetch", "cloud"), "cloud: reading, "),
        (("check",), "cloud: reading, "),
        (("build", "--once"), "Reading the sources and building the directory, "),
        (("numbers",), "Reading the sources and building a directory, "),
        (("explain", "ann"), "Reading the sources and building a directory, "),
        (("show", "/menu.xml"), "Reading the sources and building a directory, "),
        (("diff",), "Reading the sources and building a directory, "),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_slow_source_is_shown_at_work(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    seen = threading.Event()

    def silent(peer: socket.socket) -> None:
        seen.wait(PATIENCE)

    with raw_server(silent) as port:
        (tmp_path / "gateway.toml").write_text(CONFIG.format(port=port), encoding="utf-8")
        terminal, theirs = pty.openpty()
        with subprocess.Popen(
            command(*words),
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
        ) as process:
            os.close(theirs)
            drawn = ""
            while f"\r\x1b[K{message}" not in drawn:
                drawn += os.read(terminal, 4096).decode()
            seen.set()
            shown = process.communicate(timeout=PATIENCE)[0]
        os.close(terminal)
    assert "\x1b" not in shown and message not in shown


def test_nothing_is_drawn_without_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("name,number\nAnn,1001\n", encoding="utf-8")
    source = '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'
    (tmp_path / "gateway.toml").write_text(source, encoding="utf-8")
    for words in (("check",), ("numbers",), ("diff",), ("build", "--once")):
        done = run(*words, cwd=tmp_path)
        assert 0 == done.returncode
        assert "\x1b" not in done.stdout + done.stderr
        assert "\r" not in done.stdout + done.stderr
