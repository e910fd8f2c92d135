"""Read the files of a certificate and its key."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import msgspec

from connectors.local_file import open_without_waiting

_MAX_BYTES = 256 * 1024
_CHECK_PATH = "Check the path; a relative one starts at the folder of gateway.toml."


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """The keys of `[listen]` for https.

    `minimum` is the oldest version of TLS that is accepted, "1.0" to "1.3".
    """

    certificate: Path
    key: Path
    minimum: str = "1.2"


class Pair(msgspec.Struct, frozen=True):
    """A certificate with its chain, and its private key, as PEM."""

    certificate: bytes
    key: bytes


class CertificateError(Exception):
    """Certificate or key cannot be used; each of `problems` is a sentence with its key."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def certificate_problem(settings: TlsSettings, problem: str) -> str:
    """Return a sentence about the file of the certificate."""
    return f"listen.certificate: {settings.certificate} {problem}"


def key_problem(settings: TlsSettings, problem: str) -> str:
    """Return a sentence about the file of the key."""
    return f"listen.key: {settings.key} {problem}"


def read_pair(settings: TlsSettings) -> Pair:
    """Return what both files hold. Raises CertificateError if one cannot be read."""
    problems: list[str] = []
    certificate = key = b""
    try:
        certificate = _read(settings.certificate)
    except ValueError as error:
        problems.append(certificate_problem(settings, str(error)))
    try:
        key = _read(settings.key)
    except ValueError as error:
        problems.append(key_problem(settings, str(error)))
    if problems:
        raise CertificateError(*problems)
    return Pair(certificate, key)


def _read(path: Path) -> bytes:
    try:
        # A pipe without a writer must not stop the supervisor.
        with open(path, "rb", opener=open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ValueError(f"is not a regular file. {_CHECK_PATH}")
            data = file.read(_MAX_BYTES + 1)
    except PermissionError as error:
        raise ValueError("may not be read by this user. Give it the right to.") from error
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}. {_CHECK_PATH}") from error
    if len(data) > _MAX_BYTES:
        raise ValueError(f"is too large: it has over {_MAX_BYTES // 1024} kB. {_CHECK_PATH}")
    return data
