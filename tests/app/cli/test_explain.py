"""`explain` shows why a person is on a phone or not, and on which page."""

import json
from pathlib import Path

import pytest

from app.cli.explain import explain_lines
from app.cli.matcher import matcher
from app.settings.loader import load
from connectors.contact import Contact, PhoneNumber
from tests.app.books.test_membership import BOOK, CLOUD, OFFICE, SALES, SOURCES
from tests.support import contacts
from tests.support.offline_gateway import built, configured, rows, write_people
from tests.support.phone.strict import CP_7821, Phone
from tests.support.servers.gateway import Gateway, eventually, run

ANNA = Contact(
    id="abc-1",
    name="Dr. Anna Novák",
    family_name="Novák",
    organization="Ärzte & Co",
    phonetic_family_name="やまだ",
    numbers=(PhoneNumber("+49 (0)89/555-0109"),),
)


@pytest.mark.parametrize(
    "query",
    [
        "anna",
        "ANN",
        "novak",
        "Novák Anna",
        "arzte",
        "dr. nov",
        "5550109",
        "089/555 01",
        "555-0109",
        "anna 5550",
        "やま",
        "abc-1",
    ],
)
def test_who_matches(query: str) -> None:
    assert matcher(query)(ANNA)


@pytest.mark.parametrize(
    "query", ["", " ", "...", "nna", "anna smith", "5550110", "anna 99", "abc"]
)
def test_who_does_not(query: str) -> None:
    assert not matcher(query)(ANNA)


def lines(folder: Path, query: str, *, as_json: bool = False) -> list[str]:
    return list(explain_lines(load(folder / "gateway.toml"), query, as_json=as_json, report=print))


def explained(folder: Path, query: str) -> dict[str, dict[str, object]]:
    return {
        f"{item['source']} {item['id']}": item
        for item in map(json.loads, lines(folder, query, as_json=True))
    }


def explain(folder: Path, query: str) -> str:
    return "\n".join(lines(folder, query))


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("merged")
    for name, people in (("office", OFFICE), ("cloud", CLOUD), ("sales", SALES)):
        write_people(folder / f"{name}.csv", people)
    built(folder, SOURCES + BOOK)
    return folder


def test_every_contact_is_explained(merged: Path) -> None:
    for person in (*OFFICE, *CLOUD, *SALES):
        found = explained(merged, person["ID"])
        (item,) = [item for key, item in found.items() if key.endswith(f" {person['ID']}")]
        (fate,) = item["books"]
        assert fate["reason"] or any(number["spot"] for number in fate["numbers"])


def test_a_merged_contact_is_told_with_its_sources_and_reason(merged: Path) -> None:
    text = explain(merged, "ann smith")
    assert "Ann Smith: source office, office.csv line 2, id o1" in text
    assert "Ann Smith: source sales, sales.csv line 2, id s1" in text
    assert (
        "merged: office o1, cloud c1, sales s1; office and cloud have the same number 0895550101"
        " and names that go together; cloud and sales have the same number 01725550111 and names"
        " that go together. The name is that of office." in text
    )
    assert (
        "book staff (Staff), profile default: listed with the same person of another source" in text
    )
    assert (
        "+49 (0)89 5550101 (work, Work Phone, from cloud): dials 0895550101 (national); dialled by"
        " the same digits as a number before" in text
    )
    assert (
        "'Ann Smith (home)': entry 7 of 10, page 1 of 1, line 7: Directories > 1 Staff > line 7"
        in text
    )
    # Its numbers are printed once, not again for each source.
    assert 1 == text.count("merged: office o1, cloud c1, sales s1")
    assert 1 == text.count("the same lines as above: book staff (Staff), profile default")


def test_a_merge_by_mail_and_a_double_are_told(merged: Path) -> None:
    assert (
        "office and cloud have the same e-mail address dora@x.example and the same name"
        in explain(merged, "dora")
    )
    assert (
        "NOT LISTED: listed once instead of twice: the same name and numbers in one source"
        in explain(merged, "frank young")
    )


