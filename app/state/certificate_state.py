"""What became of the certificate's files, in a file that operators' pages read."""

from contextlib import suppress
from pathlib import Path

import msgspec

from app.state.directory import replace_file

FILE = "certificate.json"


class CertificateState(msgspec.Struct, frozen=True):
    """The certificate that is served; times in seconds since 1970.

    From `warn_from` on its end is reported. `problem` says why renewed files were not
    taken, "" if they were.
    """

    starts: float
    expires: float
    warn_from: float
    problem: str = ""


def write_certificate_state(folder: Path, state: CertificateState) -> None:
    """Write the state. Write errors are ignored: the log has the problem too."""
    with suppress(OSError):
        replace_file(folder / FILE, msgspec.json.encode(state))


def read_certificate_state(folder: Path) -> CertificateState | None:
    """Return the state, None if there is none or it cannot be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=CertificateState)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
