"""Answer `/-/healthy`, `/-/ready`, `/-/status` and `/-/metrics`.

FastAPI describes these paths, but does not answer them: a worker whose clients are
phones and monitors never loads it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from app.web.console.context import ConsoleContext
from app.web.metrics import render_metrics
from app.web.readiness import not_ready_reason
from app.web.status_report import full_report

_JSON = "application/json"


class MonitorResponse(NamedTuple):
    """A response to a monitor."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class MonitorPath:
    """A path with its summary for the API documentation.

    `answer` returns the response. `is_json` tells its form, which is text otherwise.
    """

    name: str
    summary: str
    answer: Callable[[ConsoleContext], MonitorResponse]
    is_json: bool = False


def _text(line: str, status: int = 200) -> MonitorResponse:
    return MonitorResponse(status, "text/plain; charset=utf-8", f"{line}\n".encode())


def _healthy(_: ConsoleContext) -> MonitorResponse:
    return _text("ok")


def _ready(context: ConsoleContext) -> MonitorResponse:
    publisher = context.publisher
    publisher.poll()
    running_seconds = time.monotonic() - context.begun
    reason = not_ready_reason(
        context.settings, publisher.generation, publisher.status, running_seconds
    )
    return _text(reason, 503) if reason else _text("ok")


def _status(context: ConsoleContext) -> MonitorResponse:
    publisher = context.publisher
    publisher.poll()
    report = full_report(context.settings, publisher.generation, publisher.status, context.recent)
    body = msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
    return MonitorResponse(200, _JSON, body)


def _metrics(context: ConsoleContext) -> MonitorResponse:
    publisher = context.publisher
    publisher.poll()
    text, media_type = render_metrics(
        context.settings, publisher.generation, publisher.status, context.totals()
    )
    return MonitorResponse(200, media_type, text)


MONITOR_PATHS = {
    f"/-/{path.name}": path
    for path in (
        MonitorPath("healthy", "The process lives", _healthy),
        MonitorPath(
            "ready", "Every source has answered or failed, and what came is served", _ready
        ),
        MonitorPath("status", "Generation, sources and books", _status, is_json=True),
        MonitorPath(
            "metrics", "The same, and figures of cache and requests, for Prometheus", _metrics
        ),
    )
}
