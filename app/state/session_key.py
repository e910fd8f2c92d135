"""Keep the key that signs operators' sessions, in a file of the state directory."""

from pathlib import Path

from app.state.random_file import read_random

FILE = "session.key"
KEY_BYTES = 32


def read_session_key(folder: Path) -> bytes:
    """Return the key in a state directory, made if there is none.

    Raises OSError if it can be neither read nor written.
    """
    return read_random(folder / FILE, KEY_BYTES)
