"""What init writes is read back as it was typed, whatever was typed."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.init.config_text import (
    Key,
    Secret,
    Site,
    SourceDraft,
    config_text,
    path_value,
    toml_value,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
HOSTILE = (
    '"',
    "\\",
    "\n",
    "\r\n",
    "\t",
    "#",
    "'",
    '"""',
    "ä ß 日本 \U0001f600",
    "\x00\x1b\x7f\x85",
)


@given(st.one_of(TEXT, st.booleans(), st.lists(TEXT).map(tuple)))
def test_a_value_is_read_back(value: str | bool | tuple[str, ...]) -> None:
    line = f"key = {toml_value(value)}"
    assert "\n" not in line and "\r" not in line
    read = tomllib.loads(line)["key"]
    assert value == (tuple(read) if isinstance(read, list) else read)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_answer_stays_one_value(text: str) -> None:
    assert {"key": text} == tomllib.loads(f"key = {toml_value(text)}  # comment")


@given(TEXT, TEXT, TEXT, TEXT, st.lists(TEXT, min_size=1))
def test_the_file_holds_the_answers_and_the_secret_only_for_the_trial(
    title: str, value: str, line: str, password: str, headers: list[str]
) -> None:
    source = SourceDraft(
        "staff",
        "csv",
        (Key("path", value, "a comment"),),
        (f"remark = {toml_value(value)}",),
        (("work", tuple(headers)),),
        Secret(Key("password_file", "staff.password"), Key("password", password), lambda: b""),
    )
    site = Site(title, "DE", line)
    written = tomllib.loads(config_text(source, site))
    table = written["sources"]["staff"]
    assert (title, value, "staff.password") == (
        written["title"],
        table["path"],
        table["password_file"],
    )
    assert "password" not in table
    assert (headers[0] if len(headers) == 1 else headers) == table["columns"]["work"]
    assert line == written["numbers"].get("outside_line", "")
    trial = tomllib.loads(config_text(source, site, is_trial=True))["sources"]["staff"]
    assert (password, False) == (trial["password"], "password_file" in trial)


def test_a_secret_is_not_printed_with_the_draft() -> None:
    secret = Secret(Key("password_file", "x"), Key("password", "its password"), lambda: b"")
    assert "its password" not in repr(SourceDraft("staff", "ldap", (), secret=secret))


def test_what_stays_open_is_a_comment() -> None:
    text = config_text(SourceDraft("staff", "csv", ()), Site("Company"))
    assert {} == tomllib.loads(text)["numbers"]
    assert '# region = "DE"' in text and '# outside_line = "0"' in text


@pytest.mark.parametrize(
    "path, value",
    [
        ("/home/ann/list.csv", "list.csv"),
        ("/home/ann/lists/a b.csv", "lists/a b.csv"),
        ("/srv/list.csv", "/srv/list.csv"),
        ("/home/ann/~bob.csv", "/home/ann/~bob.csv"),
    ],
)
def test_a_path_is_written_from_the_folder_of_the_file(path: str, value: str) -> None:
    assert value == path_value(Path(path), Path("/home/ann"))
