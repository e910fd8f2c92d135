"""Read all that a generation holds, to compare two of them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from app.generation.files import file_name, people_file_name, read_current
from app.generation.reader import Generation

Contents = dict[str, object]


def contents(folder: Path) -> Contents:
    """Return what the published generation of a state directory holds.

    Rows stand by their position and not by their id, because ids differ between a
    generation that was made from nothing and one that was made from the one before.
    """
    version = read_current(folder).version
    found: Contents = {}
    path = folder / file_name(version)
    with closing(Generation(path)) as generation:
        for profile, book, table in generation.book_tables():
            where = f"{profile}/{book}"
            found[f"book {where}"] = (table.subset, table.rows, table.known, table.sources)
            rows = generation.rows(table, 0, table.rows)
            found[f"rows {where}"] = [(row.name, row.number) for row in rows]
            assert rows == tuple(
                row for at in range(table.rows) for row in generation.rows(table, at, at + 1)
            )
            headings = generation.headings(table, tuple(range(table.rows)))
            found[f"headings {where}"] = headings
    with closing(sqlite3.connect(path)) as file:
        tables = [
            name
            for (name,) in file.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
        ]
        found["tables"] = tables
        for name in ("meta", "dial", "unlisted", "caller", "book"):
            found[name] = sorted(file.execute(f"SELECT * FROM {name}").fetchall())
        for name in tables:
            if name.startswith("rows_"):
                query = f"SELECT name, number, heading, digits FROM {name} ORDER BY id"
                found[name] = file.execute(query).fetchall()
                found |= _searches(file, name)
            if name.startswith(("rows_", "book_")):
                ids = [row for (row,) in file.execute(f"SELECT id FROM {name} ORDER BY id")]
                counted = file.execute("SELECT rows FROM list WHERE name = ?", (name,)).fetchone()
                assert (len(ids),) == counted
                assert ids == sorted(set(ids))
    return found | _people(folder / people_file_name(version))


def _searches(file: sqlite3.Connection, table: str) -> Contents:
    """Return the positions of the rows that each term of the index finds."""
    index = f"found_{table}"
    position = {
        row: at
        for at, (row,) in enumerate(file.execute(f"SELECT id FROM {table} ORDER BY id").fetchall())
    }
    # The index checks that its lists fit together.
    file.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
    file.execute(f"CREATE VIRTUAL TABLE temp.{index}_terms USING fts5vocab(main, {index}, row)")
    terms = [term for (term,) in file.execute(f"SELECT term FROM temp.{index}_terms")]
    found = {
        term: [
            position[row]
            for (row,) in file.execute(
                f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid",
                ('"' + term + '"',),
            )
        ]
        for term in terms
    }
    words = file.execute(f"SELECT word, rows FROM {index}_words ORDER BY word").fetchall()
    return {
        f"searches {table}": {term: rows for term, rows in sorted(found.items()) if rows},
        f"words {table}": words,
    }


def _people(path: Path) -> Contents:
    with closing(sqlite3.connect(path)) as file:
        tables = [
            name
            for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        return {
            f"people {name}": sorted(file.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in tables
        }
