"""The phone in a browser: its keys by mouse, by keyboard and without script."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import WIDTHS, Opener
from tests.browser.pictures import assert_looks_like, difference
from tests.support.offline_gateway import write_people
from tests.support.servers.web_side import WebSide

MODELS = ("CP-7821", "CP-7841", "CP-8841", "CP-7965")
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
FAMILIES = ("Abbott", "Bergström", "Castellano", "Dvořák", "Eriksen")
CONFIG = """
title = "Company"
[sources.staff]
connector = "csv"
path = "contacts.csv"
[dial.helpdesk]
title = "Call helpdesk"
number = "1001"
"""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    folder = tmp_path_factory.mktemp("phone")
    write_people(
        folder / "contacts.csv",
        (
            {"Name": f"Ann{row:02} {FAMILIES[row % 5]}", "Phone": f"030 23125{row:03}"}
            for row in range(100)
        ),
    )
    with WebSide(folder, CONFIG) as running:
        yield running


def url(gateway: WebSide, model: str = "CP-7821", path: str = "") -> str:
    where = f"&path={quote(f'/p/default/{path}')}" if path else ""
    return f"{gateway.base}/-/phone?model={model}{where}"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.locator(f'.phone .key[value="{key}"]').click()


def softkey(page: Page, label: str) -> None:
    page.locator(".softkeys").get_by_role("button", name=label, exact=True).click()


def title(page: Page, text: str) -> None:
    expect(page.locator(".display-title")).to_have_text(text)


def chosen(page: Page, text: str) -> None:
    expect(page.locator(".display-row.chosen .row-text")).to_have_text(text)


def prompt(page: Page, text: str) -> None:
    expect(page.locator(".prompt-text")).to_have_text(text)


@SCRIPT
@pytest.mark.parametrize("model", MODELS)
def test_a_hundred_contacts_on_each_model(
    gateway: WebSide, open_page: Opener, model: str, script: bool
) -> None:
    page = open_page(url(gateway, model), script=script)
    title(page, "Company")
    press(page, "1")
    title(page, "Staff")
    prompt(page, "100 entries")
    press(page, "select")
    prompt(page, "1-25 of 100")
    for rows in ("26-50", "51-75", "76-100"):
        softkey(page, "Next")
        prompt(page, f"{rows} of 100")
    # Rows are chosen by their number.
    press(page, "2", "5")
    expect(page.locator(".row-number").last).to_have_text("25")
    chosen(page, "Ann99 Eriksen")
    expect(page.locator(".phone-facts")).to_contain_text("Dial would call 03023125099")
    softkey(page, "Exit")
    prompt(page, "51-75 of 100")


@SCRIPT
def test_the_overview_opens_a_book(gateway: WebSide, open_page: Opener, script: bool) -> None:
    page = open_page(gateway.base, script=script)
    page.get_by_role("link", name="Open on a phone").first.click()
    title(page, "Staff")
    assert "What a phone shows" in page.title()


@SCRIPT
def test_search_by_keypad(gateway: WebSide, open_page: Opener, script: bool) -> None:
    page = open_page(url(gateway), script=script)
    press(page, "2")
    title(page, "Search")
    # "d", then "v" after the arrow ends the letter: d on 3, v as the third letter of 8.
    press(page, "3", "right", "8", "8", "8")
    expect(page.get_by_label("Name")).to_have_value("dv")
    softkey(page, "Submit")
    prompt(page, "1-20 of 20")
    chosen(page, "Ann03 Dvořák")
    softkey(page, "Exit")
    expect(page.get_by_label("Name")).to_have_value("")
    press(page, "down", "2", "2", "7", "8")
    expect(page.get_by_label("Keys or number")).to_have_value("2278")
    softkey(page, "Submit")
    chosen(page, "Ann02 Castellano")


@SCRIPT
def test_text_is_typed_into_the_form(gateway: WebSide, open_page: Opener, script: bool) -> None:
    page = open_page(url(gateway, path="search.xml"), script=script)
    page.get_by_label("Name").fill("Ann07 nobody")
    page.get_by_label("Name").press("Enter")
    expect(page.locator(".display-line")).to_have_text('Nothing was found for "Ann07 nobody".')
    softkey(page, "Search")
    expect(page.get_by_label("Name")).to_have_value("Ann07 nobody")


@SCRIPT
@pytest.mark.parametrize(
    ("model", "labels"),
    [
        ("CP-7821", ["Exit", "Dial", "Next", "More"]),
        ("CP-7965", ["Dial", "Next", "Exit", "more"]),
    ],
)
def test_softkeys_differ(
    gateway: WebSide, open_page: Opener, model: str, labels: list[str], script: bool
) -> None:
    page = open_page(url(gateway, model, "staff.xml"), script=script)
    press(page, "select")
    expect(page.locator(".display-softkeys span")).to_have_text(labels)
    softkey(page, labels[-1])
    expect(page.locator(".display-softkeys span").last).to_have_text(labels[-1])
    expect(page.locator(".display-softkeys span")).not_to_have_text(labels)


@SCRIPT
def test_dial(gateway: WebSide, open_page: Opener, script: bool) -> None:
    page = open_page(url(gateway, path="staff.xml"), script=script)
    press(page, "select", "down")
    softkey(page, "Dial")
    expect(page.locator(".display-line")).to_have_text("03023125001")
    expect(page.locator(".phone-facts")).to_contain_text("The phone would now call 03023125001")
    softkey(page, "End call")
    chosen(page, "Ann01 Bergström")
    softkey(page, "More")
    softkey(page, "EditDial")
    title(page, "Edit number")
    press(page, "9")
    softkey(page, "Dial")
    expect(page.locator(".display-line")).to_have_text("030231250019")
    press(page, "directory", "3")
    expect(page.locator(".display-line")).to_have_text("1001")
    press(page, "back")
    title(page, "Company")


def test_by_keyboard(gateway: WebSide, open_page: Opener) -> None:
    page = open_page(url(gateway))
    page.keyboard.press("ArrowDown")
    # What is chosen is said to a screen reader.
    expect(page.locator("#phone-said")).to_have_text("2 Search", use_inner_text=True)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    prompt(page, "100 entries")
    page.keyboard.press("2")
    prompt(page, "26-50 of 100")
    page.keyboard.press("F3")
    prompt(page, "51-75 of 100")
    page.keyboard.press("Escape")
    prompt(page, "26-50 of 100")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.get_by_label("Name").wait_for()
    # The form has the focus, so that letters of the keyboard are letters.
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("eriksen")
    page.keyboard.press("Enter")
    prompt(page, "1-20 of 20")


def test_the_link_opens_the_same_display(gateway: WebSide, open_page: Opener) -> None:
    page = open_page(url(gateway, "CP-8841", "staff.xml"))
    press(page, "select", "down", "down")
    chosen(page, "Ann02 Castellano")
    again = open_page(page.url)
    chosen(again, "Ann02 Castellano")
    press(again, "back")
    prompt(again, "100 entries")


@SCRIPT
def test_model_profile_and_charset_are_chosen(
    gateway: WebSide, open_page: Opener, script: bool
) -> None:
    page = open_page(url(gateway, path="search.xml?q=dvorak"), script=script)
    chosen(page, "Ann03 Dvořák")
    page.get_by_label("Characters").select_option("iso-8859-1")
    if not script:
        page.get_by_role("button", name="Show").click()
    chosen(page, "Ann03 Dvorák")
    page.locator("summary").click()
    expect(page.get_by_label("XML")).to_contain_text('encoding="iso-8859-1"')
    page.get_by_label("Model").select_option("CP-7965")
    if not script:
        page.get_by_role("button", name="Show").click()
    expect(page.locator(".phone-cp-7965")).to_be_visible()
    chosen(page, "Ann03 Dvorák")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_accessible_and_fits(
    gateway: WebSide, open_page: Opener, width: int, dark: bool
) -> None:
    page = open_page(url(gateway, "CP-7841", "search.xml?q=dvorak"), width=width, dark=dark)
    for key in ("", "soft2", "soft2", "back"):
        if key:
            press(page, key)
        assert_fits(page)
        assert_accessible(page)
    for model in MODELS:
        page.goto(url(gateway, model, "search.xml" if width == 390 else "staff/x.xml"))
        page.locator("summary").click()
        assert_fits(page)
        assert_accessible(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_hostile_names_are_shown_and_not_run(tmp_path: Path, open_page: Opener, width: int) -> None:
    names = ["<script>document.title=1</script>", "\"'><b>&amp;", "שלום עליכם", "W" * 5000]
    people = [{"Name": name, "Phone": f"0301{row}"} for row, name in enumerate(names)]
    write_people(tmp_path / "contacts.csv", people)
    with WebSide(tmp_path, CONFIG.replace("Company", "<i>C</i>" + "W" * 24)) as gateway:
        for path, query in (
            ("staff.xml", ""),
            ("search.xml", f"&v0={quote(names[0] * 9)}&v1={'9' * 90}"),
            ("staff.xml", f"&called={quote(names[1] * 9)}"),
            ("staff.xml", f"&edited={quote(names[1] * 9)}"),
            (quote("search.xml?q=" + "W" * 5000), ""),
            (f"{'x' * 900}.xml", f"&back={quote(names[0])}&digits=9&tapped={quote(names[1])}"),
        ):
            page = open_page(f"{url(gateway, 'CP-7821', path)}{query}", width=width)
            assert_fits(page)
            assert "What a phone shows" in page.title()
            assert 0 == page.locator("main b, main i, main script").count()
        page.goto(url(gateway, "CP-7965", "staff.xml"))
        shown = page.locator(".row-text").all_text_contents()
        assert any("<script>" in name for name in shown)
        assert any("שלום" in name for name in shown)


@pytest.mark.parametrize("model", MODELS)
def test_pictures(
    gateway: WebSide, open_page: Opener, browser: Browser, model: str, tmp_path: Path
) -> None:
    page = open_page(url(gateway, model))
    assert_looks_like(browser, page.locator(".phone"), f"{model}-menu", tmp_path)
    page.goto(url(gateway, model, "search.xml?q=ann") + "&cursor=2")
    assert_looks_like(browser, page.locator(".panel"), f"{model}-list", tmp_path)
    page.goto(url(gateway, model, "search.xml?q=ann&form=1") + "&v0=ann")
    assert_looks_like(browser, page.locator(".panel"), f"{model}-form", tmp_path)
    page.goto(url(gateway, model, "search.xml?q=nobody"))
    assert_looks_like(browser, page.locator(".panel"), f"{model}-text", tmp_path)


def test_a_picture_with_another_row_chosen_is_another_one(
    gateway: WebSide, open_page: Opener, browser: Browser, tmp_path: Path
) -> None:
    pictures = []
    for cursor in (2, 3):
        page = open_page(url(gateway, path="search.xml?q=ann") + f"&cursor={cursor}")
        pictures.append(tmp_path / f"{cursor}.png")
        page.locator(".panel").screenshot(path=pictures[-1])
    assert difference(browser, *pictures) > 0.01
    assert 0 == difference(browser, pictures[0], pictures[0])
