"""Every command line that a page shows is run as written, beside a running gateway.

Addresses and folders of the pages are replaced by those of the test, and words in
capitals by names that the test has.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.project.test_docs import PAGES
from tests.support.command_line import listed_commands, program
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, command, environment, eventually
from tests.support.servers.processes import free_port

FENCE = re.compile(r"(?ms)^ *```[^\n]*\n(.*?)^ *```")
# Behind -o and -g it is the name of a user, and of an image before another one.
COMMAND = re.compile(
    r"(?:^|(?<=[ (/=]))(?<!-[og] )directory-gateway(?= +-*[a-zA-Z](?!\S*:))|^curl .*http|^man "
)
ADDRESS = re.compile(
    r"http://(192\.168\.1\.10(:8080|/phones)|127\.0\.0\.1:8080|gateway|pbx\.example\.com/phonebook)"
    r"(?=/(menu|p|dir|lookup|-/))"
)
"""The gateway's own address in a page, before a path that it serves."""
STARTS = ("serve", "build")
"""Commands that run until they are stopped."""
RUN_ELSEWHERE = {
    "init": "tests/app/cli/init/test_options.py",
    "login": "tests/system/test_tour_google.py",
}
"""Commands that need a server of their own, with the tests that run them."""
REPLACED = {
    "COMMAND": "status",
    "FOLDER": "tftp",
    "NEW": "new.toml",
    "SOURCE": "staff",
    "refresh nextcloud": "refresh staff",
    "DIR --base-url URL": "www --base-url http://192.168.1.10/www",
    "phone URL": "phone http://gateway/menu.xml",
    "/srv/": "",
    "/etc/directory-gateway/": "",
    "/opt/directory-gateway/": "",
    "ExecStart=": "",
    "docker compose exec gateway ": "",
    "man ./": f"man {ROOT}/",
}
NAMES = {"explain": "smith", "accept": "staff", "refresh": "staff"}
"""What NAME stands for."""
CONFIG = """
title = "Company"
base_url = "http://192.168.1.10:8080"
[sources.staff]
connector = "csv"
path = "contacts.csv"
[profiles.default]
[profiles.lobby]
networks = ["127.0.0.1/32"]
"""
CURL = """#!{python}
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[-1], timeout=60).read().decode())
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A command line of a page."""

    page: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text}"

    @property
    def command(self) -> str:
        """The command of the program, "" if the line has another program."""
        found = re.search(r"directory-gateway +([a-z-]+)", self.text)
        return found[1] if found is not None else ""


