"""The command `reload`."""

import typer

from app.cli.options import Config, Demo
from app.cli.terminal import echo_error, load_settings
from app.settings.errors import SettingsError


def reload(config: Config = None, demo: Demo = False) -> None:
    """Make the running gateway read its configuration again.

    Example: directory-gateway reload
    """
    from app.cli.reload import reload_gateway

    try:
        settings = load_settings(config, demo)
    except SettingsError:
        echo_error("Nothing was reloaded: a running gateway keeps its former configuration.")
        raise
    typer.echo(reload_gateway(settings))
