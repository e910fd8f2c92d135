"""Logging: one line an event, key=value or JSON, to standard error.

Law of this file: the form of log lines. What is logged, the callers decide: transitions only, and never a contact's name or number, a
password or a token.

structlog is loaded with the first line that is logged: it takes as long to load as all the rest that the first page needs (measured), and
a web worker on a good day logs nothing at all.
"""

import logging
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import structlog

_wanted: tuple[bool, bool] | None = None
_applying = threading.Lock()


class Log:
    """A logger by the name of its owner; facts are given by keyword, `exc_info` (an exception) among them."""

    def __init__(self, name: str) -> None:
        self._name = name

    def info(self, event: str, **facts: object) -> None:
        """Log that something went well that had not, or that the state changed."""
        self._bound().info(event, **facts)

    def warning(self, event: str, **facts: object) -> None:
        """Log what will mend itself, or may."""
        self._bound().warning(event, **facts)

    def error(self, event: str, **facts: object) -> None:
        """Log what somebody must see to."""
        self._bound().error(event, **facts)

    def _bound(self) -> "structlog.typing.FilteringBoundLogger":
        import structlog

        with _applying:
            _apply()
        bound: structlog.typing.FilteringBoundLogger = structlog.get_logger(self._name)
        return bound


def configure(*, as_json: bool = False, quiet: bool = False) -> None:
    """Set up logging for this process. `as_json` writes JSON instead of key=value; `quiet` leaves out what is no problem."""
    global _wanted
    _wanted = (as_json, quiet)
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s", force=True)


def _apply() -> None:
    global _wanted
    if _wanted is None:
        return
    import structlog

    (as_json, quiet), _wanted = _wanted, None
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], drop_missing=True)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
