"""People in a browser: search, pages, one person, and the ways that lead there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.generation.files import people_file_name, read_current
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import WIDTHS, Opener
from tests.browser.test_phone import press
from tests.support.held_gateway import HOSTILE, LONG_NAME
from tests.support.people_gateway import people_side
from tests.support.servers.web_side import WebSide

LOOKS = [(width, dark) for width in WIDTHS for dark in (False, True)]
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    with people_side(tmp_path_factory.mktemp("people")) as running:
        yield running


@pytest.mark.parametrize("width, dark", LOOKS)
def test_the_pages_are_accessible_and_fit(
    gateway: WebSide, open_page: Opener, width: int, dark: bool
) -> None:
    page = open_page(f"{gateway.base}/-/people", width=width, dark=dark)
    for summary in page.locator("summary").all():
        summary.click()
    for path in (
        "",
        "/-/people?start=50",
        "/-/people?q=nobody+at+all",
        "/-/people?profile=default&book=all&reason=no+number",
        "/-/people?profile=lobby&dialled=00895550101",
        "/-/person?source=office&id=o1",
        "/-/person?source=cloud&id=c1",
        "/-/person?source=office&id=o3",
        "/-/person?source=unused&id=u1",
    ):
        if path:
            page.goto(gateway.base + path)
        assert_fits(page)
        assert_accessible(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_hostile_names_are_shown_and_never_run(
    gateway: WebSide, open_page: Opener, width: int
) -> None:
    page = open_page(f"{gateway.base}/-/people", width=width)
    page.on("dialog", lambda dialog: pytest.fail(f"a name was run: {dialog.message}"))
    for text, name in ((HOSTILE, HOSTILE), (LONG_NAME[:90], LONG_NAME)):
        page.goto(f"{gateway.base}/-/people")
        page.get_by_label("Name, number or any other text").fill(text)
        page.get_by_role("button", name="Search").click()
        link = page.locator(".people a")
        expect(link).to_contain_text(name)
        assert_fits(page)
        assert_accessible(page)
        link.click()
        expect(page.locator("h1")).to_contain_text(name)
        expect(page.locator(".facts")).to_contain_text(name)
        assert_fits(page)
        assert_accessible(page)
        assert (1, 0) == (page.locator("script").count(), page.locator("main b").count())


@SCRIPT
def test_somebody_is_searched_and_looked_at(
    gateway: WebSide, open_page: Opener, script: bool
) -> None:
    page = open_page(gateway.base, script=script)
    page.get_by_role("link", name="People", exact=True).click()
    expect(page.locator("h2")).to_have_text("1 to 25 of 68 people")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("h2")).to_have_text("26 to 50 of 68 people")
    page.get_by_role("link", name="Before").click()
    # By keyboard: the form is reached and sent without a mouse.
    page.get_by_label("Name, number or any other text").focus()
    page.keyboard.type("blood lab")
    page.keyboard.press("Enter")
    expect(page.locator("h2")).to_have_text("1 to 1 of 1 person")
    page.keyboard.press("Tab")
    page.locator(".people a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ann Smith")
    page.get_by_role("link", name="Open on a phone").first.click()
    expect(page.locator("h1")).to_have_text("What a phone shows")


@SCRIPT
def test_what_is_wrong_is_worked_off(gateway: WebSide, open_page: Opener, script: bool) -> None:
    page = open_page(gateway.base, script=script)
    page.locator("#books").get_by_role("link", name="no number").first.click()
    expect(page.locator(".people a")).to_have_text(["Kay Kaputt", "Nina Nothing"])
    page.get_by_role("link", name="Show everybody").click()
    page.get_by_text("Odd numbers to look at").click()
    page.get_by_role("link", name="It is too long to be dialled.").first.click()
    expect(page.locator(".people a")).to_have_text(["Ola Odd"])
    assert "dials nothing" in page.locator(".people li").inner_text()


@SCRIPT
def test_dial_leads_to_the_person(gateway: WebSide, open_page: Opener, script: bool) -> None:
    page = open_page(
        f"{gateway.base}/-/phone?profile=lobby&path=/p/lobby/all.xml&press=select", script=script
    )
    called = page.locator(".phone-facts code").first.inner_text()
    page.get_by_role("link", name="Whose number it is").click()
    page.locator(".people a").first.click()
    expect(page.locator(".numbers code").filter(has_text=called).first).to_be_visible()


def test_the_keys_of_a_person_lead_to_the_row(gateway: WebSide, open_page: Opener) -> None:
    page = open_page(f"{gateway.base}/-/person?source=office&id=p1")
    keys = page.locator(".keys").first
    way = keys.locator("kbd").all_inner_texts()
    page.goto(f"{gateway.base}/-/phone?model=CP-7821")
    # A menu opens what is chosen, a page of the book only marks it.
    press(page, *"".join(way))
    expect(page.locator(".phone-facts")).to_contain_text("Dial would call 2001.")


@pytest.mark.parametrize("width, dark", LOOKS)
def test_without_a_people_file(tmp_path: Path, open_page: Opener, width: int, dark: bool) -> None:
    with people_side(tmp_path) as gateway:
        state = gateway.settings.state_dir
        (state / people_file_name(read_current(state).version)).unlink()
        page = open_page(f"{gateway.base}/-/people", width=width, dark=dark)
        assert "cannot be read" in page.locator(".notice-headline").inner_text()
        assert_fits(page)
        assert_accessible(page)
