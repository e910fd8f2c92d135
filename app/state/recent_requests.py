"""Record the last refused requests and the last phones seen.

They are in an anonymous file that all workers share. Each slot has one writer, so no
lock is needed. A reader recognises a slot that is being written by its checksum. A
worker that takes a slot over continues from what it holds. The file also holds the key
of the forms, which all workers share. It is never on a disk.
"""

import secrets
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from app.state import memfile

MAX_KEPT = 50
"""Number of refused requests and of phones that are kept."""
SECRET_BYTES = 32
_SLOT = 96 * 1024
"""Size of a slot. It has room for all fields at their bounds, in 4 bytes a character."""
_HEAD = 8  # checksum and length
_READS = 5
_MAX_UNREAD = 1000
_MAX_PATH = 100
_MAX_WORD = 40
_MAX_REASON = 120


class Refused(msgspec.Struct, frozen=True, array_like=True):
    """Equal requests that were refused; `last` is in seconds since 1970."""

    address: str
    device: str
    path: str
    reason: str
    count: int
    last: float


class SeenPhone(msgspec.Struct, frozen=True, array_like=True):
    """A phone that got a page; `last` is in seconds since 1970."""

    address: str
    device: str
    model: str
    profile: str
    last: float


_Phone = tuple[object, str, str, str]
_Item = TypeVar("_Item", Refused, SeenPhone)


class _Slot(msgspec.Struct, frozen=True, array_like=True):
    refused: tuple[Refused, ...] = ()
    phones: tuple[SeenPhone, ...] = ()


def make_recent_file(slots: int) -> int:
    """Return the descriptor of a new anonymous file of `slots` slots, with a new key."""
    return memfile.create(secrets.token_bytes(SECRET_BYTES) + bytes(_SLOT * slots))


class RecentRequests:
    """One worker's slot in the shared file; `close` it after use.

    `descriptor` comes from `make_recent_file`. With None the slot has a file of its
    own.
    """

    def __init__(
        self,
        descriptor: int | None = None,
        slot: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._map = memfile.open_map(descriptor, lambda: make_recent_file(1))
        self._clock = clock
        self._start = SECRET_BYTES + slot * _SLOT
        self._unread: deque[tuple[_Phone, float]] = deque(maxlen=_MAX_UNREAD)
        before = self._read(self._start)
        self._refused = {_request_of(item): item for item in before.refused}
        self._phones = {_phone_of(item): item for item in before.phones}
        self._is_changed = False

    @property
    def secret(self) -> bytes:
        """The key of the forms."""
        return self._map[:SECRET_BYTES]

    def note_phone(self, address: object, device: str, model: str, profile: str) -> None:
        """Record a page for a phone; `device` is "" if the request does not name it.

        It must be cheap, so it is worked off at the next `flush`.
        """
        self._unread.append(((address, device, model, profile), self._clock()))

    def note_refused(self, address: object, device: str, path: str, reason: str) -> None:
        """Record a refused request."""
        item = Refused(
            _shown(address),
            _shown(device),
            _shown(path, _MAX_PATH),
            _shown(reason, _MAX_REASON),
            1,
            self._clock(),
        )
        key = _request_of(item)
        if known := self._refused.pop(key, None):
            item = msgspec.structs.replace(item, count=known.count + 1)
        self._refused[key] = item
        if len(self._refused) > MAX_KEPT:
            del self._refused[next(iter(self._refused))]
        self._is_changed = True

    def flush(self) -> None:
        """Write what was recorded, so that other workers can read it."""
        # Of many requests only those of the last phones count, so a busy second costs no more.
        latest: dict[_Phone, float] = {}
        while self._unread and len(latest) < MAX_KEPT:
            phone, last = self._unread.pop()
            latest.setdefault(phone, last)
        self._unread.clear()
        for phone, last in reversed(latest.items()):
            self._see(*phone, last)
        if self._is_changed:
            self._is_changed = False
            slot = _Slot(tuple(self._refused.values()), tuple(self._phones.values()))
            data = msgspec.msgpack.encode(slot)
            head = zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")
            self._map[self._start : self._start + _HEAD + len(data)] = head + data

    def _see(self, address: object, device: str, model: str, profile: str, last: float) -> None:
        item = SeenPhone(_shown(address), device, _shown(model), profile, last)
        if not device:
            # A phone names itself in its first request only (`name=SEP...`).
            item = next(
                (
                    msgspec.structs.replace(known, profile=profile, last=last)
                    for known in reversed(self._phones.values())
                    if (known.address, known.model) == (item.address, item.model)
                ),
                item,
            )
        self._phones.pop(_phone_of(item), None)
        self._phones[_phone_of(item)] = item
        if len(self._phones) > MAX_KEPT:
            del self._phones[next(iter(self._phones))]
        self._is_changed = True

    def read(self) -> tuple[tuple[Refused, ...], tuple[SeenPhone, ...]]:
        """Return what all workers recorded, the latest first."""
        self.flush()
        slots = [self._read(start) for start in range(SECRET_BYTES, len(self._map), _SLOT)]
        refused: dict[object, Refused] = {}
        phones: dict[object, SeenPhone] = {}
        for request in _by_time(item for slot in slots for item in slot.refused):
            same = refused.pop(_request_of(request), None)
            count = request.count + (same.count if same else 0)
            refused[_request_of(request)] = msgspec.structs.replace(request, count=count)
        for phone in _by_time(item for slot in slots for item in slot.phones):
            phones.pop(_phone_of(phone), None)
            phones[_phone_of(phone)] = phone
        return (
            tuple(reversed(refused.values()))[:MAX_KEPT],
            tuple(reversed(phones.values()))[:MAX_KEPT],
        )

    def _read(self, start: int) -> _Slot:
        """Return what a slot holds, nothing if it is being written all the time."""
        for _ in range(_READS):
            head = self._map[start : start + _HEAD]
            size = int.from_bytes(head[4:], "little")
            data = self._map[start + _HEAD : start + _HEAD + min(size, _SLOT - _HEAD)]
            if size and zlib.crc32(data).to_bytes(4, "little") == head[:4]:
                return msgspec.msgpack.decode(data, type=_Slot)
        return _Slot()

    def close(self) -> None:
        """Write what was recorded and close the mapping."""
        self.flush()
        self._map.close()


def _shown(value: object, limit: int = _MAX_WORD) -> str:
    """Return a value's printable characters, cut to a limit; "" for None."""
    text = str(value)[:limit] if value is not None else ""
    return "".join(char if char.isprintable() else "?" for char in text)


def _request_of(item: Refused) -> tuple[str, ...]:
    return (item.address, item.device, item.path, item.reason)


def _phone_of(item: SeenPhone) -> tuple[str, ...]:
    return (item.address, item.device, item.model)


def _by_time(items: Iterable[_Item]) -> list[_Item]:
    return sorted(items, key=lambda item: item.last)
