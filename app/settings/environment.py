"""What the environment says about the terminal."""

import os


def wants_colour() -> bool:
    """Return whether colour is wanted on a terminal (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
