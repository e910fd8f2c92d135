"""A gateway without processes: the builder's own steps make rows of its books."""

import csv
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from app.build.once import build_once
from app.generation.files import current_version, file_name
from app.generation.reader import Generation
from app.settings.loader import Settings, load
from app.state.store_snapshot import StoreSnapshot
from connectors.contact import Contact

Person = dict[str, str]


def write_people(path: Path, people: Iterable[Person]) -> Path:
    """Write a CSV file whose columns are the keys of the people in order of appearance."""
    rows = list(people)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, columns)
        out.writeheader()
        out.writerows(rows)
    return path


def configured(folder: Path, config: str) -> Settings:
    """Write `gateway.toml` and read it."""
    path = folder / "gateway.toml"
    path.write_text(config, encoding="utf-8")
    return load(path)


def built(folder: Path, config: str) -> Settings:
    """Write `gateway.toml`, read its sources once and publish."""
    settings = configured(folder, config)
    for name, status in build_once(settings):
        assert status.state == "ok", f"{name}: {status.error}"
    return settings


def open_generation(settings: Settings) -> Generation:
    """Open what is published."""
    version = current_version(settings.state_dir)
    assert version is not None
    return Generation(settings.state_dir / file_name(version))


def rows(
    settings: Settings, book: str = "staff", profile: str = "default"
) -> list[tuple[str, str]]:
    """Return a book's rows as (name, number), in order."""
    with closing(open_generation(settings)) as generation:
        shelf = generation.book_table(profile, book)
        assert shelf is not None
        return (
            [(row.name, row.number) for row in generation.rows(shelf, 0, shelf.rows)]
            if shelf.rows
            else []
        )


def unlisted(settings: Settings, book: str = "staff", profile: str = "default") -> dict[str, int]:
    """Return why contacts or numbers are not in a book, and how many."""
    with closing(open_generation(settings)) as generation:
        return {
            item.reason: item.count
            for item in generation.unlisted
            if (item.profile, item.book) == (profile, book)
        }


def stored(folder: Path, source: str) -> tuple[Contact, ...]:
    """Return all contacts of a source that a state directory holds now."""
    with StoreSnapshot(folder) as view:
        return tuple(view.contacts(source))