def lines_of(path: Path) -> Iterator[Line]:
    """Yield the command lines of a page, from its blocks and its code marks."""
    text = path.read_text(encoding="utf-8")
    blocks = [line for block in FENCE.findall(text) for line in joined(block)]
    marked = [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", FENCE.sub("", text))]
    for line in (*blocks, *marked):
        shown = line.strip().removeprefix("$ ")
        # tests/system/test_tls.py has a gateway for those of https.
        if COMMAND.search(shown) and "https://" not in shown:
            yield Line(path.name, shown)


def joined(block: str) -> list[str]:
    """Return the lines of a block; those that end with a backslash go on."""
    return re.sub(r" *\\\n *", " ", block).splitlines()


LINES = tuple(
    dict.fromkeys(
        Line("help", command.help.rpartition("Example: ")[2]) for command in listed_commands()
    )
) + tuple({line.text: line for path in PAGES for line in lines_of(path)}.values())


def as_run(line: Line, base: str) -> str:
    """Return a command line with the test's own names and addresses."""
    text = line.text
    for shown, ours in REPLACED.items():
        text = text.replace(shown, ours)
    # In a container it has the same words.
    text = re.sub(r"docker run .* (?=directory-gateway [a-z])", "", text)
    text = re.sub(r"\bNAME\b", NAMES.get(line.command, "staff"), text)
    text = ADDRESS.sub(base, text)
    needs = {
        str(command.name)
        for command in listed_commands()
        if any(item.required and item.param_type_name == "argument" for item in command.params)
    }
    # A page that only names a command that needs an argument gets its help.
    is_name = re.fullmatch(r"directory-gateway [a-z-]+", text)
    return f"{text} -h" if is_name and line.command in needs else text


def write_folder(folder: Path, listen: str = "") -> None:
    """Write what the command lines of the pages name."""
    people = "name,number\nAnn Smith,1001\nBob Smith,0301234567\n"
    (folder / "contacts.csv").write_text(people, encoding="utf-8")
    (folder / "new.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "gateway.toml").write_text(CONFIG + listen, encoding="utf-8")
    (folder / "account.txt").write_text("secret\n", encoding="utf-8")
    tftp = folder / "tftp"
    tftp.mkdir()
    template = '<DIALTEMPLATE>\n<TEMPLATE MATCH="112" TIMEOUT="0"/>\n</DIALTEMPLATE>\n'
    for path in (tftp / "dialplan.xml", folder / "dialplan.xml"):
        path.write_text(template, encoding="utf-8")
    words = ["phone-config", "--mac", "001122AABBCC", "--proxy", "192.168.1.5", "--account", "1001"]
    words += ["--password-file", "account.txt", "--time-zone", "GMT Standard/Daylight Time"]
    shown = subprocess.run(
        command(*words),
        cwd=folder,
        env=environment(),
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    ).stdout
    for path in (tftp, folder):
        (path / "SEP001122AABBCC.cnf.xml").write_bytes(shown)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    own = f'#!/bin/sh\nexec "{sys.executable}" -m app "$@"\n'
    for name, script in (
        ("directory-gateway", own),
        ("curl", CURL.format(python=sys.executable)),
        ("man", '#!/bin/sh\nexec groff -man -Tutf8 "$@"\n'),
    ):
        (programs / name).write_text(script, encoding="utf-8")
        (programs / name).chmod(0o755)


def variables(folder: Path) -> dict[str, str]:
    path = f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}"
    return environment(PATH=path, HOME=str(folder), COLUMNS="100")


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("pages")
    write_folder(folder)
    with Gateway(folder, CONFIG.replace("base_url", "# ")) as gateway:
        yield gateway


def is_started(line: Line) -> bool:
    is_help = line.text.endswith(" -h")
    return line.command in STARTS and "--once" not in line.text and not is_help


@pytest.mark.parametrize(
    "line",
    [line for line in LINES if not is_started(line) and line.command not in RUN_ELSEWHERE],
    ids=str,
)
def test_a_command_line_runs(beside: Gateway, tmp_path: Path, line: Line) -> None:
    folder = beside.folder
    if line.command in ("build", "phone-config"):
        # The running gateway's builder has the other folder. Its address is only this machine's.
        folder = tmp_path
        write_folder(folder)
    text = as_run(line, beside.base)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", text],
        cwd=folder,
        env=variables(folder),
        input="a long password of operators\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert 0 == done.returncode, f"{text}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("line", [line for line in LINES if is_started(line)], ids=str)
def test_a_command_line_starts_what_it_says(tmp_path: Path, line: Line) -> None:
    port = free_port()
    write_folder(tmp_path, f'[listen]\nhost = "127.0.0.1"\nport = {port}\n')
    status = tmp_path / "state" / "status.json"
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            ["bash", "-c", f"exec {as_run(line, '')}"],
            cwd=tmp_path,
            env=variables(tmp_path),
            stdout=file,
            stderr=file,
        )
        try:
            sign = (
                status.is_file
                if line.command == "build"
                else lambda: b"Serving" in log.read_bytes()
            )
            eventually(sign, f"the start of {line.text}")
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(PATIENCE)
    assert 0 == code, log.read_text(encoding="utf-8")


@pytest.mark.parametrize("line", [line for line in LINES if line.command in RUN_ELSEWHERE], ids=str)
def test_a_command_line_that_is_run_elsewhere_has_right_words(line: Line) -> None:
    assert f'"{line.command}"' in (ROOT / RUN_ELSEWHERE[line.command]).read_text(encoding="utf-8")
    words = shlex.split(as_run(line, "").partition("<")[0], comments=True)[1:]
    found = program().commands[line.command]
    if words[1:] != ["-h"]:
        assert found.make_context(line.command, words[1:]).params


def test_the_command_lines_of_pages_are_found() -> None:
    texts = {line.text for line in LINES}
    assert len(texts) > 60
    assert {
        "directory-gateway status",
        "directory-gateway serve --no-builder",
        ".venv/bin/directory-gateway show /menu.xml    # the XML that a phone gets",
        "(umask 027; directory-gateway hash-password > operators)",
        "curl -i http://127.0.0.1:8080/menu.xml",
        "docker compose exec gateway directory-gateway status",
    } <= texts
    assert any('--time-zone "Central Europe' in text and "--mac" in text for text in texts)
    pages = {line.page for line in LINES}
    assert {"help", "README.md", "operations.md", "CONTRIBUTING.md"} <= pages
    shown = {line.command for line in LINES}
    assert {str(command.name) for command in listed_commands()} <= shown
