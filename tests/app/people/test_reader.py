"""The people file of a build: who is listed, who is not and why, and odd numbers."""

from contextlib import closing
from pathlib import Path

import pytest

from app.people.reader import NoPeopleFileError, PeopleFile, Wanted
from app.people.records import UNDIALABLE
from app.settings.loader import Settings
from connectors.contact import Contact
from tests.support.offline_gateway import built, open_generation, write_people
from tests.support.people import VERSION, found_names, open_people, write_people_file

CONFIG = """
[sources.staff]
connector = "csv"
path = "staff.csv"
[sources.unused]
connector = "csv"
path = "unused.csv"
[books.all]
sources = ["staff"]
[books.sales]
sources = ["staff"]
groups = ["Sales"]
[profiles.default]
menu = ["all", "sales"]
[profiles.lobby]
menu = ["all"]
[profiles.lobby.numbers]
outside_line = "0"
region = "DE"
"""
STAFF = [
    {"Name": "Zoe Young", "Groups": "Sales", "Work Phone": "1001"},
    {"Name": "Ann Smith", "Groups": "Support", "Work Phone": "1002 or so"},
    {"Name": "Nina Nothing", "Groups": "Sales"},
    {"Name": "Ola Odd", "Groups": "Sales", "Work Phone": "1" * 60, "Mobile Phone": "1003"},
    {"Name": "Ben Bad", "Groups": "Sales", "Work Phone": "1" * 60},
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("people")
    write_people(folder / "staff.csv", STAFF)
    write_people(folder / "unused.csv", [{"Name": "Una Used", "Work Phone": "1009"}])
    return built(folder, CONFIG)


def test_everybody_is_in_reading_order_listed_or_not(settings: Settings) -> None:
    expected = ["Ann Smith", "Ben Bad", "Nina Nothing", "Ola Odd", "Una Used", "Zoe Young"]
    assert expected == found_names(settings, Wanted())
    with closing(open_people(settings)) as people:
        page = people.page(Wanted(), 2, 3)
    assert (expected[2:5], 6) == ([person.contact.name for person in page.people], page.count)


@pytest.mark.parametrize(
    "book, reason, names",
    [
        ("sales", "in none of the book's groups", ["Ann Smith"]),
        ("all", "no number", ["Nina Nothing"]),
        ("all", "no dialable number", ["Ben Bad"]),
        ("all", UNDIALABLE, ["Ola Odd"]),
        ("all", "in none of the book's groups", []),
        ("sale", "in none of the book's groups", []),
    ],
)
def test_those_who_are_not_listed(
    settings: Settings, book: str, reason: str, names: list[str]
) -> None:
    assert names == found_names(settings, Wanted("", "default", book, reason))
    assert [] == found_names(settings, Wanted("zoe", "default", book, reason))
    assert [] == found_names(settings, Wanted("", "nobody", book, reason))


def test_every_count_of_the_generation_leads_to_people(settings: Settings) -> None:
    with closing(open_generation(settings)) as generation:
        assert generation.unlisted
        for item in generation.unlisted:
            wanted = Wanted("", item.profile, item.book, item.reason)
            assert item.count == len(found_names(settings, wanted))


def test_odd_numbers_are_counted_and_lead_to_people(settings: Settings) -> None:
    with closing(open_people(settings)) as people:
        reasons = people.odd_reasons("default")
        assert (2, "It is too long to be dialled.") in reasons
        assert () == people.odd_reasons("nobody")
    for count, reason in reasons:
        assert count == len(found_names(settings, Wanted("", "default", odd=reason)))
    assert ["Ben Bad", "Ola Odd"] == found_names(
        settings, Wanted("", "default", odd="It is too long to be dialled.")
    )


def test_each_profile_has_a_record_of_its_own(settings: Settings) -> None:
    with closing(open_people(settings)) as people:
        (person,) = people.page(Wanted("zoe"), 0, 2).people
        key = person.contact.id
        records = {
            name: people.record(name, person.source, key) for name in ("default", "lobby", "no")
        }
        unused = people.page(Wanted("una"), 0, 2).people[0]
        assert people.record("default", "unused", unused.contact.id) is None
        assert people.contact("staff", key) == person.contact
        assert people.contact("staff", "nobody") is None
    assert records["no"] is None
    books = {
        name: [book.book for book in record.books] for name, record in records.items() if record
    }
    assert {"default": ["all", "sales"], "lobby": ["all"]} == books


def test_a_file_that_is_not_there_or_not_readable_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoPeopleFileError, match=r"people-0abcdef1\.sqlite is missing"):
        PeopleFile(tmp_path, VERSION)
    write_people_file(tmp_path, [Contact(id=str(number), name="Ann") for number in range(2000)])
    path = tmp_path / f"people-{VERSION}.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[:60] + (9).to_bytes(4, "big") + data[64:])
    with pytest.raises(NoPeopleFileError, match=r"newer version .*form 9; this version reads 1"):
        PeopleFile(tmp_path, VERSION)
    path.write_bytes(b"no database " * 1000)
    with pytest.raises(NoPeopleFileError, match="is damaged"):
        PeopleFile(tmp_path, VERSION)
    path.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))
    with closing(PeopleFile(tmp_path, VERSION)) as people:
        assert not people.is_sound()
        with pytest.raises(NoPeopleFileError, match="is damaged"):
            people.page(Wanted("ann"), 0, 10)


@pytest.mark.parametrize("typed", ["", "o", "ann", "zz"])
def test_many_are_listed_as_few_are(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    few = found_names(settings, Wanted(typed))
    monkeypatch.setattr("app.people.reader._FEW", 0)
    assert few == found_names(settings, Wanted(typed))
    with closing(open_people(settings)) as people:
        page = people.page(Wanted(typed), 1, 2)
    assert (few[1:3], len(few)) == ([person.contact.name for person in page.people], page.count)