def test_the_row_is_told_as_the_file_stands_now(tmp_path: Path) -> None:
    people = [
        {"Name": "Zoe First", "Work Phone": "1001"},
        {"Name": "Ann Smith", "Work Phone": "1002"},
        {"Name": "Ann Smith", "Work Phone": "1003"},
    ]
    write_people(tmp_path / "contacts.csv", people)
    built(tmp_path, contacts.CONFIG)
    assert ["contacts.csv line 3", "contacts.csv line 4"] == sorted(
        str(item["where"]) for item in explained(tmp_path, "ann").values()
    )
    write_people(tmp_path / "contacts.csv", people[1:])
    assert "Zoe First: source staff, id " in explain(tmp_path, "zoe")
    (tmp_path / "contacts.csv").unlink()
    remarks: list[str] = []
    found = list(
        explain_lines(load(tmp_path / "gateway.toml"), "zoe", as_json=False, report=remarks.append)
    )
    assert "entry 3 of 3" in "\n".join(found)
    assert 1 == len(remarks) and remarks[0].startswith(
        "source staff: the positions of its contacts are not known. "
    )


def test_of_equal_numbers_the_one_of_the_first_kind_is_listed(tmp_path: Path) -> None:
    person = {"Name": "Ann Smith", "Work Phone": "1002", "Mobile Phone": "1002"}
    write_people(tmp_path / "contacts.csv", [person])
    books = '[books.all]\nsources = ["staff"]\nkinds = ["mobile", "work"]\n'
    built(tmp_path, contacts.CONFIG + books)
    (item,) = explained(tmp_path, "ann").values()
    (book,) = item["books"]
    assert [
        ("work", "dialled by the same digits as a number before: listed once"),
        ("mobile", ""),
    ] == [(number["kind"], number["reason"]) for number in book["numbers"]]


def test_those_who_share_a_switchboard_are_not_merged(merged: Path) -> None:
    text = explain(merged, "5550100")
    assert (
        "Bob Smith: source office, office.csv line 3, id o2" in text
        and "Eve Smith: source cloud, cloud.csv line 4, id c3" in text
    )
    assert "merged: office o2" not in text and "merged: cloud c3" not in text


FILTERS = """
[sources.staff]
connector = "csv"
path = "contacts.csv"
[sources.unused]
connector = "csv"
path = "unused.csv"
[books.sales]
sources = ["staff"]
groups = ["Sales"]
exclude_groups = ["Gone"]
exclude = ['^test', '^\\+?0900']
kinds = ["work", "home"]
private_label = "Home Phone"
"""


@pytest.fixture(scope="module")
def left_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filters")
    people = [
        {"Name": "Wrong Group", "Groups": "Support", "Work Phone": "1001"},
        {"Name": "Gone Person", "Groups": "Sales;gone", "Work Phone": "1002"},
        {"Name": "Test Phone", "Groups": "Sales", "Work Phone": "1003"},
        {"Name": "Mo Bile", "Groups": "Sales", "Mobile Phone": "0172 5550111"},
        {"Name": "Pat Private", "Groups": "Sales", "Home Phone": "089 5550104"},
        {"Name": "Nina Nothing", "Groups": "Sales"},
        {"Name": "Ola Odd", "Groups": "Sales", "Work Phone": "1" * 60},
        {"Name": "Prem Ium", "Groups": "Sales", "Work Phone": "0900 123456"},
        {
            "Name": "Ann Listed",
            "Groups": "Sales",
            "Work Phone": "1005",
            "Mobile Phone": "0172 5550112",
            "Home Phone": "089 5550105",
        },
    ]
    write_people(folder / "contacts.csv", people)
    write_people(folder / "unused.csv", [{"Name": "Una Used", "Work Phone": "1006"}])
    built(folder, FILTERS)
    return folder


