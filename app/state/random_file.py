"""Keep random bytes in a file of the state directory: drawn once, the same ever after."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def read_random(path: Path, length: int) -> bytes:
    """Return the `length` random bytes in a file, which is made if there is none.

    A file of another length is replaced. Raises OSError if it can be neither read nor
    written.
    """
    found = _read(path, length)
    if len(found) != length:
        draft = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(file, "wb") as written:
                written.write(secrets.token_bytes(length))
            if found:
                draft.replace(path)
            else:
                # Of several processes that start at once, the first one's bytes count.
                with suppress(FileExistsError):
                    path.hardlink_to(draft)
            found = _read(path, length)
        finally:
            draft.unlink(missing_ok=True)
    return found


def _read(path: Path, length: int) -> bytes:
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return b""
    with os.fdopen(file, "rb") as opened:
        return opened.read(length + 1)
