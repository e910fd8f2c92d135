"""Identify the program that makes rows: what it is made of, not only its version."""

import sys
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

# The libraries by which contacts become rows, and which may change with no change of our own.
_LIBRARIES = ("anyascii", "google-re2", "msgspec", "phonenumberslite")


def program_release() -> str:
    """Return the release of this program, "" if it is not installed as a package."""
    try:
        return version("directory-gateway")
    except PackageNotFoundError:
        return ""


@lru_cache(maxsize=1)
def program_fingerprint() -> str:
    """Return a digest of our own files, of Python and of the libraries for rows."""
    digest = blake2b(sys.version.encode(), digest_size=12)
    for name in _LIBRARIES:
        try:
            digest.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"{name} missing\n".encode())
    for package in ("app", "connectors"):
        spec = find_spec(package)
        for folder in spec.submodule_search_locations or () if spec is not None else ():
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file() and path.suffix != ".pyc":
                    digest.update(path.read_bytes())
    return digest.hexdigest()