@pytest.mark.parametrize(
    "query, line",
    [
        ("wrong", "NOT LISTED: in none of the book's groups (Sales); it is in: Support"),
        ("gone", "NOT LISTED: in an excluded group (gone)"),
        ("test", "NOT LISTED: excluded by a pattern of its name ('^test')"),
        ("bile", "NOT LISTED: only numbers that the book does not list"),
        ("bile", "dials 01725550111 (cleaned); the book does not list mobile numbers (kinds)"),
        ("pat", "NOT LISTED: only private numbers"),
        ("pat", "private by its label ('Home Phone')"),
        ("nina", "NOT LISTED: no number"),
        ("ola", "NOT LISTED: no dialable number"),
        ("ola", "dials nothing; cannot be dialled: It is too long to be dialled."),
        (
            "prem",
            (
                "0900 123456 (work, Work Phone): dials 0900123456 (cleaned); excluded by a pattern"
                " of its number ('^\\\\+?0900')"
            ),
        ),
        ("ann", "'Ann Listed': entry 1 of 1, page 1 of 1, line 1: Directories > 1 Sales > line 1"),
        (
            "ann",
            (
                "0172 5550112 (mobile, Mobile Phone): dials 01725550112 (cleaned); the book does"
                " not list mobile numbers (kinds)"
            ),
        ),
        ("una", "NOT LISTED: no book of any profile is made of source unused"),
        ("nobody", "No source has a contact that matches 'nobody'."),
        ("nobody", "source staff: 9 contacts"),
    ],
)
def test_the_exact_reason(left_out: Path, query: str, line: str) -> None:
    assert line in explain(left_out, query)


def test_a_number_that_was_skipped_is_told(tmp_path: Path) -> None:
    people = [
        {"ID": str(row), "Name": name, "Work Phone": number}
        for row, (name, number) in enumerate([("Kaputt", "4.9E+11"), ("Ann", "1001")])
    ]
    write_people(
        tmp_path / "contacts.csv",
        [*people, {"ID": "2", "Name": "Kaputt Two", "Work Phone": "1002", "Mobile Phone": "n/a"}],
    )
    cards = ("UID:c-1\r\nFN:Kay Card\r\nTEL 12345", "UID:c-11\r\nFN:Kay Other\r\nTEL:1003")
    text = "".join(f"BEGIN:VCARD\r\nVERSION:3.0\r\n{card}\r\nEND:VCARD\r\n" for card in cards)
    (tmp_path / "cards.vcf").write_text(text, encoding="utf-8")
    built(tmp_path, contacts.CONFIG + '[sources.cards]\nconnector = "vcard"\npath = "cards.vcf"\n')
    rounded = (
        "skipped: a number rounded by a spreadsheet (like 4.9E+11) (contacts.csv line 2 column Work"
        " Phone)"
    )
    assert [
        f"  {rounded}",
        "  book staff (Staff), profile default: NOT LISTED: no number",
    ] == lines(tmp_path, "kaputt")[1:3]
    assert "skipped: text instead of a number (contacts.csv line 4 column Mobile Phone)" in explain(
        tmp_path, "kaputt two"
    )
    assert "skipped" not in explain(tmp_path, "ann")
    assert [rounded.removeprefix("skipped: ")] == explained(tmp_path, "kaputt")["staff 0"][
        "skipped"
    ]
    assert "  skipped: card with a line that is no property (cards.vcf: card c-1 line 1)" in lines(
        tmp_path, "kay card"
    )
    assert "skipped" not in explain(tmp_path, "kay other")


def test_several_words_and_a_source_that_was_never_read(tmp_path: Path) -> None:
    write_people(
        tmp_path / "contacts.csv",
        [{"Name": "Ann Smith", "Work Phone": "1001"}, {"Name": "Ann Miller", "Work Phone": "1002"}],
    )
    configured(tmp_path, contacts.CONFIG)
    done = run("explain", "ann", "smi", cwd=tmp_path)
    assert (0, ["Ann Smith"]) == (
        done.returncode,
        [line.split(":")[0] for line in done.stdout.splitlines() if "source staff" in line],
    )
    (tmp_path / "contacts.csv").unlink()
    done = run("explain", "ann", "smi", cwd=tmp_path)
    assert (1, True) == (
        done.returncode,
        done.stdout.startswith("No source has a contact that matches 'ann smi'."),
    )
    assert (
        "Error: source staff was never read: " in done.stderr
        and "contacts.csv is not there" in done.stderr
    )


