"""A book of five people on the fake share, its connector, and the error of a fetch."""

from collections.abc import Iterator

import pytest

from connectors.base import Connector, SourceError
from connectors.carddav.connector import CardDavConnector
from tests.connectors.vcard.cards import card
from tests.support.fakes.dav_login import PASSWORD
from tests.support.fakes.dav_server import FakeDav
from tests.support.patience import PATIENCE

STEPS = {
    "discovery": b"current-user-principal",
    "books": b"displayname",
    "listing": b"sync-collection",
    "cards": b"multiget",
}
"""The four kinds of requests of a first reading, by a word of their bodies."""


def five_people() -> Iterator[FakeDav]:
    """Run a fake with five people, Ann 0 to Ann 4."""
    with FakeDav() as server:
        for number in range(5):
            server.put(f"{number}.vcf", card(f"UID:u{number}", f"FN:Ann {number}"))
        yield server


def connector_for(url: str, **more: object) -> Connector:
    """Return a connector that waits as long as a test may."""
    return CardDavConnector.model_validate({"url": url, "timeout": PATIENCE} | more)


def caught(fake: FakeDav, path: str = "/dav/book/", **more: object) -> SourceError:
    """Return the error of a first fetch, which says who must act.

    It contains no name of a contact and no secret.
    """
    with pytest.raises(SourceError) as found:
        connector_for(f"{fake.url}{path}", **more).fetch(None)
    assert "Ann" not in str(found.value)
    assert PASSWORD not in str(found.value)
    assert found.value.__class__ is not SourceError
    return found.value
