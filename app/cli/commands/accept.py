"""The command `accept`."""

from typing import Annotated

import typer

from app.cli.options import Config, Demo, SourceName
from app.cli.terminal import echo_all, load_settings

AllNames = Annotated[
    bool, typer.Option("--all", help="List all contacts that are removed, not only the first 100.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="List the contacts that would be removed; accept nothing.")
]


def accept(
    source: SourceName,
    config: Config = None,
    demo: Demo = False,
    all_names: AllNames = False,
    dry_run: DryRun = False,
) -> None:
    """Accept a result that the brake holds back, and list the contacts that it removes.

    Example: directory-gateway accept staff --dry-run
    """
    from app.cli.accept import accept_lines

    echo_all(
        accept_lines(load_settings(config, demo), source, all_names=all_names, dry_run=dry_run)
    )
