"""Write the XML bodies of the requests of CardDAV."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from connectors.carddav.hrefs import escape_href

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_SPACES = (
    'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav" xmlns:S="http://calendarserver.org/ns/"'
)

FIND_HOMES = (
    f"{_HEAD}<propfind"
    f" {_SPACES}><prop><resourcetype/><current-user-principal/><C:addressbook-home-set/></prop>"
    "</propfind>"
).encode()
"""Requests what a resource is, and where its user's address books are."""
FIND_BOOKS = (
    f"{_HEAD}<propfind"
    f" {_SPACES}><prop><resourcetype/><displayname/><sync-token/><S:getctag/>"
    "<supported-report-set/></prop></propfind>"
).encode()
"""Requests a book's name and what changes whenever the book does."""
LIST_CARDS = (
    f"{_HEAD}<propfind {_SPACES}><prop><getetag/><resourcetype/></prop></propfind>".encode()
)
"""Requests the cards of a book and their ETags."""


def sync_body(token: str) -> bytes:
    """Return the REPORT for the changes since a token, or for everything ("")."""
    return (
        f"{_HEAD}<sync-collection"
        f" {_SPACES}><sync-token>{escape(token)}</sync-token><sync-level>1</sync-level>"
        "<prop><getetag/><resourcetype/></prop></sync-collection>"
    ).encode()


def multiget_body(hrefs: Iterable[str]) -> bytes:
    """Return the REPORT for the cards with these hrefs."""
    listed = "".join(f"<href>{escape(escape_href(href))}</href>" for href in hrefs)
    request = f"<prop><getetag/><C:address-data/></prop>{listed}"
    return f"{_HEAD}<C:addressbook-multiget {_SPACES}>{request}</C:addressbook-multiget>".encode()
