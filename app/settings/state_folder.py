"""Decide which folder is the state directory, and say what decided it."""

import os
import tempfile
from pathlib import Path

from app.settings.config_file import SYSTEM_WIDE

VARIABLE = "GATEWAY_STATE_DIR"
SYSTEMD_VARIABLE = "STATE_DIRECTORY"
"""Holds the folders of `StateDirectory=`, separated by colons (systemd.exec(5))."""

SYSTEM_WIDE_STATE = Path("/var/lib/directory-gateway")
IN_FILE = "set in gateway.toml"


class WrongVariable(Exception):
    """The variable holds no absolute path in UTF-8. The text says what to do."""


def find_state_dir(written: Path | None, config: Path, *, demo: bool) -> tuple[Path, str]:
    """Return the state directory, and what decided it in a few words.

    The order is `state_dir` of the file (`written`), `$GATEWAY_STATE_DIR`, the first
    folder of `$STATE_DIRECTORY`, the system's for the system's configuration, and
    `state` beside any other file. The demo has a folder of its own, so that invented
    people never mix with real ones. Raises WrongVariable.
    """
    if written is not None:
        return config.parent / written, IN_FILE
    if demo:
        user = os.getuid() if hasattr(os, "getuid") else "user"
        return Path(tempfile.gettempdir()) / f"directory-gateway-demo-{user}", "of the demo"
    systemd = os.environ.get(SYSTEMD_VARIABLE, "").partition(":")[0]
    for name, value in ((VARIABLE, os.environ.get(VARIABLE, "")), (SYSTEMD_VARIABLE, systemd)):
        if not _is_utf8(value):
            raise WrongVariable(
                f"${name} = {value!r}: not a path in UTF-8. Rename the folder, or set state_dir in"
                " gateway.toml to another."
            )
        if value and not Path(value).is_absolute():
            # A command in another working folder would use another folder.
            raise WrongVariable(
                f"${name} = {value!r}: not an absolute path. Write the whole path, such as"
                " /var/lib/directory-gateway, or set state_dir in gateway.toml."
            )
        if value:
            return Path(value), f"from ${name}"
    if config == SYSTEM_WIDE:
        # A command that is typed finds what the service uses, which has $STATE_DIRECTORY (FHS 5.8).
        return SYSTEM_WIDE_STATE, f"default: of {SYSTEM_WIDE}"
    return config.parent / "state", "default: beside gateway.toml"


def _is_utf8(text: str) -> bool:
    # SQLite, which opens files in it, takes no other name.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
