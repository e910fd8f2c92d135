"""Build once in the foreground, without a running builder.

Cron jobs use it, and commands that need a generation and find none. The steps are the
builder's, in the same order.
"""

import os
import tempfile
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import msgspec

from app.build.builder import Builder
from app.build.state_dir_lease import state_dir_lease
from app.refresh.refresher import FetchResult
from app.refresh.source_thread import fetch_once
from app.settings.errors import SettingsError
from app.settings.loader import Settings
from app.state import control
from app.state.directory import describe_error, prepare_state_dir
from app.state.status import SourceStatus, Status, iso_time, read_status, write_status
from app.state.store import Store

LEASE_SECONDS = 60.0


def build_once(
    settings: Settings, fetched: Mapping[str, FetchResult] = MappingProxyType({})
) -> tuple[tuple[str, SourceStatus], ...]:
    """Read every source once and publish; return the name and status of each source.

    `fetched` holds results of sources that are not read again. Raises SettingsError if
    the state directory cannot be used or stays locked. Raises StoreError or BuildError
    if storing or building fails.
    """
    if settings.exchange is not None:
        problem = (
            "[exchange]: build --once builds for this host alone. Run serve, or build without"
            " --once: they agree with the other hosts on who builds."
        )
        raise SettingsError(str(settings.origin), (problem,))
    old = os.umask(0o077)
    try:
        prepare_state_dir(settings.state_dir)
        with state_dir_lease(settings.state_dir, threading.Event(), LEASE_SECONDS) as publish:
            if publish is None:
                what = (
                    "another builder has had it for a minute; a running gateway reads its "
                    "sources by itself"
                )
                raise SettingsError(
                    f"state_dir {settings.state_dir}", (f"{what}. Use the one or the other.",)
                )
            builder = Builder(settings, publish=publish)
            builder.prepare()
            statuses = _read_all(builder, settings, fetched)
    except OSError as error:
        raise SettingsError(f"state_dir {settings.state_dir}", (describe_error(error),)) from error
    finally:
        os.umask(old)
    return tuple(statuses.items())


def _read_all(
    builder: Builder, settings: Settings, fetched: Mapping[str, FetchResult]
) -> dict[str, SourceStatus]:
    received = control.receive(settings.state_dir, control.FULL, control.REFRESH)
    requested = {(request.verb, request.source) for request in received}
    before = read_status(settings.state_dir)
    statuses: dict[str, SourceStatus] = {}
    untried = set()
    for refresher in builder.refreshers():
        name = refresher.source.name
        if not {(control.FULL, name), (control.REFRESH, name)} & requested:
            # Cron runs this command often: a refused login must not be repeated each time.
            refresher.resume(before.sources.get(name), settings.origin)
        if name in fetched:
            refresher.handle_result(fetched[name])
        elif refresher.wait():
            untried.add(name)
        else:
            refresher.handle_result(
                fetch_once(
                    refresher.source,
                    None if (control.FULL, name) in requested else refresher.since(),
                )
            )
        statuses[name] = refresher.status
    builder.compose()
    with suppress(OSError):
        write_status(settings.state_dir, Status(written_at=time.time(), sources=statuses, builds=1))
    return {
        name: _untried(name, status) if name in untried else status
        for name, status in statuses.items()
    }


def _untried(name: str, status: SourceStatus) -> SourceStatus:
    until = (
        f"before {iso_time(status.next_try)}"
        if status.next_try is not None
        else "before that file changes"
    )
    text = (
        f"{status.error} It was not tried again: not {until}, or at: directory-gateway refresh "
        f"{name}"
    )
    return msgspec.structs.replace(status, error=text)


@contextmanager
def temporary_build(
    settings: Settings,
    kept: Collection[str] = (),
    fetched: Mapping[str, FetchResult] = MappingProxyType({}),
) -> Iterator[Settings]:
    """Yield the settings with a freshly built temporary state directory.

    The directory is deleted afterwards. `kept` names sources whose stored contacts are
    used if they cannot be read now, `fetched` holds results of sources that are not
    read again. Raises the exceptions of `build_once`.
    """
    with tempfile.TemporaryDirectory(prefix="directory-gateway-") as folder:
        # Nobody else is to have what is built there.
        there = replace(settings, state_dir=Path(folder), exchange=None)
        if kept:
            Store(settings.state_dir).copy(there.state_dir, kept)
        build_once(there, fetched)
        yield there
