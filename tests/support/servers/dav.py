"""DAV client for tests, which writes cards and books to a real server.

It shares no code with what is tested.
"""

import base64
import http.client
import ssl
from dataclasses import dataclass
from urllib.parse import quote

from tests.support.patience import PATIENCE


@dataclass
class DavClient:
    """One user's access to a server on loopback."""

    port: int
    username: str = ""
    password: str = ""
    context: ssl.SSLContext | None = None

    def request(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, bytes]:
        """Send one request on a new connection, and return status and body."""
        connection = (
            http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=PATIENCE, context=self.context
            )
            if self.context
            else http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        )
        if self.username:
            headers["Authorization"] = (
                "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
            )
        try:
            connection.request(method, quote(path), body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def expect(
        self, statuses: tuple[int, ...], method: str, path: str, body: bytes = b"", **headers: str
    ) -> bytes:
        """Send one request and return its body; fail if its status is another."""
        status, answer = self.request(method, path, body, **headers)
        assert status in statuses, (method, path, status, answer[:500])
        return answer

    def make_book(self, path: str, name: str) -> None:
        """Create an address book."""
        self.expect(
            (201,),
            "MKCOL",
            path,
            f"""<?xml version="1.0"?>
            <mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><set><prop><resourcetype>
            <collection/><C:addressbook/></resourcetype><displayname>{name}</displayname>
            </prop></set></mkcol>
            """.encode(),
            **{"Content-Type": "application/xml"},
        )

    def rename_book(self, path: str, name: str) -> None:
        """Give an address book another display name."""
        body = (
            "<propertyupdate"
            f' xmlns="DAV:"><set><prop><displayname>{name}</displayname></prop></set>'
            "</propertyupdate>"
        )
        self.expect((207,), "PROPPATCH", path, body.encode(), **{"Content-Type": "application/xml"})

    def put(self, path: str, card: str) -> None:
        """Create or replace a card."""
        self.expect(
            (200, 201, 204),
            "PUT",
            path,
            card.encode(),
            **{"Content-Type": "text/vcard; charset=utf-8"},
        )

    def delete(self, path: str) -> None:
        """Delete a card or a book."""
        self.expect((200, 204), "DELETE", path)
