"""Small CardDAV server for faults and dialects that real servers do not show on demand.

It uses real sockets and serves one account (`/dav/`) with one address book
(`/dav/book/`). Switches set its behaviour, with five kinds of Digest, and `faults`
replace an answer. `seen` keeps every request with its Authorization header, so that a
test can assert what never arrived.
"""

import re
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

from tests.support.fakes.dav_answers import Raw, multistatus, row
from tests.support.fakes.dav_login import is_basic, is_bearer, is_digest, offered


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    depth: str
    authorization: str
    cookie: str
    body: bytes


@dataclass
class Dialect:
    """How the server behaves."""

    challenges: tuple[str, ...] = ()
    digest: tuple[str, str] = ("", "")
    """Algorithm and qop."""
    bearer: bool = False
    sync: bool = True
    tokens_in_properties: bool = True
    ctag: bool = False
    token_in_report: bool = True
    refusal: int = 403
    """Status for a refused token; 207 returns everything without notice."""
    page: int = 0
    """Rows before a 507; 0 means all at once."""
    etag_form: str = '"{}"'
    multiget: int = 207
    drop_rows: tuple[str, ...] = ()
    """Cards without a row in a multiget."""
    refuse_rows: tuple[str, ...] = ()
    """Cards with a 404 row in a multiget."""
    listed_only: tuple[str, ...] = ()
    """Cards that are listed and nothing else."""
    whole_urls: bool = False
    anonymous_root: bool = False


