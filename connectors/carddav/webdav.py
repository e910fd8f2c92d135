"""Read the multistatus answers of WebDAV.

A multistatus holds a row for each resource, with a status of its own or properties
grouped by status (RFC 4918 section 14.24). Only properties with status 200 are present.
Entities and DTDs are refused unread.
"""

from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, ParseError

from connectors.base import SourceRefused, SourceUnavailable
from connectors.carddav.hrefs import path_key, resolve_href
from connectors.http_client.responses import AnswerTooLarge, Response, redacted_url, status_problem

_DAV = "{DAV:}"
_CARD = "{urn:ietf:params:xml:ns:carddav}"
_SERVER = "{http://calendarserver.org/ns/}"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a multistatus; an absent value is "" or empty.

    `key` is the decoded path without a slash at its end, by which resources are
    compared. `failed` means that the server had trouble with it, so its data must not
    be trusted. `denied` means that the server does not tell what this is.
    """

    href: str
    key: str
    url: str = ""
    status: int = 200
    failed: bool = False
    denied: bool = False
    is_collection: bool = False
    is_book: bool = False
    name: str = ""
    etag: str = ""
    token: str = ""
    ctag: str = ""
    syncs: bool = False
    principal: str = ""
    homes: tuple[str, ...] = ()
    data: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Multistatus:
    """The rows of an answer, and the sync token beside them or ""."""

    rows: tuple[Resource, ...]
    token: str


MAX_TAGS = 4_000_000
"""Start and end tags in one answer, enough to list a quarter of a million cards.

