"""Find out whether a gateway or builder runs, and send a reload request to it.

The locks, the port and the control channel show what runs.
"""

import time
import urllib.request
from pathlib import Path

from app.settings.loader import Settings
from app.state import control
from app.state.locks import SERVING, is_held

PATIENCE = 15.0
"""Timeout for the reply to a request.

A supervisor polls once a second, and gives its builder 10 s to load a configuration.
"""


def is_healthy(settings: Settings) -> bool:
    """Return whether a gateway of this configuration answers on this machine.

    Proxies that the environment names are not used.
    """
    host = "[::1]" if ":" in settings.host else settings.host
    if host in ("0.0.0.0", ""):  # noqa: S104
        host = "127.0.0.1"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{host}:{settings.port}/-/healthy", timeout=4) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def describe_running(settings: Settings) -> str:
    """Return a description of what runs with this configuration, for the terminal."""
    web, builder = is_held(settings.state_dir, SERVING), is_held(settings.state_dir)
    if web:
        return (
            "the gateway"
            if builder
            else "the web side alone; sources are not read (directory-gateway build reads them)"
        )
    unknown = (
        f"port {settings.port} answers, but no gateway holds this state_dir: somebody else's, or"
        " one that may not write there"
    )
    other = unknown if is_healthy(settings) else "phones are not served"
    return (
        f"{'the builder alone' if builder else 'nothing'}; {other} (directory-gateway serve starts"
        " the gateway)"
    )


def reload(folder: Path, patience: float = PATIENCE) -> str | None:
    """Request a running gateway to reload its configuration, and await the reply.

    Returns "" if it did, the reason if it did not, or None if no gateway took the
    request. `patience` is the timeout in seconds. No request or reply file is left
    behind. Raises OSError.
    """
    if not is_held(folder, SERVING):
        return None
    control.take_reply(folder, control.RELOAD)
    control.send(folder, control.RELOAD)
    until = time.monotonic() + patience
    while (said := control.take_reply(folder, control.RELOAD)) is None:
        if time.monotonic() > until:
            return (
                None
                if control.receive(folder, control.RELOAD)
                else "it does not say why; its log may"
            )
        time.sleep(0.05)
    return said
