"""Tests of the terms of a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.terms import row_terms


@given(st.lists(st.text("0123456789*#", min_size=1, max_size=24), min_size=1, max_size=3))
def test_a_number_has_its_beginnings_and_all_its_stretches(numbers: list[str]) -> None:
    expected = {f"_{number[:length]}" for number in numbers for length in (1, 2)} | {
        f"_{number[start : start + length]}"
        for number in numbers
        for length in (3, 4)
        for start in range(len(number) - length + 1)
    }
    assert expected == set(row_terms((), " ".join(numbers)).split())


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("a", "a _2"),
        ("ann", "a an ann _2 _26 _266"),
        ("smit", "s sm smi smit _7 _76 _764 _7648"),
        ("smith", "s sm smi smit smith _7 _76 _764 _7648 _76484"),
        ("smiths", "s sm smi smit smith smiths _7 _76 _764 _7648 _76484 _764847"),
        ("марина", "м ма мар мари марин марина"),
        ("x" * 30, "x xx xxx xxxx xxxxx " + "x" * 24 + " _9 _99 _999 _9999 _99999 _" + "9" * 24),
        ("~mhmd", "~mh ~mhm ~mhmd ~mhmd."),
        ("~m", "~m."),
    ],
)
def test_a_word_has_its_beginnings_and_itself(word: str, expected: str) -> None:
    assert expected.split() == row_terms((word,), "").split()
