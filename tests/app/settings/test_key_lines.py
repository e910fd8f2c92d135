"""The line of each key of a TOML file, however it is written."""

import textwrap
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings.errors import SettingsError
from app.settings.key_lines import key_lines, with_lines
from app.settings.loader import load

FILE = '''\
# title = "no"
title = """
base_url = "no"
[sources.no]
"""  # the end
access.networks = [
  "10.0.0.0/8",  # ] not the end
  # [sources.no]
  "nonsense", "10.1.0.0/16",
]
listen = { host = "::1", "port" = 80 }

[sources."odd name"]
connector = 'csv'
path = \'\'\'
[books.no]
\'\'\'
columns.name = "Name"
columns."number.work" = ["Phone", "Tel"]

  [ sources . staff ]  # a comment
connector="csv"

[[lists]]
word = 1
[[lists]]
word = 2
[lists.inner]
word = 3
[[lists.deep]]
word = 4
[[lists.deep]]
nested = [
  [1, 2],
  [{ a = 1 }],
]
'''
LINES = {
    "title": 2,
    "access": 6,
    "access.networks": 6,
    "access.networks, item 1": 7,
    "access.networks, item 2": 9,
    "access.networks, item 3": 9,
    "listen": 11,
    "listen.host": 11,
    "listen.port": 11,
    "sources": 13,
    "sources.odd name": 13,
    "sources.odd name.connector": 14,
    "sources.odd name.path": 15,
    "sources.odd name.columns": 18,
    "sources.odd name.columns.name": 18,
    "sources.odd name.columns.number.work": 19,
    "sources.odd name.columns.number.work, item 1": 19,
    "sources.odd name.columns.number.work, item 2": 19,
    "sources.staff": 21,
    "sources.staff.connector": 22,
    "lists": 24,
    "lists, item 1": 24,
    "lists, item 1.word": 25,
    "lists, item 2": 26,
    "lists, item 2.word": 27,
    "lists, item 2.inner": 28,
    "lists, item 2.inner.word": 29,
    "lists, item 2.deep": 30,
    "lists, item 2.deep, item 1": 30,
    "lists, item 2.deep, item 1.word": 31,
    "lists, item 2.deep, item 2": 32,
    "lists, item 2.deep, item 2.nested": 33,
    "lists, item 2.deep, item 2.nested, item 1": 34,
    "lists, item 2.deep, item 2.nested, item 1, item 1": 33,
    "lists, item 2.deep, item 2.nested, item 1, item 2": 33,
    "lists, item 2.deep, item 2.nested, item 2": 35,
    "lists, item 2.deep, item 2.nested, item 2, item 1": 33,
    "lists, item 2.deep, item 2.nested, item 2, item 1.a": 33,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_key_has_its_line(newline: str) -> None:
    assert LINES == key_lines(FILE.replace("\n", newline))


@pytest.mark.parametrize(
    "problem, line",
    [
        ("sources.staff.connector is wrong", 22),
        ("sources.staff.path is missing. Add it.", 21),
        ("[sources.staff]: this name is reserved", 21),
        ("sources.staffs.path is missing", 13),
        ('access.networks, item 2 = "nonsense": no network', 9),
        ("access.networks, item 12: no network", 6),
        ("lists, item 2.inner.word = 3: too much", 29),
        ("titles: unknown key", 0),
        ("no [sources.NAME] section", 0),
    ],
)
def test_a_problem_is_at_its_key_or_at_what_lacks_it(problem: str, line: int) -> None:
    assert (f"line {line}: {problem}" if line else problem,) == with_lines((problem,), FILE)


def paths(value: object, above: str = "") -> set[str]:
    """Return all keys of parsed TOML as problems write them."""
    if isinstance(value, dict):
        found = {(f"{above}.{key}" if above else key, inner) for key, inner in value.items()}
    elif isinstance(value, tuple):
        found = {(f"{above}, item {number}", inner) for number, inner in enumerate(value, 1)}
    else:
        return set()
    return {key for key, _ in found}.union(*(paths(inner, key) for key, inner in found))


def frozen(value: object) -> object:
    if isinstance(value, dict):
        return FrozenTable((key, frozen(inner)) for key, inner in value.items())
    return tuple(map(frozen, value)) if isinstance(value, list) else value


class FrozenTable(dict[str, object]):
    """A table that may stand in a set."""

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)


VALUES = st.recursive(
    st.sampled_from(["1", '"a # ] b"', "'x'", '"""\n[no]\n"""', "'''\n] # \"\"\"\n'''", "true"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(inner, max_size=3).map(
            lambda items: "[ # [\n" + "".join(f"{i},\n" for i in items) + "]"
        ),
        st.lists(st.sampled_from("abc"), unique=True, max_size=2).map(
            lambda keys: "{" + ", ".join(f"{key} = 1" for key in keys) + "}"
        ),
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(["a", '"a b"', "'a.b'", "b", "a1 . c", 'd."e"'])


@given(st.lists(st.tuples(st.sampled_from(["", "[t]", "[u.'v w']", "[[l]]"]), KEYS, VALUES)))
def test_the_keys_are_those_that_tomllib_reads(parts: list[tuple[str, str, str]]) -> None:
    text = ""
    for header, key, value in parts:
        for piece in (f"{header}\n" if header else "", f"{key} = {value}\n"):
            try:
                tomllib.loads(text + piece)
            except tomllib.TOMLDecodeError:
                continue
            text += piece
    lines = key_lines(text)
    assert paths(frozen(tomllib.loads(text))) == set(lines)
    for key, line in lines.items():
        before = "".join(text.splitlines(keepends=True)[: line - 1])
        try:
            assert key not in paths(frozen(tomllib.loads(before)))
        except tomllib.TOMLDecodeError:
            continue  # the line is inside a value


def test_the_items_of_a_very_long_list_count_as_one_place() -> None:
    networks = "".join(f'  "10.{n // 250}.{n % 250}.0/24",\n' for n in range(900))
    text = f'[access]\nnetworks = [\n{networks}  "10.0.0.0/99",\n]\n'
    assert 903 == key_lines(text)["access.networks, item 901"]
    longer = text.replace("networks = [\n", "networks = [\n" + "\n" * 200)
    assert 2 == key_lines(longer)["access.networks, item 901"]


def test_the_message_has_the_lines(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text(
        textwrap.dedent(
            """\
            titel = "x"

            [sources.staff]
            connector = "csv"

            [profiles.default]
            menu = [
              "staff",
              "nobody",
            ]
            """
        )
    )
    with pytest.raises(SettingsError) as caught:
        load(file)
    assert [
        'line 1: titel: unknown key. Did you mean "title"?',
        "line 3: sources.staff.path is missing. Add it.",
    ] == list(caught.value.problems)[:2]
