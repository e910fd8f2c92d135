"""Judge how the gateway is, in one word and one sentence."""

from dataclasses import dataclass

from app.generation.reader import Generation
from app.settings.loader import Settings
from app.state.status import Status
from app.web.status_report import report


@dataclass(frozen=True, slots=True)
class Condition:
    """How the gateway is: `kind` is ok, warn, bad or idle."""

    kind: str
    word: str
    sentence: str


def find_condition(settings: Settings, generation: Generation | None, status: Status) -> Condition:
    """Return how the gateway is at present."""
    current = report(settings, generation, status)
    troubled = [name for name, source in current.sources.items() if source.error]
    if current.problem:
        return Condition("bad", "problem", "The gateway needs you")
    if troubled:
        which = (
            "One source needs you" if len(troubled) == 1 else f"{len(troubled)} sources need you"
        )
        return Condition("warn", "attention", which)
    if generation is None:
        return Condition("idle", "starting", "The sources are being read for the first time")
    return Condition("ok", "well", "All is well")
