"""Slow down guesses of the operators' password, for each address over all workers.

The attempts are in an anonymous file that all workers share, never on a disk. A lock of
the system keeps two workers from counting at once.
"""

import fcntl
import os
import struct
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_network

from app.state import memfile

FREE_ATTEMPTS = 5
"""Wrong guesses of one address after which it must wait."""
FIRST_WAIT = 10.0
MAX_WAIT = 900.0
FORGET_SECONDS = 3600.0
MAX_ADDRESSES = 1000
"""Addresses that are remembered; the one that guessed longest ago makes room."""
_ENTRY = struct.Struct("=16sId")  # network, guesses, time of the last one
_EMPTY = bytes(16)
_Address = IPv4Address | IPv6Address | None


def wait_after(attempts: int) -> float:
    """Return how many seconds an address must wait after so many wrong guesses."""
    if attempts < FREE_ATTEMPTS:
        return 0.0
    return float(min(FIRST_WAIT * 2.0 ** min(attempts - FREE_ATTEMPTS, 20), MAX_WAIT))


def make_attempts_file() -> int:
    """Return the descriptor of a new anonymous file without attempts."""
    return memfile.create(bytes(_ENTRY.size * MAX_ADDRESSES))


class LoginAttempts:
    """The guesses of all addresses.

    `descriptor` comes from `make_attempts_file`. With None the file is its own.
    """

    def __init__(
        self, descriptor: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._file = make_attempts_file() if descriptor is None else descriptor
        if descriptor is None:
            weakref.finalize(self, os.close, self._file)
        self._clock = clock
        # The lock of the file is the process's own, so its threads need another one.
        self._threads = threading.Lock()

    def begin(self, address: _Address) -> float:
        """Count an attempt as wrong, and return 0; or return how many seconds to wait.

        An attempt that must wait is not counted. `forget` takes the count back.
        """
        key, now = _key(address), self._clock()
        with self._locked():
            number, attempts, last = self._find(key, now)
            wait = last + wait_after(attempts) - now
            if wait > 0:
                return wait
            self._write(number, key, attempts + 1, now)
        return 0.0

    def forget(self, address: _Address) -> None:
        """Forget the attempts of an address, which knows the password."""
        key = _key(address)
        with self._locked():
            number, attempts, _ = self._find(key, self._clock())
            if attempts:
                self._write(number, _EMPTY, 0, 0.0)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _find(self, key: bytes, now: float) -> tuple[int, int, float]:
        """Return the entry of a key as number, attempts and last, or one to use for it."""
        oldest, oldest_time = 0, float("inf")
        data = os.pread(self._file, _ENTRY.size * MAX_ADDRESSES, 0)
        for number, (known, attempts, last) in enumerate(_ENTRY.iter_unpack(data)):
            if known == key and attempts:
                is_old = now - last > FORGET_SECONDS
                return (number, 0, 0.0) if is_old else (number, attempts, last)
            if last < oldest_time:
                oldest, oldest_time = number, last
        return oldest, 0, 0.0

    def _write(self, number: int, key: bytes, attempts: int, now: float) -> None:
        os.pwrite(self._file, _ENTRY.pack(key, attempts, now), number * _ENTRY.size)


def _key(address: _Address) -> bytes:
    # A host may have every address of its /64 (RFC 4291, section 2.5.4).
    if isinstance(address, IPv6Address):
        return ip_network((address, 64), strict=False).network_address.packed
    return b"4" + (address.packed if address is not None else b"").rjust(15, b"\0")
