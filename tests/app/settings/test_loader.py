"""What a configuration file means, and the exact sentences for wrong files."""

import os
import textwrap
from pathlib import Path
from typing import Any

import pytest

from app.model.names import NameOrder, SortBy
from app.model.networks import parse_address, within
from app.settings.config_file import DEMO
from app.settings.errors import SettingsError
from app.settings.loader import Settings, load, parse
from connectors.contact import NumberKind

WRONG = Path(__file__).parent / "invalid"
SOURCE = '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'


def settings(folder: Path, text: str) -> Settings:
    file = folder / "gateway.toml"
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return load(file)


@pytest.mark.parametrize("name", sorted(path.stem for path in WRONG.glob("*.toml")))
def test_every_problem_is_told_at_once(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(WRONG / f"{name}.toml")
    assert (WRONG / f"{name}.txt").read_text(encoding="utf-8").splitlines() == list(
        caught.value.problems
    )


FAULTS: tuple[tuple[tuple[str, ...], str, object, str], ...] = (
    ((), "title", "x" * 33, "title = "),
    ((), "titel", "x", "titel: unknown key"),
    (("listen",), "port", True, "listen.port = true"),
    (("access",), "networks", ["x"], "access.networks, item 1"),
    (("numbers",), "region", "Germany", "numbers.region"),
    (("numbers",), "outside_line", 0, "numbers.outside_line"),
    (("sources", "staff"), "refresh", "often", "sources.staff.refresh"),
    (("sources", "staff"), "pth", "x", "sources.staff.pth"),
    (
        ("sources", "staff"),
        "columns",
        {"name": "Who"},
        "sources.staff.columns: no column holds a number",
    ),
    (("sources", "staff"), "encoding", 5, "sources.staff.encoding"),
    (("books", "team"), "sources", "staff", "books.team.sources"),
    (("books", "other"), "sources", ["staf"], 'books.other.sources: there is no source "staf"'),
    (("books", "other"), "kinds", ["cell"], "books.other.kinds, item 1"),
    (("dial", "help"), "number", 1001, "dial.help.number"),
    (
        ("profiles", "default"),
        "menu",
        ["nobody"],
        'profiles.default.menu: there is no book or dial item "nobody"',
    ),
    (("profiles", "lobby"), "restricted", True, "profiles.lobby.restricted"),
    (
        ("profiles", "lobby", "numbers"),
        "international",
        "+",
        "profiles.lobby.numbers.international",
    ),
)


@pytest.mark.parametrize("first", range(len(FAULTS)))
def test_no_fault_hides_another_and_none_makes_another(tmp_path: Path, first: int) -> None:
    for second in range(first, len(FAULTS)):
        data: dict[str, Any] = {
            "sources": {"staff": {"connector": "csv", "path": "contacts.csv"}},
            "books": {"team": {"sources": ["staff"]}, "other": {"sources": ["staff"]}},
            "dial": {"help": {"title": "Help", "number": "1001"}},
        }
        for sections, key, value, _ in (FAULTS[first], FAULTS[second]):
            table = data
            for section in sections:
                table = table.setdefault(section, {})
            table[key] = value
        with pytest.raises(SettingsError) as caught:
            parse(data, tmp_path / "gateway.toml")
        wanted = {FAULTS[first][3], FAULTS[second][3]}
        problems = caught.value.problems
        assert [[], len(wanted)] == [
            [start for start in wanted if not any(line.startswith(start) for line in problems)],
            len(problems),
        ], problems


def test_the_smallest_file(tmp_path: Path) -> None:
    result = settings(tmp_path, SOURCE)
    assert ("Directory", "", tmp_path / "state", 8080, 64 * 1024**2) == (
        result.title,
        result.base_url,
        result.state_dir,
        result.port,
        result.cache_bytes,
    )
    (profile,) = result.profiles
    assert ("default", ("staff", "search"), True, 30) == (
        profile.name,
        profile.menu,
        profile.softkeys,
        profile.comfort,
    )
    assert [("staff", "Staff", ("staff",))] == [
        (book.name, book.title, book.sources) for book in profile.books
    ]
    (source,) = result.sources
    assert ("staff", "csv", 900.0, 600.0, 0.5, False) == (
        *(source.name, source.word, source.refresh),
        *(source.max_time, source.max_loss, source.allow_empty),
    )  # fmt: skip


def test_everything_that_is_said_arrives(tmp_path: Path) -> None:
    result = settings(
        tmp_path,
        SOURCE
        + """
        refresh = "90s"
        max_loss = 0.1
        [books.team]
        title = "The team"
        sources = ["staff"]
        groups = ["Sales"]
        kinds = ["mobile", "work"]
        merge = false
        [books.all]
        sources = ["staff"]
        [dial.help]
        title = "Call help"
        number = "1001"
        [numbers]
        region = "DE"
        outside_line = "0"
        [profiles.default]
        menu = ["help", "team"]
        name_order = "last-first"
        sort_by = "first"
        [profiles.lobby]
        devices = ["sep001122aabbcc"]
        networks = ["10.1.2.3/16"]
        restricted = true
        [profiles.lobby.numbers]
        outside_line = "9"
        """,
    )
    default, lobby = result.profiles
    assert (("help", "team"), NameOrder.LAST_FIRST, SortBy.FIRST) == (
        default.menu,
        default.name_order,
        default.sort_by,
    )
    assert ["team"] == [book.name for book in default.books]
    assert (("Sales",), (NumberKind.MOBILE, NumberKind.WORK), False) == (
        default.books[0].groups,
        default.books[0].kinds,
        default.books[0].merge,
    )
    assert (("SEP001122AABBCC",), ("10.1.0.0/16",), True) == (
        lobby.devices,
        lobby.networks,
        lobby.restricted,
    )
    assert ("team", "all", "search", "help") == lobby.menu
    assert (("DE", "0"), ("DE", "9")) == tuple(
        (profile.plan.region, profile.plan.outside_line) for profile in result.profiles
    )
    assert (90.0, 0.1) == (result.sources[0].refresh, result.sources[0].max_loss)


def test_relative_paths_start_at_the_files_folder(tmp_path: Path) -> None:
    result = settings(tmp_path, 'state_dir = "var/state"\n' + SOURCE)
    assert tmp_path / "var/state" == result.state_dir
    assert str(tmp_path) in repr(result.sources[0].connector)


@pytest.mark.parametrize("paths", ["'contacts.csv'", "['a/*.csv', '../b.csv']", "'~/contacts.csv'"])
def test_paths_enter_the_fingerprint_as_they_are_written(tmp_path: Path, paths: str) -> None:
    text = SOURCE.replace('"contacts.csv"', paths)
    assert text != SOURCE
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "gateway.toml").write_text(text, encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "one")
    names = ("one", "other", "link", "other/../one")
    found = [load(tmp_path / name / "gateway.toml") for name in names]
    assert 1 == len({one.fingerprint for one in found})
    assert 1 == len({one.sources[0].fingerprint for one in found})
    absolute = text.replace(paths, f"'{tmp_path}/contacts.csv'")
    assert found[0].fingerprint != settings(tmp_path, absolute).fingerprint


