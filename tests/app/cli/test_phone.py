"""The command `phone`: its page, its usage, and that it finds nothing at our own pages."""

import json
import pty
import re
import shlex
import ssl
import subprocess
from collections.abc import Iterator
from os import close, read
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.phone_walk.walk import LOCALE
from tests.support import contacts
from tests.support.paths import ROOT
from tests.support.phone.canned import http, menu, served, text
from tests.support.phone.strict import DEVICE, MODELS, Model
from tests.support.servers.ca import make_authority
from tests.support.servers.gateway import command, environment, run
from tests.support.servers.web_side import WebSide

PAGE = (ROOT / "docs" / "phone-walk.md").read_text(encoding="utf-8")
BASE = "http://192.168.1.10:8080"
QUERY = f"?locale={LOCALE}&name={DEVICE}"
LOBBY = '[profiles.default]\n[profiles.lobby]\ntitle = "Lobby"\ncomfort = 4\n'


def side(folder: Path, count: int, more: str = "") -> WebSide:
    # A book that has never held anything is not believed to be empty at once, so the empty one
    # holds a person without a number.
    people = [contacts.person(row, second=row % 3 == 0) for row in range(count)]
    contacts.write(folder / "contacts.csv", people or [("Ann", "Nonumber", *[""] * 6)])
    return WebSide(folder, contacts.CONFIG + more)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    with side(tmp_path_factory.mktemp("company"), 100, LOBBY) as running:
        yield running


def walk(*words: str) -> tuple[int, str]:
    """Return the exit code and the output of the command, run in this process."""
    result = CliRunner().invoke(app, ["phone", *words], catch_exceptions=False)
    return result.exit_code, result.stdout


def commands() -> list[list[str]]:
    """Return the commands of the page, without the program's name."""
    blocks = "\n".join(re.findall(r"(?ms)^```\n(.*?)^```", PAGE))
    lines = [line for line in blocks.split("\n") if line.startswith("directory-gateway")]
    return [shlex.split(line)[1:] for line in lines]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_of_the_page_works(company: WebSide, words: list[str]) -> None:
    shown = run(*[word.replace(BASE, company.base) for word in words], cwd=company.folder)
    assert 0 == shown.returncode, shown.stdout + shown.stderr
    if "--json" in words:
        assert "" == shown.stdout
    else:
        assert shown.stdout.endswith(": no breach.\n")
        assert re.match(r"\d+ pages with \d+ numbers, read as a CP-[0-9G]+ \(", shown.stdout)
    assert "" == shown.stderr


def test_the_page_has_every_option() -> None:
    assert 5 == len(commands())
    shown = run("phone", "--help", cwd=ROOT).stdout
    options = set(re.findall(r"--[a-z-]+", shown)) - {"--help"}
    assert {"--model", "--charset", "--json"} <= options
    assert set() == {option for option in options if option not in PAGE}


@pytest.mark.parametrize("locale", ["German_Germany", "Russian_Russia", "Turkish_Turkey"])
def test_nothing_is_wrong_in_another_language(company: WebSide, locale: str) -> None:
    for charset in ("utf-8", "iso-8859-1"):
        words = ("--locale", locale, "--charset", charset, "--search", "a", "--search", "qqq")
        code, shown = walk(f"{company.base}/menu.xml", *words)
        assert (0, True) == (code, shown.endswith(": no breach.\n")), shown


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33, 1_000])
def test_nothing_is_wrong_with_our_own_pages(tmp_path: Path, count: int) -> None:
    with side(tmp_path, count) as running:
        for options in ((), ("--model", "CP-7965G", "--charset", "iso-8859-1", "--search", "a")):
            code, shown = walk(f"{running.base}/menu.xml", *options)
            assert (0, True) == (code, shown.endswith(": no breach.\n")), shown


@pytest.mark.parametrize(
    "model", [model for model in MODELS if model.name], ids=lambda one: one.name
)
def test_no_model_finds_anything(company: WebSide, model: Model) -> None:
    for path in ("menu.xml", "p/lobby/menu.xml"):
        code, shown = walk(
            f"{company.base}/{path}", "--model", model.name, "--search", "a", "--search", "12"
        )
        assert (0, True) == (code, shown.endswith(": no breach.\n")), shown


