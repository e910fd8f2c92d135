"""Find out whether a gateway or a builder runs, from the locks and the port."""

import urllib.request

from app.settings.loader import Settings
from app.state.locks import SERVING, is_held


def is_healthy(settings: Settings) -> bool:
    """Return whether a gateway of this configuration answers on this machine.

    Proxies that the environment names are not used.
    """
    host = "[::1]" if ":" in settings.host else settings.host
    if host in ("0.0.0.0", ""):  # noqa: S104
        host = "127.0.0.1"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{host}:{settings.port}/-/healthy", timeout=4) as response:
            return bool(response.status == 200)
    except (OSError, ValueError):
        return False


def describe_running(settings: Settings) -> str:
    """Return a description of what runs with this configuration, for the terminal."""
    web, builder = is_held(settings.state_dir, SERVING), is_held(settings.state_dir)
    if web and builder:
        return "the gateway"
    if web:
        return "the web workers only; sources are not read (directory-gateway build reads them)"
    runs = "the builder only" if builder else "nothing"
    port = (
        f"port {settings.port} answers, but no gateway holds this state_dir: another"
        " program, or a gateway that may not write there"
        if is_healthy(settings)
        else "phones are not served"
    )
    return f"{runs}; {port} (directory-gateway serve starts the gateway)"
