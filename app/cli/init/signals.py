"""Treat the end of a terminal session like Ctrl-C, so that no file stays behind."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# What kill sends, and what a terminal sends when its window is closed.
_ENDS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def ended_as_interrupt() -> Iterator[None]:
    """Raise KeyboardInterrupt in the block when the process is told to end."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = [(number, signal.signal(number, interrupt)) for number in _ENDS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
