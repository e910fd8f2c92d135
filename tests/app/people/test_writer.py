"""Writing a people file: private, whole or not at all, renewed by what changed alone."""

import stat
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.generation.draft_file import BuildError
from app.generation.files import people_file_name
from app.people.reader import PeopleFile, Wanted
from app.people.records import BookRecord, DialledNumber, ProfileRecord
from app.people.writer import PeopleWriter
from connectors.contact import Contact, PhoneNumber
from tests.support.people import VERSION, put_contact, write_people_file

NAMES = ("Ann", "Bob", "Zoë")
Contents = dict[str, tuple[str, str]]
"""The name and the digits of each contact, by id."""
contents = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.sampled_from(NAMES), st.sampled_from("123")), max_size=6
)


def put(writer: PeopleWriter, key: str, name: str, digits: str) -> None:
    contact = Contact(id=key, name=name, numbers=(PhoneNumber(digits),))
    put_contact(writer, contact, (digits,))
    record = ProfileRecord((DialledNumber(digits, "cleaned"),), (BookRecord("staff"),), name)
    for profile in ("default", "lobby"):
        unlisted = ["staff\tno number"] if digits == "1" else []
        odd = [f"odd {digits}"] if digits == "2" else []
        writer.put_outcome("staff", key, profile, record, unlisted, odd)


def all_answers(folder: Path, version: str) -> list[object]:
    """Return all that a people file answers."""
    wanted = [
        Wanted(),
        *(Wanted(typed) for typed in (*NAMES, *"123")),
        Wanted("", "default", "staff", "no number"),
        Wanted("", "lobby", odd="odd 2"),
    ]
    with closing(PeopleFile(folder, version)) as people:
        assert people.is_sound()
        answers: list[object] = [people.page(one, 0, 100) for one in wanted]
        answers += [people.odd_reasons("default"), tuple(people.contacts("staff"))]
        answers += [
            people.record(profile, "staff", key)
            for key in "abcdef"
            for profile in ("default", "lobby")
        ]
    return answers


@settings(max_examples=30, deadline=None)
@given(before=contents, after=contents)
def test_a_renewed_file_is_one_from_nothing(
    tmp_path_factory: pytest.TempPathFactory, before: Contents, after: Contents
) -> None:
    folder = tmp_path_factory.mktemp("people")
    for version, contacts in (("0before", before), ("00after", after)):
        with PeopleWriter(folder) as writer:
            for key, (name, digits) in sorted(contacts.items()):
                put(writer, key, name, digits)
            writer.finish()
            writer.commit(version)
    with PeopleWriter(folder, folder / people_file_name("0before")) as writer:
        for key in before.keys() - after.keys():
            writer.remove("staff", key)
        for key, (name, digits) in after.items():
            if before.get(key) != (name, digits):
                put(writer, key, name, digits)
        writer.finish()
        writer.commit("renewed")
    assert all_answers(folder, "00after") == all_answers(folder, "renewed")


def test_what_was_put_can_be_removed_at_once(tmp_path: Path) -> None:
    with PeopleWriter(tmp_path) as writer:
        put(writer, "a", "Ann", "1")
        put(writer, "b", "Bob", "2")
        writer.remove("staff", "a")
        writer.remove("other", "b")
        writer.finish()
        writer.commit(VERSION)
    with closing(PeopleFile(tmp_path, VERSION)) as people:
        assert ["b"] == [contact.id for contact in people.contacts("staff")]
        assert people.record("default", "staff", "a") is None


def test_a_renewed_file_has_no_bytes_of_who_is_gone(tmp_path: Path) -> None:
    write_people_file(tmp_path, [Contact(id=str(row), name=f"Gonzalo {row}") for row in range(9)])
    path = tmp_path / people_file_name(VERSION)
    assert b"Gonzalo 5" in path.read_bytes()
    with PeopleWriter(tmp_path, path) as writer:
        for row in range(9):
            writer.remove("staff", str(row))
        writer.finish()
        writer.commit("renewed")
    assert b"onzalo" not in (tmp_path / people_file_name("renewed")).read_bytes()


def test_the_file_is_for_its_owner_alone_and_a_draft_is_left_nowhere(tmp_path: Path) -> None:
    write_people_file(tmp_path, [Contact(id="a", name="Ann")])
    (path,) = tmp_path.iterdir()
    assert (f"people-{VERSION}.sqlite", 0o600) == (path.name, stat.S_IMODE(path.stat().st_mode))
    with PeopleWriter(tmp_path) as writer:
        put(writer, "a", "Ann", "1")
        assert 0o600 == stat.S_IMODE(writer.path.stat().st_mode)
    assert [path] == list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(BuildError, match="cannot hold a new people file"),
        PeopleWriter(tmp_path / "missing"),
    ):
        pass
    (tmp_path / "broken").write_bytes(b"no database " * 100)
    with (
        pytest.raises(BuildError, match="cannot hold a new people file"),
        PeopleWriter(tmp_path, tmp_path / "broken") as writer,
    ):
        writer.remove("staff", "a")
    assert ["broken"] == [path.name for path in tmp_path.iterdir()]
