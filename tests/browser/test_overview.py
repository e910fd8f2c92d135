"""The overview in a browser."""

from collections.abc import Iterator

import pytest

from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import WIDTHS, Opener
from tests.support import contacts
from tests.support.servers.web_side import WebSide


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    folder = tmp_path_factory.mktemp("overview")
    contacts.write(folder / "contacts.csv", (contacts.person(row) for row in range(100)))
    with WebSide(folder, contacts.CONFIG) as running:
        yield running


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_all_is_well(gateway: WebSide, open_page: Opener, width: int, dark: bool) -> None:
    page = open_page(gateway.base, width=width, dark=dark)
    assert "All is well" == page.locator("h1").inner_text()
    assert_fits(page)
    assert_accessible(page)
