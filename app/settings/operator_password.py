"""Read the operators' password from its file, which holds a hash of it."""

from pathlib import Path

from app.model.password import PasswordHash, parse_password_line

_MAX_BYTES = 1024


def read_operator_password(path: Path) -> PasswordHash:
    """Return the hash in a file.

    Raises ValueError with the reason, without what the file holds, if there is none.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise ValueError(f"it cannot be read: {error.strerror}") from error
    line = data.decode("ascii", "replace").strip()
    return parse_password_line(line if len(data) <= _MAX_BYTES else "")
