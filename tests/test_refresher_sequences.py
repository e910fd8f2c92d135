"""A thousand random sequences of fetch results: what is served is always what a plain model says was last accepted.

The model keeps a dictionary and knows the rules of the brake as the design's section 5 words them; the real thing is a refresher, a store
and a composer on disk. The stored contacts are compared after every step, the generation that a phone would see at the end of each.
"""

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from structlog.testing import capture_logs

from app.composer import Composer, sweep
from app.generation import Generation, current_version, file_name
from app.refresher import Refresher
from app.settings import parse
from app.store import Store
from connectors.base import Delta, Full, SourceRefused, SourceUnavailable
from connectors.contact import Contact
from tests.servers.steered import somebody

INTERVAL = 900.0
MOST = 16
MEMORY = Path("/dev/shm")  # thousands of small transactions: a disk would be what is measured
ERRORS = (SourceUnavailable("down"), SourceUnavailable("busy", retry_after=60), SourceRefused("wrong password"), KeyError("x"), TypeError())


def person(number: int, variant: int) -> Contact:
    """Return somebody; a variant has another telephone number."""
    return somebody(f"p{number}", f"Person N{number:02}", f"08955{variant}{number:03}")


people = st.dictionaries(st.integers(0, MOST - 1), st.integers(0, 1), max_size=MOST).map(
    lambda chosen: {f"p{number}": person(number, variant) for number, variant in chosen.items()}
)
nearly_all = st.builds(
    lambda gone, variant: {f"p{n}": person(n, variant) for n in range(MOST) if n not in gone},
    st.sets(st.integers(0, MOST - 1), max_size=4),
    st.integers(0, 1),
)


class Sequences(RuleBasedStateMachine):
    """One sequence; `served` and `held` are the model."""

    folder: Path

    @initialize()
    def begin(self) -> None:
        data = {"state_dir": str(self.folder), "sources": {"staff": {"connector": "csv", "path": "staff.csv"}}}
        self.settings = parse(data, self.folder / "gateway.toml")
        self.source = replace(self.settings.sources[0], refresh=INTERVAL)
        self.store = Store(self.folder)
        self.store.open("now")
        self.store.forget_all_but(())
        self.now = 1_800_000_000.0
        self.served: dict[str, Contact] = {}
        self.ever = self.accepted = False
        self.held: tuple[dict[str, Contact], float] | None = None
        self.restart()

    @rule()
    def restart(self) -> None:
        self.refresher = Refresher(self.source, self.store, lambda: self.now)

    @rule(seconds=st.sampled_from((1.0, INTERVAL / 2, INTERVAL, 3 * INTERVAL, 90_000.0)))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(word=st.sampled_from(("one", "two")))
    def reconfigure(self, word: str) -> None:
        self.source = replace(self.source, fingerprint=word)
        self.restart()

    @rule()
    def accept(self) -> None:
        self.refresher.accept()
        # Only what is held back can be accepted: nobody lets tomorrow's loss pass today.
        self.accepted |= self.held is not None

    @rule(error=st.sampled_from(ERRORS))
    def fail(self, error: Exception) -> None:
        assert not self.refresher.settle(error)
        assert self.refresher.status.error
        self.compare()

    @rule(found=people | nearly_all, by_file=st.booleans())
    def everything(self, found: dict[str, Contact], by_file: bool) -> None:
        self.settled(Full(tuple(found.values()), str(self.now)), found, by_file)

    @rule(by_file=st.booleans())
    def the_same_that_is_held(self, by_file: bool) -> None:
        found = self.held[0] if self.held is not None else self.served
        self.settled(Full(tuple(found.values()), str(self.now)), found, by_file)

    @rule(changed=people, removed=st.sets(st.integers(0, MOST), max_size=MOST), by_file=st.booleans())
    def what_changed(self, changed: dict[str, Contact], removed: set[int], by_file: bool) -> None:
        if self.refresher.since() is None:
            return
        gone = tuple(f"p{number}" for number in removed)
        found = {key: contact for key, contact in self.served.items() if key not in gone} | changed
        self.settled(Delta(tuple(changed.values()), gone, str(self.now)), found, by_file)

    def settled(self, result: Full | Delta, found: dict[str, Contact], by_file: bool) -> None:
        lost = sum(key not in found for key in self.served)
        new = found != self.served or not self.ever
        braked = new and (not found or (len(self.served) >= 10 and lost > len(self.served) / 2))
        same = self.held is not None and self.held[0] == found
        since = self.held[1] if self.held is not None and same else self.now
        passes = not braked or self.accepted or (same and not by_file and self.now - since >= INTERVAL * 0.9)
        altered = passes and new
        if passes:
            self.served, self.held, self.accepted, self.ever = found, None, False, True
        else:
            self.held = (found, since)
        assert altered == self.refresher.settle(result, by_file=by_file)
        assert ("ok" if passes else "held") == self.refresher.status.state
        self.compare()

    def compare(self) -> None:
        assert self.served == {contact.id: contact for contact in self.store.contacts("staff")}
        assert len(self.served) == self.refresher.status.contacts

    def teardown(self) -> None:
        if not hasattr(self, "served"):
            return
        Composer(self.settings, self.store, self.folder).compose()
        with closing(Generation(self.folder / file_name(current_version(self.folder) or ""))) as generation:
            shelf = generation.shelf("default", "staff")
            assert shelf is not None and shelf.known == self.ever
            rows = [(row.name, row.number) for row in generation.rows(shelf, 0, shelf.rows)]
        assert sorted((contact.name, contact.numbers[0].value) for contact in self.served.values()) == rows
        sweep(self.folder, 0.0, 1)


def test_a_thousand_sequences(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = settings(max_examples=1000, stateful_step_count=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder, capture_logs():
        monkeypatch.setattr(Sequences, "folder", Path(folder), raising=False)
        run_state_machine_as_test(Sequences, settings=wanted)
