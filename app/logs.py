"""Logging to standard error, one line an event, as key=value or JSON.

Callers log transitions only, and never a contact's name or number, a password or a
token.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import structlog

_unapplied: tuple[bool, int] | None = None  # as JSON, level
_lock = threading.Lock()


class Log:
    """A logger with a name.

    Facts are keyword arguments; `exc_info` among them is an exception.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, event: str, **facts: object) -> None:
        """Log what only a developer looks for; it is off by default."""
        self._bound().debug(event, **facts)

    def info(self, event: str, **facts: object) -> None:
        """Log a change of state or a recovery."""
        self._bound().info(event, **facts)

    def warning(self, event: str, **facts: object) -> None:
        """Log a problem that will or may end by itself."""
        self._bound().warning(event, **facts)

    def error(self, event: str, **facts: object) -> None:
        """Log a problem that a person must solve."""
        self._bound().error(event, **facts)

    def _bound(self) -> "structlog.typing.FilteringBoundLogger":
        # structlog is imported with the first line that is logged: a healthy web worker logs
        # nothing.
        with _lock:
            _load()
            _apply()
        import structlog

        bound: structlog.typing.FilteringBoundLogger = structlog.get_logger(self._name)
        return bound


class _LibraryErrors(logging.Handler):
    """Writes the errors of libraries as lines of this log."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            _log = Log(record.name)
            _log.error(
                "library_error",
                library=record.name,
                error=record.getMessage(),
                exc_info=record.exc_info,
            )
        except Exception:
            self.handleError(record)


def configure(*, as_json: bool = False, quiet: bool = False, errors_only: bool = False) -> None:
    """Configure logging for this process.

    `as_json` writes JSON, not key=value. `quiet` logs problems only, `errors_only`
    those that a person must solve.
    """
    global _unapplied
    level = logging.WARNING if quiet else logging.INFO
    _unapplied = (as_json, logging.ERROR if errors_only else level)
    logging.basicConfig(handlers=[_LibraryErrors()], level=logging.ERROR, force=True)


def reset() -> None:
    """Undo `configure`, for a process that goes on with something else, such as tests."""
    global _unapplied
    _unapplied = None
    if "structlog" in sys.modules:
        import structlog

        structlog.reset_defaults()


def _load() -> None:
    """Import structlog without rich.

    structlog uses rich, where it is installed, for a console that we do not have. Its
    import takes longer than all the rest of structlog (measured).
    """
    if "structlog" in sys.modules:
        return
    loaded = sys.modules.get("rich")
    # With None there, an import raises ImportError ("The module cache" in Python's reference).
    sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        import structlog  # noqa: F401
    finally:
        del sys.modules["rich"]
        if loaded is not None:
            sys.modules["rich"] = loaded


def _apply() -> None:
    global _unapplied
    if _unapplied is None:
        return
    import structlog

    (as_json, level), _unapplied = _unapplied, None
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _add_time,
            structlog.processors.format_exc_info,
            _renderer(as_json=as_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _renderer(*, as_json: bool) -> "structlog.typing.Processor":
    import structlog

    if as_json:
        return structlog.processors.JSONRenderer()
    return structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "event"], drop_missing=True
    )


def line_renderer(*, as_json: bool) -> Callable[[dict[str, object]], bytes]:
    """Return a function that makes a line of facts, in the form of this log.

    It is for a log of another kind. It adds no facts and no line end.
    """
    with _lock:
        _load()
    renderer = _renderer(as_json=as_json)
    return lambda facts: str(renderer(None, "info", facts)).encode("utf-8", "replace")


def line_time(seconds: float) -> str:
    """Return the `timestamp` of a line, for a time in seconds since 1970."""
    # structlog's own TimeStamper writes local times without an offset, so that the hour in which
    # summer time ends would be there twice.
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="milliseconds")


def _add_time(
    _logger: object, _method: str, line: "structlog.typing.EventDict"
) -> "structlog.typing.EventDict":
    line["timestamp"] = line_time(time.time())
    return line
