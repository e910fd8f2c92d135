"""Implement the command `refresh`."""

from app.cli.selection import find_source
from app.cli.state_dir import usable
from app.settings.loader import Settings
from app.state import control
from app.state.locks import is_held
from app.state.status import read_status


def request_refresh(settings: Settings, name: str, *, full: bool = False) -> str:
    """Request a refresh of a source, and return a message for the terminal.

    If no builder runs, the request waits for the next one. While the exchange of
    several hosts does not answer, it waits for that. `full` requests everything,
    not only changes. Raises WrongWord if the source is unknown, or SettingsError if
    state_dir cannot be written.
    """
    find_source(settings, name)
    with usable(settings.state_dir) as folder:
        control.send(folder, control.FULL if full else control.REFRESH, name)
    what = "everything" if full else "it"
    if is_held(settings.state_dir):
        problem = read_status(settings.state_dir).exchange_problem
        if problem:
            return (
                f"{name}: the request waits until the exchange answers; then the host that builds"
                f" reads {what}. Now {problem}"
            )
        return (
            f"{name}: the builder reads {what} now; directory-gateway status shows the result."
            " A change of gateway.toml counts only after directory-gateway reload."
        )
    return (
        f"{name}: no builder runs that could read {what}: the request waits for serve, build or"
        " build --once."
    )
