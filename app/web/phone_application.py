"""What the HTTP protocols expect of the application, and the start of each response."""

from collections.abc import MutableMapping
from typing import Any, Protocol


class RenderedResponse(Protocol):
    """A response with status 200; `head` are its header lines with line ends."""

    @property
    def head(self) -> bytes: ...
    @property
    def body(self) -> bytes: ...


class PhoneApplication(Protocol):
    """An ASGI callable that can also answer a phone's request without ASGI messages."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one ASGI connection."""
        ...

    def try_answer(
        self, scope: MutableMapping[str, Any], headers: dict[bytes, bytes]
    ) -> RenderedResponse | None:
        """Return the response to a GET or HEAD, None if `__call__` must answer."""
        ...


class ResponseStart:
    """The first lines of every response, joined once for each list of default headers.

    uvicorn makes a new list every second.
    """

    def __init__(self) -> None:
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._head = b""

    def lines(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """Return the status line and the default headers."""
        if headers is not self._headers:
            self._headers = headers
            self._head = b"HTTP/1.1 200 OK\r\n" + b"".join(
                b"%b: %b\r\n" % header for header in headers
            )
        return self._head
