"""Who is found by what is typed: the words of phones, and any other text."""

from contextlib import closing
from pathlib import Path

import pytest

from app.people.reader import PeopleFile, Wanted
from connectors.contact import Contact, PhoneNumber
from tests.support.people import VERSION, write_people_file

CONTACTS = (
    Contact(
        id="a-1",
        name="Dr. Anna Müller",
        given_name="Anna",
        family_name="Müller",
        organization="Ärzte & Co",
        department="Blood Lab",
        title="Head of Lab",
        emails=("anna.mueller@clinic.example",),
        groups=("Night shift",),
        numbers=(PhoneNumber("+49 (0)89/555-0109"),),
    ),
    Contact(id="b-2", name="محمد", numbers=(PhoneNumber("٠٨٩ 5550110"),)),
    Contact(id="c-3", name="Борис Петров"),
    Contact(id="d-4", name="No-Number O'Neill"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    write_people_file(folder, CONTACTS)
    return folder


@pytest.mark.parametrize(
    "typed, ids",
    [
        ("", "a-1 b-2 c-3 d-4"),
        ("   ", "a-1 b-2 c-3 d-4"),
        ("muller", "a-1"),
        ("MUELLER anna", "a-1"),
        ("anna boris", ""),
        ("arzte", "a-1"),
        ("blood", "a-1"),
        ("head of", "a-1"),
        ("clinic", "a-1"),
        ("anna.mueller@clinic.example", "a-1"),
        ("night", "a-1"),
        # Any part of a word, not only its beginning.
        ("ller", "a-1"),
        # A number in any form, in one word or several.
        ("089/555-0109", "a-1"),
        ("89 555 01", "a-1 b-2"),
        ("0109", "a-1"),
        ("5550110", "b-2"),
        ("+49 (0)89", "a-1"),
        ("anna 0109", "a-1"),
        ("anna 0110", ""),
        # The keys of a name on a phone: 2662 is "anna", 68 is "mu".
        ("2662", "a-1"),
        ("266", "a-1"),
        ("662", ""),
        # Other scripts by their own letters, by Latin ones, and by consonants.
        ("محمد", "b-2"),
        ("mohammed", "b-2"),
        ("борис", "c-3"),
        ("petrov", "c-3"),
        ("o'neill", "d-4"),
        ("oneill", "d-4"),
        ("no-number", "d-4"),
        ("c-3", "c-3"),
        ("%", ""),
        ("'", ""),
        ('" OR 1=1 --', ""),
        ("*", ""),
        ("[a-z]", "a-1"),
        ("x" * 10_000, ""),
    ],
)
def test_who_is_found(folder: Path, typed: str, ids: str) -> None:
    with closing(PeopleFile(folder, VERSION)) as people:
        page = people.page(Wanted(typed), 0, 10)
    assert ids.split() == sorted(person.contact.id for person in page.people)
    assert len(page.people) == page.count
