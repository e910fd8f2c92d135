"""Heartbeats from a child process to the supervisor, as bytes on a pipe."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress

ALIVE = b"."
RELOADED = b"r"
LISTENING = b"l"
"""A web worker answers requests."""
BEAT_SECONDS = 2.0


class Heartbeat:
    """The child's end of the pipe.

    `descriptor` is the write end. Without a supervisor it is None, and nothing is sent.
    """

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        if descriptor is not None:
            os.set_blocking(descriptor, False)

    def beat(self, sign: bytes = ALIVE) -> None:
        """Send a heartbeat without blocking.

        It is dropped if the supervisor does not read or has ended.
        """
        if self._descriptor is not None:
            with suppress(OSError):
                os.write(self._descriptor, sign)

    def beat_in_thread(self) -> None:
        """Send heartbeats from a thread of its own.

        They stop while something holds the interpreter's lock, and go on during a long
        build.
        """
        if self._descriptor is not None:
            threading.Thread(target=self._beat_for_ever, daemon=True, name="heartbeat").start()

    def _beat_for_ever(self) -> None:
        pause: Callable[[float], bool] = threading.Event().wait
        while True:
            self.beat()
            pause(BEAT_SECONDS)
