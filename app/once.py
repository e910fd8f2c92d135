"""Building once, without a running builder: for cron, and for commands that need a generation and find none.

Law of this file: the builder's steps in a row, in the foreground.
"""

import os
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from app import requests
from app.building import Builder
from app.fetching import fetched
from app.lock import Lock
from app.problems import SettingsError
from app.settings import Settings
from app.state import make_folder, unusable
from app.status import SourceStatus, Status
from app.status import write as write_status
from app.store import Store

PATIENCE = 60.0


def build_once(settings: Settings) -> tuple[tuple[str, SourceStatus], ...]:
    """Read every source one time and publish; returns (name, status) of each. Raises SettingsError, StoreError or BuildError."""
    old = os.umask(0o077)
    try:
        make_folder(settings.state_dir)
        with Lock(settings.state_dir, threading.Event(), PATIENCE) as lock:
            if not lock.held:
                what = "another builder has had it for a minute; a running gateway reads its sources by itself"
                raise SettingsError(f"state_dir {settings.state_dir}", (f"{what}. Use the one or the other.",))
            builder = Builder(settings)
            builder.prepare()
            statuses = _read_all(builder, settings)
    except OSError as error:
        raise SettingsError(f"state_dir {settings.state_dir}", (unusable(error),)) from error
    finally:
        os.umask(old)
    return tuple(statuses.items())


def _read_all(builder: Builder, settings: Settings) -> dict[str, SourceStatus]:
    full = {name for _, name in requests.take(settings.state_dir, requests.FULL)}
    statuses = {}
    for refresher in builder.refreshers():
        name = refresher.source.name
        refresher.settle(fetched(refresher.source, None if name in full else refresher.since()))
        statuses[name] = refresher.status
    builder.compose()
    with suppress(OSError):
        write_status(settings.state_dir, Status(written_at=time.time(), sources=statuses, builds=1))
    return statuses


@contextmanager
def temporarily_built(settings: Settings, kept: Collection[str] = ()) -> Iterator[Settings]:
    """Give the same settings with a state directory that was built just now and is deleted afterwards. Raises as `build_once`.

    `kept` are sources whose stored contacts do where they cannot be read just now.
    """
    with tempfile.TemporaryDirectory(prefix="directory-gateway-") as folder:
        there = replace(settings, state_dir=Path(folder))
        if kept:
            Store(settings.state_dir).copy(there.state_dir, kept)
        build_once(there)
        yield there
