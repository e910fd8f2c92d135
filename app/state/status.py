"""Read and write `status.json`, the builder's report to web workers and operators.

All times are seconds since 1970 (wall clock).
"""

import errno
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.state.forms import other_version
from app.state.host_status import ExchangeStatus, aged

STATUS_FILE = "status.json"
FORM = 1
"""Keys may be added without another form: a program passes over those it does not know."""
STATES = ("ok", "failing", "refused", "held", "never")
_BLOCK = 4096
_SPARE = 1024
# A certificate without an end has the last second of 9999 in UTC (RFC 5280, section 4.1.2.5).
# Python has no later year, which other zones are in by then.
_LAST_TIME = datetime(9999, 12, 30, tzinfo=UTC).timestamp()


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The status of a source.

    `state` is one of STATES. `skipped` counts the records skipped for each reason.
    `held_since` is the first fetch that the brake holds back, whatever the present
    state. `waits_for` are files whose change ends the wait; with `next_try` None
    nothing else does. `refused_at` is the time of the last refused login, `refusals`
    how many came in a row.
    """

    state: str = "never"
    contacts: int = 0
    skipped: dict[str, int] = {}
    refresh: float = 900.0
    last_success: float | None = None
    failing_since: float | None = None
    next_try: float | None = None
    held_since: float | None = None
    waits_for: tuple[str, ...] = ()
    refused_at: float | None = None
    refusals: int = 0
    error: str = ""
    notice: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The complete status of the builder.

    `problem` is a sentence about the build itself, "" if there is none. `run` changes
    with each start and each reload of the gateway. It stays the same for a restarted
    builder. `form` is the form of the file. `exchange` is None on a host that is alone.
    """

    form: int = FORM
    written_at: float = 0.0
    builder: int = 0
    run: str = ""
    sources: dict[str, SourceStatus] = {}
    problem: str = ""
    builds: int = 0
    failed_builds: int = 0
    exchange: ExchangeStatus | None = None

    @property
    def exchange_problem(self) -> str:
        """Why the exchange cannot be used, "" if it can, and on a host that is alone."""
        return self.exchange.problem if self.exchange is not None else ""


def exchange_now(status: Status) -> ExchangeStatus | None:
    """Return what is known of all hosts, with all durations as they are now."""
    if status.exchange is None:
        return None
    return aged(status.exchange, time.time() - status.written_at)


class _Form(msgspec.Struct, frozen=True):
    form: int = FORM


def write_status(folder: Path, status: Status) -> None:
    """Replace a folder's status file by rename, readable by its owner alone.

    Raises OSError if that fails.
    """
    data = msgspec.json.encode(status)
    # Padded with spaces: on a full disk the file can then be overwritten in place.
    data = data.ljust(-(-(len(data) + _SPARE) // _BLOCK) * _BLOCK)
    draft = folder / f".{STATUS_FILE}-{os.getpid()}"
    try:
        _put(draft, data, os.O_CREAT | os.O_TRUNC)
        draft.replace(folder / STATUS_FILE)
    except OSError:
        draft.unlink(missing_ok=True)
        if len(data) != (folder / STATUS_FILE).stat().st_size:
            raise
        _put(folder / STATUS_FILE, data, 0)


def _put(path: Path, data: bytes, how: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | how, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        if file.write(data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def read_status(folder: Path) -> Status:
    """Return a folder's status; an empty one if there is none or it cannot be read.

    `problem` says if a newer version of this program wrote it.
    """
    try:
        data = (folder / STATUS_FILE).read_bytes()
        form = msgspec.json.decode(data, type=_Form).form
        if form > FORM:
            sentence = other_version(STATUS_FILE, form, FORM)
            return Status(problem=f"{sentence}. The builder of this version writes it anew.")
        return msgspec.json.decode(data, type=Status)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Status()


def iso_time(seconds: float | None) -> str | None:
    """Return a time in ISO 8601 with the system's offset, None for None."""
    if seconds is None:
        return None
    shown = min(max(seconds, 0.0), _LAST_TIME)
    return datetime.fromtimestamp(shown).astimezone().isoformat(timespec="seconds")
