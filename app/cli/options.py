"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        help=(
            "The configuration file (else $GATEWAY_CONFIG, ./gateway.toml,"
            " /etc/directory-gateway/gateway.toml, the demo)."
        ),
    ),
]
SourceName = Annotated[
    str, typer.Argument(metavar="SOURCE", help="The source's name in the configuration.")
]
LogJson = Annotated[
    bool, typer.Option("--log-json", help="Log one JSON object a line instead of key=value.")
]


def _print_version(requested: bool) -> None:
    if requested:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"directory-gateway {version('directory-gateway')}")
        except PackageNotFoundError as error:
            typer.echo(
                "Error: the version is not known, because directory-gateway is not installed as a"
                " package. Run make run.",
                err=True,
            )
            raise typer.Exit(1) from error
        raise typer.Exit


def global_options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Accept the options that stand before a command."""
