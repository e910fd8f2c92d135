"""The login of operators in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from app.state import login_attempts
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import WIDTHS, Opener
from tests.support.login_gateway import guarded
from tests.support.password import PASSWORD
from tests.support.servers.web_side import WebSide


@pytest.fixture
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    with guarded(tmp_path_factory.mktemp("login")) as running:
        yield running


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_logs_in_where_it_was_and_out(gateway: WebSide, open_page: Opener, script: bool) -> None:
    page = open_page(f"{gateway.base}/-/phone?model=CP-8841", script=script)
    assert "Log in" == page.locator("h1").inner_text()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{gateway.base}/-/phone?model=CP-8841")
    page.goto(gateway.base)
    page.get_by_role("button", name="Read now: staff").click()
    expect(page.locator(".notice-headline").first).to_contain_text("staff")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("h1")).to_have_text("Log in")
    page.goto(gateway.base)
    assert page.url.endswith("/-/login")


def test_is_slowed_down_after_five_wrong_guesses(
    gateway: WebSide, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_attempts, "FIRST_WAIT", 600.0)
    page = open_page(gateway.base)
    for guess in (*(["a wrong one"] * 5), PASSWORD):
        page.get_by_label("Password").fill(guess)
        page.get_by_role("button", name="Log in").click()
        refusal = "Too many wrong passwords" if guess == PASSWORD else "The password is wrong."
        expect(page.get_by_role("alert")).to_contain_text(refusal)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_fit(gateway: WebSide, open_page: Opener, width: int, dark: bool) -> None:
    page = open_page(gateway.base, width=width, dark=dark)
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("Password").fill("a wrong one")
    page.keyboard.press("Enter")
    assert "The password is wrong." == page.get_by_role("alert").inner_text().strip()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Log out").wait_for()
    assert_fits(page)
    assert_accessible(page)
