"""The command `serve`."""

import sys
from typing import Annotated

import typer

from app import logs
from app.cli.options import Config, Demo, LogJson
from app.cli.terminal import load_settings

Workers = Annotated[int, typer.Option(min=1, max=64, help="How many web workers to run.")]
WithBuilder = Annotated[
    bool,
    typer.Option(
        "--builder/--no-builder",
        help="Run the builder too, or only serve the directory that was published last.",
    ),
]
AccessLog = Annotated[
    bool,
    typer.Option(
        "--access-log",
        help=(
            "Write a line for each request to standard output, without what was searched for."
            " The log itself is standard error."
        ),
    ),
]


def serve(
    config: Config = None,
    demo: Demo = False,
    workers: Workers = 1,
    builder: WithBuilder = True,
    log_json: LogJson = False,
    access_log: AccessLog = False,
) -> None:
    """Serve the phones: run the web workers and the builder.

    Example: directory-gateway serve --workers 2
    """
    from app.cli.serve import run_gateway

    # The lines would be lost without a word.
    if access_log and sys.__stdout__ is None:
        raise typer.BadParameter("standard output is closed, so --access-log has no place.")
    logs.configure(as_json=log_json)
    settings = load_settings(config, demo)
    code = run_gateway(settings, workers, builder=builder, log_json=log_json, access_log=access_log)
    raise typer.Exit(code)
