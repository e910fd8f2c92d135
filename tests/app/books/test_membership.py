"""What stands in a book: filters and merging, from the files to the rows."""

from pathlib import Path

import pytest

from tests.support.offline_gateway import Person, built, rows, unlisted, write_people

SOURCES = """
[sources.office]
connector = "csv"
path = "office.csv"
[sources.cloud]
connector = "csv"
path = "cloud.csv"
[sources.sales]
connector = "csv"
path = "sales.csv"
[numbers]
region = "DE"
"""
OFFICE: list[Person] = [
    {
        "ID": "o1",
        "First Name": "Ann",
        "Last Name": "Smith",
        "Work Phone": "089 5550101",
        "E-mail": "ann@x.example",
    },
    {
        "ID": "o2",
        "First Name": "Bob",
        "Last Name": "Smith",
        "Work Phone": "089 5550100",
        "E-mail": "info@x.example",
    },
    {"ID": "o3", "First Name": "Cora", "Last Name": "Novak", "Work Phone": "089 5550100"},
    {
        "ID": "o4",
        "First Name": "Dora",
        "Last Name": "Özil",
        "Work Phone": "1004",
        "E-mail": "dora@x.example",
    },
]
CLOUD: list[Person] = [
    {
        "ID": "c1",
        "First Name": "A.",
        "Last Name": "Smith",
        "Work Phone": "+49 (0)89 5550101",
        "Mobile Phone": "0172 5550111",
    },
    {
        "ID": "c2",
        "First Name": "Cora M.",
        "Last Name": "Novak",
        "Work Phone": "+49 89 5550100",
        "Mobile Phone": "0172 5550113",
    },
    {
        "ID": "c3",
        "First Name": "Eve",
        "Last Name": "Smith",
        "Work Phone": "089 5550100",
        "E-mail": "info@x.example",
    },
    {
        "ID": "c4",
        "First Name": "Dora",
        "Last Name": "Ozil",
        "Mobile Phone": "0172 5550114",
        "E-mail": "Dora@X.example",
    },
]
SALES: list[Person] = [
    {
        "ID": "s1",
        "First Name": "Ann",
        "Last Name": "Smith",
        "Mobile Phone": "+49 172 5550111",
        "Home Phone": "089 77001",
    },
    {"ID": "s2", "First Name": "Frank", "Last Name": "Young", "Work Phone": "089 5550106"},
    {"ID": "s3", "First Name": "Frank", "Last Name": "Young", "Work Phone": "+49 89 5550106"},
]
BOOK = '[books.staff]\nsources = ["office", "cloud", "sales"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, people in (("office", OFFICE), ("cloud", CLOUD), ("sales", SALES)):
        write_people(tmp_path / f"{name}.csv", people)
    return tmp_path


def test_three_sources_are_merged(folder: Path) -> None:
    settings = built(folder, SOURCES + BOOK)
    assert [
        ("Cora Novak", "0895550100"),
        ("Cora Novak (mobile)", "01725550113"),
        ("Dora Özil", "1004"),
        ("Dora Özil (mobile)", "01725550114"),
        ("Ann Smith", "0895550101"),
        ("Ann Smith (mobile)", "01725550111"),
        ("Ann Smith (home)", "08977001"),
        ("Bob Smith", "0895550100"),
        ("Eve Smith", "0895550100"),
        ("Frank Young", "0895550106"),
    ] == rows(settings)
    assert {
        "listed with the same person of another source": 4,
        "listed once instead of twice: the same name and numbers in one source": 1,
    } == unlisted(settings)


def test_the_first_source_of_the_book_wins_the_name(folder: Path) -> None:
    settings = built(folder, SOURCES + '[books.staff]\nsources = ["cloud", "office"]\n')
    assert [
        ("Cora M. Novak", "0895550100"),
        ("Cora M. Novak (mobile)", "01725550113"),
        ("Dora Ozil", "01725550114"),
        ("Dora Ozil (work)", "1004"),
        ("A. Smith", "0895550101"),
        ("A. Smith (mobile)", "01725550111"),
        ("Bob Smith", "0895550100"),
        ("Eve Smith", "0895550100"),
    ] == rows(settings)


