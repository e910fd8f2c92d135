"""Random sequences of fetch results serve what a plain model accepted last.

The model keeps a dictionary and knows the rules of the brake as the design's section 5
words them; the real thing is a refresher, a store and a composer on disk. The stored
contacts are compared after every step, the generation that a phone would see at the end
of each.
"""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from structlog.testing import capture_logs

from app.build.composer import Composer
from app.generation.files import current_version, delete_old_generations, file_name
from app.generation.reader import Generation
from app.refresh.refresher import Refresher
from app.settings.loader import Settings, parse
from app.state.store import FILE, Store
from connectors.base import Delta, Full, SourceRefused, SourceUnavailable
from connectors.contact import Contact
from tests.support.offline_gateway import stored
from tests.support.servers.steered import somebody

INTERVAL = 900.0
MOST = 16
MEMORY = Path("/dev/shm")  # thousands of small transactions: a disk would be what is measured
ERRORS = (
    SourceUnavailable("down"),
    SourceUnavailable("busy", retry_after=60),
    SourceRefused("wrong password"),
    KeyError("x"),
    TypeError(),
)


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
    settings: Settings
    composer: Composer

    @initialize()
    def begin(self) -> None:
        self.source = replace(self.settings.sources[0], refresh=INTERVAL)
        self.store = Store(self.folder)
        self.store.open("now")
        self.store.forget_all_but(())
        self.now = 1_800_000_000.0
        self.served: dict[str, Contact] = {}
        self.ever = False
        self.held: dict[str, Contact] | None = None
        self.accepted: set[str] | None = None
        self.losing: float | None = None
        self.word = self.source.fingerprint
        self.restart()

    @rule()
    def restart(self) -> None:
        self.refresher = Refresher(self.source, self.store, lambda: self.now)

    @rule(seconds=st.sampled_from((1.0, INTERVAL, 90_000.0, 3 * 86_400.0)))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(word=st.sampled_from(("one", "two")))
    def reconfigure(self, word: str) -> None:
        self.source = replace(self.source, fingerprint=word)
        self.restart()

    @rule()
    def accept(self) -> None:
        # Only what is held back can be accepted: nobody lets tomorrow's loss pass today.
        held = self.store.held("staff")
        assert (held is None) == (self.held is None)
        if held is not None and self.held is not None:
            assert self.store.accept("staff", held.digest)
            self.accepted = set(self.served) - set(self.held)

    @rule(error=st.sampled_from(ERRORS))
    def fail(self, error: Exception) -> None:
        assert not self.refresher.handle_result(error)
        assert self.refresher.status.error
        self.compare()

    @rule(found=people | nearly_all)
    def everything(self, found: dict[str, Contact]) -> None:
        self.settled(Full(tuple(found.values()), str(self.now)), found)

    @rule()
    def the_same_that_is_held(self) -> None:
        found = self.held if self.held is not None else self.served
        self.settled(Full(tuple(found.values()), str(self.now)), found)

    @rule(changed=people, removed=st.sets(st.integers(0, MOST), max_size=MOST))
    def what_changed(self, changed: dict[str, Contact], removed: set[int]) -> None:
        if self.refresher.since() is None:
            return
        gone = tuple(f"p{number}" for number in removed)
        found = {key: contact for key, contact in self.served.items() if key not in gone} | changed
        self.settled(Delta(tuple(changed.values()), gone, str(self.now)), found)

    def settled(self, result: Full | Delta, found: dict[str, Contact]) -> None:
        lost = {key for key in self.served if key not in found}
        new = found != self.served or not self.ever
        braked = new and (
            not found or (len(self.served) >= 10 and len(lost) > len(self.served) / 2)
        )
        if self.word != self.source.fingerprint:
            self.losing = None
        self.losing = (
            None if not braked or not found else self.now if self.losing is None else self.losing
        )
        if self.accepted is not None:
            passes = not braked or found == self.held or lost <= self.accepted
        else:
            passes = not braked or (
                self.losing is not None and self.now - self.losing >= 3 * 86_400
            )
        altered = passes and new
        self.accepted = None
        if passes:
            self.served, self.held, self.losing, self.ever = found, None, None, True
        else:
            self.held, self.word = found, self.source.fingerprint
        assert altered == self.refresher.handle_result(result)
        assert ("ok" if passes else "held") == self.refresher.status.state
        self.compare()

    def compare(self) -> None:
        assert self.served == {contact.id: contact for contact in stored(self.folder, "staff")}
        assert len(self.served) == self.refresher.status.contacts

    def teardown(self) -> None:
        if not hasattr(self, "served"):
            return
        self.composer.compose()
        with closing(
            Generation(self.folder / file_name(current_version(self.folder) or ""))
        ) as generation:
            shelf = generation.book_table("default", "staff")
            assert shelf is not None and shelf.known == self.ever
            rows = [(row.name, row.number) for row in generation.rows(shelf, 0, shelf.rows)]
        assert (
            sorted((contact.name, contact.numbers[0].value) for contact in self.served.values())
            == rows
        )
        delete_old_generations(self.folder, 0.0, 1)


def test_a_thousand_sequences(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = settings(
        max_examples=1000,
        stateful_step_count=10,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    with (
        tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder,
        capture_logs(),
    ):
        data = {
            "state_dir": folder,
            "sources": {"staff": {"connector": "csv", "path": "staff.csv"}},
            "profiles": {"default": {"language": "en"}},  # the words are not what varies
        }
        configured = parse(data, Path(folder) / "gateway.toml")
        store = Store(Path(folder))
        store.open("now")
        composer = Composer(configured, store, Path(folder))
        monkeypatch.setattr(Sequences, "folder", Path(folder), raising=False)
        monkeypatch.setattr(Sequences, "settings", configured, raising=False)
        monkeypatch.setattr(Sequences, "composer", composer, raising=False)
        # As long as one connection stays, the end of another one writes no log back.
        with closing(sqlite3.connect(Path(folder) / FILE)) as kept:
            assert kept.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            run_state_machine_as_test(Sequences, settings=wanted)
