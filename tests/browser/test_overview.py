"""The overview and held results in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import WIDTHS, Opener
from tests.support import contacts
from tests.support.held_gateway import HOSTILE, LONG_NAME, TITLE, troubled
from tests.support.servers.web_side import WebSide

LOOKS = [(width, dark) for width in WIDTHS for dark in (False, True)]


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    folder = tmp_path_factory.mktemp("well")
    contacts.write(folder / "contacts.csv", (contacts.person(row) for row in range(100)))
    with WebSide(folder, contacts.CONFIG) as running:
        yield running


@pytest.fixture(scope="module")
def trouble(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    with troubled(tmp_path_factory.mktemp("trouble")) as running:
        yield running


@pytest.mark.parametrize("width, dark", LOOKS)
def test_all_is_well(well: WebSide, open_page: Opener, width: int, dark: bool) -> None:
    page = open_page(well.base, width=width, dark=dark)
    assert "All is well" == page.locator("h1").inner_text()
    assert "well" == page.locator(".bar .state").inner_text()
    assert 0 == page.locator(".notice").count()
    for path in ("", "/docs"):
        page.goto(well.base + path)
        assert_fits(page)
        assert_accessible(page)


@pytest.mark.parametrize("width, dark", LOOKS)
def test_trouble(trouble: WebSide, open_page: Opener, width: int, dark: bool) -> None:
    page = open_page(trouble.base, width=width, dark=dark)
    assert "One source needs you" == page.locator("h1").inner_text()
    headlines = page.locator(".notice-headline").all_inner_texts()
    assert ["club lost too many contacts, so its last result is held back"] == headlines[:1]
    assert ["old cannot be read at present"] == headlines[1:]
    assert ["club", "old", "staff", "suppliers"] == page.locator("#sources h3").all_inner_texts()
    for path in ("", "/-/held?source=club", "/-/held?source=staff"):
        page.goto(trouble.base + path)
        assert_fits(page)
        assert_accessible(page)


def test_hostile_names_are_shown_and_never_run(trouble: WebSide, open_page: Opener) -> None:
    page = open_page(trouble.base)
    page.on("dialog", lambda dialog: pytest.fail(f"a name was run: {dialog.message}"))
    shown = TITLE.replace("'", "’")
    assert shown == page.locator(".bar-title").inner_text()
    assert shown in page.locator("#books h3").all_inner_texts()
    assert "<img src=x" in page.locator(".notice").nth(1).inner_text()
    page.goto(f"{trouble.base}/-/held?source=club")
    names = page.locator(".names li").all_inner_texts()
    assert {HOSTILE, LONG_NAME} <= set(names)
    assert 1 == page.locator("script").count()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_held_result_is_accepted(tmp_path: Path, open_page: Opener, script: bool) -> None:
    with troubled(tmp_path) as gateway:
        page = open_page(gateway.base, script=script)
        page.get_by_role("link", name="See who would go").first.click()
        expect(page.locator("h1")).to_have_text("club: who would go")
        expect(page.locator(".names li")).to_have_count(21)
        names = page.locator(".names li").all_inner_texts()
        assert "Person 37" in names and "Person 18" not in names
        page.get_by_role("button", name="Accept: 21 contacts go").click()
        expect(page.locator(".notice-headline").first).to_have_text("club: accepted")
        page.get_by_role("button", name="Read now: staff").click()
        expect(page.locator(".notice-headline").first).to_have_text("staff: to be read")
        requests = {path.name for path in (tmp_path / "state" / "requests").iterdir()}
        assert {"refresh-club", "refresh-staff"} == requests
        page.goto(f"{gateway.base}/-/held?source=club")
        assert "There is nothing to accept." in page.locator("main").inner_text()
