"""Whether something runs that a command can speak to: a builder, the web side, somebody who takes a request.

Law of this file: it asks the lock, the port and the box of requests, and says what it found. It starts and stops nothing.
"""

import time
import urllib.request
from pathlib import Path

from app.settings.loader import Settings
from app.state import control
from app.state.locks import SERVING, is_held

PATIENCE = 15.0
"""How long a request may lie: a supervisor looks once a second, and gives its builder 10 s to take a configuration."""


def is_healthy(settings: Settings) -> bool:
    """Tell whether a gateway of this configuration answers on this machine; no proxy of the environment is asked."""
    host = "[::1]" if ":" in settings.host else "127.0.0.1" if settings.host in ("0.0.0.0", "") else settings.host  # noqa: S104
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{host}:{settings.port}/-/healthy", timeout=4) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def describe_running(settings: Settings) -> str:
    """Return what runs of a configuration, as words for a person."""
    web, builder = is_held(settings.state_dir, SERVING), is_held(settings.state_dir)
    if web:
        return "the gateway" if builder else "the web side alone; sources are not read (directory-gateway build reads them)"
    unknown = f"port {settings.port} answers, but no gateway holds this state_dir: somebody else's, or one that may not write there"
    other = unknown if is_healthy(settings) else "phones are not served"
    return f"{'the builder alone' if builder else 'nothing'}; {other} (directory-gateway serve starts the gateway)"


def reload(folder: Path, patience: float = PATIENCE) -> str | None:
    """Ask a running gateway to read its configuration again, and return why it did not ("" where it did), None where none runs.

    Nothing is left behind. Raises OSError.
    """
    if not is_held(folder, SERVING):
        return None
    control.take_reply(folder, control.RELOAD)
    control.send(folder, control.RELOAD)
    until = time.monotonic() + patience
    while (said := control.take_reply(folder, control.RELOAD)) is None:
        if time.monotonic() > until:
            return None if control.receive(folder, control.RELOAD) else "it does not say why; its log may"
        time.sleep(0.05)
    return said
