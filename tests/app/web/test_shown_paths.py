"""Paths of requests in the access log: words of the gateway are shown, others hidden."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings.loader import Settings, parse
from app.web.shown_paths import HIDDEN, ShownPaths
from tests.support.paths import ROOT


def settings(folder: Path) -> Settings:
    data = {
        "state_dir": str(folder),
        "sources": {"staff": {"connector": "csv", "path": "staff.csv"}},
        "dial": {"taxi": {"title": "Taxi", "number": "0895550101"}},
        "profiles": {"default": {}, "lobby": {}},
    }
    return parse(data, folder / "gateway.toml")


PATHS = ShownPaths(settings(Path("/nowhere")))


@pytest.mark.parametrize(
    "target",
    [
        *("/", "/menu.xml", "/menu", "/staff.xml", "/staff/search.xml", "/taxi.xml", "/lookup"),
        *("/p/lobby/menu.xml", "/p/lobby/staff/search.xml", "/-/static/console.css"),
    ],
)
def test_words_of_the_configuration_are_shown(target: str) -> None:
    assert target == PATHS.show(target.encode())
    assert target == PATHS.show(f"{target}?q=Smith&k=0895550101?name=Smith".encode())


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/smith.xml", "/....xml"),
        ("/p/smith/menu.xml", "/p/.../menu.xml"),
        ("/lookup/0895550101", "/lookup/..."),
        ("/staff/0895550101.xml", "/staff/....xml"),
        ("/%73taff.xml", "/staff.xml"),
        ("/staff%2FSmith", "/staff/..."),
        ("/-/people/smith", "/-/people/..."),
        ("/staff/mx27trq2/33.xml", "/staff/.../33.xml"),
        ("/staff/mx27trq2/33-64.xml", "/staff/.../33-64.xml"),
        ("/staff/mx27trq2/0895550101.xml", "/staff/.../....xml"),
        ("/schmidt/4711.xml", "/.../....xml"),
        ("/p/schmidt/4711.xml", "/p/.../....xml"),
        ("/p/lobby/staff/mx27trq2/33.xml", "/p/lobby/staff/.../33.xml"),
        ("/\r\nevent=forged", "/..."),
        ("*", "..."),
        ("/p" * 300, "/p" * 50),
        ("", ""),
    ],
)
def test_other_parts_are_hidden(target: str, shown: str) -> None:
    assert shown == PATHS.show(target.encode())


@given(st.lists(st.text(), max_size=5), st.text())
def test_nothing_else_of_a_request_is_ever_shown(parts: list[str], query: str) -> None:
    shown = PATHS.show("/".join(["", *parts, f"?{query}"]).encode("utf-8", "replace"))
    known = {"p", "-", "lobby", "default", "staff", "taxi", "lookup", "menu", "directory", "search"}
    left = [part.removesuffix(".xml") for part in shown.split("/")]
    assert {word for word in left if not word.isdecimal()} - known - {"", HIDDEN, "docs"} == set()


def test_every_page_of_the_gateway_is_shown() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "app" / "web").rglob("*.py"))
    paths = set(re.findall(r'"(/(?:-/[\w/.]+|docs|openapi\.json))"', code))
    assert {"/-/status", "/-/people", "/-/setup/file", "/-/login", "/docs"} <= paths
    assert {path: path for path in paths} == {path: PATHS.show(path.encode()) for path in paths}
