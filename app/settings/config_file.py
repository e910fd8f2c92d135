"""Find the configuration file, and read it."""

import os
from pathlib import Path

from app.settings.errors import SettingsError

VARIABLE = "GATEWAY_CONFIG"
SYSTEM_WIDE = Path("/etc/directory-gateway/gateway.toml")
DEMO = Path(__file__).parents[1] / "demo" / "gateway.toml"
"""The configuration of the demo directory. It is used only where somebody names it."""

_REMEDIES = (
    "Write one by answering questions: directory-gateway init",
    "Or name one that is elsewhere: -c FILE.",
    "Or look at a demo directory of invented people: --demo.",
)


class NoConfiguration(SettingsError):
    """There is no configuration file where one was named or looked for."""

    def __str__(self) -> str:
        """Return the lines without a count: they are no faults of a file."""
        return "\n  ".join((f"{self.where}:", *self.problems))


def find_config(option: Path | None) -> Path:
    """Return the configuration file to read.

    It is the file of the option, else of `$GATEWAY_CONFIG`, else `./gateway.toml`, else
    the system's. The demo is never found. Raises NoConfiguration, which lists what was
    tried.
    """
    variable = os.environ.get(VARIABLE, "")
    named = ((option, "--config"), (Path(variable) if variable else None, f"${VARIABLE}"))
    for path, name in named:
        if path is not None:
            if problem := _problem(path):
                raise NoConfiguration(str(path), (f"{problem}. Check {name}.",))
            return path.absolute()
    tried = [f"--config: not given, ${VARIABLE}: not set"]
    for place in (Path("gateway.toml"), SYSTEM_WIDE):
        path = place.absolute()
        problem = _problem(path)
        if not problem:
            return path
        tried.append(f"{path}: {problem}")
    raise NoConfiguration("there is no configuration, looked for", (*tried, *_REMEDIES))


def _problem(path: Path) -> str:
    """Return why a path cannot be the configuration, "" if it can."""
    # pathlib raises if a right is missing (before Python 3.14).
    if os.path.isfile(path):  # noqa: PTH113
        return ""
    try:
        path.stat()
    except PermissionError:
        return "there is no right to look into its folder"
    except OSError:
        return "there is no such file"
    # An engine for containers makes a folder where a mounted file does not exist.
    return "this is no file, but a folder or device"


def new_config(option: Path | None) -> Path:
    """Return where a new configuration belongs: the option, the variable, or here."""
    variable = os.environ.get(VARIABLE, "")
    return (option or Path(variable or "gateway.toml")).expanduser().absolute()


def file_bytes(path: Path) -> bytes:
    """Return the contents of a configuration file.

    Raises SettingsError if it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        advice = "Put it back" if isinstance(error, FileNotFoundError) else "Check its permissions"
        raise SettingsError(
            str(path), (f"cannot be read ({error.strerror}). {advice}.",)
        ) from error
