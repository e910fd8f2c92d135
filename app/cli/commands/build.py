"""The command `build`."""

from typing import Annotated

import typer

from app import logs
from app.cli.options import Config, Demo, LogJson
from app.cli.terminal import load_settings

Once = Annotated[
    bool, typer.Option("--once", help="Read every source once, publish, and exit (for cron).")
]


def build(
    config: Config = None, demo: Demo = False, once: Once = False, log_json: LogJson = False
) -> None:
    """Run only the builder: read the sources and publish the directory.

    Example: directory-gateway build --once
    """
    from app.cli.build import run_builder, run_once

    logs.configure(as_json=log_json, quiet=once)
    settings = load_settings(config, demo)
    raise typer.Exit(run_once(settings) if once else run_builder(settings.origin))
