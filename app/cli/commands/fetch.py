"""The command `fetch`."""

from typing import Annotated

import typer

from app import logs
from app.cli.options import Config, Demo, SourceName
from app.cli.terminal import echo_all, echo_error, load_settings

AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON object per contact and line, with all its fields."),
]


def fetch(
    source: SourceName, config: Config = None, demo: Demo = False, as_json: AsJson = False
) -> None:
    """Read a source and print its contacts.

    Example: directory-gateway fetch staff --json
    """
    from app.cli.fetch import fetch_lines

    logs.configure(quiet=True)
    echo_all(fetch_lines(load_settings(config, demo), source, as_json=as_json, warn=echo_error))
