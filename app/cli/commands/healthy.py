"""The command `healthy`."""

import typer

from app.cli.options import Config, Demo
from app.cli.terminal import load_settings


def healthy(config: Config = None, demo: Demo = False) -> None:
    """Exit with 0 if the gateway on this machine answers, else with 1 (for containers)."""
    from app.cli.running_gateway import is_healthy

    raise typer.Exit(0 if is_healthy(load_settings(config, demo)) else 1)
