"""Tests of pages and menus: complete, evenly filled, and as flat as comfort allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.names import fold
from app.model.text import truncate
from app.navigation.paging import label, page_at, page_count, page_rows_of, split


@pytest.mark.parametrize(
    "rows, sizes",
    [
        (1, [1]),
        (32, [32]),
        (33, [17, 16]),
        (64, [32, 32]),
        (65, [22, 22, 21]),
        (100, [25, 25, 25, 25]),
        (1_024, [32] * 32),
        (1_025, [32] * 2 + [31] * 31),
    ],
)
def test_pages_are_evenly_filled(rows: int, sizes: list[int]) -> None:
    bounds = [page_rows_of(page, rows, 32) for page in range(page_count(rows, 32))]
    assert sizes == [stop - start for start, stop in bounds]


@given(rows=st.integers(1, 2_000_000), page_rows=st.integers(1, 200), at=st.floats(0, 1))
def test_every_row_stands_on_the_page_of_its_position(rows: int, page_rows: int, at: float) -> None:
    position = min(int(at * rows), rows - 1)
    start, stop = page_rows_of(page_at(position, rows, page_rows), rows, page_rows)
    assert start <= position < stop <= start + page_rows


@given(rows=st.integers(1, 5_000), page_rows=st.integers(1, 40))
def test_pages_follow_each_other_without_a_gap(rows: int, page_rows: int) -> None:
    bounds = [page_rows_of(page, rows, page_rows) for page in range(page_count(rows, page_rows))]
    assert [0, *(stop for _, stop in bounds)] == [*(start for start, _ in bounds), rows]
    sizes = {stop - start for start, stop in bounds}
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(
    "position, page", [(-5, 0), (0, 0), (16, 0), (17, 1), (32, 1), (33, 1), (10**9, 1)]
)
def test_positions_outside_are_clamped(position: int, page: int) -> None:
    assert page == page_at(position, 33, 32)


def leaves(pages: tuple[int, int], comfort: int) -> tuple[list[int], int]:
    parts = split(pages, comfort)
    assert 1 < len(parts) <= comfort or pages[1] - pages[0] == 1
    found, depth = [], 0
    for part in parts:
        if part[1] - part[0] == 1:
            found.append(part[0])
        else:
            below, levels = leaves(part, comfort)
            found += below
            depth = max(depth, levels)
    return found, depth + 1


@given(pages=st.integers(2, 5_000), comfort=st.integers(2, 100))
def test_the_tree_holds_every_page_once_and_is_flat(pages: int, comfort: int) -> None:
    found, depth = leaves((0, pages), comfort)
    assert list(range(pages)) == found
    flattest = 1
    while comfort**flattest < pages:
        flattest += 1
    assert flattest == depth


@pytest.mark.parametrize(
    "pages, parts", [(16, 16), (30, 30), (31, 6), (33, 6), (900, 30), (901, 10), (31_250, 14)]
)
def test_a_menu_is_no_longer_than_it_must_be(pages: int, parts: int) -> None:
    assert parts == len(split((0, pages), 30))


@pytest.mark.parametrize(
    "before, first, last, after, expected",
    [
        ("", "Abbott, Ann", "Berg, Bo", "Bishop, Cy", "Ab - Be"),
        ("Berg, Bo", "Bishop, Cy", "Carter, Di", "Cartwright, Ed", "Bi - Carte"),
        ("Carter, Di", "Cartwright, Ed", "Zulu, Fe", "", "Cartw - Zu"),
        ("", "Müller, Ann", "Müller, Zoë", "", "Mü"),
        ("Smith, Ann", "Smith, Bob", "Smith, Zed", "Snow, Al", "Smith, B - Sm"),
        ("Петров", "Сидоров", "Яшин", "", "Си - Яш"),
        ("", "王", "李", "", "王 - 李"),
        ("Smith", "Smith", "Smith", "Smith", "Smith"),
        ("", "x" * 80, "y" * 80, "", "xx - yy"),
        ("x" * 80, "x" * 80, "y" * 80, "", "xx - yy"),
        ("x" * 79, "x" * 80, "y" * 80, "", "x" * 29 + " - yy"),
        ("", "☎", "☎☎☎", "", "☎"),
    ],
)
def test_labels_differ_from_their_neighbours(
    before: str, first: str, last: str, after: str, expected: str
) -> None:
    assert expected == label(before, first, last, after)


@pytest.mark.parametrize(
    "earlier, before, first, last, after, later, expected",
    [
        # One person's rows on two pages: the names around decide, since no letters tell a person
        # from himself.
        ("Abbott, Ann", "Berg, Bo", "Berg, Bo", "Carter, Di", "Carter, Di", "Young, Al", "Be - Ca"),
        (
            "Smith, Ann",
            "Smith, Bo",
            "Smith, Bo",
            "Smith, Cy",
            "Smith, Cy",
            "Smith, Di",
            "Smith, B - Smith, C",
        ),
        ("Abbott, Ann", "Smith, Bo", "Smith, Bo", "Smith, Bo", "Smith, Bo", "Young, Al", "Sm"),
        ("", "", "Smith, Bo", "Smith, Bo", "Smith, Bo", "Young, Al", "Sm"),
        ("Exchange", "Exchange", "Exchange", "Exchange", "Exchange", "Exchange", "Exchange"),
        # Of the whole menu's neighbours only the nearest is known.
        ("", "Berg, Bo", "Berg, Bo", "Berg, Zoë", "Berg, Zoë", "", "Berg, B - Berg, Z"),
    ],
)
def test_labels_stay_short_where_a_person_spans_two_pages(
    earlier: str, before: str, first: str, last: str, after: str, later: str, expected: str
) -> None:
    assert expected == label(before, first, last, after, 3, (earlier, later))


@given(st.lists(st.text(min_size=1, max_size=40), min_size=4, max_size=4))
def test_labels_fit_and_are_never_empty(names: list[str]) -> None:
    first, *_ = names = sorted(names, key=fold)
    text = label(*names)
    assert 0 < len(text) <= 64
    assert text.strip() or not first.strip()


NAMES = st.text(st.sampled_from("ab Aé\u0301\u0306и'-, 王김"), min_size=1, max_size=12)


@given(NAMES, NAMES, NAMES)
def test_a_label_begins_with_the_shortest_letters_that_differ(
    before: str, first: str, last: str
) -> None:
    """Skipping the letters that both names share changes no label."""
    shortest = next(
        (
            prefix
            for length in range(2, len(first))
            if (prefix := truncate(first, length))
            and fold(prefix)
            and not fold(before).startswith(fold(prefix))
        ),
        first,
    )
    if first != before:
        found = label(before, first, last, "")
        assert found == shortest or found.startswith(f"{shortest} - ")