def test_merging_turned_off_shows_all(folder: Path) -> None:
    settings = built(folder, SOURCES + BOOK + "merge = false\n")
    assert [
        ("Cora Novak", "0895550100"),
        ("Cora M. Novak", "0895550100"),
        ("Cora M. Novak (mobile)", "01725550113"),
        ("Dora Ozil", "01725550114"),
        ("Dora Özil", "1004"),
        ("A. Smith", "0895550101"),
        ("A. Smith (mobile)", "01725550111"),
        ("Ann Smith (0101)", "0895550101"),
        ("Ann Smith (0111)", "01725550111"),
        ("Ann Smith (home)", "08977001"),
        ("Bob Smith", "0895550100"),
        ("Eve Smith", "0895550100"),
        ("Frank Young", "0895550106"),
    ] == rows(settings)
    assert {"listed once instead of twice: same name and number": 1} == unlisted(settings)


def test_books_that_merge_differently_share_what_is_alike(folder: Path) -> None:
    more = (
        BOOK
        + '[books.plain]\nsources = ["office"]\n[books.turned]\nsources = ["cloud", "office"]\n'
    )
    settings = built(folder, SOURCES + more)
    assert ("Cora Novak", "0895550100") == rows(settings)[0]
    assert [
        ("Cora Novak", "0895550100"),
        ("Dora Özil", "1004"),
        ("Ann Smith", "0895550101"),
        ("Bob Smith", "0895550100"),
    ] == rows(settings, "plain")
    assert [
        "Cora M. Novak",
        "Cora M. Novak (mobile)",
        "Dora Ozil",
        "Dora Ozil (work)",
        "A. Smith",
        "A. Smith (mobile)",
    ] == [name for name, _ in rows(settings, "turned")][:6]


def test_what_a_book_leaves_out_is_not_brought_back_by_merging(folder: Path) -> None:
    write_people(
        folder / "cloud.csv",
        [{**person, "Groups": "Private" if person["ID"] == "c1" else "All"} for person in CLOUD],
    )
    settings = built(folder, SOURCES + BOOK + 'exclude_groups = ["private"]\n')
    assert ("Ann Smith (mobile)", "01725550111") not in rows(settings)
    assert {"in an excluded group": 1} == {
        reason: count for reason, count in unlisted(settings).items() if "group" in reason
    }


def test_a_private_number_stays_private_when_merged(tmp_path: Path) -> None:
    ann = {"ID": "1", "Name": "Ann Smith", "E-mail": "ann@x.example"}
    write_people(tmp_path / "office.csv", [{**ann, "Work Phone": "+49 89 5550101"}])
    write_people(tmp_path / "cloud.csv", [{**ann, "Home Phone": "089 5550101"}])
    write_people(tmp_path / "sales.csv", SALES)
    keys = '[books.staff]\nsources = ["office", "cloud"]\nprivate_label = "home phone"\n'
    settings = built(tmp_path, SOURCES + keys)
    assert [] == rows(settings)
    assert 1 == unlisted(settings)["only private numbers"]
    assert [("Ann Smith", "0895550101")] == rows(
        built(tmp_path, SOURCES + keys + "merge = false\n")
    )


def test_two_profiles_with_different_plans(folder: Path) -> None:
    more = '[profiles.default]\n[profiles.plus.numbers]\nallow_plus = true\noutside_line = "0"\n'
    settings = built(folder, SOURCES + BOOK + more)
    assert 10 == len(rows(settings))
    assert ("Cora Novak", "00895550100") in rows(settings, profile="plus")
    assert ("Ann Smith (mobile)", "001725550111") in rows(settings, profile="plus")
    assert ("Ann Smith", "00895550101") in rows(settings, profile="plus")


def test_a_contacts_rows_stay_together_whatever_the_ids(tmp_path: Path) -> None:
    people = [{"ID": "1", "Name": "Ann Smith", "Work Phone": "1001", "Mobile Phone": "1002"}]
    write_people(tmp_path / "office.csv", people)
    write_people(
        tmp_path / "cloud.csv", [{**people[0], "Work Phone": "2001", "Mobile Phone": "2002"}]
    )
    write_people(tmp_path / "sales.csv", SALES)
    settings = built(tmp_path, SOURCES + BOOK)
    assert ["2001", "2002", "1001", "1002"] == [number for _, number in rows(settings)][:4]


