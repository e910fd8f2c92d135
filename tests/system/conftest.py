"""The directory that the tests of searching share."""

from collections.abc import Iterator

import pytest

from tests.support import search_gateway
from tests.support.servers.gateway import Gateway, eventually


@pytest.fixture(scope="package")
def searchable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Give a running gateway with the books of `tests.support.search_gateway`."""
    folder = tmp_path_factory.mktemp("search")
    search_gateway.write_files(folder)
    with Gateway(folder, search_gateway.CONFIG) as running:

        def rows() -> dict[str, int]:
            profiles = running.status()["profiles"]
            books = profiles["default"]["books"] | profiles["both"]["books"]
            return {
                name: book["rows"] for name, book in (books | profiles["crowd"]["books"]).items()
            }

        expected = {
            "staff": search_gateway.STAFF_COUNT + 2,
            "friends": 2,
            "crowd": search_gateway.CROWD_COUNT,
            "late": 0,
        }
        eventually(lambda: rows() == expected, "it is served")
        yield running
