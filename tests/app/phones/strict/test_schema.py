"""Test the strict phone on pages: good ones pass, a breach is refused by its rule."""

from contextlib import suppress
from dataclasses import replace
from xml.etree.ElementTree import fromstring
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.phone.breaches import BAD_PAGES
from tests.support.phone.canned import PROLOG
from tests.support.phone.samples import (
    AGAIN,
    BASE,
    DIRECTORY,
    ENTRY,
    EXECUTE,
    EXIT,
    INPUT,
    ITEM,
    LIST_MENU,
    MENU,
    TEXT,
    URL,
    answered,
    changed,
    entries,
)
from tests.support.phone.strict import (
    CP_860,
    CP_6945,
    CP_7821,
    CP_7942G,
    CP_8845,
    Answer,
    DirectoryObject,
    Entry,
    ExecuteObject,
    Field,
    InputObject,
    MenuItem,
    MenuObject,
    PhoneObject,
    PhoneRefuses,
    Setting,
    SoftKey,
    TextObject,
    judge,
)


def test_good_objects_are_understood() -> None:
    exit_key = SoftKey("Exit", 1, "SoftKey:Exit")
    dial, edit = SoftKey("Dial", 2, "SoftKey:Dial"), SoftKey("EditDial", 3, "SoftKey:EditDial")
    form_keys = (
        SoftKey("Search", 1, "SoftKey:Submit"),
        SoftKey("<<", 2, "SoftKey:<<"),
        SoftKey("Cancel", 3, "SoftKey:Cancel"),
    )
    items = (
        MenuItem("Staff", f"{BASE}/staff.xml"),
        MenuItem("Search", f"{BASE}/search.xml?a=1&b=2"),
    )
    entries = (Entry("John Smith", "1001"), Entry("Mary O'Neil & Sons", "*2#"))
    fields = (Field("Name", "q", "A", ""), Field("Keys", "k", "T", ""))
    table: tuple[tuple[str, PhoneObject], ...] = (
        (MENU, MenuObject("Company", "Select a directory", (), items)),
        (DIRECTORY, DirectoryObject("Directory", "Select number", (exit_key, dial, edit), entries)),
        (TEXT, TextObject("Search", "", (exit_key,), "Nobody\nfound.")),
        (EXECUTE, ExecuteObject("1001")),
        (
            INPUT,
            InputObject("Search", "Enter search criteria", form_keys, f"{BASE}/search.xml", fields),
        ),
    )
    for page, expected in table:
        assert expected == judge(answered(page), URL, Setting(CP_7821)).screen


@pytest.mark.parametrize(
    "page",
    [
        changed(MENU, "?>", ' standalone="yes"?>'),
        changed(MENU, "utf-8", "UTF-8"),
        changed(MENU, "Staff", "S" * 64),
        changed(MENU, "Staff", "&quot;" * 64),
        changed(MENU, "Staff", "one\ntwo\r\nthree"),
        changed(MENU, "Staff", "山田\u3000太郎"),
        changed(MENU, f"{BASE}/staff.xml", f"https://[::1]/{'p' * 126}?q={'%C3%A9' * 18}"),
        changed(DIRECTORY, "John Smith", "J" * 32),
        changed(DIRECTORY, "John Smith", "&amp;amp; literally"),
        changed(DIRECTORY, "1001", "1" * 32),
        changed(TEXT, "Nobody\nfound.", "x" * 4000),
        changed(TEXT, "Nobody\nfound.", "a\tb\r\nc  d"),
        changed(TEXT, EXIT, EXIT + AGAIN),
    ],
)
def test_the_limits_themselves_pass(page: str) -> None:
    judge(answered(page), URL, Setting(CP_7821))


def test_counts_at_their_limit_pass() -> None:
    judge(answered(changed(MENU, ITEM, ITEM * 99)), URL, Setting(CP_7821))
    judge(answered(changed(DIRECTORY, ENTRY, entries(31))), URL, Setting(CP_7821))


@pytest.mark.parametrize("rule, page", BAD_PAGES)
def test_a_page_that_breaks_a_rule_is_refused(rule: int, page: str) -> None:
    with pytest.raises(PhoneRefuses, match=rf"^rule {rule}: .*\({URL}\)$") as refusal:
        judge(answered(page), URL, Setting(CP_7821))
    assert (rule, URL) == (refusal.value.rule, refusal.value.url)


