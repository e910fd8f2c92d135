"""Rows of a book never look the same, and other books do not change its names."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.offline_gateway import Person, built, rows, unlisted, write_people
from tests.support.phone.strict import CP_7821, Phone
from tests.support.servers.web_side import WebSide

SOURCE = '[sources.{0}]\nconnector = "csv"\npath = "{0}.csv"\n'
BOOK = "[books.{0}]\nsources = [{1}]\n"


def config(**books: str) -> str:
    """Return a configuration of books, each with its sources separated by commas."""
    sources = dict.fromkeys(source for found in books.values() for source in found.split(","))
    return "".join(map(SOURCE.format, sources)) + "".join(
        BOOK.format(book, ", ".join(f'"{source}"' for source in found.split(",")))
        for book, found in books.items()
    )


def ann(number: str, **more: str) -> Person:
    return {"Name": "Ann Smith", "Work Phone": number, **more}


def test_a_namesake_in_another_book_changes_nothing(tmp_path: Path) -> None:
    write_people(tmp_path / "one.csv", [ann("1001")])
    write_people(tmp_path / "two.csv", [ann("1002"), ann("1003")])
    made = built(tmp_path, config(staff="one", guests="two"))
    assert [("Ann Smith", "1001")] == rows(made)
    assert [("Ann Smith (1002)", "1002"), ("Ann Smith (1003)", "1003")] == rows(made, "guests")


def test_the_department_tells_of_those_in_the_book_alone(tmp_path: Path) -> None:
    write_people(
        tmp_path / "one.csv", [ann("1001", Department="Sales"), ann("1002", Department="Support")]
    )
    write_people(
        tmp_path / "two.csv", [ann("1003", Department="Sales"), ann("1004", Department="")]
    )
    made = built(tmp_path, config(staff="one", guests="two"))
    assert [("Ann Smith (Sales)", "1001"), ("Ann Smith (Support)", "1002")] == rows(made)
    assert [("Ann Smith (1003)", "1003"), ("Ann Smith (1004)", "1004")] == rows(made, "guests")


def test_a_row_of_two_books_is_told_apart_in_both_by_one_name(tmp_path: Path) -> None:
    write_people(tmp_path / "one.csv", [ann("1001")])
    write_people(tmp_path / "two.csv", [ann("1002")])
    made = built(tmp_path, config(staff="one", all="one,two"))
    assert [("Ann Smith (1001)", "1001")] == rows(made)
    assert [("Ann Smith (1001)", "1001"), ("Ann Smith (1002)", "1002")] == rows(made, "all")


def test_a_book_of_more_sources_changes_no_order_in_another(tmp_path: Path) -> None:
    mobile = {"Mobile Phone": "0172 5550102"}
    write_people(tmp_path / "one.csv", [ann("1001", **mobile)])
    write_people(tmp_path / "two.csv", [{"Name": "Ann Smith", "Home Phone": "1003", **mobile}])
    kinds = 'kinds = ["home", "work", "mobile"]\n'
    made = built(
        tmp_path,
        config(private="two", office="one,two").replace("[books.office]", f"{kinds}[books.office]"),
    )
    assert [("Ann Smith", "1003"), ("Ann Smith (mobile)", "01725550102")] == rows(made, "private")
    assert [
        ("Ann Smith", "1001"),
        ("Ann Smith (mobile)", "01725550102"),
        ("Ann Smith (home)", "1003"),
    ] == rows(made, "office")


def test_the_order_of_kinds_in_one_book_changes_nothing_in_another(tmp_path: Path) -> None:
    write_people(tmp_path / "one.csv", [ann("1001", **{"Home Phone": "1099"})])
    write_people(
        tmp_path / "two.csv", [ann("1001", **{"Mobile Phone": "1011", "Mobile Phone 2": "1012"})]
    )
    books = config(all="one,two", other="one,two")
    books = books.replace(
        "[books.other]",
        'kinds = ["home", "work", "mobile"]\n[books.other]\nmerge = false\nkinds = ["mobile",'
        ' "work", "home"]',
    )
    made = built(tmp_path, books)
    assert ["Ann Smith", "Ann Smith (work)", "Ann Smith (mobile)", "Ann Smith (mobile 2)"] == [
        name for name, _ in rows(made, "all")
    ]
    assert ["1099", "1001", "1011", "1012"] == [number for _, number in rows(made, "all")]


def test_the_same_person_in_another_book_brings_no_note_along(tmp_path: Path) -> None:
    write_people(tmp_path / "one.csv", [ann("1001")])
    write_people(tmp_path / "two.csv", [ann("1001"), ann("1002")])
    made = built(tmp_path, config(staff="one", guests="two"))
    assert [("Ann Smith", "1001")] == rows(made)
    assert [("Ann Smith (1001)", "1001"), ("Ann Smith (1002)", "1002")] == rows(made, "guests")


def test_doubles_that_a_third_row_joins_are_one(tmp_path: Path) -> None:
    for name in ("one", "two", "zed"):
        write_people(
            tmp_path / f"{name}.csv", [ann("1001"), *([ann("1002")] if name == "two" else [])]
        )
    made = built(
        tmp_path,
        config(staff="one,zed", guests="two,zed").replace(
            "sources = [", "merge = false\nsources = ["
        ),
    )
    assert [("Ann Smith (1001)", "1001")] == rows(made)
    assert [("Ann Smith (1001)", "1001"), ("Ann Smith (1002)", "1002")] == rows(made, "guests")
    for book in ("staff", "guests"):
        assert {"listed once instead of twice: same name and number": 1} == unlisted(made, book)


def test_a_taken_note_is_free_in_another_book(tmp_path: Path) -> None:
    write_people(
        tmp_path / "one.csv", [ann("1001", Department="Sales"), ann("1002", Department="Support")]
    )
    write_people(tmp_path / "two.csv", [{"Name": "Ann Smith (Sales)", "Work Phone": "1003"}])
    made = built(tmp_path, config(staff="one", guests="two"))
    assert ["Ann Smith (Sales)", "Ann Smith (Support)"] == [name for name, _ in rows(made)]
    assert ["Ann Smith (Sales)"] == [name for name, _ in rows(made, "guests")]


def test_extensions_of_three_digits_are_the_note_themselves(tmp_path: Path) -> None:
    write_people(tmp_path / "one.csv", [ann("101"), ann("102")])
    assert ["Ann Smith (101)", "Ann Smith (102)"] == [
        name for name, _ in rows(built(tmp_path, config(staff="one")))
    ]


def test_of_a_long_last_name_the_telling_part_stays(tmp_path: Path) -> None:
    family = "von und zu Guttenberg-Aschaffenburg"
    people = [
        {"First Name": given, "Last Name": family, "Work Phone": number}
        for given, number in (("Bernd", "1001"), ("Karla", "1002"))
    ]
    people += [{"First Name": "Bernd", "Last Name": family + "-Somewhere", "Work Phone": "1003"}]
    write_people(tmp_path / "one.csv", people)
    made = built(tmp_path, config(staff="one") + '[profiles.default]\nname_order = "last-first"\n')
    assert [
        ("Guttenberg-A, Bernd (von und zu)", "1001"),
        ("Guttenberg-Aschaffenburg, Karla", "1002"),
        ("Guttenbe, Bernd (von und zu Gut)", "1003"),
    ] == rows(made)


@pytest.fixture
def two_books(tmp_path: Path) -> Path:
    write_people(tmp_path / "one.csv", [ann("1001")])
    write_people(tmp_path / "two.csv", [ann("1002")])
    return tmp_path


def test_results_of_all_books_together_show_no_two_alike(two_books: Path) -> None:
    served = WebSide(two_books, config(staff="one", guests="two"))
    assert 1 == len(rows(served.settings, "guests"))
    with served as gateway, Phone(CP_7821) as phone:
        screen = phone.get(f"{gateway.base}/search.xml?q=ann")
        assert [("Ann Smith", "1001"), ("Ann Smith (2)", "1002")] == [
            (row.name, row.number) for row in screen.entries
        ]


def test_results_of_all_books_together_show_a_number_of_one_name_once(tmp_path: Path) -> None:
    mobile = {"Mobile Phone": "0172 5550102"}
    write_people(tmp_path / "one.csv", [ann("1001", **mobile)])
    write_people(tmp_path / "two.csv", [ann("1003", **mobile)])
    served = WebSide(tmp_path, config(private="two", office="one,two"))
    assert 2 == len(rows(served.settings, "private"))
    with served as gateway, Phone(CP_7821) as phone:
        screen = phone.get(f"{gateway.base}/search.xml?q=ann")
        assert ["Ann Smith (mobile)"] == [
            row.name for row in screen.entries if row.number == "01725550102"
        ]


PEOPLE = st.lists(
    st.builds(
        ann,
        st.sampled_from(["1001", "1002", "10010001", "20010001"]),
        Department=st.sampled_from(["", "Sales", "Support", "1001"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None)
@given(ours=PEOPLE, theirs=PEOPLE)
def test_whoever_is_in_another_book_this_one_stays_as_it_is(
    ours: list[Person], theirs: list[Person]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_people(folder / "one.csv", ours)
        write_people(folder / "two.csv", theirs)
        alone = rows(built(folder, config(staff="one")))
        together = built(folder, config(staff="one", guests="two"))
        assert alone == rows(together)
        assert len(alone) == len({shown for shown, _ in alone})
