"""Building once, without a running builder: for cron, and for commands that need a generation and find none.

Law of this file: the builder's steps in a row, in the foreground.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.builder import Builder, make_folder
from app.lock import Lock
from app.problems import SettingsError
from app.settings import Settings
from app.status import SourceStatus


def build_once(settings: Settings) -> tuple[tuple[str, SourceStatus], ...]:
    """Read every source one time and publish; returns (name, status) of each. Raises SettingsError, StoreError or BuildError."""
    old = os.umask(0o077)
    try:
        make_folder(settings.state_dir)
        with Lock(settings.state_dir, threading.Event()):
            builder = Builder(settings)
            builder.prepare()
            statuses = builder.once()
    except OSError as error:
        advice = "Give its owner the right to write there, or set state_dir to another folder."
        raise SettingsError(f"state_dir {settings.state_dir}", (f"cannot be used ({error.strerror or error}). {advice}",)) from error
    finally:
        os.umask(old)
    return tuple(zip((source.name for source in settings.sources), statuses, strict=True))


@contextmanager
def temporarily_built(settings: Settings) -> Iterator[Settings]:
    """Give the same settings with a state directory that was built just now and is deleted afterwards. Raises as `build_once`."""
    with tempfile.TemporaryDirectory(prefix="directory-gateway-") as folder:
        there = replace(settings, state_dir=Path(folder))
        build_once(there)
        yield there
