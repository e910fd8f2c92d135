"""Keep the key that signs operators' sessions, in a file of the state directory."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

FILE = "session.key"
KEY_BYTES = 32


def read_session_key(folder: Path) -> bytes:
    """Return the key in a state directory, made if there is none.

    Raises OSError if it can be neither read nor written.
    """
    path = folder / FILE
    key = _read(path)
    if len(key) != KEY_BYTES:
        draft = folder / f".{FILE}-{os.getpid()}-{secrets.token_hex(4)}"
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(file, "wb") as written:
                written.write(secrets.token_bytes(KEY_BYTES))
            if key:
                draft.replace(path)
            else:
                # Of several workers that start at once, the first one's key counts.
                with suppress(FileExistsError):
                    path.hardlink_to(draft)
            key = _read(path)
        finally:
            draft.unlink(missing_ok=True)
    return key


def _read(path: Path) -> bytes:
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return b""
    with os.fdopen(file, "rb") as opened:
        return opened.read(KEY_BYTES + 1)
