"""Signs of life from a child process to the supervisor, as bytes on a pipe."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress

ALIVE = b"."
RELOADED = b"r"
BEAT_SECONDS = 2.0


class Heart:
    """The child's end of the pipe. `descriptor` is its write end, None without a supervisor: then nothing is sent."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        if descriptor is not None:
            os.set_blocking(descriptor, False)

    def beat(self, sign: bytes = ALIVE) -> None:
        """Send a sign. A supervisor that does not read, or is gone, is not waited for."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.write(self._descriptor, sign)

    def beat_in_thread(self) -> None:
        """Send signs from a thread of its own: they end if the interpreter's lock is held, and go on during a long build."""
        if self._descriptor is not None:
            threading.Thread(target=self._beat_for_ever, daemon=True, name="heartbeat").start()

    def _beat_for_ever(self) -> None:
        pause: Callable[[float], bool] = threading.Event().wait
        while True:
            self.beat()
            pause(BEAT_SECONDS)
