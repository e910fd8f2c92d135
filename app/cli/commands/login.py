"""The command `login`."""

from typing import Annotated

import typer

from app import logs
from app.cli.options import Config, Demo, SourceName
from app.cli.terminal import load_settings

LoginPort = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        help="The port of this computer to which the browser returns. Default: the connector's.",
    ),
]


def login(
    source: SourceName, config: Config = None, demo: Demo = False, port: LoginPort = None
) -> None:
    """Sign in to a source (Google) with a browser on this or another computer.

    Example: directory-gateway login people
    """
    from app.cli.login import sign_in

    logs.configure(quiet=True)
    sign_in(load_settings(config, demo), source, port, typer.echo)
