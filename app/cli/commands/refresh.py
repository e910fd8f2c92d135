"""The command `refresh`."""

from typing import Annotated

import typer

from app.cli.options import Config, Demo, SourceName
from app.cli.terminal import load_settings

FullRefresh = Annotated[
    bool, typer.Option("--full", help="Read all contacts, not only what changed.")
]


def refresh(
    source: SourceName, config: Config = None, demo: Demo = False, full: FullRefresh = False
) -> None:
    """Make the running builder read a source now.

    Example: directory-gateway refresh staff --full
    """
    from app.cli.refresh import request_refresh

    typer.echo(request_refresh(load_settings(config, demo), source, full=full))
