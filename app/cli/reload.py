"""Implement the command `reload`."""

import time
from contextlib import closing
from pathlib import Path

from app.cli.state_dir import usable
from app.cli.terminal import working
from app.exchange.base import ExchangeError
from app.settings.loader import Settings
from app.state import control
from app.state.control import Request
from app.state.locks import SERVING, is_held

TIMEOUT = 15.0
"""Timeout in seconds for the reply to a request.

A supervisor polls once a second, and gives its builder 10 s to load a configuration.
"""


class NotReloaded(Exception):
    """The running gateway did not reload, or not completely; the text gives the reason."""


def reload_gateway(settings: Settings) -> str:
    """Make the running gateway read its configuration again; return a message.

    Raises NotReloaded, or SettingsError if state_dir cannot be written.
    """
    with usable(settings.state_dir) as folder, working("Waiting for the running gateway"):
        problem = _request_reload(folder)
    if problem is None:
        problem = (
            f"no running gateway with state_dir {settings.state_dir} took the request."
            " directory-gateway serve reads it when it starts. A changed state_dir needs a restart,"
            " a builder of its own (build) needs SIGHUP."
        )
    if problem:
        raise NotReloaded(f"The configuration is good, but {problem}")
    if settings.exchange is not None:
        return _ask_other_hosts(settings)
    return "The configuration is good, and the running gateway reads it now."


def _ask_other_hosts(settings: Settings) -> str:
    # Only a host of several loads it.
    from app.build.host_exchange import open_exchange

    try:
        with usable(settings.state_dir), closing(open_exchange(settings)) as exchange:
            exchange.ask(Request(control.RELOAD))
            # This host has done so already.
            exchange.requests(builds=False)
    except ExchangeError as error:
        raise NotReloaded(
            "The configuration is good, and this host reads it now, but the other hosts were not"
            f" asked to read theirs: {error}"
        ) from error
    return (
        "The configuration is good, and this host reads it now. Each other host reads its own"
        " within seconds; directory-gateway status tells there whether it was good."
    )


def _request_reload(folder: Path) -> str | None:
    """Request a reload, and wait for the reply.

    Returns "" if the gateway reloaded, the reason if it did not, or None if no gateway
    took the request. No request or reply file is left behind. Raises OSError.
    """
    if not is_held(folder, SERVING):
        return None
    control.take_reply(folder, control.RELOAD)
    control.send(folder, control.RELOAD)
    until = time.monotonic() + TIMEOUT
    while (reply := control.take_reply(folder, control.RELOAD)) is None:
        if time.monotonic() > until:
            is_taken = not control.receive(folder, control.RELOAD)
            return "the running gateway does not reply. See its log." if is_taken else None
        time.sleep(0.05)
    return reply
