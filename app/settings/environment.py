"""What the environment says about the terminal and about systemd."""

import os


def wants_colour() -> bool:
    """Return whether colour is wanted on a terminal (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def notify_socket() -> str:
    """Return where systemd waits for word of the service, "" if it does not."""
    return os.environ.get("NOTIFY_SOCKET", "")
