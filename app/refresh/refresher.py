"""Judge the results of a source, and decide what to fetch next and when.

It starts no thread and never waits. Whatever fails, the stored contacts stay, because
old data are better than none.
"""

import math
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from app.logs import Log
from app.refresh.brake import held_now, is_braked, is_held_long_enough, sentence
from app.refresh.messages import with_source_name
from app.settings.sources import Source
from app.state.file_state import file_state
from app.state.held_results import Held
from app.state.source_records import SourceRecord
from app.state.status import SourceStatus, iso_time
from app.state.store import Store, StoreError
from connectors.base import Delta, Full, SourceRefused, SourceUnavailable

FIRST_RETRY = 5.0
SHORTEST_RETRY = 1.0
LONGEST_RETRY = 86_400.0
LONGEST_REFUSED = 12 * 3600.0
FULL_EVERY = 86_400.0
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
        self._chance = chance
        self._failures = self._refusals = 0
        self._pause = 0.0
        self._next: float | None = None
        self._crash = ""
        self._secret_unread = False
        self.retry_when_changed: Path | None = None
        record, held = store.record(source.name), store.held(source.name)
        self.status = SourceStatus(
            state="held" if held else "ok" if record.last_success is not None else "never",
            contacts=record.contacts,
            skipped=_counted(record),
            refresh=source.refresh,
            last_success=record.last_success,
            held_since=held.since if held else None,
            error=sentence(self.source, held) if held else "",
        )

    def since(self) -> str | None:
        """Return the checkpoint to fetch from; None if everything must be fetched.

        Everything is fetched the first time, after a change of the configuration and
        once a day.
        """
        record, now = self._store.record(self.source.name), self._clock()
        if record.fingerprint != self.source.fingerprint or record.last_full is None:
            return None
        fresh = (
            self.source.connector.lists_whole
            or 0 <= now - record.last_full + 300 <= FULL_EVERY + 300
        )
        return record.checkpoint if fresh else None

    def renew(self) -> bool:
        """Read changed secrets again; return whether there are new ones."""
        if not self.source.has_new_secret():
            return False
        fresh = self.source.read_again()
        if fresh is None:
            if not self._secret_unread:
                self._secret_unread = True
                files = ", ".join(str(path) for path, _ in self.source.secrets)
                _log.warning(
                    "secret_not_read",
                    source=self.source.name,
                    files=files,
                    effect="the one that was read before is used",
                )
            return False
        self.source, self._refusals, self._secret_unread = fresh, 0, False
        return True

    def resume(self, before: SourceStatus | None, config: Path) -> None:
        """Continue an earlier process's wait after a refused login.

        There is no wait if a file was changed since that may let the login in. So a
        builder that is restarted, or started by cron, locks no account. `config` is the
        configuration file.
        """
        now = self._clock()
        # A refusal in the future means that the clock was set back since; it is ignored.
        if (
            before is None
            or before.state != "refused"
            or before.refused_at is None
            or before.refused_at > now
        ):
            return
        files = [config, *(path for path, _ in self.source.secrets), *map(Path, before.waits_for)]
        if any(file_state(path)[0] > before.refused_at * 1e9 for path in files):
            return
        self._refusals = before.refusals
        if before.next_try is None and before.waits_for:
            self.retry_when_changed, wait = Path(before.waits_for[0]), math.inf
        else:
            longest = max(LONGEST_REFUSED, self.source.refresh)
            wait = min(max((before.next_try or 0.0) - now, 0.0), longest)
        kept = self.status
        self._set(
            "refused",
            now,
            wait,
            error=before.error,
            failing_since=before.failing_since,
            held_since=kept.held_since,
        )
        self.status = msgspec.structs.replace(
            self.status, refused_at=before.refused_at, refusals=before.refusals
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
            self._fail("refused", str(error), self._refused())
        except (SourceUnavailable, StoreError) as error:
            asked = error.retry_after if isinstance(error, SourceUnavailable) else None
            self._fail(
                "failing",
                str(error),
                (
                    self._backed_off()
                    if asked is None
                    else min(max(SHORTEST_RETRY, asked), LONGEST_RETRY)
                ),
            )
        except Exception as error:
            if _crash_site(error) != self._crash:
                self._crash = _crash_site(error)
                _log.error(
                    "source_crashed",
                    source=self.source.name,
                    kind=type(error).__name__,
                    exc_info=_redacted(error),
                )
            text = (
                f"source {self.source.name!r}: the connector broke ({type(error).__name__}); this"
                " is a bug. The log has the details."
            )
            self._fail("failing", text, self._backed_off())
        return False

    def _apply(self, result: Full | Delta) -> bool:
        name, now = self.source.name, self._clock()
        record, held = self._store.record(name), self._store.held(name)
        change = self._store.compare(record, result)
        found = held_now(self.source, change, held, now) if is_braked(self.source, change) else None
        passes = self._passes(held, found, result) if found is not None else ""
        if found is not None and not passes:
            self._hold(held, found, result)
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
        )
        altered = change.altered or record.last_success is None
        if change.altered:
            self._store.apply(kept, result)
        else:
            self._store.save_record(kept)
        if found is not None and passes == "accepted":
            _log.info(
                "source_accepted",
                source=name,
                before=found.before,
                after=found.after,
                lost=found.lost,
            )
        elif found is not None:
            _log.warning(
                "source_loss_believed",
                source=name,
                before=found.before,
                after=found.after,
                lost=found.lost,
                since=iso_time(found.since),
            )
        self._recovered(kept, now, altered=altered)
        return altered

    def _passes(self, held: Held | None, found: Held, result: Full | Delta) -> str:
        """Return why a result passes the brake, "" if it stays held back.

        The reason is "accepted" (by a person) or "held" (for long enough).
        """
        if held is not None and held.accepted:
            # It is the result that was accepted, or one that loses no other contact.
            same = held.digest == found.digest or not self._store.loses_others(held.source, result)
            return "accepted" if same else ""
        return "held" if is_held_long_enough(self.source, found) else ""

    def _hold(self, before: Held | None, found: Held, result: Full | Delta) -> None:
        self._store.hold(found, result)
        text = sentence(self.source, found)
        again = before is not None and before.digest == found.digest
        if self.status.state != "held" or (before is not None and before.accepted and not again):
            _log.warning(
                "source_held_back",
                source=found.source,
                before=found.before,
                after=found.after,
                lost=found.lost,
                error=text,
            )
        self._failures = self._refusals = 0
        self.retry_when_changed = None
        self._set(
            "held",
            found.seen,
            self._spread(self.source.refresh),
            error=text,
            held_since=found.since,
        )

    def _recovered(self, record: SourceRecord, now: float, *, altered: bool) -> None:
        name, before = self.source.name, self.status
        if before.state in ("failing", "refused"):
            down = round(now - before.failing_since) if before.failing_since is not None else 0
            _log.info("source_recovered", source=name, after_seconds=down, contacts=record.contacts)
        elif altered:
            _log.info(
                "source_changed", source=name, contacts=record.contacts, skipped=len(record.skipped)
            )
        self._failures, self._refusals, self._crash, self.retry_when_changed = 0, 0, "", None
        self._set("ok", now, self._spread(self.source.refresh), error="")
        self.status = msgspec.structs.replace(
            self.status,
            contacts=record.contacts,
            skipped=_counted(record),
            last_success=now,
            held_since=None,
        )

    def _fail(self, state: str, text: str, wait: float) -> None:
        text = with_source_name(text, self.source.name)
        now = self._clock()
        if self.status.state != state:
            tell = _log.error if state == "refused" else _log.warning
            tell(
                "source_failing" if state == "failing" else "source_refused",
                source=self.source.name,
                error=text,
            )
        if state != "refused":
            self.retry_when_changed = None
        self._failures = self._failures + 1 if state == "failing" else 0
        # Refusals before a failure still count: a server that is down has not accepted the login.
        self._refusals += state == "refused"
        since = self.status.failing_since if self.status.failing_since is not None else now
        self._set(
            state, now, wait, error=text, failing_since=since, held_since=self.status.held_since
        )
        if state == "refused":
            self.status = msgspec.structs.replace(
                self.status, refused_at=now, refusals=self._refusals
            )

    def _set(
        self,
        state: str,
        now: float,
        wait: float,
        *,
        error: str,
        failing_since: float | None = None,
        held_since: float | None = None,
    ) -> None:
        self._pause, self._next = wait, now + wait
        files = (
            (self.retry_when_changed,)
            if self.retry_when_changed is not None
            else tuple(path for path, _ in self.source.secrets)
        )
        self.status = msgspec.structs.replace(
            self.status,
            state=state,
            refresh=self.source.refresh,
            failing_since=failing_since,
            next_try=self._next if math.isfinite(wait) else None,
            held_since=held_since,
            waits_for=tuple(map(str, files)) if state == "refused" else (),
            error=error,
        )

    def wait(self) -> float:
        """Return the seconds until the next fetch.

        The wait never exceeds the pause that was decided, even if the clock was set
        back. It is infinite if only a file's change (`until_changed`) or a person ends
        it.
        """
        if self._next is None:
            return 0.0
        return min(max(self._next - self._clock(), 0.0), self._pause)

    def _refused(self) -> float:
        """Return the pause after one more refusal.

        It doubles from the interval with each refusal, so that no account is locked.
        """
        if self.retry_when_changed is not None:
            return math.inf
        interval = self._spread(self.source.refresh)
        return min(interval * 2.0 ** min(self._refusals, 30), max(LONGEST_REFUSED, interval))

    def _backed_off(self) -> float:
        return min(self._spread(FIRST_RETRY * 2.0 ** min(self._failures, 30)), self.source.refresh)

    def _spread(self, seconds: float) -> float:
        return seconds * (0.95 + 0.1 * self._chance())


def _counted(record: SourceRecord) -> dict[str, int]:
    return dict(Counter(item.reason for item in record.skipped))


def _crash_site(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (
        f"{type(error).__name__} {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        if trace is not None
        else type(error).__name__
    )


def _redacted(error: Exception) -> Exception:
    """Return an exception with the type's name and the traceback, but without the text.

    The text may contain data of the source.
    """
    return RuntimeError(f"{type(error).__name__} in a connector").with_traceback(
        error.__traceback__
    )
