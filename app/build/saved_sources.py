"""The sources' data in the exchange: saved by the host that builds, for the next one."""

from contextlib import closing

from app.build.builder import Builder
from app.exchange import decisions
from app.exchange.base import DamagedError, Exchange, Lease
from app.exchange.decisions import Host
from app.generation.files import CURRENT, current_version, file_name
from app.generation.reader import BrokenGeneration, Generation
from app.logs import Log
from app.settings.loader import Settings
from app.state.held_results import Held
from app.state.source_copies import SourceCopies
from app.state.status import SourceStatus
from app.state.store import Store, StoreError

_log = Log("builder")


def load_source(exchange: Exchange, store: Store, source: str) -> bool:
    """Restore a source as it was saved last; return False if nothing usable was.

    Raises ExchangeError, and StoreError if the store is damaged.
    """
    try:
        return exchange.load(SourceCopies(store), source)
    except (DamagedError, StoreError) as error:
        if store.damaged:
            raise
        _log.warning("source_not_restored", source=source, error=str(error))
        return False


def readable_held(store: Store, source: str) -> Held | None:
    """Return the held result of a source in a store, None also if it cannot be read.

    Raises StoreError if the store is damaged.
    """
    try:
        return store.held(source)
    except StoreError:
        if store.damaged:
            raise
        return None


class SavedSources:
    """Saves and restores the data of a configuration's sources. One thread uses it.

    `must_read` are the sources that must be read before anything is built.
    """

    def __init__(self, settings: Settings, exchange: Exchange, store: Store) -> None:
        self.must_read: frozenset[str] = frozenset()
        self._names = tuple(source.name for source in settings.sources)
        self._folder = settings.state_dir
        self._exchange, self._store = exchange, store
        self._copies = SourceCopies(store)
        self._saved: dict[str, SourceStatus] = {}

    def restore(self, knows: Host) -> None:
        """Restore the sources' data as they were saved last.

        A source of which nothing usable is saved must be read, unless this host's own
        data are what phones see. Raises ExchangeError or StoreError.
        """
        self.must_read = frozenset(name for name in self._names if self._restore(knows, name))
        self._saved = {}

    def _restore(self, knows: Host, source: str) -> bool:
        """Restore a source; return whether it must be read before a build."""
        is_loaded = load_source(self._exchange, self._store, source)
        own, served = self._store.record(source).digest, self._served_digest(source)
        if is_loaded:
            return decisions.is_outdated(knows, own, served)
        return not decisions.may_use_own(knows, own, served)

    def _served_digest(self, source: str) -> str | None:
        """Return the digest of a source's contacts in what is served.

        It is "" if nothing is, and None if it cannot be read.
        """
        version = current_version(self._folder)
        if version is None:
            return None if (self._folder / CURRENT).exists() else ""
        try:
            with closing(Generation(self._folder / file_name(version))) as generation:
                return generation.digest(source)
        except BrokenGeneration:
            return None

    def unread(self, builder: Builder | None) -> frozenset[str]:
        """Return the sources that are not to be saved: what this host has may be older."""
        return builder.unread() if builder is not None else self.must_read

    def save_all(self, lease: Lease, builder: Builder | None) -> None:
        """Save all sources, and delete what was saved of others.

        Raises Fenced, ExchangeError or StoreError.
        """
        statuses = builder.statuses() if builder is not None else {}
        for name in self._names:
            if name not in self.unread(builder):
                self._exchange.save(lease, self._copies, name)
                if name in statuses:
                    self._saved[name] = statuses[name]
        self._exchange.forget_all_but(lease, self._names)

    def save_changed(self, lease: Lease, builder: Builder) -> None:
        """Save the sources that were read since, also if their contacts are the same.

        Raises as `save_all`.
        """
        for name, status in builder.statuses().items():
            if self._saved.get(name) != status and name not in self.unread(builder):
                self._exchange.save(lease, self._copies, name)
                self._saved[name] = status
