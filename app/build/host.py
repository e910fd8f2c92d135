"""Build for several hosts, or follow the one that does.

What is done next is decided by `app.exchange.decisions`; here it is done. A host that
builds runs a `Builder` whose generations are published for all hosts before they are
published here. Whatever fails, phones keep what they have.
"""

import threading
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.build.builder import KEEP_SECONDS, MAX_KEPT, SWEEP_SECONDS, Builder
from app.build.composer import Publish
from app.build.host_exchange import open_exchange
from app.build.host_failure import HostFailure
from app.build.host_generations import HostGenerations
from app.build.host_reports import HostReports
from app.build.host_requests import HostRequests
from app.build.lease_keeper import LeaseKeeper
from app.build.saved_sources import SavedSources
from app.exchange import decisions
from app.exchange.base import ExchangeError, Fenced, Lease, Publication
from app.exchange.decisions import Action, Host
from app.generation.files import Published, delete_old_generations
from app.generation.schema import SCHEMA
from app.logs import Log
from app.settings.loader import Settings
from app.state.status import Status
from app.state.store import Store, StoreError

SAVE_SECONDS = 2.0
MAX_WRITE_FAILURES = 3
_TICK = 0.25
_OTHERS = "another host builds if one can"
_log = Log("builder")


class HostLoop:
    """Keeps a state directory's generations up to date, as one of several hosts.

    The process uses it as it uses a `Builder`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        publish: Publish,
        distrust: bool = False,
        run: str = "",
        resumes: bool = False,
    ) -> None:
        """Open nothing yet; `prepare` does.

        `publish` publishes on this host alone. The other options are those of
        `Builder`.
        """
        self._publish_here = publish
        self._settings, self._folder = settings, settings.state_dir
        self._distrust, self._run, self._resumes = distrust, run, resumes
        self._store = Store(self._folder)
        self._builder: Builder | None = None
        self._lease: Lease | None = None
        self._wake = threading.Event()
        self._failure = HostFailure(self._folder)
        self._is_store_damaged = False
        self._saved_at = self._swept_at = 0.0
        self.stopping = False
        self.reloading = False
        self.stuck = ""

    def prepare(self) -> None:
        """Open the store, and find out what is served.

        Raises StoreError or OSError if the state directory cannot be used.
        """
        moment = datetime.now().strftime("%Y%m%d-%H%M%S")
        notice = self._store.open(moment, distrust=self._distrust)
        if notice:
            _log.error("store_set_aside", notice=notice)
        self._exchange = open_exchange(self._settings, is_ending=self._is_ending)
        self._sources = SavedSources(self._settings, self._exchange, self._store)
        self._generations = HostGenerations(self._settings, self._exchange, self._publish_here)
        self._reports = HostReports(self._settings, self._exchange, self._store, self._run)
        self._requests = HostRequests(self._settings, self._exchange, self._store)
        self._keeper = LeaseKeeper(self._exchange, Host(served=self._generations.served()))

    def start(self) -> None:
        """Begin to ask for the lease."""
        self._keeper.start()

    def run(self) -> None:
        """Build or follow.

        Returns after `stop`, a reload, a stuck source or a damaged store.
        """
        try:
            while not (self._is_ending() or self.stuck or self.store_damaged()):
                self._turn()
        finally:
            self._end_builder()
            self._keeper.stop()
            self._exchange.close()

    def stop(self) -> None:
        """Let all threads end; a connector's call under way is not waited for."""
        self.stopping = True
        if self._builder is not None:
            self._builder.stop()
        self._wake.set()

    def join(self) -> None:
        """Do nothing: `run` has waited for its threads."""

    def _is_ending(self) -> bool:
        return self.stopping or self.reloading

    def store_damaged(self) -> bool:
        """Return whether the store was unreadable and must be set aside."""
        in_builder = self._builder is not None and self._builder.store_damaged()
        return self._is_store_damaged or self._store.damaged or in_builder

    def _turn(self) -> None:
        if self._keeper.crash is not None:
            raise self._keeper.crash
        knows, now = self._keeper.knows, time.monotonic()
        if not self._holds(knows):
            self._end_builder()
        action = decisions.decide(knows, now, SCHEMA)
        try:
            self._serve_others(knows, now)
        except (ExchangeError, StoreError, OSError) as error:
            self._fail(decisions.Look, error)
            return
        try:
            self._do(action, knows, now)
        except Fenced:
            self._keeper.change(decisions.without_lease)
        except (ExchangeError, StoreError, OSError) as error:
            self._fail(type(action), error)
        else:
            if self._failure.ends_with(action, is_retry_awaited=now < knows.retry_at):
                self._keeper.change(decisions.after_success)

    def _serve_others(self, knows: Host, now: float) -> None:
        """Do what is due beside the action: requests, reports, old generations."""
        if now - self._swept_at >= SWEEP_SECONDS:
            self._swept_at = now
            with suppress(OSError):
                delete_old_generations(self._folder, KEEP_SECONDS, MAX_KEPT)
        is_cut_off = self._failure.is_of_exchange
        # Reports may restore a held result over one that is accepted here.
        if knows.lease is None and not is_cut_off and self._requests.pass_on():
            self._has_served(knows)
        problem = self._failure.text or self._keeper.problem
        self._reports.report(knows, self._builder, problem, now, is_cut_off=is_cut_off)

    def _do(self, action: Action, knows: Host, now: float) -> None:
        match action:
            case decisions.StepDown():
                self._keeper.change(decisions.without_lease)
            case decisions.Look():
                self._look(knows, now)
            case decisions.Fetch(publication):
                self._fetch(publication)
            case decisions.TakeOver():
                self._take_over(knows)
            case decisions.PublishAgain():
                if self._has_served(knows):
                    self._publish(self._folder, knows.served)
                    _log.info("generation_published_again", version=knows.served.version)
            case decisions.Build():
                self._build()
            case decisions.Wait(until):
                self._wait(until - now, is_retry_awaited=now < knows.retry_at)

    def _holds(self, knows: Host) -> bool:
        """Return whether the host still holds the lease under which it took over."""
        return (
            knows.has_taken_over
            and knows.lease is not None
            and self._lease is not None
            and knows.lease.holder == self._lease.holder
        )

    def _end_builder(self) -> None:
        builder, self._builder = self._builder, None
        if builder is not None:
            builder.stop()
            builder.join()
            self._is_store_damaged |= builder.store_damaged()
            if not self._is_ending():
                _log.info("lease_lost", effect="this host follows the one that builds")

    def _look(self, knows: Host, now: float) -> None:
        seen = self._generations.current()
        self._requests.take(builds=self._builder is not None)
        self._keeper.change(lambda host: decisions.after_looking(host, now, seen, knows.lease))

    def _fetch(self, publication: Publication) -> None:
        holds = self._keeper.knows.lease is not None
        if self._generations.fetch(publication, holds_lease=holds):
            self._keeper.change(lambda host: decisions.after_serving(host, publication))
        else:
            self._keeper.change(decisions.after_notification)

    def _take_over(self, knows: Host) -> None:
        lease = knows.lease
        if lease is None:
            raise Fenced
        self._sources.restore(knows)
        self._lease = lease
        self._keeper.change(lambda host: decisions.after_taking_over(host, lease))
        _log.info("lease_taken", epoch=lease.epoch, effect="this host builds")

    def _has_served(self, knows: Host) -> bool:
        """Return whether what is served is undamaged; else it is fetched or built anew."""
        is_sound = self._generations.served() == knows.served
        if not is_sound:
            self._keeper.change(decisions.after_damage)
        return is_sound

    def _build(self) -> None:
        if self._builder is None:
            self._builder = self._new_builder()
        builder = self._builder
        builder.turn()
        self.stuck = builder.stuck
        if builder.write_failures >= MAX_WRITE_FAILURES:
            self._give_back("its state directory cannot be written")
            return
        if time.monotonic() - self._saved_at >= SAVE_SECONDS:
            self._sources.save_changed(self._taken_lease(), builder)
            # After a failure it is due at once: a turn that asks for nothing proves nothing.
            self._saved_at = time.monotonic()

    def _new_builder(self) -> Builder:
        builder = Builder(
            self._settings,
            run=self._run,
            resumes=self._resumes,
            publish=self._publish,
            must_read=self._sources.must_read,
            on_status=self._with_exchange,
        )
        builder.prepare()
        # A later one waits after a refused login as long as this one has to.
        self._resumes = True
        builder.start()
        return builder

    def _with_exchange(self, status: Status) -> Status:
        return self._reports.with_exchange(status, builds=True)

    def _publish(self, folder: Path, published: Published) -> None:
        """Publish for all hosts, then here. Raises Fenced, ExchangeError or OSError."""
        lease = self._taken_lease()
        self._sources.save_all(lease, self._builder)
        publication = self._generations.publish(lease, folder, published)
        self._keeper.change(lambda host: decisions.after_serving(host, publication))

    def _taken_lease(self) -> Lease:
        """Return the lease under which this host took over, which another one replaces."""
        if self._lease is None:
            raise Fenced
        return self._lease

    def _wait(self, seconds: float, *, is_retry_awaited: bool) -> None:
        seconds = min(max(seconds, 0.01), _TICK)
        if is_retry_awaited:
            self._wake.wait(seconds)
        elif self._exchange.watch(seconds):
            self._keeper.change(decisions.after_notification)

    def _fail(self, action: type[Action], error: ExchangeError | StoreError | OSError) -> None:
        self._failure.note(action, error)
        before = self._keeper.knows.gave_back
        knows = self._keeper.change(lambda host: decisions.after_failure(host, time.monotonic()))
        if knows.gave_back > before:
            _log.warning("lease_given_back", reason=self._failure.text, effect=_OTHERS)

    def _give_back(self, reason: str) -> None:
        self._keeper.change(lambda host: decisions.after_giving_back(host, time.monotonic()))
        _log.warning("lease_given_back", reason=reason, effect=_OTHERS)
