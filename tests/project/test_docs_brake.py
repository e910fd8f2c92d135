"""What is promised of the brake is the same in every document, and what the code does."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.refresh.brake import MIN_BRAKED
from app.refresh.schedule import MAX_REFUSED
from app.settings.errors import SettingsError
from app.settings.loader import parse
from app.settings.schema import SourceSection
from connectors.base import MAX_CONTACTS
from tests.support.paths import ROOT

TEXTS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "README.md",
        "CHANGELOG.md",
        "gateway.example.toml",
        "docs/operations.md",
        "docs/connectors/csv.md",
    )
}
DEFAULTS = SourceSection(connector="csv")


def plain(text: str) -> str:
    return re.sub(r"[\s#]+", " ", text)


def about(name: str, *words: str) -> list[str]:
    """Return the lines, bullets or sentences of a document that hold all these words."""
    parts = re.split(r"\n(?=[-|]|\n|#)|(?<=[.:;])\s", TEXTS[name])
    return [plain(part) for part in parts if all(word in plain(part) for word in words)]


@pytest.mark.parametrize("name", TEXTS)
def test_each_document_says_that_a_person_accepts_what_holds_nothing(name: str) -> None:
    text = plain(TEXTS[name])
    assert re.search(
        r"holds? nothing|holds nobody|(suddenly|now) empty|nobody at all|no rows", text
    )
    assert "accept" in text
    # "until accepted", "never", "alone": said without a way out but allow_empty.
    assert re.search(
        r"[Nn]ever by itself|waits for accept alone|never an empty list|until a person accepts it"
        r" \(`accept`, or `allow_empty`\)"
        r"|until you accept (it|the empty file), however long",
        text,
    )


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "docs/connectors/csv.md"])
def test_each_document_that_tells_of_a_large_loss_names_hold_and_its_default(name: str) -> None:
    days = int(DEFAULTS.hold // 86_400)
    assert 3 == days
    assert re.search(rf"`?hold`? \({days} days\)|hold = \"{days}d\"", TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_no_document_says_that_one_refresh_is_enough(name: str) -> None:
    assert [] == [
        part
        for part in about(name, "refresh")
        if re.search(r"one whole|says exactly the same|it is believed", part)
    ]


def test_the_numbers_are_those_of_the_code() -> None:
    operations = plain(TEXTS["docs/operations.md"])
    assert (
        f"lost more than `max_loss` ({DEFAULTS.max_loss}: half) of at least {MIN_BRAKED} contacts"
        in operations
    )
    assert f"pauses that double from `refresh` up to {MAX_REFUSED / 3600:g} hours" in operations
    assert f"gives more than {MAX_CONTACTS:,} contacts" in operations
    assert re.search(rf"max_loss = {DEFAULTS.max_loss} ", TEXTS["gateway.example.toml"])
    assert not DEFAULTS.allow_empty and "allow_empty = false" in TEXTS["gateway.example.toml"]


@pytest.mark.parametrize("name", ["csv", "carddav", "vcard"])
def test_pages_that_list_the_keys_of_every_source_list_hold(name: str) -> None:
    (line,) = re.findall(
        r"`refresh`[^.]*`max_loss`[^.]*",
        (ROOT / "docs" / "connectors" / f"{name}.md").read_text(encoding="utf-8"),
    )
    assert "`hold`" in line and "`allow_empty`" in line


def test_hold_is_checked_like_other_durations(tmp_path: Path) -> None:
    for value, seconds in (("14d", 14 * 86_400.0), (60, 60.0), ("1.5h", 5400.0)):
        table = {"connector": "csv", "path": "a.csv", "hold": value}
        assert (
            seconds
            == parse({"sources": {"staff": table}}, tmp_path / "gateway.toml").sources[0].hold
        )
    for wrong in ("0s", -1, "soon", "400d", True):
        with pytest.raises(SettingsError, match=r"sources\.staff\.hold"):
            parse(
                {"sources": {"staff": {"connector": "csv", "path": "a.csv", "hold": wrong}}},
                tmp_path / "gateway.toml",
            )


def test_the_command_says_what_it_lets_pass() -> None:
    shown = plain(CliRunner().invoke(app, ["accept", "--help"]).output)
    assert "list the contacts that it removes" in shown and "--dry-run" in shown
