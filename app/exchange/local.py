"""The exchange of a single host: the files of its state directory, and their lock.

Everything is where the builder writes it anyway, so most of it is nothing to do.
"""

import fcntl
import os
import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path

from app.exchange.base import (
    FOR_EVERY_HOST,
    FOR_THE_BUILDER,
    ExchangeError,
    Fenced,
    HostReport,
    Lease,
    LeaseHolder,
    Publication,
    SourceData,
)
from app.generation.files import (
    file_name,
    has_files,
    people_file_name,
    publication_size,
    publish,
    read_current,
)
from app.generation.schema import SCHEMA
from app.state import control
from app.state.control import Request
from app.state.directory import REQUESTS
from app.state.locks import BUILDER, is_held

LOCAL_LEASE_SECONDS = 86_400.0
"""The system frees the lock when its holder ends: such a lease has no end of its own."""
_POLL_SECONDS = 0.05


class LocalExchange:
    """An exchange in one state directory, for the processes of one host."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = -1
        self._lease: Lease | None = None
        self._noticed = ("", 0)

    def lease(self, *, respite: float = 0.0) -> Lease | None:
        """Take the builder's lock of the state directory; see `Exchange.lease`."""
        if self._lease is not None:
            return self._lease
        lock = os.open(self._folder / BUILDER, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            if isinstance(error, BlockingIOError):
                return None
            raise
        self._lock = lock
        epoch = self._last_epoch() + 1
        # Overwritten in place, which a full disk allows. The process id is for people.
        with suppress(OSError):
            os.pwrite(lock, f"{os.getpid():<10}\n{epoch:<19}\n".encode(), 0)
        self._lease = Lease(epoch, uuid.uuid4().hex, LOCAL_LEASE_SECONDS)
        return self._lease

    def holder(self) -> str:
        """Return the process id of the lock's last holder, "" if it is not known."""
        return self._note(0)

    def _last_epoch(self) -> int:
        """Return the epoch of the last lease; its holder wrote it into the lock's file."""
        epoch = self._note(1)
        return int(epoch) if epoch.isdecimal() else 0

    def _note(self, place: int) -> str:
        """Return one of the words in the lock's file."""
        try:
            words = (self._folder / BUILDER).read_text(encoding="ascii").split()
        except (OSError, ValueError):
            return ""
        return words[place] if place < len(words) else ""

    def lease_holder(self) -> LeaseHolder | None:
        """Return who holds the lock, as a host without a name."""
        if not is_held(self._folder):
            return None
        written = (self._folder / BUILDER).stat().st_mtime
        held = max(time.time() - written, 0.0)
        return LeaseHolder("", self._last_epoch(), held, LOCAL_LEASE_SECONDS)

    def release(self) -> None:
        """Free the lock."""
        self._lease = None
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1

    def publish(self, lease: Lease, folder: Path, publication: Publication) -> None:
        """Replace `current`; the files are there already. See `Exchange.publish`."""
        self._hold(lease)
        publish(self._folder, publication.published)

    def _hold(self, lease: Lease) -> None:
        if self._lease is None or self._lease.holder != lease.holder:
            raise Fenced

    def current(self) -> Publication | None:
        """Return what `current` names; see `Exchange.current`."""
        published = read_current(self._folder)
        try:
            size = publication_size(self._folder, published)
        except OSError:
            return None
        return Publication(published, SCHEMA, size, self._last_epoch())

    def fetch(self, publication: Publication, folder: Path) -> None:
        """Check the files, and copy them into another folder; see `Exchange.fetch`."""
        published = publication.published
        if not has_files(self._folder, published):
            raise ExchangeError(
                f"{self._folder}: the files of {published.version} are missing or damaged. The"
                " next build replaces them."
            )
        for name in (file_name(published.version), people_file_name(published.version)):
            if folder != self._folder:
                shutil.copyfile(self._folder / name, folder / name)

    def watch(self, seconds: float) -> bool:
        """Wait until `current` or a request may have changed; see `Exchange.watch`."""
        until = time.monotonic() + seconds
        while (seen := self._seen()) == self._noticed:
            if time.monotonic() >= until:
                return False
            time.sleep(_POLL_SECONDS)
        self._noticed = seen
        return True

    def _seen(self) -> tuple[str, int]:
        requests = self._folder / REQUESTS
        count = sum(1 for _ in requests.iterdir()) if requests.is_dir() else 0
        return read_current(self._folder).version, count

    def save(self, lease: Lease, data: SourceData, source: str) -> None:
        """Do nothing: the store in the state directory is what is saved."""
        self._hold(lease)

    def forget_all_but(self, lease: Lease, sources: tuple[str, ...]) -> None:
        """Do nothing: the builder deletes them in its store."""
        self._hold(lease)

    def load(self, data: SourceData, source: str) -> bool:
        """Return whether the store has data of a source; it needs no restoring."""
        with data.copy(source) as copy:
            return bool(copy.digest)

    def ask(self, request: Request) -> None:
        """Leave a request in the state directory; see `Exchange.ask`."""
        control.send(self._folder, request.verb, request.source, request.digest)

    def requests(self, *, builds: bool) -> tuple[Request, ...]:
        """Take the waiting requests; see `Exchange.requests`."""
        verbs = (*FOR_EVERY_HOST, *(FOR_THE_BUILDER if builds else ()))
        return control.receive(self._folder, *verbs)

    def report(self, report: HostReport) -> str:
        """Do nothing: status.json tells about the only host."""
        return ""

    def hosts(self) -> tuple[HostReport, ...]:
        """Return nothing: there is one host."""
        return ()

    def close(self) -> None:
        """Free the lock."""
        self.release()
