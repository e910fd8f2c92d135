"""How rows differ, by table and by rule."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.row_changes import Kind, Row, RowChange, compare_rows

ANN, BOB, CAT = ("Ann", "1"), ("Bob", "2"), ("Cat", "3")


@pytest.mark.parametrize(
    "before, after, changes",
    [
        ((), (), ()),
        ((ANN, BOB), (BOB, ANN), ()),
        ((), (ANN,), (RowChange(Kind.ADDED, "Ann", "1", "", ""),)),
        ((ANN, BOB), (BOB,), (RowChange(Kind.GONE, "", "", "Ann", "1"),)),
        ((ANN,), (("Anna", "1"),), (RowChange(Kind.RENAMED, "Anna", "1", "Ann", "1"),)),
        ((ANN,), (("Ann", "9"),), (RowChange(Kind.NUMBER, "Ann", "9", "Ann", "1"),)),
        # The number says more than the name: it is dialled.
        (
            (ANN, BOB),
            (("Ann", "2"), CAT),
            (
                RowChange(Kind.RENAMED, "Ann", "2", "Bob", "2"),
                RowChange(Kind.ADDED, "Cat", "3", "", ""),
                RowChange(Kind.GONE, "", "", "Ann", "1"),
            ),
        ),
        # Two numbers of a person, one of which changes.
        (
            (ANN, ("Ann", "5")),
            (ANN, ("Ann", "6")),
            (RowChange(Kind.NUMBER, "Ann", "6", "Ann", "5"),),
        ),
        # A shared number: who stays is no change.
        (
            (("Ann", "7"), ("Bob", "7")),
            (("Bob", "7"), ("Cat", "7")),
            (RowChange(Kind.RENAMED, "Cat", "7", "Ann", "7"),),
        ),
    ],
)
def test_changes(
    before: tuple[Row, ...], after: tuple[Row, ...], changes: tuple[RowChange, ...]
) -> None:
    assert changes == tuple(compare_rows(before, after))


ROWS = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("123")))


@given(ROWS, ROWS)
def test_the_changes_turn_what_was_into_what_is(before: list[Row], after: list[Row]) -> None:
    rows = Counter(before)
    changes = tuple(compare_rows(before, after))
    for change in changes:
        if change.kind is not Kind.ADDED:
            rows[change.former_name, change.former_number] -= 1
        if change.kind is not Kind.GONE:
            rows[change.name, change.number] += 1
        is_same = (change.name == change.former_name, change.number == change.former_number)
        assert change.kind is not Kind.RENAMED or is_same == (False, True)
        assert change.kind is not Kind.NUMBER or is_same == (True, False)
    assert Counter(after) == +rows
    kinds = Counter(change.kind for change in changes)
    # Whoever could be paired is: no name and no number is both gone and added.
    left = [change for change in changes if change.kind is Kind.ADDED]
    gone = [change for change in changes if change.kind is Kind.GONE]
    assert {change.name for change in left}.isdisjoint(change.former_name for change in gone)
    assert {change.number for change in left}.isdisjoint(change.former_number for change in gone)
    assert kinds.total() == len(changes) <= len(before) + len(after)
