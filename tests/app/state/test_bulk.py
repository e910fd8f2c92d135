import sqlite3
from contextlib import closing

import pytest

from app.state.bulk import insert_rows


@pytest.mark.parametrize("count", [0, 1, 332, 333, 334, 2000])
def test_every_row_is_inserted_once_and_in_its_place(count: int) -> None:
    """333 rows of three values are one statement."""
    rows = [(number, f"name {number}", None) for number in range(count)]
    with closing(sqlite3.connect(":memory:")) as file:
        file.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, note TEXT)")
        insert_rows(file, "t", 3, iter(rows))
        assert file.execute("SELECT * FROM t ORDER BY id").fetchall() == rows


@pytest.mark.parametrize(("verb", "kept"), [("INSERT OR REPLACE", "new"), ("INSERT OR IGNORE", "")])
def test_a_conflict_is_resolved_as_the_verb_says(verb: str, kept: str) -> None:
    with closing(sqlite3.connect(":memory:")) as file:
        file.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
        file.execute("INSERT INTO t VALUES (700, '')")
        insert_rows(file, "t", 2, [(number, "new") for number in range(1000)], verb)
        assert file.execute("SELECT name FROM t WHERE id = 700").fetchone() == (kept,)
        assert file.execute("SELECT count(*) FROM t").fetchone() == (1000,)


def test_a_conflict_without_a_rule_raises() -> None:
    with closing(sqlite3.connect(":memory:")) as file:
        file.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
        with pytest.raises(sqlite3.IntegrityError):
            insert_rows(file, "t", 2, [(number % 1500, "") for number in range(2000)])
