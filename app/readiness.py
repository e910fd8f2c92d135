"""Readiness: whether phones see what every source has to say."""

from app.generation import Generation
from app.settings import Settings
from app.status import SourceStatus, Status

LONGEST_SECONDS = 60.0
"""So long after its start a worker waits for the slowest source; then what is there is enough."""


def not_ready(settings: Settings, generation: Generation | None, status: Status, age: float) -> str:
    """Return why a gateway is not ready, "" if it is.

    `age` is for how many seconds the worker runs. A source that failed once is not waited for: it may be down for a week.
    """
    if generation is None:
        return "no generation of this configuration yet"
    if age >= LONGEST_SECONDS:
        return ""
    for source in settings.sources:
        known = status.sources.get(source.name, SourceStatus())
        if known.state == "never":
            return f"source {source.name} has not answered yet"
        if known.last_success is not None and not generation.digest(source.name):
            return f"source {source.name} has answered; a generation with its contacts is being built"
    return ""
