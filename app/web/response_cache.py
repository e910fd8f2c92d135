"""Cache complete responses by the bytes of their requests.

A phone sends the same bytes for the same page, day after day. A response is cached when
its request comes for the second time. docs/decisions/0013 says why this is safe.
"""

import msgspec
from cachetools import FIFOCache

from app.web.phone_application import DirectClient, PhoneApplication, PhoneRequest, PhoneResponse

MAX_RESPONSE_BYTES = 60 * 1024
"""Maximum size of a cached response.

asyncio and uvloop pause a writer above 64 kB of unsent bytes. One response never pauses.
"""
_OVERHEAD = 1000
"""Memory for an entry beside the bytes of its request and its response."""
_SEEN = 8192
"""Number of requests whose hash is kept, to recognise one that comes again."""


class WireResponse(msgspec.Struct, frozen=True):
    """A response in the bytes that are sent, without the first lines that all share.

    `keep_alive` tells whether the connection stays open after it. `request` is None if
    no phone sent it.
    """

    content: bytes
    keep_alive: bool
    request: PhoneRequest | None


class _Entry(msgspec.Struct, frozen=True):
    response: WireResponse
    request: PhoneRequest
    size: int


class ResponseCache:
    """The cached responses of one worker.

    `scheme` is always that of the connection, "http" or "https".
    """

    def __init__(self, capacity: int, app: PhoneApplication) -> None:
        """`capacity` is in bytes."""
        self._edition = app.edition
        self._is_repeatable = app.is_repeatable
        self._report = app.report
        # First in, first out: a hit costs less than with LRU, and an evicted response that phones
        # still request is back with the next request.
        self._entries: FIFOCache[object, _Entry] = FIFOCache(
            capacity, getsizeof=lambda entry: entry.size
        )
        self._seen = [0] * _SEEN
        self.hits = 0

    def cached_bytes(self) -> int:
        """Return the size of the cached responses in bytes."""
        return int(self._entries.currsize)

    def find(self, client: DirectClient, data: bytes, scheme: str) -> WireResponse | None:
        """Return the response to `data` if it is one known request, and report it."""
        try:
            entry = self._entries[self._edition(), client.networks, scheme, data]
        except KeyError:
            return None
        self.hits += 1
        self._report(client.address, entry.request)
        return entry.response

    def offer(
        self,
        client: DirectClient,
        data: bytes,
        scheme: str,
        headers: dict[bytes, bytes],
        made: PhoneResponse,
        response: WireResponse,
    ) -> None:
        """Cache a response if its request, which is all of `data`, comes again.

        `headers` are those of the request. `response` was written from `made`.
        """
        edition = made.answer.edition
        if edition is None or made.request is None:
            return
        key = (edition, client.networks, scheme, data)
        digest = hash(key)
        slot = digest % _SEEN
        if self._seen[slot] != digest:
            self._seen[slot] = digest
            return
        size = len(data) + len(response.content) + _OVERHEAD
        if (
            len(response.content) <= MAX_RESPONSE_BYTES
            and size <= self._entries.maxsize
            and self._is_repeatable(headers, scheme)
        ):
            self._entries[key] = _Entry(response, made.request, size)
