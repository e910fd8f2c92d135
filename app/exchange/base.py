"""Contract of an exchange: who builds, what is published, and the data behind it.

Every exchange keeps these rules, which `tests/app/exchange/contract.py` tests:

1. At most one host holds the lease. Each acquisition has a higher epoch and a new
   holder; a renewal keeps both. A lease that is not renewed ends after LEASE_SECONDS by
   the exchange's clock. No clock of a host decides about it. A host whose process was
   killed need not wait for its own lease to end: the next one acquires it at once.
2. `publish` and `save` take effect completely or not at all. They raise `Fenced` if the
   lease is not held when they would take effect; then nothing of them stays.
3. `current` names a generation that `fetch` can return whole. An older one stays
   fetchable until KEPT_GENERATIONS newer ones are there.
4. What `save` stored of a source is what `load` restores, on any host.
5. `watch` may return early or late. It is a hint; `current` is the truth.
6. A request is taken once: by the host that holds the lease, or by each host if its
   verb is in FOR_EVERY_HOST.
7. Every exception of a library becomes `ExchangeError`, chained, with a sentence for an
   administrator. No contact and no password is logged or put into an error.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.generation.files import Published
from app.state import control
from app.state.control import Request
from app.state.source_copies import SourceCopy

LEASE_SECONDS = 15.0
KEPT_GENERATIONS = 3
FOR_EVERY_HOST = (control.RELOAD,)
FOR_THE_BUILDER = (control.REFRESH, control.FULL, control.REBUILD, control.ACCEPT)


class ExchangeError(Exception):
    """The exchange does not answer, or refuses; the text says why and what to do."""


class DamagedError(ExchangeError):
    """What the exchange holds is damaged, and stays so until it is written again."""


class UnpreparedError(ExchangeError):
    """Who may only look has found no exchange of this release: a host has to make it."""


class Fenced(Exception):
    """The lease was not held any more: another host may build. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to build.

    `epoch` grows with each acquisition, by whichever host. `holder` is random for each
    acquisition. `seconds_left` is what was left of it when the exchange answered.
    """

    epoch: int
    holder: str
    seconds_left: float


@dataclass(frozen=True, slots=True)
class LeaseHolder:
    """Who holds the lease, all by the exchange's clock.

    `host` is the holder's name, "" if it has not reported yet. It has held the lease
    for `held_seconds`; without a renewal the lease ends in `seconds_left`.
    """

    host: str
    epoch: int
    held_seconds: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Publication:
    """What an exchange says is current.

    `schema` is the form of the generation's file, so that a host knows whether it can
    read it before it fetches. `size` is that of both files in bytes, `epoch` that of
    the lease under which they were published.
    """

    published: Published
    schema: int
    size: int
    epoch: int


@dataclass(frozen=True, slots=True)
class HostReport:
    """What a host says of itself.

    `keys` are pairs of a configuration key and a short hash of its value, without keys
    that may hold a secret or that may differ. `status` is the builder's status as JSON,
    b"" from a host that does not build. `release` is that of its program.

    In what `hosts` returns, a host that says that it builds, but has lost the lease,
    does not build. `age` is how many seconds ago the report was written, `lag` for how
    many the host has not served what is current, 0 if it does; both by the exchange's
    clock.
    """

    name: str
    version: str
    schema: int
    builds: bool
    keys: tuple[tuple[str, str], ...] = ()
    status: bytes = b""
    release: str = ""
    age: float = 0.0
    lag: float = 0.0


class SourceData(Protocol):
    """The stored data of sources: `app.state.source_copies.SourceCopies`."""

    def copy(self, source: str) -> AbstractContextManager[SourceCopy]:
        """Yield what is stored of a source, all of one moment."""

    def restore(self, source: str, facts: bytes, parts: Iterable[bytes]) -> None:
        """Replace what is stored of a source by the copy of another host."""


class Exchange(Protocol):
    """Where hosts agree.

    Every method may raise ExchangeError, and OSError if a file of the host's own state
    directory cannot be read or written.
    """

    def lease(self, *, respite: float = 0.0) -> Lease | None:
        """Acquire the lease or renew it; None while another host holds it.

        It is acquired only if no host has held it for `respite` seconds. The builders
        of one state directory ask without.
        """

    def release(self) -> None:
        """Give the lease back, so that another host need not wait for its end."""

    def lease_holder(self) -> LeaseHolder | None:
        """Return who holds the lease, None while nobody does."""

    def publish(self, lease: Lease, folder: Path, publication: Publication) -> None:
        """Publish a generation and its people file, which lie in a state directory.

        Raises Fenced.
        """

    def current(self) -> Publication | None:
        """Return what is published, None before the first publication."""

    def fetch(self, publication: Publication, folder: Path) -> None:
        """Put the files of a publication into a state directory, under their names.

        They are complete, on the disk, and have the digests of `publication`, or
        ExchangeError is raised and nothing is left behind. `current` is not changed.
        """

    def watch(self, seconds: float) -> bool:
        """Wait until something may have changed, for at most so many seconds."""

    def save(self, lease: Lease, data: SourceData, source: str) -> None:
        """Save what is stored of a source; contacts that are saved stay. Raises Fenced."""

    def forget_all_but(self, lease: Lease, sources: tuple[str, ...]) -> None:
        """Delete what was saved of all sources but these. Raises Fenced."""

    def load(self, data: SourceData, source: str) -> bool:
        """Restore what was last saved of a source; return False if nothing was.

        Then, and if it raises DamagedError, a host may only build over what it serves
        with data that it has read itself since, or that are what it serves was built
        from.
        """

    def ask(self, request: Request) -> None:
        """Leave a request for the host that builds, or for every host."""

    def requests(self, *, builds: bool) -> tuple[Request, ...]:
        """Take and return the requests for every host; if this one builds, all."""

    def report(self, report: HostReport) -> str:
        """Replace what this host says of itself, and return "".

        Another running host may have a copy of this one's id. The one that was started
        first replaces nothing then, and holds no lease, until the other is gone.
        Returns the other's name.
        """

    def hosts(self) -> tuple[HostReport, ...]:
        """Return what each host said of itself, by name."""

    def close(self) -> None:
        """End all connections; a lease that is held is given back."""
