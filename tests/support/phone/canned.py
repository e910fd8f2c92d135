"""A loopback server of prepared responses, to test the strict phone against.

It serves the bytes that it was given, right or wrong, and stores the requests.
"""

import socketserver
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from xml.sax.saxutils import escape

PAST = ("Expires", "Sat, 01 Jan 2000 00:00:00 GMT")
PROLOG = '<?xml version="1.0" encoding="utf-8"?>\n'


class Canned(socketserver.ThreadingTCPServer):
    """HTTP server that answers path and query with the bytes in `pages`, else with 404.

    `requests` holds the head of each request. A page that is a tuple of bytes gives one
    of them per request, and the last one from then on.
    """

    daemon_threads = True
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CannedHandler)
        self.pages: dict[str, bytes | tuple[bytes, ...]] = {}
        self.requests: list[str] = []
        self.connections = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, path: str) -> bytes:
        page = self.pages.get(path, http("nothing here", status="404 Not Found"))
        if isinstance(page, bytes):
            return page
        self.pages[path] = page[1:] if len(page) > 1 else page
        return page[0]


class CannedHandler(socketserver.StreamRequestHandler):
    server: Canned

    def handle(self) -> None:
        self.server.connections += 1
        while head := self._head():
            self.server.requests.append(head)
            answer = self.server.answer(head.split(" ")[1])
            self.wfile.write(answer)
            if "HTTP/1.0" in head or "connection: close" in head.lower() or not answer:
                return

    def _head(self) -> str:
        head = ""
        for line in self.rfile:
            if line == b"\r\n":
                return head
            head += line.decode("ascii")
        return ""


@contextmanager
def served(pages: Mapping[str, bytes | tuple[bytes, ...]] | None = None) -> Iterator[Canned]:
    """Run a server of `pages` on a free loopback port."""
    with Canned() as server:
        server.pages.update(pages or {})
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def http(
    body: str | bytes, *extra: tuple[str, str], status: str = "200 OK", charset: str = "utf-8"
) -> bytes:
    """Return a complete HTTP response with `body`, as a gateway should send it."""
    content = body.encode(charset) if isinstance(body, str) else body
    headers = (
        ("Content-Type", f"text/xml; charset={charset}"),
        ("Content-Length", str(len(content))),
        *extra,
    )
    return (
        f"HTTP/1.1 {status}\r\n".encode()
        + b"".join(f"{name}: {value}\r\n".encode() for name, value in headers)
        + b"\r\n"
        + content
    )


def menu(
    *items: tuple[str, str], title: str = "Menu", keys: tuple[tuple[str, int, str], ...] = ()
) -> str:
    """Return a CiscoIPPhoneMenu of (name, url), with softkeys (name, position, url)."""
    lines = "".join(
        f"<MenuItem><Name>{escape(name)}</Name><URL>{escape(url)}</URL></MenuItem>\n"
        for name, url in items
    )
    return (
        f"{PROLOG}<CiscoIPPhoneMenu>\n<Title>{title}</Title>"
        f"\n{softkeys(keys)}{lines}</CiscoIPPhoneMenu>\n"
    )


def directory(
    *rows: tuple[str, str], title: str = "Staff", keys: tuple[tuple[str, int, str], ...] = ()
) -> str:
    """Return a CiscoIPPhoneDirectory of (name, number).

    Its softkeys are (name, position, url).
    """
    lines = "".join(
        f"<DirectoryEntry><Name>{name}</Name><Telephone>{number}</Telephone></DirectoryEntry>\n"
        for name, number in rows
    )
    return (
        f"{PROLOG}<CiscoIPPhoneDirectory>\n<Title>{title}</Title>"
        f"\n{softkeys(keys)}{lines}</CiscoIPPhoneDirectory>\n"
    )


def softkeys(keys: tuple[tuple[str, int, str], ...]) -> str:
    """Return SoftKeyItems of (name, position, url)."""
    return "".join(
        f"<SoftKeyItem><Name>{name}</Name><Position>{position}</Position><URL>"
        f"{escape(url)}</URL></SoftKeyItem>\n"
        for name, position, url in keys
    )


def page_keys(next_url: str = "", previous_url: str = "") -> tuple[tuple[str, int, str], ...]:
    """Return the gateway's softkeys of a Directory on any phone but CP-79."""
    keys = [("Exit", 1, "SoftKey:Exit"), ("Dial", 2, "SoftKey:Dial")]
    keys += [("Next", 3, next_url)] if next_url else []
    keys += [("Previous", 4, previous_url)] if previous_url else []
    return (
        *keys,
        ("EditDial", 3 if not next_url else 4 if not previous_url else 5, "SoftKey:EditDial"),
    )


def text(sentence: str, title: str = "Sorry") -> bytes:
    """Return a complete response with a CiscoIPPhoneText."""
    exit_key = softkeys((("Exit", 1, "SoftKey:Exit"),))
    return http(
        f"{PROLOG}<CiscoIPPhoneText><Title>{title}</Title>{exit_key}<Text>{sentence}</Text>"
        f"</CiscoIPPhoneText>",
        PAST,
    )


def execute(number: str) -> bytes:
    """Return a complete response with a dial-now page."""
    item = f'<ExecuteItem Priority="0" URL="Dial:{number}"/>'
    return http(f"{PROLOG}<CiscoIPPhoneExecute>{item}</CiscoIPPhoneExecute>", PAST)


def book(
    base: str, pages: int, rows: int, menu_of: int = 30
) -> dict[str, bytes | tuple[bytes, ...]]:
    """Return a well-made book of `pages` pages, of which each menu has `menu_of`.

    The paths are /menu.xml, /book.xml, /menu/N.xml and /N.xml.
    """
    found: dict[str, bytes | tuple[bytes, ...]] = {
        "/menu.xml": http(menu(("Staff", f"{base}/book.xml")))
    }
    for page in range(pages):
        next_url = f"{base}/{page + 1}.xml" if page + 1 < pages else ""
        previous_url = f"{base}/{page - 1}.xml" if page else ""
        entries = [(f"Name {page} {row}", f"{page * rows + row}") for row in range(rows)]
        found[f"/{page}.xml"] = http(directory(*entries, keys=page_keys(next_url, previous_url)))
    starts = range(0, pages, menu_of)
    for number, start in enumerate(starts):
        items = [
            (f"Part {page}", f"{base}/{page}.xml")
            for page in range(start, min(start + menu_of, pages))
        ]
        found[f"/menu/{number}.xml"] = http(menu(*items))
    found["/book.xml"] = http(
        menu(*((f"Part {number}", f"{base}/menu/{number}.xml") for number in range(len(starts))))
    )
    return found