@pytest.mark.parametrize(
    "found, why",
    [
        ("<!-- a -->", "a comment"),
        ("<![CDATA[a]]>", "CDATA"),
        ("<!DOCTYPE a>", "a DTD"),
        ("<?a?>", "a processing instruction"),
    ],
)
def test_a_refusal_says_what_was_found(found: str, why: str) -> None:
    with pytest.raises(PhoneRefuses) as refusal:
        judge(answered(changed(MENU, "<Title>", f"{found}<Title>")), URL, Setting(CP_7821))
    assert refusal.value.why.startswith(f"{why}: '{found}")


@pytest.mark.parametrize(
    "rule, page",
    [
        (30, DIRECTORY),
        (30, TEXT),
        (30, f"{PROLOG}<CiscoIPPhoneMenu><Title>Staff</Title></CiscoIPPhoneMenu>"),
        (30, changed(MENU, "Staff", "Missed Calls")),
    ],
)
def test_what_directory_url_may_not_be(rule: int, page: str) -> None:
    with pytest.raises(PhoneRefuses, match=rf"^rule {rule}:"):
        judge(answered(page), URL, Setting(CP_7821), root=True)


@pytest.mark.parametrize("page, name", [(DIRECTORY, "Directory"), (TEXT, "Text")])
def test_what_directory_url_got_has_its_name_in_xml(page: str, name: str) -> None:
    with pytest.raises(PhoneRefuses, match=f"gets a CiscoIPPhone{name}, not a menu"):
        judge(answered(page), URL, Setting(CP_7821), root=True)


def test_bytes_of_another_charset_are_refused() -> None:
    answer = answered(changed(MENU, "Staff", "Müller"))
    body = answer.body.replace("ü".encode(), b"\xfc ")
    with pytest.raises(PhoneRefuses, match=r"^rule 2: byte 135 is not utf-8"):
        judge(replace(answer, body=body), URL, Setting(CP_7821))


def test_iso_8859_1_is_read_where_the_phone_wants_it() -> None:
    page = changed(changed(MENU, "utf-8", "iso-8859-1"), "Staff", "Müller")
    screen = judge(answered(page, "iso-8859-1"), URL, Setting(CP_7942G)).screen
    assert isinstance(screen, MenuObject)
    assert "Müller" == screen.items[0].name


def test_the_operator_may_allow_plus_and_pauses() -> None:
    judge(
        answered(changed(DIRECTORY, "1001", "+4989,12")),
        URL,
        Setting(CP_8845, plus=True, pauses=True),
    )
    with pytest.raises(PhoneRefuses, match=r"^rule 45:"):
        judge(answered(changed(DIRECTORY, "1001", "+4989,12")), URL, Setting(CP_8845, plus=True))


def test_a_69xx_gets_no_prompt() -> None:
    judge(
        answered(changed(MENU, "<Prompt>Select a directory</Prompt>\n", "")), URL, Setting(CP_6945)
    )
    with pytest.raises(PhoneRefuses, match=r"^rule 29:"):
        judge(answered(MENU), URL, Setting(CP_6945))


def test_a_phone_without_directories_gets_a_menu_that_dials() -> None:
    assert (("John Smith", "1001"),) == judge(answered(LIST_MENU), URL, Setting(CP_860)).rows
    with pytest.raises(PhoneRefuses, match=r"^rule 48:"):
        judge(answered(DIRECTORY), URL, Setting(CP_860))


LETTERS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1)


@given(LETTERS.map(lambda name: " ".join(name.split())[:32]))
def test_any_escaped_name_is_read_as_an_xml_parser_reads_it(name: str) -> None:
    name = name.strip() or "?"
    page = changed(DIRECTORY, "John Smith", escape(name, {"'": "&apos;", '"': "&quot;"}))
    screen = judge(answered(page), URL, Setting(CP_7821)).screen
    assert isinstance(screen, DirectoryObject)
    assert [name, fromstring(page.encode()).findtext("DirectoryEntry/Name")] == [
        screen.entries[0].name
    ] * 2


@given(
    st.sampled_from([MENU, DIRECTORY, TEXT, EXECUTE, INPUT]),
    st.integers(0),
    st.integers(0, 9),
    st.binary(max_size=9),
)
def test_a_damaged_page_is_understood_or_refused(
    page: str, place: int, gone: int, new: bytes
) -> None:
    answer = answered(page)
    at = place % len(answer.body)
    body = answer.body[:at] + new + answer.body[at + gone :]
    headers = tuple(
        (name, str(len(body)) if name == "content-length" else value)
        for name, value in answer.headers
    )
    with suppress(PhoneRefuses):
        judge(Answer(200, headers, body), URL, Setting(CP_7821))
