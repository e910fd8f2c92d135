"""Headers are understood in many languages, in any case and with any separators."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.contact import NumberKind
from connectors.csv.header_languages import NAMES, NUMBERS
from connectors.csv.layouts import detect_layout
from tests.connectors.csv.header_words import BY_HAND, OUTLOOK, PHONES, TEXTS, TRAPS
from tests.connectors.csv.lists import meanings, read, table, write


def single(table: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (header, meaning) for meaning, headers in table.items() for header in headers.split("|")
    ]


@pytest.mark.parametrize(("header", "meaning"), single(PHONES) + single(TEXTS))
def test_a_header_is_read(header: str, meaning: str) -> None:
    assert [meaning] == meanings([header])


@pytest.mark.parametrize("header", TRAPS.split("|"))
def test_what_is_no_name_or_number_of_the_contact_is_left_alone(header: str) -> None:
    assert [""] == meanings([header])


@pytest.mark.parametrize("row", OUTLOOK.values(), ids=OUTLOOK.keys())
def test_outlooks_headers(row: str) -> None:
    cells = [cell.rpartition("=") for cell in row.split("|")]
    assert [(header, meaning) for header, _, meaning in cells] == list(
        zip([c[0] for c in cells], meanings([c[0] for c in cells]), strict=True)
    )


@pytest.mark.parametrize(("row", "expected"), BY_HAND.values(), ids=BY_HAND.keys())
def test_lists_made_by_hand(row: str, expected: str) -> None:
    assert expected.split() == [meaning or "-" for meaning in meanings(row.split(";"))]


def test_the_61_headers_of_numbers_that_people_write_lose_nobodys_number(tmp_path: Path) -> None:
    headers = [
        header
        for kind in ("work", "other", "mobile", "home", "fax")
        for header in PHONES[kind].split("|")
    ]
    cells = ",".join(f"030 55501{index:02}" for index in range(len(headers)))
    result = read(write(tmp_path / "a.csv", f"Name,{','.join(headers)}\nAnna Bauer,{cells}\n"))
    assert cells.split(",") == [number.value for number in result.contacts[0].numbers]
    assert ((), ()) == (result.skipped, result.notes)


# Words that mean something else in one word, or that are one word by themselves, say the same in
# every style.
KNOWN = sorted(
    header
    for header, _ in single(PHONES)
    + single(
        {key: TEXTS[key] for key in ("given_name", "family_name", "organization", "department")}
    )
    if header.isascii()
    and re.fullmatch(r"[A-Za-z]+( [A-Za-z]+)*", header)
    and " " in header
    and header != "TELEPHONE NUMBER"
)
STYLES = {
    "as it is": lambda words: " ".join(words),
    "snake": lambda words: "_".join(words).lower(),
    "SCREAMING": lambda words: "_".join(words).upper(),
    "kebab": lambda words: "-".join(words),
    "dots": lambda words: ".".join(words),
    "slashes": lambda words: "/".join(words),
    "camel": lambda words: words[0].lower() + "".join(word.title() for word in words[1:]),
    "Pascal": lambda words: "".join(word.title() for word in words),
    "together": lambda words: "".join(words).lower(),
    "required": lambda words: f"{' '.join(words)} [Required]",
    "remark": lambda words: f"{' '.join(words)} (if any)",
    "numbered": lambda words: f"{' '.join(words)} 2",
}


@given(
    chosen=st.lists(st.sampled_from(KNOWN), min_size=1, max_size=8, unique=True),
    styles=st.lists(st.sampled_from(sorted(STYLES)), min_size=8),
)
def test_any_subset_of_known_headers_in_any_case_and_separator_is_read(
    chosen: list[str], styles: list[str]
) -> None:
    written = [STYLES[style](header.split()) for header, style in zip(chosen, styles, strict=False)]
    assert meanings(chosen) == meanings(written)
    assert "" not in meanings(written)


@given(
    header=st.text(
        st.characters(categories=["L", "Nd"], max_codepoint=0x24F), min_size=1, max_size=12
    ),
    cell=st.sampled_from(["030 5550199", "Ann Abbott", "x", "42"]),
)
def test_any_unknown_filled_column_is_named(
    tmp_path_factory: pytest.TempPathFactory, header: str, cell: str
) -> None:
    path = write(
        tmp_path_factory.mktemp("f") / "a.csv",
        f"Name,Phone,{header}\nAnna Bauer,030 5550101,{cell}\nBert Klein,,\n",
    )
    read_columns = (
        meanings(["Name", "Phone", header])[2] != ""
        or 2 in detect_layout(["Name", "Phone", header]).private
    )
    result = read(path)
    notes = " ".join(result.notes)
    assert read_columns or f'"{header}"' in notes or "column 3" in notes
    assert not any(word in notes + str(result.skipped) for word in ("Anna", "Bauer", "5550101"))


@pytest.mark.parametrize("table", [NAMES, NUMBERS], ids=["names", "numbers"])
def test_the_tables_of_languages_are_reachable(table: dict[str, str]) -> None:
    kinds = {kind.value for kind in NumberKind}
    unread = [
        header
        for headers in table.values()
        for header in headers.split("|")
        if meanings([header]) == [""]
    ]
    assert [] == unread
    assert (table is NUMBERS) == (set(table) <= kinds)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Vor- und Zuname;Natel P;Natel G", "name mobile mobile"),
        ("Firma;Kontakt;Telefon", "organization name other"),
        ("Name;Kontakt;Telefon", "name - other"),
        ("Vorname;Employee;Telefon", "given_name - other"),
        ("Employee;Employee ID;Work: Main", "name - main"),
        ("Nome;Cell. aziendale;Tel. dir.", "name mobile work"),
        ("Név;Vezetékes;Mobil", "name other mobile"),
        ("Naam;Algemeen nummer;Kort nummer", "name main internal"),
        ("氏名;フリガナ;電話", "name sort_name other"),
        ("Nom;Poste;Téléphone", "name - other"),
        ("Name;Emergency phone;Phone", "name - other"),
    ],
)
def test_headers_of_further_lists(row: str, expected: str) -> None:
    assert expected.split() == [meaning or "-" for meaning in meanings(row.split(";"))]


@pytest.mark.parametrize(
    "headers",
    ["Phone1Label,Phone1Value", "phone_1_label,phone_1_value", "Tel1 Type,Tel1 Value"],
)
def test_a_numbered_column_of_labels_belongs_to_the_values_of_its_number(
    tmp_path: Path, headers: str
) -> None:
    second = headers.replace("1", "2")
    path = table(
        tmp_path / "a.csv", f"Name,{headers},{second}", "Ann,Work,030 5550101,Mobile,0172 5550102"
    )
    result = read(path)
    assert [
        (NumberKind.WORK, "Work", "030 5550101"),
        (NumberKind.MOBILE, "Mobile", "0172 5550102"),
    ] == [(number.kind, number.label, number.value) for number in result.contacts[0].numbers]
    assert ((), ()) == (result.skipped, result.notes)


def test_a_configured_name_goes_before_a_column_that_may_be_one(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "Wer;Kontakt;Telefon", "Ann;Bea;030 5550101")
    result = read(path, columns={"recognise": True, "given_name": "Wer"})
    assert "Ann" == result.contacts[0].name
