"""The set-up of phones in a browser."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from app.device_config.lint import lint_text
from tests.app.device_config.test_lint import SAMPLE
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import WIDTHS, Opener
from tests.support.held_gateway import troubled
from tests.support.servers.web_side import WebSide

LOOKS = [(width, dark) for width in WIDTHS for dark in (False, True)]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    with troubled(tmp_path_factory.mktemp("setup")) as running:
        yield running


@pytest.mark.parametrize("width, dark", LOOKS)
def test_the_page(gateway: WebSide, open_page: Opener, width: int, dark: bool) -> None:
    page = open_page(gateway.base, width=width, dark=dark)
    page.get_by_role("link", name="Set-up").first.click()
    assert "Set up phones" == page.locator("h1").inner_text()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_text("Profile reception").first.click()
    page.get_by_label("The content of").fill(SAMPLE)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("h2", has_text="What is wrong with the file")).to_have_count(1)
    expect(page.locator(".findings li")).to_have_count(7)
    assert_fits(page)
    assert_accessible(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_file_is_downloaded(
    gateway: WebSide, open_page: Opener, tmp_path: Path, script: bool
) -> None:
    page = open_page(f"{gateway.base}/-/setup", script=script)
    page.get_by_label("MAC address").fill("001122AABBCC")
    page.get_by_label("Exchange", exact=True).fill("192.168.1.5")
    page.get_by_label("Account", exact=True).fill("1001")
    page.get_by_label("Password of the account").fill("gEheim7")
    page.get_by_label("Time zone").select_option("Central Europe Standard/Daylight Time")
    page.get_by_label("Time server").fill("pool.ntp.org")
    page.get_by_role("button", name="Download the file").click()
    assert "the clock stands still" in page.locator(".field-problem").inner_text()
    expect(page.get_by_label("MAC address")).to_have_value("001122AABBCC")
    expect(page.get_by_label("Password of the account")).to_have_value("")
    if script:
        assert_accessible(page)
    page.get_by_label("Time server").fill("162.159.200.1")
    page.get_by_label("Password of the account").fill("gEheim7")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    assert "SEP001122AABBCC.cnf.xml" == download.value.suggested_filename
    download.value.save_as(tmp_path / "phone.xml")
    text = (tmp_path / "phone.xml").read_text(encoding="utf-8")
    assert "gEheim7" == ElementTree.fromstring(text).findtext(".//authPassword")
    passed = text.replace("127.0.0.1", "192.0.2.10")
    assert () == lint_text(download.value.suggested_filename, passed).findings


def test_lines_are_copied(gateway: WebSide, open_page: Opener) -> None:
    page = open_page(f"{gateway.base}/-/setup")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy: Directory key, profile default")
    button.click()
    page.wait_for_function("button => button.textContent === 'Copied'", arg=button.element_handle())
    assert page.evaluate("navigator.clipboard.readText()").startswith("<directoryURL>http://")
