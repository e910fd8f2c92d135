"""The command `status`."""

from typing import Annotated

import typer

from app.cli.options import Config, Demo
from app.cli.terminal import echo_all, load_settings
from app.settings.errors import SettingsError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def status(config: Config = None, demo: Demo = False, as_json: AsJson = False) -> None:
    """Print what is served, and the state of each source, for people and monitoring.

    The exit code is 1 if something needs a person; the lines that begin with "fault"
    say what.

    Example: directory-gateway status --json
    """
    from app.cli.status import (
        read_report,
        status_json,
        status_lines,
        status_lines_without_configuration,
    )

    try:
        settings = load_settings(config, demo)
    except SettingsError:
        # A running gateway goes on with its former configuration, so its status is useful here.
        if not as_json:
            echo_all(status_lines_without_configuration(config))
        raise
    report = read_report(settings)
    echo_all([status_json(report)] if as_json else status_lines(settings, report))
    if report.faults:
        raise typer.Exit(1)
