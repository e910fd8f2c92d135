"""The command `check`."""

from typing import Annotated

import typer

from app import logs
from app.cli.options import Config
from app.cli.terminal import load_settings

Offline = Annotated[
    bool, typer.Option("--offline", help="Check only the configuration; read no source.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per finding and line.")]


def check(config: Config = None, offline: Offline = False, as_json: AsJson = False) -> None:
    """Check the configuration, read every source once, and report problems.

    Example: directory-gateway check
    """
    from app.cli.check import Level, configuration_findings, source_findings

    logs.configure(quiet=True)
    settings = load_settings(config)
    is_good = True
    for findings in (configuration_findings, *(() if offline else (source_findings,))):
        for finding in findings(settings):
            typer.echo(finding.json() if as_json else finding.text())
            is_good = is_good and finding.level is not Level.FAILED
    if not is_good:
        raise typer.Exit(1)
