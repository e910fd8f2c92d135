"""A refresher with a clock in hand, for tests of what it decides."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.refresh.refresher import Refresher
from app.settings.loader import Source, parse
from app.state.store import Store
from connectors.base import Full, SourceUnavailable
from connectors.contact import Contact
from tests.support.offline_gateway import stored

START = 1_800_000_000.0
INTERVAL = 900.0
DOWN = SourceUnavailable("the server does not answer")


class Bench:
    """A refresher with a store of its own, a clock that the test moves, and no jitter."""

    def __init__(
        self, folder: Path, chance: Callable[[], float] = lambda: 0.5, **source: object
    ) -> None:
        self.now = START
        self._chance = chance
        data = {
            "state_dir": str(folder),
            "sources": {"staff": {"connector": "csv", "path": "staff.csv"}},
        }
        (self.source,) = parse(data, folder / "gateway.toml").sources
        self.source = replace(self.source, **{"refresh": INTERVAL, **source})
        self.store = Store(folder)
        self.store.open("now")
        self.restart()

    def restart(self, source: Source | None = None) -> None:
        """Begin anew on the same store, as after a restart."""
        self.source = source or self.source
        self.refresher = Refresher(self.source, self.store, lambda: self.now, self._chance)

    def full(self, people: tuple[Contact, ...], checkpoint: str = "c") -> bool:
        """Settle a full result; returns whether anything changed."""
        return self.refresher.handle_result(Full(people, checkpoint))

    def accept(self) -> None:
        """Accept what is held, as the command does."""
        held = self.store.held("staff")
        assert held is not None and self.store.accept("staff", held.digest)

    def state(self) -> str:
        """Return the state."""
        return self.refresher.status.state

    def held(self) -> int:
        """Return how many contacts are served."""
        return len(list(stored(self.store.folder, "staff")))