def test_the_way_is_the_one_that_a_phone_goes(tmp_path: Path) -> None:
    contacts.write(
        tmp_path / "contacts.csv", (contacts.person(row, second=True) for row in range(5_000))
    )
    with Gateway(tmp_path, contacts.CONFIG) as gateway:
        eventually(
            lambda: gateway.status()["profiles"]["default"]["books"]["staff"]["rows"] == 10_000,
            "it is served",
        )
        for query in ("a0", "zoe b1", "d2499", "z4991"):
            found = explained(tmp_path, query)
            assert found
            for item in found.values():
                (fate,) = item["books"]
                assert 2 == len(fate["numbers"])
                for number in fate["numbers"]:
                    spot = number["spot"]
                    with Phone(CP_7821) as phone:
                        screen = phone.press_directories(f"{gateway.base}/menu.xml")
                        for step in spot["way"]:
                            item_there = screen.items[step["key"] - 1]
                            assert step["label"] == item_there.name
                            screen = phone.choose(item_there)
                        row = screen.entries[spot["line"] - 1]
                    assert (spot["name"], number["dialled"]) == (row.name, row.number)
        logged = gateway.logged()
    assert not any(word in logged for word in ("Smith", "Zoë", "5500"))


def test_rows_that_bear_a_note_are_found(tmp_path: Path) -> None:
    people = [
        {"ID": str(place), "Name": "John Smith", "Work Phone": f"100{place}"} for place in range(5)
    ]
    write_people(tmp_path / "contacts.csv", people)
    settings = built(tmp_path, contacts.CONFIG)
    shown = {number: name for name, number in rows(settings)}
    assert 5 == len(set(shown.values()))
    for item in explained(tmp_path, "john").values():
        (number,) = item["books"][0]["numbers"]
        assert shown[number["dialled"]] == number["spot"]["name"]


def test_without_a_state_the_sources_are_read_once(tmp_path: Path) -> None:
    write_people(tmp_path / "contacts.csv", [{"Name": "Ann Smith", "Work Phone": "1001"}])
    configured(tmp_path, contacts.CONFIG)
    done = run("explain", "ann", "--json", cwd=tmp_path)
    assert 0 == done.returncode, done.stderr
    (item,) = map(json.loads, done.stdout.splitlines())
    assert ("staff", "Ann Smith", 1) == (
        item["source"],
        item["name"],
        item["books"][0]["numbers"][0]["spot"]["place"],
    )
    assert not (tmp_path / "state").exists()


def test_a_changed_configuration_is_explained_from_the_store(tmp_path: Path) -> None:
    write_people(tmp_path / "contacts.csv", [{"Name": "Ann Smith", "Work Phone": "+49 89 5550109"}])
    built(tmp_path, contacts.CONFIG)
    (tmp_path / "contacts.csv").unlink()
    configured(tmp_path, contacts.CONFIG + '[numbers]\nregion = "DE"\n')
    done = run("explain", "ann", cwd=tmp_path)
    assert "dials 0895550109 (national)" in done.stdout and "entry 1 of 1" in done.stdout
    assert "Phones are not served by this configuration yet" in done.stderr


def test_a_damaged_generation_is_no_obstacle(tmp_path: Path) -> None:
    write_people(tmp_path / "contacts.csv", [{"Name": "Ann Smith", "Work Phone": "1001"}])
    settings = built(tmp_path, contacts.CONFIG)
    (path,) = [
        path
        for path in settings.state_dir.glob("gen-*.sqlite")
        if (settings.state_dir / "current").read_text().split()[0] in path.name
    ]
    path.write_bytes(b"no database " * 100)
    assert "entry 1 of 1" in explain(tmp_path, "ann")
