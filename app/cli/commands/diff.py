"""The command `diff`."""

from pathlib import Path
from typing import Annotated

import typer

from app import logs
from app.cli.options import Config, Demo
from app.cli.terminal import echo_all, load_settings

NewConfig = Annotated[
    Path | None,
    typer.Argument(
        metavar="NEW",
        exists=True,
        dir_okay=False,
        help="A configuration to compare with the current one.",
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        min=0,
        metavar="N",
        help="List at most N changes of each profile. Default: 100, with --json all.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")]


def diff(
    new: NewConfig = None,
    config: Config = None,
    demo: Demo = False,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """Print what the next reading, or a new configuration, would change on the phones.

    Every source is read now. The running gateway does not notice.

    Example: directory-gateway diff new.toml
    """
    from app.cli.diff import difference_lines, find_difference
    from app.settings.loader import load

    # What is held or cannot be read is printed with its source.
    logs.configure(errors_only=True)
    current = load_settings(config, demo)
    difference = find_difference(current, load(new) if new is not None else None)
    echo_all(difference_lines(difference, as_json=as_json, limit=limit))
    if not difference.is_complete():
        raise typer.Exit(1)
