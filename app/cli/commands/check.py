"""The command `check`."""

from typing import Annotated

import typer

from app import logs
from app.cli.options import Config
from app.cli.terminal import echo_all, load_settings

Offline = Annotated[
    bool, typer.Option("--offline", help="Check only the configuration; read no source.")
]


def check(config: Config = None, offline: Offline = False) -> None:
    """Check the configuration, read every source once, and report problems."""
    from app.cli.check import check_sources, configuration_lines

    logs.configure(quiet=True)
    settings = load_settings(config)
    echo_all(configuration_lines(settings))
    if not offline and not check_sources(settings, typer.echo):
        raise typer.Exit(1)
