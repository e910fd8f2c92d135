"""Logging: one line an event, key=value or JSON, to standard error.

Law of this file: the form of log lines. What is logged, the callers decide: transitions only, and never a contact's name or number, a
password or a token.
"""

import logging
import sys

import structlog


def configure(*, as_json: bool = False, quiet: bool = False) -> None:
    """Set up logging for this process. `as_json` writes JSON instead of key=value; `quiet` leaves out what is no problem."""
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
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s", force=True)
