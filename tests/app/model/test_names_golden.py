"""Names in fifteen scripts are ordered, labelled and shortened as in golden files.

Rows never look the same.

`python -m tests.app.model.test_names_golden` writes the files anew: read every line of
the difference before it is committed.
"""

import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.build.once import build_once
from app.model.names import (
    NameOrder,
    SortBy,
    clean_contact,
    display_name,
    sort_heading,
    sort_key,
)
from app.model.text import shorten, with_note
from app.navigation.paging import label
from connectors.contact import Contact
from tests.support.name_samples import NAMES
from tests.support.offline_gateway import built, configured, open_generation, rows, write_people

FOLDER = Path(__file__).parent / "golden"
ROW = 32
NARROW = 16
A_PART = 2


def contacts(script: str) -> list[Contact]:
    found = []
    for number, line in enumerate(NAMES[script].strip("\n").splitlines()):
        given_name, family, name, reading_given, reading_family = (
            cell.strip() for cell in line.split("|")
        )
        found.append(
            Contact(
                id=str(number),
                name=name,
                given_name=given_name,
                family_name=family,
                phonetic_given_name=reading_given,
                phonetic_family_name=reading_family,
            )
        )
    return found


def golden(script: str) -> str:
    lines: list[str] = []
    for order, by in (
        (NameOrder.FIRST_LAST, SortBy.LAST),
        (NameOrder.LAST_FIRST, SortBy.LAST),
        (NameOrder.FIRST_LAST, SortBy.FIRST),
    ):
        filed = []
        for contact in map(clean_contact, contacts(script)):
            shown = display_name(contact, order)
            under = sort_heading(contact, by, shown)
            filed.append((sort_key(under, shown, contact.id), shown, under))
        filed.sort()
        lines.append(f"# {order}, sorted by {by}")
        lines += [shown for _, shown, _ in filed]
        starts = range(0, len(filed), A_PART)
        ends = [(start, min(start + A_PART, len(filed)) - 1) for start in starts]
        texts = ["", *(under for _, _, under in filed), ""]
        parts = [
            label(texts[first], texts[first + 1], texts[last + 1], texts[last + 2])
            for first, last in ends
        ]
        lines.append(f"labels: {' | '.join(parts)}")
        lines.append("")
    for order in (NameOrder.FIRST_LAST, NameOrder.LAST_FIRST):
        lines.append(f"# {order} in {ROW}, in {NARROW}, in {ROW} with a note")
        names = [display_name(clean_contact(contact), order) for contact in contacts(script)]
        lines += [
            f"{shorten(name, ROW)} | {shorten(name, NARROW)} | {with_note(name, 'mobile', ROW)}"
            for name in names
        ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("script", NAMES)
def test_names(script: str) -> None:
    assert (FOLDER / f"{script}.txt").read_text("utf-8") == golden(script)


def test_there_are_fifteen_scripts_and_no_stray_file() -> None:
    assert 15 == len(NAMES)
    assert sorted(f"{script}.txt" for script in NAMES) == sorted(
        path.name for path in FOLDER.iterdir()
    )


def test_what_shortening_takes_tells_two_apart(tmp_path: Path) -> None:
    long = "von Hohenlohe-Langenburg"
    people = [
        {"Name": f"Maria {middle} {long}", "Work Phone": number}
        for middle, number in (("Alexandra Sophie", "1"), ("Theresa", "2"))
    ]
    people += [{"Name": "Maria " + long, "Work Phone": "3", "Department": "Sales"}]
    write_people(tmp_path / "one.csv", people)
    names = [name for name, _ in rows(built(tmp_path, CONFIG), "all")]
    assert [
        "Maria Hohenlohe (Alexandra Soph)",
        "Maria Hohenlohe-Langen (Theresa)",
        "Maria Hohenlohe-Langenbu (Sales)",
    ] == names


NAME = st.sampled_from(
    [
        "Ann Smith",
        "Ann  Smith",
        "Ann Smith (2)",
        "Ann Smith (mobile)",
        "Ann Smith (0001)",
        "ANN SMITH",
        "Añn",
        "An\u0303n",
    ]
)
LONG = st.builds(
    "Maria {} von Hohenlohe-Langenburg".format,
    st.sampled_from(["Alexandra Sophie", "Theresa Anna", "Alexandra Maria"]),
)
ANY = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "Name": NAME | LONG | ANY,
            "Department": st.sampled_from(["", "Sales", "Support", "Alexandra"]),
            "Work Phone": st.sampled_from(["1001", "1002", "10010001", "20010001", ""]),
            "Mobile Phone": st.sampled_from(["1001", "30010001", "40010001", ""]),
            "Groups": st.sampled_from(["A", "B", "A;B"]),
        }
    ),
    min_size=1,
    max_size=12,
)
CONFIG = """
[sources.one]
connector = "csv"
path = "one.csv"
[books.all]
sources = ["one"]
[books.a]
sources = ["one"]
groups = ["A"]
[books.b]
sources = ["one"]
groups = ["B"]
merge = false
"""


@settings(max_examples=40, deadline=None)
@given(people=PEOPLE)
@example(
    people=[
        {"Name": "Ann", "Department": "", "Work Phone": number, "Mobile Phone": "", "Groups": "A"}
        for number in "123"
    ]
)
def test_two_rows_of_a_book_never_look_the_same(people: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Somebody with a number stands first, so that the file is one of contacts whatever follows.
        first = {
            "Name": "Zed",
            "Department": "",
            "Work Phone": "9999",
            "Mobile Phone": "",
            "Groups": "A",
        }
        write_people(folder / "one.csv", [first, *people])
        made = configured(folder, CONFIG)
        (status,) = build_once(made)
        assert "ok" == status[1].state, status[1].error
        with closing(open_generation(made)) as generation:
            for _, book, shelf in generation.book_tables():
                found = generation.rows(shelf, 0, shelf.rows) if shelf.rows else ()
                assert len(found) == len({row.name for row in found}), (book, found)
                assert all(0 < len(row.name) <= ROW for row in found)
            dialled = {
                person[key]
                for person in people
                for key in ("Work Phone", "Mobile Phone")
                if person[key]
            }
            shelf = generation.book_table("default", "all")
            assert shelf is not None
            assert dialled <= {row.number for row in generation.rows(shelf, 0, shelf.rows)}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for word in NAMES:
        (FOLDER / f"{word}.txt").write_text(golden(word), "utf-8")
