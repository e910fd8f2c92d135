"""Building: what is waited for after damage, and what `build --once` does."""

from pathlib import Path

import pytest

from app.build.builder import Builder
from app.generation.draft_file import BuildError
from app.settings.loader import Settings, load
from app.state.directory import prepare_state_dir
from app.web.publisher import Publisher
from connectors.base import Full
from connectors.contact import Contact, NumberKind, PhoneNumber
from tests.support import contacts
from tests.support.servers.gateway import run

TWO = """
[sources.staff]
connector = "csv"
path = "staff.csv"
[sources.family]
connector = "csv"
path = "family.csv"
"""


def configured(folder: Path) -> Settings:
    (folder / "gateway.toml").write_text(TWO)
    settings = load(folder / "gateway.toml")
    prepare_state_dir(settings.state_dir)
    return settings


def people(*names: str) -> Full:
    return Full(
        tuple(
            Contact(id=name, name=name, numbers=(PhoneNumber("1001", NumberKind.WORK),))
            for name in names
        )
    )


def rows(settings: Settings, book: str) -> int:
    publisher = Publisher(settings)
    assert publisher.generation is not None
    shelf = publisher.generation.book_table("default", book)
    publisher.close()
    return shelf.rows if shelf is not None else -1


def test_a_damaged_store_takes_no_book_off_the_phones(tmp_path: Path) -> None:
    settings = configured(tmp_path)
    builder = Builder(settings)
    builder.prepare()
    for refresher in builder.refreshers():
        refresher.handle_result(people("Ann", "Bea"))
    builder.compose()
    (settings.state_dir / "sources.sqlite").write_bytes(b"no database at all" * 1000)
    again = Builder(settings)
    again.prepare()
    staff, family = again.refreshers()
    staff.handle_result(people("Ann", "Bea", "Cleo"))
    with pytest.raises(BuildError, match="before these sources have been read again: family"):
        again.compose()
    assert (2, 2) == (rows(settings, "staff"), rows(settings, "family"))
    family.handle_result(people("Dora"))
    again.compose()
    assert (3, 1) == (rows(settings, "staff"), rows(settings, "family"))


def test_what_was_accepted_passes_when_it_is_built_from_cron(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(contacts.CONFIG)
    contacts.write(tmp_path / "contacts.csv", (contacts.person(row) for row in range(40)))
    assert "staff: ok, 40 contacts\n" == run("build", "--once", cwd=tmp_path).stdout
    assert "nothing to accept" in run("accept", "staff", cwd=tmp_path).stdout
    contacts.write(tmp_path / "contacts.csv", (contacts.person(row) for row in range(3)))
    held = run("build", "--once", cwd=tmp_path)
    assert (1, True) == (held.returncode, "directory-gateway accept staff" in held.stderr)
    assert (
        "no builder runs: it waits for serve, build or build --once"
        in run("accept", "staff", cwd=tmp_path).stdout
    )
    assert "staff: ok, 3 contacts\n" == run("build", "--once", cwd=tmp_path).stdout


def test_files_of_a_glob_may_change_their_names(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        contacts.CONFIG.replace("contacts.csv", "contacts-*.csv")
    )
    contacts.write(tmp_path / "contacts-1.csv", (contacts.person(row) for row in range(40)))
    assert "staff: ok, 40 contacts\n" == run("build", "--once", cwd=tmp_path).stdout
    (tmp_path / "contacts-1.csv").unlink()
    contacts.write(tmp_path / "contacts-2.csv", (contacts.person(row) for row in range(41)))
    assert "staff: ok, 41 contacts\n" == run("build", "--once", cwd=tmp_path).stdout


def test_who_is_not_listed_is_counted_with_the_reason(tmp_path: Path) -> None:
    settings = configured(tmp_path)
    builder = Builder(settings)
    builder.prepare()
    ann = Contact(id="1", name="Ann", numbers=(PhoneNumber("1001"), PhoneNumber("no number")))
    again = Contact(id="2", name="Ann", department="Sales", numbers=(PhoneNumber("1001"),))
    nobody = Contact(id="3", name="Bea", numbers=(PhoneNumber("none at all"),))
    without = Contact(id="4", name="Cleo")
    staff, family = builder.refreshers()
    staff.handle_result(Full((ann, again, nobody, without)))
    family.handle_result(people("Dora"))
    builder.compose()
    publisher = Publisher(settings)
    assert publisher.generation is not None
    unlisted = {(item.book, item.reason): item.count for item in publisher.generation.unlisted}
    publisher.close()
    assert {
        ("staff", "listed once instead of twice: same name and number"): 1,
        ("staff", "a number of somebody listed that cannot be dialled"): 1,
        ("staff", "no dialable number"): 1,
        ("staff", "no number"): 1,
    } == unlisted