@dataclass
class FakeDav:
    """The server.

    `put` and `delete` change the book. `expire` invalidates old tokens.
    """

    dialect: Dialect = field(default_factory=Dialect)
    context: ssl.SSLContext | None = None
    cards: dict[str, bytes] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    faults: list[Callable[[Seen], Raw | None]] = field(default_factory=list)
    _revisions: dict[str, int] = field(default_factory=dict)
    _history: list[str] = field(default_factory=list)
    _oldest: int = 0

    def __enter__(self) -> "FakeDav":
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            timeout = 20

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except OSError:
                    self.close_connection = True

            def __getattr__(self, name: str) -> Callable[[], None]:
                if name.startswith("do_"):
                    return lambda: fake.serve(self)
                raise AttributeError(name)

            def log_message(self, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        if self.context is not None:
            self._server.socket = self.context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        port: int = self._server.server_address[1]
        return port

    @property
    def url(self) -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[str]:
        """Return the method and path of every request."""
        return [f"{one.method} {one.path}" for one in self.seen]

    def put(self, name: str, text: str | bytes) -> None:
        """Create or change a card."""
        self.cards[name] = text.encode() if isinstance(text, str) else text
        self._history.append(name)
        self._revisions[name] = len(self._history)

    def delete(self, name: str) -> None:
        """Delete a card."""
        del self.cards[name]
        self._history.append(name)

    def expire(self) -> None:
        """Refuse every token that was issued so far."""
        self._history.append("")
        self._oldest = len(self._history)

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request on the wire."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        header = handler.headers.get
        seen = Seen(
            handler.command,
            handler.path,
            header("Depth", ""),
            header("Authorization", ""),
            header("Cookie", ""),
            body,
        )
        self.seen.append(seen)
        raw = next(
            (raw for fault in self.faults if (raw := fault(seen)) is not None), None
        ) or self.answer(seen)
        handler.send_response(raw.status)
        for name, value in raw.headers:
            handler.send_header(name, value)
        if raw.endless:
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.close_connection = True
            while True:
                handler.wfile.write(raw.endless)
                time.sleep(raw.pause)
        handler.send_header("Content-Length", str(len(raw.body)))
        handler.end_headers()
        handler.wfile.write(raw.body if raw.cut is None else raw.body[: raw.cut])
        if raw.cut is not None:
            handler.close_connection = True

    def answer(self, seen: Seen) -> Raw:
        """Return the answer without faults."""
        if not (
            self.dialect.anonymous_root and seen.path == "/" and not seen.authorization
        ) and not self._is_logged_in(seen):
            return Raw(
                401,
                b"no",
                tuple(
                    ("WWW-Authenticate", line)
                    for line in offered(self.dialect.challenges, self.dialect.digest)
                ),
            )
        path = unquote(seen.path)
        if seen.method == "GET":
            name = path.rpartition("/")[2]
            found = None if name in self.dialect.listed_only else self.cards.get(name)
            return Raw(404) if found is None else Raw(200, found, (("Content-Type", "text/vcard"),))
        if seen.method == "PROPFIND":
            return self._properties(path, seen)
        if seen.method == "REPORT" and path == "/dav/book/":
            return (
                self._multiget(seen)
                if b"addressbook-multiget" in seen.body
                else self.sync_answer(seen)
            )
        return Raw(405)

    def _properties(self, path: str, seen: Seen) -> Raw:
        principal = "<current-user-principal><href>/dav/</href></current-user-principal>"
        nobody = "<current-user-principal><unauthenticated/></current-user-principal>"
        if path == "/":
            anonymous = self.dialect.anonymous_root and not seen.authorization
            return multistatus(
                row(
                    "/",
                    "<resourcetype><collection/></resourcetype>"
                    + (nobody if anonymous else principal),
                )
            )
        if path == "/dav/":
            home = (
                "<resourcetype><collection/></resourcetype><C:addressbook-home-set><href>"
                "/dav/</href></C:addressbook-home-set>"
            )
            rows = [row("/dav/", home + principal)]
            if seen.depth == "1":
                rows += [
                    self._book_row(),
                    row("/dav/calendar/", "<resourcetype><collection/></resourcetype>"),
                ]
            return multistatus(*rows)
        if path == "/dav/book/":
            rows = [self._book_row()]
            if seen.depth == "1":
                rows += [self._card_row(name) for name in self.cards]
            return multistatus(*rows)
        return Raw(404, b"nothing")

    def _book_row(self) -> str:
        token = (
            f"<sync-token>{self._token()}</sync-token>"
            if self.dialect.sync and self.dialect.tokens_in_properties
            else ""
        )
        report = "<supported-report><report><sync-collection/></report></supported-report>"
        reports = f"<supported-report-set>{report}</supported-report-set>"
        ctag = f"<S:getctag>{self._token()}</S:getctag>" if self.dialect.ctag else ""
        kind = (
            "<resourcetype><collection/><C:addressbook/></resourcetype><displayname>"
            "Book</displayname>"
        )
        return row("/dav/book/", kind + token + ctag + (reports if self.dialect.sync else ""))

    def _card_row(self, name: str, data: bytes | None = None) -> str:
        etag = f"<getetag>{escape(self.dialect.etag_form.format(self._revisions[name]))}</getetag>"
        content = (
            "" if data is None else f"<C:address-data>{escape(data.decode())}</C:address-data>"
        )
        return row(self._href(name), etag + content)

    def _href(self, name: str) -> str:
        return (self.url if self.dialect.whole_urls else "") + "/dav/book/" + quote(name)

    def _token(self) -> str:
        return f"urn:token:{len(self._history)}&"

    def sync_answer(self, seen: Seen) -> Raw:
        """Return the answer to a sync-collection."""
        if not self.dialect.sync:
            return Raw(501)
        match = re.search(rb"<sync-token>(?:urn:token:(\d+)[^<]*)?</sync-token>", seen.body)
        assert match is not None
        since = int(match[1] or 0)
        fresh = not match[1]
        if not fresh and since < self._oldest:
            if self.dialect.refusal != 207:
                return Raw(self.dialect.refusal, b'<error xmlns="DAV:"><valid-sync-token/></error>')
            since, fresh = 0, True
        end = (
            len(self._history)
            if not self.dialect.page
            else min(len(self._history), since + self.dialect.page)
        )
        names = dict.fromkeys(name for name in self._history[since:end] if name)
        rows = [
            self._card_row(name) if name in self.cards else row(self._href(name), "", 404)
            for name in names
            if name in self.cards or not fresh
        ]
        if end < len(self._history):
            rows.append(row("/dav/book/", "", 507))
        token = (
            f"<sync-token>urn:token:{end}&amp;</sync-token>" if self.dialect.token_in_report else ""
        )
        return multistatus(*rows, tail=token)

    def _multiget(self, seen: Seen) -> Raw:
        if self.dialect.multiget != 207:
            return Raw(self.dialect.multiget)
        rows = []
        for href in re.findall(r"<href>([^<]+)</href>", seen.body.decode()):
            name = unquote(href).rpartition("/")[2]
            if name in self.dialect.drop_rows:
                continue
            if name not in self.cards or name in (
                *self.dialect.refuse_rows,
                *self.dialect.listed_only,
            ):
                rows.append(row(self._href(name), "", 404))
            else:
                rows.append(self._card_row(name, self.cards[name]))
        return multistatus(*rows)

    def _is_logged_in(self, seen: Seen) -> bool:
        if self.dialect.bearer:
            return is_bearer(seen.authorization)
        if self.dialect.digest[0]:
            return is_digest(seen.authorization, seen.method, seen.path, *self.dialect.digest)
        return not self.dialect.challenges or is_basic(seen.authorization)
