"""Columns and colour of lines on a terminal; nothing of both in a pipe."""

import os
import pty
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.terminal_text import in_colour, in_columns
from tests.support.servers.gateway import command, environment, run


@pytest.mark.parametrize(
    "lines, shown",
    [
        ((), ()),
        (("", "below a blank line"), ("", "below a blank line")),
        (("no columns", "at all\there"), ("no columns", "at all\there")),
        (("a\tb", "long\tc", "x"), ("a     b", "long  c", "x")),
        (("a\tb\tc", "aa\tbb\tcc"), ("a   b   c", "aa  bb  cc")),
        # Wide characters take two columns, accents that are combined none.
        (("明\t1", "e\u0301\t2", "ab\t3"), ("明  1", "e\u0301   2", "ab  3")),
        (("x" * 50 + "\t1", "y\t2"), ("x" * 50 + "  1", "y" + " " * 41 + "2")),
    ],
)
def test_columns(lines: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert shown == tuple(in_columns(lines))


def test_lines_without_columns_are_not_waited_for() -> None:
    def lines() -> Iterator[str]:
        yield "first"
        raise AssertionError("nobody needs the second line yet")

    assert "first" == next(in_columns(lines()))


@pytest.mark.parametrize(
    "line, coloured",
    [
        ("source staff: ok, 3 contacts", "source staff: ok"),
        ("source staff: refused, 3 contacts", "source staff: refused"),
        ("source staff: would be held back: it lost", "source staff: would be held"),
        ("source staff: FAILED. It is not there.", "source staff: FAILED"),
        ("  warning: skipped 3", "  warning:"),
        ("fault: the phones are not served", "fault:"),
        ("Error: there is none", "Error:"),
        ("  added: Ann, 1001 (staff)", "  added:"),
        ("source staff: okay", ""),
        ("Ann\tgone: 1", ""),
        ('{"level":"warning"}', ""),
    ],
)
def test_colour_changes_no_word(line: str, coloured: str) -> None:
    shown = in_colour(line)
    assert line == re.sub(r"\x1b\[\d+m", "", shown)
    found = re.match(r"\x1b\[\d+m(.*?)\x1b\[0m", shown)
    assert coloured == (found[1] if found else "")


def on_terminal(folder: Path, *words: str, **more: str) -> str:
    """Return what a command prints on a terminal."""
    terminal, theirs = pty.openpty()
    variables = {key: value for key, value in environment().items() if key != "NO_COLOR"}
    with subprocess.Popen(
        command(*words), cwd=folder, env=variables | more, stdout=theirs, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(terminal, 4096):
                shown += part
        except OSError:  # Linux: the other end was closed
            pass
        process.communicate()
    os.close(terminal)
    return shown.decode().replace("\r\n", "\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("terminal")
    (made / "staff.csv").write_text("name,number\nAnn,1001\nBob Miller,none\n", encoding="utf-8")
    source = '[sources.staff]\nconnector = "csv"\npath = "staff.csv"\n'
    (made / "gateway.toml").write_text(source, encoding="utf-8")
    return made


@pytest.mark.parametrize("words", [("status",), ("check",), ("numbers",), ("fetch", "staff")])
def test_a_pipe_gets_plain_lines_and_a_terminal_the_same_words(
    folder: Path, words: tuple[str, ...]
) -> None:
    plain = run(*words, cwd=folder).stdout
    assert "\x1b" not in plain
    without = on_terminal(folder, *words, NO_COLOR="1", TERM="xterm")
    shown = on_terminal(folder, *words, TERM="xterm")
    assert "\x1b" not in without and "\t" not in without
    assert without == re.sub(r"\x1b\[\d+m", "", shown)
    assert plain.split() == without.split()
    assert ("\x1b[" in shown) == (words[0] in ("status", "check"))
    assert "\x1b" not in on_terminal(folder, *words, TERM="dumb")
