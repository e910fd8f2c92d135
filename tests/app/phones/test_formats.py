"""Tests of the formats: the contract, and golden files and dialects of Cisco's."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.screens import (
    Dial,
    Dialect,
    Field,
    Menu,
    MenuItem,
    Message,
    Page,
    Row,
    ScreenError,
    SearchForm,
)
from app.phones import cisco, cisco_charset, cisco_dialect
from app.phones.registry import FORMATS, Format
from tests.app.phones.contract import CASES, HOSTILE, FormatContract, link, rows
from tests.support.phone.strict import read_object

GOLDEN = Path(__file__).parent / "golden"
NAMES = ("Zoë Müller", "Łukasz Łoś", "Игорь Петров", "“Ann” & <Bo>", "王小明", "Ann 🌸 Smith", "ß€")


class TestCisco(FormatContract):
    @pytest.fixture
    def family(self) -> Format:
        return cisco


def test_every_format_is_tested_here() -> None:
    assert {cisco} == set(FORMATS.values())


def headers(model: str = "", charset: str = "", accept: str = "") -> dict[str, str]:
    return {"x-ciscoipphonemodelname": model, "accept-charset": charset, "accept": accept}


@pytest.mark.parametrize(
    "request_headers, dialect",
    [
        (headers(), Dialect("utf-8", "exit-first")),
        (headers("CP-7965G", "utf-8,iso-8859-1;q=0.8"), Dialect("utf-8", "dial-first")),
        (headers("CP-7942G", "iso-8859-1,utf-8;q=0.8"), Dialect("iso-8859-1", "dial-first")),
        (headers("CP-7921G", "iso-8859-1"), Dialect("iso-8859-1", "dial-first")),
        (headers("cp-7821", "UTF-8;q=0.5, ISO-8859-1;q=0.9"), Dialect("iso-8859-1", "exit-first")),
        (headers("CP-8845", "shift_jis"), Dialect("utf-8", "exit-first")),
        (headers("CP-8845", "iso-8859-1;q=0"), Dialect("utf-8", "exit-first")),
        (headers("CP-8875"), Dialect("utf-8", "")),
        (headers("CP-7940G"), Dialect("utf-8", "")),
        (headers("DP-9841"), Dialect("utf-8", "exit-first")),
        (headers("CP-6945"), Dialect("utf-8", "exit-first", prompts=False)),
        (
            headers("CP-860", accept="x-CiscoIPPhone/Menu;version=3.3.4, x-CiscoIPPhone/Text"),
            Dialect("utf-8", "exit-first", directories=False, forms=False),
        ),
        (
            headers("CP-7921G", accept="x-CiscoIPPhone/Directory, x-CiscoIPPhone/Menu"),
            Dialect("utf-8", "dial-first", forms=False),
        ),
        (headers("CP-7821", accept="x-CiscoIPPhone/*, text/*"), Dialect("utf-8", "exit-first")),
    ],
)
def test_dialects(request_headers: dict[str, str], dialect: Dialect) -> None:
    assert dialect == cisco.dialect(request_headers)


def goldens() -> list[tuple[str, Dialect]]:
    layouts = {"other": cisco_dialect.EXIT_FIRST, "79": cisco_dialect.DIAL_FIRST, "none": ""}
    return [
        (f"{name}-{charset}", Dialect(charset, keys))
        for name, keys in layouts.items()
        for charset in ("utf-8", "iso-8859-1")
    ]


@pytest.mark.parametrize(
    "name, dialect",
    [*goldens(), ("list-utf-8", Dialect("utf-8", cisco_dialect.EXIT_FIRST, directories=False))],
)
def test_golden(name: str, dialect: Dialect) -> None:
    """Compare every object with its golden file, byte for byte.

    `GOLDEN` has one file for each layout of softkeys and charset.
    """
    people = tuple(Row(text, str(1001 + number)) for number, text in enumerate(NAMES))
    pages = (
        Page("Staff", people, "1-7 of 21", next="staff/v/8.xml"),
        Page(
            "Staff",
            people,
            "8-14 of 21",
            next="staff/v/15.xml",
            previous="staff/v/1.xml",
            search="staff/search.xml",
        ),
        Page("Staff", people, "15-21 of 21", previous="staff/v/8.xml"),
        Page("Staff", people),
        replace(CASES[1].screen, softkeys=False),
    )
    menu = Menu(
        "Büro & Co", (MenuItem("Ab - Łó", "staff.xml"), MenuItem("Ma - Zo", "help.xml")), "Choose"
    )
    written = b"".join(
        cisco.render(screen, link, dialect) + f"{cisco.headers(screen, link, dialect)}\n".encode()
        for screen in (
            *pages,
            menu,
            Message("Später", "Nothing – yet."),
            Dial("1001"),
            *(case.screen for case in CASES),
        )
    )
    assert (GOLDEN / f"{name}.txt").read_bytes() == written


def test_latin_1_keeps_what_it_can_carry() -> None:
    assert "Zoë Müller ß" == cisco_charset.spell("Zoë Müller ß", "iso-8859-1")
    assert 'Lukasz Los "x" Igor' == cisco_charset.spell("Łukasz Łoś “x” Игорь", "iso-8859-1")
    assert "Ann Smith" == cisco_charset.spell("Ann 🌸 Smith", "iso-8859-1")
    assert "?" == cisco_charset.spell("🌸", "iso-8859-1")


def test_rows_that_become_alike_in_latin_1_are_told_apart() -> None:
    page = Page(
        "Staff", (Row("Łoś", "1"), Row("Los", "2"), Row("Щ" * 32, "3"), Row("Щ" * 31 + "Ж", "4"))
    )
    found = read_object(
        cisco.render(page, link, Dialect("iso-8859-1", cisco_dialect.EXIT_FIRST)),
        "iso-8859-1",
        link("x.xml"),
    )
    names = [entry.name for entry in found.entries]
    assert 4 == len(set(names))
    assert all(len(name) <= 32 for name in names)


@pytest.mark.parametrize("number", ["", "12 34", "+", "12a", "1" * 33, "12\n", "١٢"])
def test_a_number_that_no_phone_dials_is_refused(number: str) -> None:
    for screen in (Page("Staff", (Row("Ann", number),)), Dial(number)):
        with pytest.raises(ScreenError):
            cisco.render(screen, link, Dialect("utf-8", cisco_dialect.EXIT_FIRST))


def test_a_link_that_is_too_long_is_refused() -> None:
    for path in ("x" * 300, "y" * 130):
        with pytest.raises(ScreenError):
            cisco.render(
                Menu("Menu", (MenuItem("Staff", path),)),
                link,
                Dialect("utf-8", cisco_dialect.EXIT_FIRST),
            )


TEXT = (
    st.text(st.characters(), max_size=80)
    | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Cn", "Mn", "So"]), max_size=40)
    | st.sampled_from(HOSTILE)
)


@given(
    title=TEXT,
    prompt=TEXT,
    names=st.lists(TEXT, min_size=1, max_size=32),
    charset=st.sampled_from(["utf-8", "iso-8859-1"]),
    keys=st.sampled_from([cisco_dialect.EXIT_FIRST, cisco_dialect.DIAL_FIRST, ""]),
)
def test_the_strict_phone_takes_any_names(
    title: str, prompt: str, names: list[str], charset: str, keys: str
) -> None:
    people = tuple(
        Row(name, number.number) for name, number in zip(names, rows(len(names)), strict=True)
    )
    for screen in (
        Page(title, people, prompt, next="b.xml"),
        Menu(title, tuple(MenuItem(name, "a.xml") for name in names), prompt),
    ):
        read_object(cisco.render(screen, link, Dialect(charset, keys)), charset, link("x.xml"))


def test_a_phone_without_forms_is_told_so() -> None:
    form = SearchForm("Search", "Hint", "search.xml", (Field("Name", "q", False),))
    without = Dialect("utf-8", "exit-first", forms=False)
    assert b"cannot show a search form" in cisco.render(form, str, without)
    assert (("Expires", "Sat, 01 Jan 2000 00:00:00 GMT"),) == cisco.headers(form, str, without)
    assert b"<Name>Search</Name>" not in cisco.render(
        Page("Staff", (Row("Ann", "1001"),), search="search.xml"), str, without
    )
