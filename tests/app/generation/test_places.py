"""Rows keep their order by ids, wherever and however many are inserted."""

import sqlite3
from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from app.generation.places import Places
from app.generation.schema import ID_STEP


@settings(max_examples=60, deadline=None)
@given(
    first=st.integers(0, 40),
    inserted=st.lists(st.integers(0, 9), max_size=60),
    removed=st.sets(st.integers(1, 60)),
)
def test_ids_follow_the_keys(first: int, inserted: list[int], removed: set[int]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as file:
        file.execute("ATTACH ':memory:' AS scratch")
        file.execute("CREATE TABLE scratch.raw_1 (key BLOB)")
        file.execute("CREATE TABLE scratch.place_1 (id INTEGER PRIMARY KEY, row INTEGER)")
        keys = {row: b"key %04d" % (10 * row) for row in range(1, first + 1)}
        file.executemany("INSERT INTO scratch.raw_1 (rowid, key) VALUES (?, ?)", keys.items())
        file.executemany(
            "INSERT INTO scratch.place_1 VALUES (?, ?)", [(row * ID_STEP, row) for row in keys]
        )
        before = {row: row * ID_STEP for row in keys}
        places = Places(file, 1, {})
        for number, digit in enumerate(inserted, first + 1):
            # Most come between the same two rows.
            keys[number] = b"key %04d" % (10 * (first // 2) + digit)
            file.execute(
                "INSERT INTO scratch.raw_1 (rowid, key) VALUES (?, ?)", (number, keys[number])
            )
            places.insert(keys[number], number)
        for row in removed & keys.keys():
            places.remove(places.find(keys.pop(row), row))
        found = dict(file.execute("SELECT row, id FROM scratch.place_1"))
        assert sorted(keys, key=lambda row: (keys[row], row)) == sorted(keys, key=found.__getitem__)
        assert keys.keys() == found.keys() and all(row_id > 0 for row_id in found.values())
        for row, row_id in found.items():
            assert row_id == places.placed.get(row, before.get(row))
            if row in before and row in places.placed:
                assert before[row] == places.former[row]
