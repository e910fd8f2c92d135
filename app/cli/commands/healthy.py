"""The command `healthy`."""

import typer

from app.cli.options import Config
from app.settings.loader import load


def healthy(config: Config = None) -> None:
    """Exit with 0 if the gateway on this machine answers, else with 1 (for containers)."""
    from app.cli.running_gateway import is_healthy

    raise typer.Exit(0 if is_healthy(load(config)) else 1)
