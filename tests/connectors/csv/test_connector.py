"""The CSV connector keeps the contract over real files.

Ids, checkpoints, several files and the keys of the configuration are tested too.
"""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors import registry
from connectors.base import Delta, Full, SourceUnavailable
from connectors.contact import Contact, NumberKind, PhoneNumber
from connectors.csv.connector import CsvConnector
from tests.connectors.contract import ConnectorContract, World, everything
from tests.connectors.csv.lists import read, write
from tests.support.patience import PATIENCE

GOOGLE = (
    "First Name",
    "Last Name",
    "Organization Name",
    "Labels",
    *(f"Phone {n} - {what}" for n in (1, 2) for what in ("Label", "Value")),
)


class GoogleFile(World):
    """A file that Google Contacts exported, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "contacts.csv"
        self.people: dict[str, Contact] = {}
        self.write()

    def connector(self) -> CsvConnector:
        return CsvConnector.model_validate(
            {"path": "contacts.csv"}, context={"base": self.path.parent}
        )

    def put(self, *people: Contact) -> None:
        self.people |= {person.id: person for person in people}
        self.write()

    def remove(self, *keys: str) -> None:
        for key in keys:
            del self.people[key]
        self.write()

    def break_down(self) -> None:
        self.path.unlink()

    def repair(self) -> None:
        self.write()

    def write(self) -> None:
        with self.path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(GOOGLE)
            for person in self.people.values():
                cells = [
                    cell
                    for number in person.numbers
                    for cell in (number.kind.value.title(), number.value)
                ]
                writer.writerow(
                    [
                        person.given_name,
                        person.family_name,
                        "",
                        "* myContacts",
                        *cells,
                        *[""] * (4 - len(cells)),
                    ]
                )
        os.utime(self.path, (1_000_000_000, 1_000_000_000))


@pytest.fixture
def world(tmp_path: Path) -> GoogleFile:
    return GoogleFile(tmp_path)


class TestContract(ConnectorContract):
    """Everything that every connector keeps."""


def test_the_registry_knows_it() -> None:
    assert CsvConnector is registry.load("csv")


def by_name(result: Full) -> dict[str, str]:
    return {
        contact.name or contact.organization or contact.numbers[0].value: contact.id
        for contact in result.contacts
    }


HEAD = "name,company,phone\n"
ROWS = ["Ann Smith,Example,1001\n", "Bob Jones,,1002\n", ",Reception,1000\n", ",,1003\n"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda rows: rows[::-1], id="reordered"),
        pytest.param(
            lambda rows: [rows[0].replace("1001", "2001"), *rows[1:]], id="a number changed"
        ),
        pytest.param(lambda rows: ["New Person,,1009\n", *rows], id="a person added before"),
        pytest.param(
            lambda rows: [row.replace(",", " , ") for row in rows], id="blanks around cells"
        ),
    ],
)
def test_an_id_outlives_everything_but_the_name(
    tmp_path: Path, change: Callable[[list[str]], list[str]]
) -> None:
    before = by_name(read(write(tmp_path / "a.csv", HEAD + "".join(ROWS))))
    after = by_name(read(write(tmp_path / "a.csv", HEAD + "".join(change(ROWS)))))
    assert before == {name: key for name, key in after.items() if name != "New Person"}


def test_equal_names_are_different_people(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", "name,phone\nAnn,1\nBob,2\nAnn,3\nAnn,4\n"))
    assert 4 == len({contact.id for contact in result.contacts})
    ann = next(contact.id for contact in result.contacts if contact.name == "Ann")
    assert [ann, f"{ann}#2", f"{ann}#3"] == [
        contact.id for contact in result.contacts if contact.name == "Ann"
    ]


def test_the_files_own_ids_are_used_and_made_unique(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", "id,name,phone\n7,Ann,1\n7,Bob,2\n7#2,Cid,3\n,Dee,4\n"))
    ids = [contact.id for contact in result.contacts]
    assert ["7", "7#2", "7#2#2"] == ids[:3]
    assert 4 == len(set(ids))


def test_several_files_are_one_source(tmp_path: Path) -> None:
    write(tmp_path / "b.csv", "name,phone\nAnn,1\n")
    write(tmp_path / "a.csv", "name;mobile\nAnn;2\n")
    write(tmp_path / ".hidden.csv", "name;mobile\nNobody;2\n")
    result = read(tmp_path / "*.csv")
    assert ["2", "1"] == [contact.numbers[0].value for contact in result.contacts]
    assert 2 == len({contact.id for contact in result.contacts})
    write(tmp_path / "0.csv", "name,phone\nZed,3\n")
    more = read(tmp_path / "*.csv")
    assert {contact.id for contact in result.contacts} <= {contact.id for contact in more.contacts}
    again = read(tmp_path / "b.csv", tmp_path / "*.csv", tmp_path / "a.csv")
    assert ["1", "3", "2"] == [contact.numbers[0].value for contact in again.contacts]


def test_a_glob_that_matches_one_file_today_keeps_its_ids_when_there_are_two(
    tmp_path: Path,
) -> None:
    write(tmp_path / "a.csv", "name,phone\nAnn,1\n")
    one = read(tmp_path / "*.csv")
    write(tmp_path / "b.csv", "name,phone\nBob,1\n")
    assert {contact.id for contact in one.contacts} < {
        contact.id for contact in read(tmp_path / "*.csv").contacts
    }


def test_a_file_whose_name_looks_like_a_glob_is_a_file(tmp_path: Path) -> None:
    assert 1 == len(read(write(tmp_path / "list [1].csv", "name,phone\nAnn,1\n")).contacts)


def test_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    write(tmp_path / os.fsdecode(b"m\xfcller.csv"), "name,phone\nAnn,#REF!\n")
    result = read(tmp_path / "*.csv")
    assert "m?ller.csv line 2 column phone" == result.skipped[0].where
    result.contacts[0].id.encode("utf-8")


def test_the_checkpoint_holds_for_the_same_contents_and_the_same_reading(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "name,phone\nAnn,1\n")
    connector = CsvConnector.model_validate({"path": str(path)})
    first = everything(connector)
    assert first.checkpoint is not None
    os.utime(path, (1_100_000_000, 1_100_000_000))
    assert Delta(checkpoint=first.checkpoint) == connector.fetch(first.checkpoint)
    assert Delta(checkpoint=first.checkpoint) == CsvConnector(
        path=connector.path, timeout=PATIENCE
    ).fetch(first.checkpoint)
    for keys in (
        {"encoding": "cp1252"},
        {"delimiter": ","},
        {"columns": {"name": "name", "work": "phone"}},
    ):
        assert isinstance(
            CsvConnector.model_validate({"path": str(path), **keys}).fetch(first.checkpoint), Full
        )
    path.rename(tmp_path / "b.csv")
    assert isinstance(
        CsvConnector.model_validate({"path": str(tmp_path / "b.csv")}).fetch(first.checkpoint), Full
    )


def test_progress_comes_every_thousand_rows_and_at_the_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "name,phone\n" + "".join(f"P{n},{n}\n" for n in range(2500)))
    seen: list[tuple[int, int | None]] = []
    CsvConnector.model_validate({"path": str(path)}).fetch(
        None, lambda done, total: seen.append((done, total))
    )
    assert [(1000, None), (2000, None), (2500, 2500)] == seen


def test_own_columns(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        "No;Who;Sort;Kana;Firm;Unit;Job;Mail;Team;Desk;Cell A;Cell B;Phone\n7;Ann"
        " Smith;Smith;アン;Example;Purchase;Buyer;a@example.com;Sales, Berlin;1001;0172 1;0172"
        " 2;ignored\n",
    )
    named = {
        "id": "No",
        "name": "who",
        "sort_name": "Sort",
        "phonetic_given_name": "Kana",
        "organization": "Firm",
    }
    more = {"department": "Unit", "title": "Job", "email": "Mail", "groups": "Team"}
    columns = {**named, **more, "internal": "Desk", "mobile": ["Cell B", "Cell A"]}
    assert (
        Contact(
            id="7",
            name="Ann Smith",
            phonetic_given_name="アン",
            sort_name="Smith",
            organization="Example",
            department="Purchase",
            title="Buyer",
            emails=("a@example.com",),
            groups=("Sales, Berlin",),
            numbers=(
                PhoneNumber("0172 2", NumberKind.MOBILE, "Cell B"),
                PhoneNumber("0172 1", NumberKind.MOBILE, "Cell A"),
                PhoneNumber("1001", NumberKind.INTERNAL, "Desk"),
            ),
        ),
    ) == read(path, columns=columns).contacts


def test_a_name_from_two_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "A,B,C\nAnn,Smith,1\n,Jones,2\n")
    result = read(path, columns={"name": ["A", "B"], "work": "C"})
    assert ["Ann Smith", "Jones"] == [contact.name for contact in result.contacts]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "path"),
        ({"path": []}, "path"),
        ({"path": ""}, "path"),
        ({"path": 7}, "path"),
        ({"path": "a.csv", "encoding": "utf-99"}, "not a known encoding"),
        ({"path": "a.csv", "encoding": "base64"}, "not a known encoding"),
        ({"path": "a.csv", "encoding": 8}, "not a known encoding"),
        ({"path": "a.csv", "delimiter": ";;"}, "not a delimiter"),
        ({"path": "a.csv", "delimiter": ""}, "not a delimiter"),
        ({"path": "a.csv", "delimiter": '"'}, "not a delimiter"),
        ({"path": "a.csv", "columns": {"name": "A"}}, "no column holds a number"),
        ({"path": "a.csv", "columns": {"work": "A"}}, "no column names anybody"),
        ({"path": "a.csv", "columns": {"name": "A", "work": "B", "phone": "C"}}, "columns.phone"),
        ({"path": "a.csv", "columns": {"name": "", "work": "B"}}, "columns.name"),
    ],
)
def test_bad_configuration_is_refused(keys: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CsvConnector.model_validate(keys)
    assert message in str(caught.value)


@pytest.mark.parametrize("word", ["\t", "tab", "\\t"])
def test_a_tab_may_be_written_in_words(word: str) -> None:
    assert "\t" == CsvConnector.model_validate({"path": "a.csv", "delimiter": word}).delimiter


def test_the_folders_to_watch(tmp_path: Path) -> None:
    connector = CsvConnector.model_validate(
        {"path": ["a/x.csv", "a/*.csv", "b/*/c/*.csv", "/abs/y.csv"]}, context={"base": tmp_path}
    )
    assert (tmp_path / "a", tmp_path / "b", Path("/abs")) == connector.watched_folders()


def test_a_changed_file_is_read_anew_also_when_it_was_replaced(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "name,phone\nAnn,1\n")
    connector = CsvConnector.model_validate({"path": str(path)})
    first = everything(connector)
    write(tmp_path / "new", "name,phone\nBob,1\n").replace(path)
    later = connector.fetch(first.checkpoint)
    assert isinstance(later, Full)
    assert ["Bob"] == [contact.name for contact in later.contacts]
    path.unlink()
    with pytest.raises(SourceUnavailable):
        connector.fetch(later.checkpoint)
