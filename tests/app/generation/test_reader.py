"""Rows are read by their position, though their ids have gaps."""

from contextlib import closing
from pathlib import Path

from app.generation.schema import BLOCK, ID_STEP
from app.search.query import Search
from tests.support.offline_gateway import built, open_generation, write_people

CONFIG = """
[sources.one]
connector = "csv"
path = "one.csv"
[sources.two]
connector = "csv"
path = "two.csv"
[books.all]
sources = ["one", "two"]
[books.some]
sources = ["two"]
"""
PEOPLE = 3 * BLOCK + 5


def test_a_position_finds_its_row_in_each_book(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_people(
            tmp_path / f"{name}.csv",
            (
                {"Name": f"Person {person:03d}", "Work Phone": f"{1000 + person}"}
                for person in range(PEOPLE)
                if (name == "two") == bool(person % 3)
            ),
        )
    everybody = [(f"Person {person:03d}", f"{1000 + person}") for person in range(PEOPLE)]
    expected = {"all": everybody, "some": [everybody[at] for at in range(PEOPLE) if at % 3]}
    with closing(open_generation(built(tmp_path, CONFIG))) as generation:
        for book, rows in expected.items():
            table = generation.book_table("default", book)
            assert table is not None
            assert len(rows) == table.rows
            assert (book == "some") == bool(table.subset)
            for start in range(len(rows) + 2):
                for stop in (start, start + 1, start + 32, len(rows) + 9):
                    found = generation.rows(table, start, stop)
                    assert rows[start:stop] == [(row.name, row.number) for row in found]
            positions = (len(rows) - 1, 0, BLOCK, BLOCK - 1)
            assert tuple(rows[at][0] for at in positions) == generation.headings(table, positions)
            for at in range(0, len(rows), 7):
                ((position, row, _),) = generation.find_by_number(table, rows[at][1])
                assert (at, rows[at]) == (position, (row.name, row.number))
        everything = generation.all_rows("default")
        assert everything is not None
        assert PEOPLE == everything.rows
        ids = generation.index(everything).search(Search('"person"'), 3)
        assert (ID_STEP, 2 * ID_STEP, 3 * ID_STEP) == ids
