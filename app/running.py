"""Whether something runs that a command can speak to: a builder, the web side, somebody who takes a request.

Law of this file: it asks the lock, the port and the box of requests, and says what it found. It starts and stops nothing.
"""

import time
import urllib.request
from pathlib import Path

from app import requests
from app.lock import is_held
from app.settings import Settings

PATIENCE = 5.0
"""How long a request may lie: a supervisor looks once a second, and may be busy starting workers."""


def is_healthy(settings: Settings) -> bool:
    """Tell whether a gateway of this configuration answers on this machine; no proxy of the environment is asked."""
    host = "[::1]" if ":" in settings.host else "127.0.0.1" if settings.host in ("0.0.0.0", "") else settings.host  # noqa: S104
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{host}:{settings.port}/-/healthy", timeout=4) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def running(settings: Settings) -> str:
    """Return what runs of a configuration, as words for a person."""
    web, builder = is_healthy(settings), is_held(settings.state_dir)
    if web and builder:
        return "the web side and the builder"
    if web:
        return "the web side alone; sources are not read (directory-gateway build reads them)"
    return f"{'the builder alone' if builder else 'nothing'}; port {settings.port} does not answer phones (directory-gateway serve does)"


def ask_and_see(folder: Path, verb: str, patience: float = PATIENCE) -> bool:
    """Leave a request, and return whether somebody took it; one that nobody takes is taken back. Raises OSError."""
    requests.ask(folder, verb)
    until = time.monotonic() + patience
    while requests.waits(folder, verb):
        if time.monotonic() > until:
            return not requests.take(folder, verb)
        time.sleep(0.05)
    return True
