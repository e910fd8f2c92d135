"""`check` and `fetch` report unread columns with the line of configuration to add."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.support.servers.gateway import run

CONFIG = 'title = "T"\n[sources.v]\nconnector = "csv"\npath = "c.csv"\n[numbers]\nregion = "DE"\n'


def gateway(folder: Path, text: str) -> Path:
    (folder / "c.csv").write_text(text, encoding="utf-8")
    os.utime(folder / "c.csv", (1_000_000_000, 1_000_000_000))
    (folder / "gateway.toml").write_text(CONFIG, encoding="utf-8")
    return folder


def fetched(folder: Path) -> list[dict[str, object]]:
    return [
        json.loads(line) for line in run("fetch", "v", "--json", cwd=folder).stdout.splitlines()
    ]


@pytest.mark.parametrize(
    ("text", "messages", "fixed"),
    [
        (
            "Name,Mobile,Lagerruf\nAnna Bauer,0172 5550101,030 5550101\nBert Klein,,030 5550103\n",
            [
                "a column that looks like telephone numbers, but is not read",
                'c.csv column "Lagerruf"',
            ],
            [("Anna Bauer", ["0172 5550101", "030 5550101"]), ("Bert Klein", ["030 5550103"])],
        ),
        (
            (
                "Firma;Wer;Telefon\nMuster Bau GmbH;Anna Bauer;030 5550101\nMuster Bau GmbH;Bert"
                " Klein;030 5550103\n"
            ),
            [
                "a column that looks like names, but is not read",
                "no column of names, only one of organisations",
            ],
            [("Anna Bauer", ["030 5550101"]), ("Bert Klein", ["030 5550103"])],
        ),
    ],
    ids=["numbers", "names"],
)
def test_what_is_not_read_is_told_by_both_and_the_line_that_they_give_mends_it(
    tmp_path: Path, text: str, messages: list[str], fixed: list[tuple[str, list[str]]]
) -> None:
    gateway(tmp_path, text)
    check, fetch = run("check", cwd=tmp_path), run("fetch", "v", cwd=tmp_path)
    for shown in (check.stdout, fetch.stderr):
        assert [] == [words for words in messages if words not in shown]
        assert "columns that hold something and are not read" in shown
        assert not re.search(r"Anna|Bauer|555", shown)
    assert "  warning: skipped 1: " in check.stdout
    (line,) = re.findall(r"to read them: (columns = \{.*?\});", check.stdout)
    (tmp_path / "gateway.toml").write_text(
        CONFIG.replace('path = "c.csv"', f'path = "c.csv"\n{line}'), encoding="utf-8"
    )
    assert fixed == [
        (contact["name"], [number["value"] for number in contact["numbers"]])
        for contact in fetched(tmp_path)
    ]  # type: ignore[attr-defined]
    assert "warning" not in run("check", cwd=tmp_path).stdout


def test_a_list_whose_columns_are_all_read_is_good_without_a_word(tmp_path: Path) -> None:
    gateway(
        tmp_path,
        "Name,telephoneNumber,DID,Mobile\nAnna Bauer,030 5550101,030 5550102,0172 5550101\nBert"
        " Klein,030 5550103,,\n",
    )
    check = run("check", cwd=tmp_path)
    assert "source v: 2 contacts with 4 numbers; 0 without a number." in check.stdout
    assert not re.search(r"warning|note", check.stdout)
