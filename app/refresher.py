"""Refreshing one source: what to ask for, whether to believe the answer, when to ask again.

Law of this file: deltas, the brake and back-off, as decisions over a result that somebody else fetched. It starts no thread, waits for
nothing and knows no protocol. Old data beats no data: whatever goes wrong, the stored contacts stay.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.counted import counted
from app.logs import Log
from app.settings_sources import Source
from app.status import SourceStatus
from app.store import Change, Record, Store, StoreError
from connectors.base import Delta, Full, SourceRefused, SourceUnavailable

FIRST_RETRY = 5.0
SHORTEST_RETRY = 1.0
LONGEST_RETRY = 86_400.0
FULL_EVERY = 86_400.0
BRAKE_FROM = 10
_log = Log("refresher")

Outcome = Full | Delta | Exception


class Refresher:
    """Judges the results of one source. Use it from one thread at a time."""

    def __init__(
        self,
        source: Source,
        store: Store,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.source = source
        self._store = store
        self._clock = clock
        self._chance = chance
        self._failures = 0
        self._pause = 0.0
        self._crash = ""
        self.until_changed: Path | None = None
        record = store.record(source.name)
        self.status = SourceStatus(
            state="held" if record.held else "ok" if record.last_success is not None else "never",
            contacts=record.contacts,
            skipped=_counted(record),
            refresh=source.refresh,
            last_success=record.last_success,
        )

    def since(self) -> str | None:
        """Return the checkpoint to fetch from; None where everything must be read (never read, other configuration, once a day)."""
        record, now = self._store.record(self.source.name), self._clock()
        if record.fingerprint != self.source.fingerprint or record.last_full is None:
            return None
        fresh = self.source.connector.lists_whole or 0 <= now - record.last_full + 300 <= FULL_EVERY + 300
        return record.checkpoint if fresh else None

    def settle(self, outcome: Outcome, *, by_file: bool = False) -> bool:
        """Take in what a fetch brought, an exception included; returns whether the stored contacts changed (a generation is due).

        `by_file`: the fetch was made because a watched file changed, which does not count as "a whole refresh later" for the brake.
        """
        try:
            if isinstance(outcome, Exception):
                raise outcome
            return self._take(outcome, by_file=by_file)
        except SourceRefused as error:
            self.until_changed = error.until_changed
            self._fail("refused", str(error), self._spread(self.source.refresh))
        except (SourceUnavailable, StoreError) as error:
            asked = error.retry_after if isinstance(error, SourceUnavailable) else None
            self._fail("failing", str(error), self._backed_off() if asked is None else min(max(SHORTEST_RETRY, asked), LONGEST_RETRY))
        except Exception as error:
            if _place(error) != self._crash:
                self._crash = _place(error)
                _log.error("source_crashed", source=self.source.name, kind=type(error).__name__, exc_info=_bare(error))
            text = f"source {self.source.name!r}: the connector broke ({type(error).__name__}); this is a bug. The log has the details."
            self._fail("failing", text, self._backed_off())
        return False

    def accept(self) -> None:
        """Let the next result pass, whatever it lost, where one is held back; else nothing happens. Raises StoreError."""
        record = self._store.record(self.source.name)
        if record.held:
            self._store.keep(replace(record, accepted=True))

    def _take(self, result: Full | Delta, *, by_file: bool) -> bool:
        name, now = self.source.name, self._clock()
        record = self._store.record(name)
        change = self._store.judge(record, result)
        reason = self._brake(change)
        if reason and not record.accepted and not self._confirmed(record, change, now, by_file=by_file):
            self._hold(record, change, reason, now, by_file=by_file)
            return False
        full = isinstance(result, Full)
        kept = replace(
            record,
            fingerprint=self.source.fingerprint,
            checkpoint=result.checkpoint,
            digest=change.digest,
            contacts=change.after,
            skipped=record.skipped if result.skipped is None else result.skipped,
            last_success=now,
            last_full=now if full else record.last_full,
            held="",
            held_since=None,
            accepted=False,
        )
        altered = change.altered or record.last_success is None
        if change.altered:
            self._store.apply(kept, result)
        else:
            self._store.keep(kept)
        self._recovered(kept, now, altered=altered)
        return altered

    def _brake(self, change: Change) -> str:
        if not change.altered:
            return ""
        if change.after == 0:
            before = f" now, {counted(change.before, 'contact')} before" if change.before else ""
            return "" if self.source.allow_empty else f"it holds nothing{before}"
        if change.before >= BRAKE_FROM and change.lost > self.source.max_loss * change.before:
            return f"it lost {change.lost} of {change.before} contacts"
        return ""

    def _confirmed(self, record: Record, change: Change, now: float, *, by_file: bool) -> bool:
        same = record.held == change.digest and record.held_since is not None
        return same and not by_file and now - (record.held_since or now) >= self.source.refresh * 0.9

    def _hold(self, record: Record, change: Change, reason: str, now: float, *, by_file: bool) -> None:
        name = self.source.name
        again = record.held == change.digest
        # A clock that was set back must not hold it for longer than an interval.
        since = min(record.held_since or now, now) if again else now
        self._store.keep(replace(record, held=change.digest, held_since=since))
        text = (
            f"source {name!r}: {reason}; the phones keep what they had. If that is right, type: directory-gateway accept {name} "
            f"(else it passes by itself when the next regular reading says the same)."
        )
        if self.status.state != "held":
            _log.warning("source_held_back", source=name, before=change.before, after=change.after, lost=change.lost, error=text)
        self._failures = 0
        self.until_changed = None
        # A file that keeps changing must not put off the regular reading that confirms.
        waiting = by_file and self.status.state == "held" and self.status.next_try is not None
        self._set("held", now, self.wait() if waiting else self._spread(self.source.refresh), error=text)

    def _recovered(self, record: Record, now: float, *, altered: bool) -> None:
        name, before = self.source.name, self.status
        if before.state in ("failing", "refused"):
            down = round(now - before.failing_since) if before.failing_since is not None else 0
            _log.info("source_recovered", source=name, after_seconds=down, contacts=record.contacts)
        elif altered:
            _log.info("source_changed", source=name, contacts=record.contacts, skipped=len(record.skipped))
        self._failures, self._crash, self.until_changed = 0, "", None
        self._pause = self._spread(self.source.refresh)
        self.status = SourceStatus(
            state="ok",
            contacts=record.contacts,
            skipped=_counted(record),
            refresh=self.source.refresh,
            last_success=now,
            next_try=now + self._pause,
        )

    def _fail(self, state: str, text: str, wait: float) -> None:
        text = named(text, self.source.name)
        now = self._clock()
        if self.status.state != state:
            tell = _log.error if state == "refused" else _log.warning
            tell("source_failing" if state == "failing" else "source_refused", source=self.source.name, error=text)
        if state != "refused":
            self.until_changed = None
        self._failures = self._failures + 1 if state == "failing" else 0
        since = self.status.failing_since if self.status.failing_since is not None else now
        self._set(state, now, wait, error=text, failing_since=since)

    def _set(self, state: str, now: float, wait: float, *, error: str, failing_since: float | None = None) -> None:
        self._pause = wait
        self.status = SourceStatus(
            state=state,
            contacts=self.status.contacts,
            skipped=self.status.skipped,
            refresh=self.source.refresh,
            last_success=self.status.last_success,
            failing_since=failing_since,
            next_try=now + wait,
            error=error,
        )

    def wait(self) -> float:
        """Return the seconds until the next fetch; never more than was decided, even if the clock was set back since."""
        if self.status.next_try is None:
            return 0.0
        return min(max(self.status.next_try - self._clock(), 0.0), self._pause)

    def _backed_off(self) -> float:
        return min(self._spread(FIRST_RETRY * 2.0 ** min(self._failures, 30)), self.source.refresh)

    def _spread(self, seconds: float) -> float:
        return seconds * (0.95 + 0.1 * self._chance())


def named(text: str, source: str) -> str:
    """Put a source's name into a connector's advice: a connector does not know what it is called ("login SOURCE")."""
    return text.replace("login SOURCE", f"login {source}")


def _counted(record: Record) -> dict[str, int]:
    return dict(Counter(item.reason for item in record.skipped))


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{type(error).__name__} {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else type(error).__name__


def _bare(error: Exception) -> Exception:
    """Return an exception of the same kind and place whose text holds nothing that a source may have put into it."""
    return RuntimeError(f"{type(error).__name__} in a connector").with_traceback(error.__traceback__)
