"""Judge the results of a source, and decide what to fetch next and when.

It starts no thread and never waits. Whatever fails, the stored contacts stay, because
old data are better than none.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from app.logs import Log
from app.refresh.brake import describe_held, is_braked, is_held_long_enough, make_held
from app.refresh.messages import crash_site, next_fetch, redacted, with_source_name
from app.refresh.schedule import Schedule
from app.settings.sources import Source
from app.state.file_state import file_state
from app.state.held_results import Held
from app.state.source_records import SourceRecord
from app.state.status import SourceStatus, iso_time
from app.state.store import Store, StoreError
from connectors.base import Delta, Full, SourceRefused, SourceUnavailable

FULL_EVERY = 86_400.0
_CLOCK_TOLERANCE = 300.0
_log = Log("refresher")

FetchResult = Full | Delta | Exception


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
        self._schedule = Schedule(source.refresh, clock, chance)
        self._crash = ""
        self._secret_unread = False
        self.retry_when_changed: Path | None = None
        record, held = store.record(source.name), store.held(source.name)
        self.status = SourceStatus(
            state="held" if held else "ok" if record.last_success is not None else "never",
            contacts=record.contacts,
            skipped=_count_reasons(record),
            refresh=source.refresh,
            last_success=record.last_success,
            held_since=held.since if held else None,
            error=describe_held(self.source, held) if held else "",
        )

    def since(self) -> str | None:
        """Return the checkpoint to fetch from; None if everything must be fetched.

        Everything is fetched the first time, after a change of the configuration and
        once a day.
        """
        record = self._store.record(self.source.name)
        if record.fingerprint != self.source.fingerprint or record.last_full is None:
            return None
        if self.source.connector.compares_daily:
            return record.checkpoint
        age = self._clock() - record.last_full
        return record.checkpoint if -_CLOCK_TOLERANCE <= age <= FULL_EVERY else None

    def wait(self) -> float:
        """Return the seconds until the next fetch.

        It is infinite if only a file's change (`retry_when_changed`) or a person ends
        the wait.
        """
        return self._schedule.wait()

    def renew(self) -> bool:
        """Read changed secrets again; return whether there are new ones."""
        if not self.source.has_new_secret():
            return False
        fresh = self.source.read_again()
        if fresh is None:
            if not self._secret_unread:
                self._secret_unread = True
                _log.warning(
                    "secret_not_read",
                    source=self.source.name,
                    files=", ".join(str(path) for path, _ in self.source.secrets),
                    effect="the one that was read before is used",
                )
            return False
        self.source, self._secret_unread = fresh, False
        self._schedule.refusals = 0
        return True

    def resume(self, before: SourceStatus | None, config: Path) -> None:
        """Continue an earlier process's wait after a refused login.

        There is no wait if a file was changed since that may let the login in. So a
        builder that is restarted, or started by cron, locks no account. `config` is the
        configuration file.
        """
        if before is None or before.state != "refused" or before.refused_at is None:
            return
        if before.refused_at > self._clock():
            return  # the clock was set back since
        files = [config, *(path for path, _ in self.source.secrets), *map(Path, before.waits_for)]
        if any(file_state(path)[0] > before.refused_at * 1e9 for path in files):
            return
        if before.next_try is None and before.waits_for:
            self.retry_when_changed = Path(before.waits_for[0])
            self._schedule.resume(before.refusals, None)
        else:
            self._schedule.resume(before.refusals, before.next_try or 0.0)
        self._set(
            "refused",
            error=before.error,
            failing_since=before.failing_since,
            refused_at=before.refused_at,
            refusals=before.refusals,
        )

    def handle_result(self, outcome: FetchResult) -> bool:
        """Apply a fetch result, or record its failure; return True if contacts changed.

        After a change of the stored contacts a generation is due.
        """
        try:
            if isinstance(outcome, Exception):
                raise outcome
            return self._apply(outcome)
        except SourceRefused as error:
            self.retry_when_changed = error.until_changed
            self._refuse(str(error))
        except SourceUnavailable as error:
            self._fail(str(error), error.retry_after)
        except StoreError as error:
            self._fail(str(error))
        except Exception as error:
            self._log_crash(error)
            self._fail(
                f"source {self.source.name!r}: the connector broke ({type(error).__name__}); this"
                " is a bug. The log has the details."
            )
        return False

    def _apply(self, result: Full | Delta) -> bool:
        name, now = self.source.name, self._clock()
        record, before = self._store.record(name), self._store.held(name)
        change = self._store.compare(record, result)
        if is_braked(self.source, change):
            held = make_held(self.source, change, before, now)
            if not self._passes(before, held, result):
                self._hold(before, held, result)
                return False
        else:
            held = None
        updated = replace(
            record,
            fingerprint=self.source.fingerprint,
            checkpoint=result.checkpoint,
            digest=change.digest,
            contacts=change.after,
            skipped=record.skipped if result.skipped is None else result.skipped,
            last_success=now,
            last_full=now if isinstance(result, Full) else record.last_full,
        )
        if change.altered:
            self._store.apply(updated, change.delta)
        else:
            self._store.save_record(updated)
        if isinstance(result, Full):
            self._store.save_places(name, result)
        if held is not None:
            self._log_passed(before, held)
        changed = change.altered or record.last_success is None
        self._succeed(updated, changed=changed)
        return changed

    def _passes(self, before: Held | None, held: Held, result: Full | Delta) -> bool:
        """Return whether a braked result passes.

        If a person accepted a result, only it passes, or one that loses no other
        contact. Else one passes that was held for long enough.
        """
        if before is not None and before.accepted:
            return before.digest == held.digest or not self._store.loses_others(held.source, result)
        return is_held_long_enough(self.source, held)

    def _log_passed(self, before: Held | None, held: Held) -> None:
        counts = {"before": held.before, "after": held.after, "lost": held.lost}
        if before is not None and before.accepted:
            _log.info("source_accepted", source=held.source, **counts)
        else:
            since = iso_time(held.since)
            _log.warning("source_loss_believed", source=held.source, **counts, since=since)

    def _hold(self, before: Held | None, held: Held, result: Full | Delta) -> None:
        self._store.hold(held, result)
        text = describe_held(self.source, held)
        is_other = before is not None and before.accepted and before.digest != held.digest
        if self.status.state != "held" or is_other:
            _log.warning(
                "source_held_back",
                source=held.source,
                before=held.before,
                after=held.after,
                lost=held.lost,
                error=text,
            )
        self.retry_when_changed = None
        self._schedule.succeed()
        self._set("held", error=text, held_since=held.since)

    def _succeed(self, record: SourceRecord, *, changed: bool) -> None:
        name, before = self.source.name, self.status
        contacts = record.contacts
        if before.state in ("failing", "refused"):
            since = before.failing_since
            down = round(self._clock() - since) if since is not None else 0
            _log.info("source_recovered", source=name, after_seconds=down, contacts=contacts)
        elif changed:
            skipped = len(record.skipped)
            _log.info("source_changed", source=name, contacts=contacts, skipped=skipped)
        self._crash, self.retry_when_changed = "", None
        self._schedule.succeed()
        self._set(
            "ok",
            contacts=contacts,
            skipped=_count_reasons(record),
            last_success=record.last_success,
            held_since=None,
        )

    def _fail(self, text: str, retry_after: float | None = None) -> None:
        name, before = self.source.name, self.status.state
        text = with_source_name(text, name)
        self.retry_when_changed = None
        self._schedule.fail(retry_after)
        self._set("failing", error=text, failing_since=self._failing_since())
        if before != "failing":
            _log.warning("source_failing", source=name, error=text, **next_fetch(self.status))

    def _refuse(self, text: str) -> None:
        name, before = self.source.name, self.status.state
        text = with_source_name(text, name)
        self._schedule.refuse(for_good=self.retry_when_changed is not None)
        self._set(
            "refused",
            error=text,
            failing_since=self._failing_since(),
            refused_at=self._clock(),
            refusals=self._schedule.refusals,
        )
        if before != "refused":
            _log.error("source_refused", source=name, error=text, **next_fetch(self.status))

    def _failing_since(self) -> float:
        since = self.status.failing_since
        return since if since is not None else self._clock()

    def _log_crash(self, error: Exception) -> None:
        """Log the traceback of a bug, once for each place."""
        if crash_site(error) != self._crash:
            self._crash = crash_site(error)
            kind = type(error).__name__
            _log.error(
                "source_crashed", source=self.source.name, kind=kind, exc_info=redacted(error)
            )

    def _set(
        self, state: str, *, error: str = "", failing_since: float | None = None, **changes: object
    ) -> None:
        """Change the status; what `changes` does not name stays."""
        waits_for = [path for path, _ in self.source.secrets] if state == "refused" else []
        if self.retry_when_changed is not None:
            waits_for = [self.retry_when_changed]
        self.status = msgspec.structs.replace(
            self.status,
            state=state,
            refresh=self.source.refresh,
            failing_since=failing_since,
            next_try=self._schedule.next_try,
            waits_for=tuple(map(str, waits_for)),
            error=error,
            **changes,
        )


def _count_reasons(record: SourceRecord) -> dict[str, int]:
    return dict(Counter(item.reason for item in record.skipped))
