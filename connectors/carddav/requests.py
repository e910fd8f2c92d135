"""The four requests that CardDAV needs, and who may answer them."""

from connectors.base import SourceRefused
from connectors.carddav.hrefs import is_elsewhere
from connectors.http_client.responses import Response, redacted_url
from connectors.http_client.session import Session

XML = ("Content-Type", "application/xml; charset=utf-8")
CARDS = ("Accept", "text/vcard, text/x-vcard, */*;q=0.1")


def propfind(session: Session, url: str, depth: str, body: bytes) -> Response:
    """Ask for properties of a resource ("0") or of it and all directly below it ("1")."""
    return session.request("PROPFIND", url, (("Depth", depth), XML), body)


def insist(session: Session, url: str, body: bytes) -> bool:
    """Log in although a PROPFIND was answered without a login; return whether the next one bears it."""
    return session.probe_login("PROPFIND", url, (("Depth", "0"), XML), body)


def list_members(session: Session, url: str, body: bytes) -> Response:
    """Ask for properties of all that a book holds. Raises SourceRefused when another server answers."""
    return _own(propfind(session, url, "1", body), url)


def report(session: Session, url: str, body: bytes) -> Response:
    """Ask for a report on a collection, whose own body says how deep it goes; return an answer with status 5xx too.

    Raises SourceRefused when another server answers: a redirect must not decide whose cards are read.
    """
    return _own(session.request("REPORT", url, (("Depth", "0"), XML), body, fallible=True), url)


def get_card(session: Session, url: str) -> Response:
    """Ask for one card; return an answer with status 5xx too. Raises LeadsAway when it redirects to another server."""
    return session.request("GET", url, (CARDS,), fallible=True, stay=True)


def _own(answer: Response, url: str) -> Response:
    if is_elsewhere(answer.url, url):
        raise SourceRefused(
            f"{redacted_url(url)} redirects to another server, {redacted_url(answer.url)}, whose cards are not read. "
            "Write that address into url if it is right."
        )
    return answer
