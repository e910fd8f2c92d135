"""What a host reports to the others, and what it writes of them into `status.json`.

A host that follows writes there what the host that builds reports of the sources.
"""

import os
import time
from contextlib import suppress

import msgspec

from app.build.builder import Builder
from app.build.host_status import exchange_status
from app.build.program import program_release
from app.build.saved_sources import load_source, readable_held
from app.build.status_writer import StatusWriter
from app.exchange.base import Exchange, HostReport
from app.exchange.decisions import Host
from app.generation.schema import SCHEMA
from app.logs import Log
from app.settings.config_keys import differing
from app.settings.loader import Settings
from app.state.host_id import FILE
from app.state.host_status import aged
from app.state.status import SourceStatus, Status, read_status
from app.state.store import Store

REPORT_SECONDS = 5.0
_log = Log("builder")


class HostReports:
    """The reports of one host. One thread uses it."""

    def __init__(self, settings: Settings, exchange: Exchange, store: Store, run: str) -> None:
        if settings.exchange is None:
            raise ValueError("the configuration has no [exchange]")
        self._settings, self._exchange, self._store = settings, exchange, store
        self._name, self._folder, self._run = settings.exchange.name, settings.state_dir, run
        self._exchange_status = exchange_status(self._name, (), None)
        self._read_at = 0.0
        self._sources = read_status(self._folder).sources
        self._loaded: dict[str, SourceStatus] = {}
        self._problem = self._difference = self._copy = ""
        self._status_writer = StatusWriter(self._folder)
        self._reported_at = 0.0
        self._reported: tuple[object, ...] = ()

    def report(
        self,
        knows: Host,
        builder: Builder | None,
        problem: str,
        now: float,
        *,
        is_cut_off: bool = False,
    ) -> None:
        """Report to the other hosts, read what they report, and write the status.

        It is done when something changed, or a few seconds have passed. `problem` is
        what fails. If `is_cut_off`, the exchange is not asked. Raises ExchangeError, or
        StoreError if the store is damaged.
        """
        self._note_problem(problem)
        statuses = builder.statuses() if builder is not None else {}
        reported = (knows.served.version, knows.has_taken_over, problem, statuses)
        if reported == self._reported and now - self._reported_at < REPORT_SECONDS:
            return
        self._reported, self._reported_at = reported, now
        try:
            if not is_cut_off:
                self._send(knows, builder)
                self._read_others(builder, now)
        finally:
            if builder is None:
                self._write_status(builds=knows.has_taken_over)
            else:
                builder.write_status_soon()

    def _note_problem(self, problem: str) -> None:
        """Log the first of several failures in a row, and their end."""
        if problem and not self._problem:
            _log.warning("exchange_failing", error=problem, effect="phones keep what they have")
        elif self._problem and not problem:
            _log.info("exchange_recovered")
        self._problem = problem

    def _note_other(self, other: str) -> None:
        """Note that another running host has this one's id, and log it once."""
        if not other:
            self._copy = ""
            return
        if not self._copy:
            _log.error("host_id_copied", host=other, effect="this host does not build")
        self._copy = (
            f"Another running host, {other}, has the same {FILE} as this one, which therefore"
            f" does not build. Stop this host, delete {self._folder / FILE}, and start it again."
        )

    def _send(self, knows: Host, builder: Builder | None) -> None:
        status = msgspec.json.encode(builder.status()) if builder is not None else b""
        other = self._exchange.report(
            HostReport(
                self._name,
                knows.served.version,
                SCHEMA,
                # Also while the first build goes on, before there is a builder.
                knows.has_taken_over,
                self._settings.keys,
                status,
                program_release(),
            )
        )
        self._note_other(other)

    def _read_others(self, builder: Builder | None, now: float) -> None:
        hosts, self._read_at = self._exchange.hosts(), now
        self._exchange_status = exchange_status(self._name, hosts, self._exchange.lease_holder())
        if builder is not None:
            self._sources, self._difference = builder.statuses(), ""
            return
        leaders = [host for host in hosts if host.builds and host.status]
        if leaders:
            leader = min(leaders, key=lambda host: host.age)
            with suppress(msgspec.MsgspecError):
                self._sources = msgspec.json.decode(leader.status, type=Status).sources
            self._compare(leader)
        self._load_held()

    def _compare(self, leader: HostReport) -> None:
        """Note which keys differ from those of the host that builds."""
        keys = differing(self._settings.keys, leader.keys)
        if not keys:
            self._difference = ""
            return
        if not self._difference:
            _log.warning(
                "configuration_differs",
                host=leader.name,
                keys=", ".join(keys),
                effect="phones of this host may keep what they have",
            )
        self._difference = (
            f"The configuration of this host differs from that of {leader.name}, which builds:"
            f" {', '.join(keys)}. Compare both files, correct the wrong one, and run"
            " directory-gateway reload on that host."
        )

    def _load_held(self) -> None:
        """Restore the sources with a held result, which can be accepted here too."""
        for source in self._settings.sources:
            name = source.name
            status = self._sources.get(name, SourceStatus())
            held = readable_held(self._store, name)
            if held is not None and held.accepted and held.since == status.held_since:
                # What a person accepted here is still to be passed on.
                continue
            is_wanted = held is not None or status.held_since is not None
            if is_wanted and self._loaded.get(name) != status:
                is_loaded = load_source(self._exchange, self._store, name)
                is_held = readable_held(self._store, name) is not None
                if not is_loaded or is_held == (status.held_since is not None):
                    self._loaded[name] = status

    def with_exchange(self, status: Status, *, builds: bool) -> Status:
        """Return a status that says what this host knows of all hosts."""
        found = msgspec.structs.replace(self._exchange_status, builds=builds, problem=self._problem)
        found = aged(found, time.monotonic() - self._read_at)
        return msgspec.structs.replace(
            status,
            exchange=found,
            problem=status.problem or self._problem or self._copy or self._difference,
        )

    def _write_status(self, *, builds: bool) -> None:
        status = Status(
            written_at=time.time(), builder=os.getpid(), run=self._run, sources=self._sources
        )
        self._status_writer.write(self.with_exchange(status, builds=builds))
