"""The command `check`."""

from collections.abc import Iterator
from typing import Annotated

import typer

from app import logs
from app.cli.options import Config, Demo
from app.cli.terminal import echo_all, load_settings

Offline = Annotated[
    bool, typer.Option("--offline", help="Check only the configuration; read no source.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per finding and line.")]


def check(
    config: Config = None, demo: Demo = False, offline: Offline = False, as_json: AsJson = False
) -> None:
    """Check the configuration, read every source once, and report problems.

    Example: directory-gateway check
    """
    from app.cli.check import (
        Level,
        configuration_findings,
        exchange_findings,
        source_findings,
    )

    logs.configure(quiet=True)
    settings = load_settings(config, demo)
    failed = False

    def lines() -> Iterator[str]:
        nonlocal failed
        for findings in (
            configuration_findings,
            *(() if offline else (exchange_findings, source_findings)),
        ):
            for finding in findings(settings):
                failed |= finding.level is Level.FAILED
                yield finding.json() if as_json else finding.text()

    echo_all(lines())
    if failed:
        raise typer.Exit(1)
