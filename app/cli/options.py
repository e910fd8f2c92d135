"""Arguments and options that several commands have, with the texts of `--help`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.completion import profile_names, source_names

CHARSETS = ("utf-8", "iso-8859-1")

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        help=(
            "The configuration file. Default: the first that exists of $GATEWAY_CONFIG,"
            " ./gateway.toml and /etc/directory-gateway/gateway.toml."
        ),
    ),
]
Demo = Annotated[
    bool,
    typer.Option("--demo", help="Use the demo directory of invented people, not a configuration."),
]
SourceName = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="The name of a source in the configuration.",
        autocompletion=source_names,
    ),
]
LogJson = Annotated[
    bool, typer.Option("--log-json", help="Log one JSON object per line instead of key=value.")
]
PhoneProfile = Annotated[
    str | None,
    typer.Option(
        help="The profile of the phone. Default: the profile named default.",
        autocompletion=profile_names,
    ),
]


def _known_charset(charset: str) -> str:
    if charset.lower() not in CHARSETS:
        raise typer.BadParameter(f'"{charset}" is none of {" and ".join(CHARSETS)}.')
    return charset.lower()


PageCharset = Annotated[
    str,
    typer.Option(
        callback=_known_charset, help=f"The charset of the pages: {' or '.join(CHARSETS)}."
    ),
]


def _print_version(requested: bool) -> None:
    if not requested:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        typer.echo(f"directory-gateway {version('directory-gateway')}")
    except PackageNotFoundError as error:
        problem = (
            "the version is not known, because directory-gateway is not installed as a package"
        )
        typer.echo(f"Error: {problem}. Run make run.", err=True)
        raise typer.Exit(1) from error
    raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
    ),
]


def global_options(version: Version = False) -> None:
    """Accept the options that stand before a command."""
