"""Keep the id by which other hosts know this one, in a file of the state directory."""

from pathlib import Path

from app.state.random_file import read_random

FILE = "host.id"
_BYTES = 16


def read_host_id(folder: Path) -> str:
    """Return the id of a state directory, 32 hexadecimal digits, made if there is none.

    Raises OSError if it can be neither read nor written.
    """
    return read_random(folder / FILE, _BYTES).hex()
