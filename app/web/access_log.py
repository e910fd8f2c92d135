"""Write a line for each request to standard output, in the form of the other log.

Lines are collected, and a thread writes them within a second. So a reader of the output
that is slow, or a full disk, never keeps a phone waiting.
"""

import os
import threading
import time
from queue import SimpleQueue

import msgspec

from app.logs import Log, line_renderer, line_time
from app.model.networks import Address, parse_address
from app.web.phone_application import PhoneRequest
from app.web.shown_paths import ShownPaths

STANDARD_OUTPUT = 1
REPORT_SECONDS = 60.0
WRITING_THREAD = "access log"
MAX_TARGET = 512
"""Number of bytes of a request's target that are kept for its line."""
_BATCH = 1_000
_MAX_BATCHES = 20
"""Number of batches that wait for the thread; further lines are dropped and counted."""
# POSIX: a write to a pipe of at most this size is not mixed with those of other processes.
_MAX_WRITE = 4096
_CLOSE_SECONDS = 2.0
_MAX_SHOWN = 40
_log = Log("web")


class AccessEntry(msgspec.Struct, frozen=True):
    """A request that was answered.

    `ended` is in seconds since 1970, `size` are the bytes of the body. `target` is as
    the client sent it. `phone` is None if no phone's page was sent. `reason` says why
    the request was refused. What is not known is empty.
    """

    ended: float
    address: Address | str
    method: str
    target: bytes
    status: int
    size: int
    seconds: float
    phone: PhoneRequest | None = None
    reason: str = ""


class AccessLog:
    """The access log of one worker; `close` it at the end.

    Everything but the writing is for one thread, the one of the event loop.
    """

    def __init__(
        self, paths: ShownPaths, *, as_json: bool, descriptor: int = STANDARD_OUTPUT
    ) -> None:
        self._paths = paths
        self._render = line_renderer(as_json=as_json)
        self._descriptor = descriptor
        self._entries: list[AccessEntry] = []
        self._batches: SimpleQueue[list[AccessEntry] | None] = SimpleQueue()
        self._added = self._written = self._dropped = self._unwritten = self._reported = 0
        self._is_torn = False
        self._reported_at = float("-inf")
        self._error = ""
        # A daemon: an output that nobody reads does not keep the worker from ending.
        self._thread = threading.Thread(
            target=self._write_batches, name=WRITING_THREAD, daemon=True
        )
        self._thread.start()

    def add(self, entry: AccessEntry) -> None:
        """Log a request."""
        self._entries.append(entry)
        self._added += 1
        if len(self._entries) >= _BATCH:
            self._hand_over()

    def flush(self) -> None:
        """Hand the lines to the thread, and report lost ones at most once a minute.

        Must be called once a second.
        """
        self._hand_over()
        now = time.monotonic()
        if now - self._reported_at >= REPORT_SECONDS and self._report(
            self._dropped + self._unwritten
        ):
            self._reported_at = now

    def _report(self, lost: int) -> bool:
        """Report those lost lines that were not, of all; return if there are some."""
        fresh, self._reported = lost - self._reported, lost
        if fresh:
            error, self._error = self._error or "the output is read too slowly", ""
            _log.warning("access_log_lost", lines=fresh, error=error)
        return fresh > 0

    def _hand_over(self) -> None:
        entries, self._entries = self._entries, []
        if not entries:
            return
        if self._batches.qsize() < _MAX_BATCHES:
            self._batches.put(entries)
        else:
            self._dropped += len(entries)

    def close(self) -> None:
        """Write the last lines, but wait no longer than 2 s for the output.

        Reports what is lost.
        """
        self._hand_over()
        self._batches.put(None)
        self._thread.join(_CLOSE_SECONDS)
        self._report(self._added - self._written)

    def _write_batches(self) -> None:
        while (batch := self._batches.get()) is not None:
            before = self._written
            try:
                for lines in _in_writes([self._line(entry) for entry in batch]):
                    self._write(b"".join(lines))
                    self._written += len(lines)
            except OSError as error:
                self._error = error.strerror or str(error)
            self._unwritten += len(batch) - (self._written - before)

    def _write(self, data: bytes) -> None:
        """Write lines, on a line of their own. Raises OSError."""
        rest = b"\n" + data if self._is_torn else data
        while rest:
            # A disk that is nearly full takes a part, and the next write fails.
            rest = rest[os.write(self._descriptor, rest) :]
            self._is_torn = bool(rest)

    def _line(self, entry: AccessEntry) -> bytes:
        phone = entry.phone or PhoneRequest("", "", "", "")
        address = entry.address
        if isinstance(address, str):
            address = parse_address(address) or address
        facts: dict[str, str | int] = {
            "timestamp": line_time(entry.ended),
            "level": "info",
            "event": "request",
            "address": str(address),
            "method": entry.method,
            "path": self._paths.show(entry.target),
            "status": entry.status,
            "bytes": entry.size,
            "microseconds": round(1e6 * entry.seconds),
            "profile": phone.profile,
            "device": phone.device,
            "model": _printable(phone.model),
            "reason": entry.reason,
        }
        return self._render({name: fact for name, fact in facts.items() if fact != ""}) + b"\n"


def _in_writes(lines: list[bytes]) -> list[list[bytes]]:
    """Return the lines in groups, each of which is written at once."""
    groups: list[list[bytes]] = [[]]
    size = 0
    for line in lines:
        if size + len(line) > _MAX_WRITE and groups[-1]:
            groups.append([])
            size = 0
        groups[-1].append(line)
        size += len(line)
    return groups


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:_MAX_SHOWN])