A larger tree would fill the memory.
"""
_NEEDED = frozenset((f"{_DAV}resourcetype", f"{_DAV}getetag"))


class BrokenXml(SourceUnavailable):
    """An answer is no XML, or half of one."""


def same_etag(one: str, other: str) -> bool:
    """Return whether two plain ETags of one resource mean that it is unchanged.

    An unknown one ("") never does.
    """
    return bool(one) and one == other


def plain_etag(etag: str) -> str:
    """Return an ETag without a weak mark and without the suffix of compression.

    ETags are opaque. Only a `W/` and the `-gzip` that a web server adds are removed.
    """
    etag = etag.strip().removeprefix("W/")
    if etag.endswith('-gzip"'):
        return etag[:-6] + '"'
    return etag.removesuffix("-gzip")


def read_multistatus(answer: Response) -> Multistatus:
    """Return the rows of a multistatus.

    Raises NotFound if it only tells that nothing is there (status 404, or a row with
    it). Raises SourceRefused for a web page, another status or forbidden XML. Raises
    AnswerTooLarge, and BrokenXml for half of an answer.
    """
    if answer.status != 207:
        raise not_webdav(answer)
    root = _parse(answer)
    if root.tag != f"{_DAV}multistatus":
        raise not_webdav(answer)
    rows = tuple(_row(answer.url, element) for element in root.iterfind(f"{_DAV}response"))
    if len(rows) == 1 and rows[0].status in (404, 410) and rows[0].key == path_key(answer.url):
        raise status_problem(replace(answer, status=rows[0].status))
    return Multistatus(rows, (root.findtext(f"{_DAV}sync-token") or "").strip())


def require_complete(answer: Response, *, paged: bool = False) -> Multistatus:
    """Return a multistatus that is a complete list.

    With `paged`, a status 507 may tell that more follows. Raises as `read_multistatus`
    does, and SourceUnavailable if a row failed or the list is cut.
    """
    found = read_multistatus(answer)
    if any(row.failed or (row.status == 507 and not paged) for row in found.rows):
        raise SourceUnavailable(
            f"{redacted_url(answer.url)} could not tell all that it holds. Check the server's log"
            " if this stays."
        )
    return found


def not_webdav(answer: Response) -> SourceRefused:
    """Return the error for an answer that is not DAV.

    It may be a web page, a captive portal's login or an unexpected status.
    """
    if answer.status < 300 and is_page(answer):
        return SourceRefused(
            f"{redacted_url(answer.url)} answered with a web page instead of address books. Check"
            " url, and whether a login page of the network (captive portal, proxy) stands between."
        )
    if answer.status < 300:
        return SourceRefused(
            f"{redacted_url(answer.url)} is no CardDAV server (status {answer.status}). Check url."
        )
    return status_problem(answer)


def refuses_token(answer: Response) -> bool:
    """Return whether an answer to a sync-collection invalidates its token.

    The element `valid-sync-token` does (RFC 6578 section 3.2), and so do statuses that
    differ from server to server.
    """
    return answer.status in (403, 409, 410, 412) or (
        answer.status >= 400 and b"valid-sync-token" in answer.body
    )


def is_page(answer: Response) -> bool:
    """Return whether an answer calls itself a web page, or looks like one."""
    return answer.content_type in ("text/html", "application/xhtml+xml") or _looks_like_page(
        answer.body
    )


def _looks_like_page(body: bytes) -> bool:
    return b"<html" in body[:2000].lower()


def _parse(answer: Response) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if answer.body.count(b"<") > MAX_TAGS:
        raise AnswerTooLarge(
            f"{redacted_url(answer.url)} sent XML of more than {MAX_TAGS:,} tags, which no address"
            " book needs. Check url."
        )
    try:
        # Blank lines of a careless script are not XML.
        root: Element = fromstring(answer.body.lstrip(), forbid_dtd=True)
    except DefusedXmlException as error:
        if _looks_like_page(answer.body):
            raise not_webdav(answer) from error
        raise SourceRefused(
            f"{redacted_url(answer.url)} sent XML with a DTD or entities, which is not read. Check"
            " the server."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        if _looks_like_page(answer.body):
            raise not_webdav(answer) from error
        raise BrokenXml(
            f"{redacted_url(answer.url)} sent an answer that is cut or no XML. Check the server's"
            " log if this stays."
        ) from error
    return root


def _row(base: str, response: Element) -> Resource:
    href = (response.findtext(f"{_DAV}href") or "").strip()
    status = _status(response.findtext(f"{_DAV}status"))
    found: dict[str, Element] = {}
    failed = status >= 500 and status != 507
    denied = 400 <= status < 500 and status not in (404, 410)
    for group in response.iterfind(f"{_DAV}propstat"):
        properties = {element.tag: element for element in group.iterfind(f"{_DAV}prop/*")}
        worth = _status(group.findtext(f"{_DAV}status"))
        if worth == 200:
            found |= properties
        failed = failed or (worth >= 500 and not _NEEDED.isdisjoint(properties))
        denied = denied or (worth in (401, 403) and f"{_DAV}resourcetype" in properties)
    url = resolve_href(base, href)
    kinds = {element.tag for element in found.get(f"{_DAV}resourcetype", ())}
    reports = found.get(f"{_DAV}supported-report-set")
    return Resource(
        href=href,
        key=path_key(url),
        url=url,
        status=status,
        failed=failed,
        denied=denied,
        is_collection=f"{_DAV}collection" in kinds or href.endswith("/"),
        is_book=f"{_CARD}addressbook" in kinds,
        name=_text(found, f"{_DAV}displayname"),
        etag=plain_etag(_text(found, f"{_DAV}getetag")),
        token=_text(found, f"{_DAV}sync-token"),
        ctag=_text(found, f"{_SERVER}getctag"),
        syncs=reports is not None
        and next(reports.iter(f"{_DAV}sync-collection"), None) is not None,
        principal=next(iter(_hrefs(found, f"{_DAV}current-user-principal")), ""),
        homes=_hrefs(found, f"{_CARD}addressbook-home-set"),
        data=(found[f"{_CARD}address-data"].text or "") if f"{_CARD}address-data" in found else "",
    )


def _status(line: str | None) -> int:
    """Return the number in "HTTP/1.1 404 Not Found".

    A row without a status line is present (200).
    """
    words = (line or "").split()
    return (
        int(words[1])
        if len(words) > 1 and words[1].isascii() and words[1].isdigit() and len(words[1]) == 3
        else 200
    )


def _text(found: dict[str, Element], tag: str) -> str:
    return (found[tag].text or "").strip() if tag in found else ""


def _hrefs(found: dict[str, Element], tag: str) -> tuple[str, ...]:
    return (
        tuple(
            (element.text or "").strip()
            for element in found[tag].iterfind(f"{_DAV}href")
            if element.text
        )
        if tag in found
        else ()
    )
