"""Implement the command `serve`."""

import os

import typer

from app.cli.state_dir import usable
from app.processes.listen import listen
from app.processes.supervisor import Supervisor
from app.settings.errors import SettingsError
from app.settings.loader import Settings
from app.state.directory import prepare_state_dir
from app.state.locks import SERVING, hold_serving_lock, is_held
from app.web.base_url import find_base_url


def run_gateway(settings: Settings, workers: int, *, builder: bool, log_json: bool) -> int:
    """Serve until the gateway is stopped, and return the exit code.

    Raises SettingsError if there is no state directory and none can be made. Raises
    CannotListen if the address cannot be used.
    """
    os.umask(0o077)
    if builder:
        _prepare(settings)
    with listen(
        settings.host, settings.port, lambda: is_held(settings.state_dir, SERVING)
    ) as listener:
        url = find_base_url(settings, listener.getsockname()[1])
        typer.echo(f"Serving {settings.title!r} from {settings.origin}", err=True)
        typer.echo(
            f"directoryURL: {url.base}/menu.xml   servicesURL or line key:"
            f" {url.base}/directory.xml",
            err=True,
        )
        if url.note:
            typer.echo(url.note, err=True)
        with hold_serving_lock(settings.state_dir) as lock:
            supervisor = Supervisor(
                settings, listener, workers, builder=builder, log_json=log_json, lock=lock
            )
            return supervisor.run()


def _prepare(settings: Settings) -> None:
    try:
        with usable(settings.state_dir) as folder:
            prepare_state_dir(folder)
    except SettingsError as error:
        # An existing generation can still be served. The builder tries again, and phones do not
        # wait for it.
        if not settings.state_dir.is_dir():
            raise
        typer.echo(f"Warning: {error}", err=True)
