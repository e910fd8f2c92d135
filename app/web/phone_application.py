"""The interface of the application for the front protocol."""

from collections.abc import MutableMapping
from typing import Any, Protocol

import msgspec

from app.model.networks import Address
from app.web.publisher import Answer


class DirectClient(msgspec.Struct, frozen=True):
    """A client without a proxy that may open phones' pages.

    `networks` tells for each network of a profile whether it contains the address. A
    response depends on nothing else of the address.
    """

    address: Address
    networks: tuple[bool, ...]


class PhoneRequest(msgspec.Struct, frozen=True):
    """What is recorded about a phone's request."""

    profile: str
    device: str
    model: str
    path: str


class PhoneResponse(msgspec.Struct, frozen=True):
    """The response to a request, which is recorded if a phone sent it.

    `address` is the client's, behind a proxy too; None if it is not known.
    """

    answer: Answer
    request: PhoneRequest | None
    address: Address | None = None

    def content(self, method: bytes, keep_alive: bool) -> bytes:
        """Return what is sent after the first lines of the response."""
        end = b"\r\n" if keep_alive else b"connection: close\r\n\r\n"
        return b"".join((self.answer.head, end, b"" if method == b"HEAD" else self.answer.body))


class PhoneApplication(Protocol):
    """An ASGI callable that can also answer a phone's request without ASGI messages."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one ASGI connection."""
        ...

    def try_answer(
        self, scope: MutableMapping[str, Any], headers: dict[bytes, bytes]
    ) -> PhoneResponse | None:
        """Return the response to a GET or HEAD, None if `__call__` must answer."""
        ...

    def direct_client(self, peer: str) -> DirectClient | None:
        """Return the client at an address, None if its responses must not be cached."""
        ...

    def is_repeatable(self, headers: dict[bytes, bytes], scheme: str) -> bool:
        """Return True if an equal request will get the same response."""
        ...

    def edition(self) -> object:
        """Return what responses are made from at present: the generation and its notes."""
        ...

    def report(self, address: Address | None, request: PhoneRequest) -> None:
        """Record a phone's request that is answered."""
        ...
