"""The sources' data as the host that builds saved it, for commands that change nothing."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from app.build.host_exchange import open_exchange
from app.cli.terminal import echo_error, working
from app.exchange.base import LEASE_SECONDS, ExchangeError
from app.generation.files import CURRENT, current_version, file_name, people_file_name
from app.settings.loader import Settings
from app.state.source_copies import SourceCopies
from app.state.status import STATUS_FILE, iso_time, read_status
from app.state.store import FILE, Store, StoreError


@contextmanager
def with_saved_sources(settings: Settings) -> Iterator[Settings]:
    """Yield settings of one host, whose state directory holds what was saved last.

    On the host that builds that is its own one. On another host it is a temporary one,
    with what is served here, and with what the exchange holds of the sources. If that
    cannot be had, it is the own one, and standard error tells why and how old it is.
    """
    alone = replace(settings, exchange=None)
    if _builds_here(settings.state_dir):
        yield alone
        return
    with tempfile.TemporaryDirectory(prefix="directory-gateway-") as name:
        folder = Path(name)
        try:
            with working("Asking the exchange"):
                _restore(settings, folder)
        except (ExchangeError, StoreError) as error:
            echo_error(f"{str(error).rstrip('.')}. {_own_data(settings)}")
            yield alone
        else:
            _link_served(settings.state_dir, folder)
            yield replace(alone, state_dir=folder)


def _builds_here(folder: Path) -> bool:
    status = read_status(folder)
    # The builder writes it every few seconds. Later another host may have the lease.
    is_recent = time.time() - status.written_at < LEASE_SECONDS
    return is_recent and status.exchange is not None and status.exchange.builds


def _restore(settings: Settings, folder: Path) -> None:
    store = Store(folder)
    store.open("copy")
    copies = SourceCopies(store)
    with closing(open_exchange(settings, as_host=False)) as exchange:
        for source in settings.sources:
            exchange.load(copies, source.name)


def _link_served(state_dir: Path, folder: Path) -> None:
    version = current_version(state_dir)
    served = (CURRENT, file_name(version), people_file_name(version)) if version else ()
    for name in (STATUS_FILE, *served):
        (folder / name).symlink_to(state_dir.absolute() / name)


def _own_data(settings: Settings) -> str:
    """Return a sentence that tells when this host read each source last."""
    if not (settings.state_dir / FILE).is_file():
        return "The sources are read now."
    store = Store(settings.state_dir)
    read = {source.name: store.record(source.name).last_success for source in settings.sources}
    if not any(read.values()):
        return "The sources are read now."
    ages = ", ".join(f"{name} {iso_time(moment) or 'never'}" for name, moment in read.items())
    return f"What follows is as this host read its sources last: {ages}."
