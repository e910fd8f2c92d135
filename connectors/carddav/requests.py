"""The four requests of CardDAV, and which servers may answer them."""

from connectors.base import SourceRefused
from connectors.carddav.hrefs import is_elsewhere
from connectors.http_client.responses import Response, redacted_url
from connectors.http_client.session import Session

XML = ("Content-Type", "application/xml; charset=utf-8")
CARDS = ("Accept", "text/vcard, text/x-vcard, */*;q=0.1")


def propfind(session: Session, url: str, depth: str, body: bytes) -> Response:
    """Request properties of a resource ("0"), or also of its direct members ("1")."""
    return session.request("PROPFIND", url, (("Depth", depth), XML), body)


def probe_login(session: Session, url: str, body: bytes) -> bool:
    """Log in although a PROPFIND was answered without a login.

    Returns whether the next request carries the login.
    """
    return session.probe_login("PROPFIND", url, (("Depth", "0"), XML), body)


def list_members(session: Session, url: str, body: bytes) -> Response:
    """Request properties of all members of a book.

    Raises SourceRefused if another server answers.
    """
    return _own(propfind(session, url, "1", body), url)


def report(session: Session, url: str, body: bytes) -> Response:
    """Request a report on a collection; return an answer with status 5xx too.

    The body tells its depth. Raises SourceRefused if another server answers, because a
    redirect must not decide whose cards are read.
    """
    return _own(session.request("REPORT", url, (("Depth", "0"), XML), body, fallible=True), url)


def get_card(session: Session, url: str) -> Response:
    """Request one card; return an answer with status 5xx too.

    Raises LeadsAway if the request is redirected to another server.
    """
    return session.request("GET", url, (CARDS,), fallible=True, stay=True)


def _own(answer: Response, url: str) -> Response:
    if is_elsewhere(answer.url, url):
        raise SourceRefused(
            f"{redacted_url(url)} redirects to another server, {redacted_url(answer.url)}, whose"
            " cards are not read. Write that address into url if it is right."
        )
    return answer
