"""Answers of the CardDAV fake as they are sent, and the XML of most of them."""

from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Raw:
    """An answer to send as it is.

    `cut` announces the whole body, sends this many bytes of it and closes the
    connection. `endless` is sent for ever, with a pause of this many seconds.
    """

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    endless: bytes = b""
    pause: float = 0.0


def row(href: str, properties: str, status: int = 200) -> str:
    if status != 200:
        return (
            f"<response><href>{escape(href)}</href><status>HTTP/1.1 {status}"
            " Something</status></response>"
        )
    absent = "<propstat><prop><C:nothing/></prop><status>HTTP/1.1 404 Not Found</status></propstat>"
    here = f"<propstat><prop>{properties}</prop><status>HTTP/1.1 200 OK</status></propstat>"
    return f"<response><href>{escape(href)}</href>{here}{absent}</response>"


def multistatus(*rows: str, tail: str = "") -> Raw:
    spaces = (
        'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"'
        ' xmlns:S="http://calendarserver.org/ns/"'
    )
    text = (
        '<?xml version="1.0" encoding="utf-8"?><multistatus'
        f" {spaces}>{''.join(rows)}{tail}</multistatus>"
    )
    text = text.replace("&</", "&amp;</")  # the token holds an ampersand
    return Raw(
        207,
        text.encode(),
        (("Content-Type", "application/xml; charset=utf-8"), ("Set-Cookie", "session=1; Path=/")),
    )