def test_the_documented_section_is_valid_and_its_example_comes_out(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "books.md").read_text("utf-8")
    section = text.partition("```toml\n")[2].partition("```")[0]
    write_people(
        tmp_path / "office.csv",
        [
            {
                "ID": "17",
                "First Name": "Ann",
                "Last Name": "Smith",
                "Groups": "Staff",
                "Work Phone": "1001",
            }
        ],
    )
    write_people(
        tmp_path / "google.csv",
        [
            {
                "ID": "c42",
                "Name": "A. Smith",
                "Labels": "Staff",
                "Work Phone": "1001",
                "Mobile Phone": "1002",
            }
        ],
    )
    sources = "".join(
        f'[sources.{name}]\nconnector = "csv"\npath = "{name}.csv"\n'
        for name in ("office", "google")
    )
    settings = built(tmp_path, sources + section)
    assert [("Ann Smith", "1001"), ("Ann Smith (mobile)", "1002")] == rows(settings)


FILTERED: list[Person] = [
    {
        "Name": "Ann Sales",
        "Groups": "Sales;Berlin",
        "Work Phone": "1001",
        "Mobile Phone": "0172 5550111",
        "Home Phone": "089 77001",
    },
    {"Name": "Bob Support", "Groups": "Support", "Work Phone": "1002", "Work Fax": "1902"},
    {"Name": "Carl Both", "Groups": "sales;SUPPORT", "Work Phone": "1003", "Pager": "1703"},
    {"Name": "Test Phone", "Groups": "Sales", "Work Phone": "1099"},
    {"Name": "Dora None", "Work Phone": "1004", "Work Fax": "1904"},
    {"Name": "Eve Faxonly", "Groups": "Sales", "Work Fax": "1905"},
    {"Company": "Testing Inc", "Work Phone": "+49 900 1234567"},
    {"Name": "Nora Nonumber", "Groups": "Sales"},
]


def filtered(tmp_path: Path, keys: str) -> tuple[list[str], dict[str, int]]:
    write_people(tmp_path / "office.csv", FILTERED)
    config = (
        '[sources.office]\nconnector = "csv"\npath = "office.csv"\n[books.staff]\nsources ='
        f' ["office"]\n{keys}\n'
    )
    settings = built(tmp_path, config)
    return [f"{name} {number}" for name, number in rows(settings)], unlisted(settings)


@pytest.mark.parametrize(
    "keys, shown, missing",
    [
        (
            'groups = ["sales"]',
            [
                "Ann Sales 1001",
                "Ann Sales (mobile) 01725550111",
                "Ann Sales (home) 08977001",
                "Carl Both 1003",
                "Test Phone 1099",
            ],
            {
                "in none of the book's groups": 3,
                "only numbers that the book does not list": 1,
                "no number": 1,
            },
        ),
        (
            'groups = ["SALES"]\nexclude_groups = ["berlin", "support"]',
            ["Test Phone 1099"],
            {
                "in none of the book's groups": 3,
                "in an excluded group": 2,
                "only numbers that the book does not list": 1,
                "no number": 1,
            },
        ),
        (
            'kinds = ["mobile", "fax", "work"]\nexclude = ["^test", "nonumber"]',
            [
                "Ann Sales 01725550111",
                "Ann Sales (work) 1001",
                "Bob Support 1902",
                "Bob Support (work) 1002",
                "Carl Both 1003",
                "Dora None 1904",
                "Dora None (work) 1004",
                "Eve Faxonly 1905",
            ],
            {"excluded by a pattern": 3},
        ),
        (
            "exclude = ['^\\+49 ?900', '^10', 'faxonly']",
            ["Ann Sales 01725550111", "Ann Sales (home) 08977001"],
            {"excluded by a pattern": 6, "no number": 1},
        ),
        (
            'private_label = "home phone"\nexclude = ["test", "both"]',
            [
                "Ann Sales 1001",
                "Ann Sales (mobile) 01725550111",
                "Bob Support 1002",
                "Dora None 1004",
            ],
            {
                "excluded by a pattern": 3,
                "only numbers that the book does not list": 1,
                "no number": 1,
            },
        ),
    ],
    ids=["groups", "exclude-groups", "kinds-in-order", "numbers-by-pattern", "private"],
)
def test_filters(tmp_path: Path, keys: str, shown: list[str], missing: dict[str, int]) -> None:
    assert (shown, missing) == filtered(tmp_path, keys)
