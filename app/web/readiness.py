"""Decide whether `/-/ready` reports that phones can be served."""

import time

from app.generation.reader import Generation
from app.settings.loader import Settings
from app.state.status import Status

GRACE_SECONDS = 60.0
"""Time after the start from which a generation is enough to be ready.

A source that hangs must not keep the books of others from the phones.
"""


def not_ready_reason(
    settings: Settings, generation: Generation | None, status: Status, running_seconds: float
) -> str:
    """Return why the gateway is not ready, as a line of text, "" if it is.

    It is ready when a generation of the configuration is open that contains the first
    result of each source. A source that has failed since the start is not needed in it.
    After GRACE_SECONDS the generation is enough. `running_seconds` is the time since
    the start of the gateway.
    """
    if generation is None or generation.fingerprint != settings.fingerprint:
        return "no generation of this configuration yet"
    if running_seconds >= GRACE_SECONDS:
        return ""
    started = time.time() - running_seconds
    waiting = sum(
        not _has_answered(source.name, generation, status, started) for source in settings.sources
    )
    return (
        f"{waiting} of {len(settings.sources)} sources have neither answered nor failed yet"
        if waiting
        else ""
    )


def _has_answered(name: str, generation: Generation, status: Status, started: float) -> bool:
    if generation.digest(name):
        return True
    # A status from before the start belongs to another run. No source was read in this one yet.
    source = status.sources.get(name) if status.written_at >= started else None
    return source is not None and source.last_success is None and source.state != "never"