def test_the_fingerprint_follows_what_makes_the_rows(tmp_path: Path) -> None:
    first = settings(tmp_path, SOURCE)
    assert (
        first.fingerprint
        == settings(tmp_path, "cache_size = '1MB'\n[listen]\nport = 81\n" + SOURCE).fingerprint
    )
    for more in (
        "[numbers]\nregion = 'DE'\n",
        "[profiles.default]\nsort_by = 'first'\n",
        "[books.a]\nsources = ['staff']\n",
    ):
        assert first.fingerprint != settings(tmp_path, SOURCE + more).fingerprint
    assert (
        first.fingerprint
        != settings(tmp_path, SOURCE.replace("contacts.csv", "others.csv")).fingerprint
    )


def test_default_access(tmp_path: Path) -> None:
    access = settings(tmp_path, SOURCE).access
    for address, phones, operators in (
        ("127.0.0.1", True, True),
        ("::1", True, True),
        ("10.9.8.7", True, False),
        ("192.168.3.4", True, False),
        ("172.20.0.1", True, False),
        ("169.254.1.1", True, False),
        ("fe80::1%eth0", True, False),
        ("fd00::1", True, False),
        ("::ffff:127.0.0.1", True, True),
        ("8.8.8.8", False, False),
        ("172.32.0.1", False, False),
        ("2001:db8::1", False, False),
        ("nonsense", False, False),
    ):
        found = parse_address(address)
        assert (phones, operators) == (
            within(found, access.networks),
            within(found, access.operators),
        ), address


@pytest.mark.parametrize(
    "content, line",
    [
        (b"\xff\xfe\x00", 1),
        (b"title = \x80", 1),
        (b"title = 'x'\n\n# \xfcber", 3),
        (b"\xef\xbb\xbf#\n\xfc", 2),
    ],
)
def test_a_file_that_is_no_text(tmp_path: Path, content: bytes, line: int) -> None:
    (tmp_path / "gateway.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=rf"is not UTF-8 \(line {line}\). Save it as UTF-8"):
        load(tmp_path / "gateway.toml")


def test_the_demo_keeps_its_state_in_the_systems_temporary_folder() -> None:
    demo = load(DEMO)
    assert demo.is_demo
    assert not demo.state_dir.is_relative_to(DEMO.parent)
    assert str(os.getuid()) in demo.state_dir.name