def test_a_breach_is_told_with_its_page_and_remedy() -> None:
    with served() as server:
        items = [(f"{number}" + "N" * 64, f"{server.base}/a.xml") for number in range(8)]
        server.pages[f"/menu.xml{QUERY}"] = http(menu(*items), ("Set-Cookie", "a=b"))
        server.pages["/a.xml"] = text("Sorry.")
        code, shown = walk(f"{server.base}/menu.xml")
        lines = shown.splitlines()
        assert 1 == code
        url = f"{server.base}/menu.xml{QUERY}"
        assert f"{url}: remark: the answer sets a cookie (rule 10)" == lines[0]
        assert "    do: Set no cookies; put what must be known into the links." == lines[1]
        assert "MenuItem 1 has a Name of 65 characters, more than 64 (rule 25)" in lines[2]
        assert "rule 25: 3 more of this breach; --json lists all." == lines[-2]
        assert (
            "2 pages with 0 numbers, read as a CP-7821 (utf-8): 8 breaches and 1 remark."
            == lines[-1]
        )
        code, shown = walk(f"{server.base}/menu.xml", "--json")
        found = [json.loads(line) for line in shown.splitlines()]
        assert (1, 9) == (code, len(found))
        assert {
            "url": url,
            "rule": 10,
            "kind": "remark",
            "problem": "the answer sets a cookie",
            "found": "",
            "remedy": "Set no cookies; put what must be known into the links.",
            "linked_from": "",
        } == found[0]


def test_many_breaches_of_a_rule_hide_no_other_one() -> None:
    with served() as server:
        long = f"{server.base}/a.xml?{'x' * 300}"
        items = [(f"Book {number}", long) for number in range(20)]
        server.pages[f"/menu.xml{QUERY}"] = http(menu(*items, ("Last", "a.xml")))
        code, shown = walk(f"{server.base}/menu.xml")
        assert 1 == code
        assert 5 == shown.count(" has a URL of 3")
        assert 1 == shown.count("MenuItem 21 has no absolute http URL")
        assert "rule 9: 15 more of this breach; --json lists all." in shown


def test_what_a_hostile_page_holds_does_not_reach_the_terminal() -> None:
    with served() as server:
        page = menu(("\x1b]0;evil\x07", f"{server.base}/\x1b[2J"), ("A", f"{server.base}/a.xml"))
        server.pages[f"/menu.xml{QUERY}"] = http(page)
        server.pages["/a.xml"] = b"HTTP/1.1 \x1b[2J 200 OK\r\n\r\n"
        code, shown = walk(f"{server.base}/menu.xml")
    assert 1 == code
    assert "\x1b" not in shown and "\x07" not in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Missing argument"),
        (("menu.xml",), "no complete URL"),
        (("ftp://192.168.1.10/menu.xml",), "no complete URL"),
        (("http://192.168.1.10/my menu.xml",), "no complete URL"),
        ((f"{BASE}/menu.xml", "--charset", "utf-16"), "--charset: write utf-8 or iso-8859-1."),
        ((f"{BASE}/menu.xml", "--device", "me"), "--device"),
        ((f"{BASE}/menu.xml", "--locale", "a&b=c"), "--locale"),
        ((f"{BASE}/menu.xml", "--model", "CP\r\nX: 1"), "--model"),
        ((f"{BASE}/menu.xml", "--max-pages", "0"), "--max-pages"),
    ],
)
def test_wrong_usage(words: tuple[str, ...], message: str) -> None:
    result = CliRunner().invoke(app, ["phone", *words])
    assert (2, True) == (result.exit_code, message in result.stderr)


def test_progress_is_shown_on_a_terminal_from_the_start(company: WebSide) -> None:
    master, terminal = pty.openpty()
    with subprocess.Popen(
        command("phone", f"{company.base}/menu.xml"),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    ) as process:
        shown = process.communicate()[0]
    close(terminal)
    drawn = read(master, 65_536).decode()
    close(master)
    assert drawn.startswith("\r\x1b[K0 pages read, 0 to go ...")
    assert drawn.endswith("\r\x1b[K")
    assert shown.endswith(": no breach.\n")


def test_a_private_authority_is_trusted_where_it_is_named(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    own = authority.issue("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    with served() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        base = server.base.replace("http:", "https:")
        server.pages[f"/menu.xml{QUERY}"] = http(text("Nothing here."))
        refused = walk(f"{base}/menu.xml")
        trusted = walk(f"{base}/menu.xml", "--ca-file", str(authority.file))
        other_name = base.replace("127.0.0.1", "localhost")
        misnamed = walk(f"{other_name}/menu.xml", "--ca-file", str(authority.file))
    assert (1, True) == (refused[0], "its certificate is not trusted (unable to get" in refused[1])
    assert "name the authority that signed it by --ca-file" in refused[1]
    assert (1, True) == (misnamed[0], "ask under a name that stands in it" in misnamed[1])
    assert "not valid for 'localhost'" in misnamed[1]
    assert "1 page with 0 numbers" in trusted[1], trusted


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_file_of_no_authority_is_wrong_usage(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    result = CliRunner().invoke(app, ["phone", f"{BASE}/menu.xml", "--ca-file", str(file)])
    assert 2 == result.exit_code
    assert "is no readable PEM file of certificates" in " ".join(result.stderr.split())
