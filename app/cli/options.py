"""Arguments and options of the commands, with the texts of `--help`."""

from pathlib import Path
from typing import Annotated

import typer

# Shared by several commands.
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        help=(
            "The configuration file. Default: the first that exists of $GATEWAY_CONFIG,"
            " ./gateway.toml, /etc/directory-gateway/gateway.toml and the demo."
        ),
    ),
]
SourceName = Annotated[
    str, typer.Argument(metavar="SOURCE", help="The name of a source in the configuration.")
]
LogJson = Annotated[
    bool, typer.Option("--log-json", help="Log one JSON object per line instead of key=value.")
]

# serve
Workers = Annotated[int, typer.Option(min=1, max=64, help="How many web workers to run.")]
WithBuilder = Annotated[
    bool,
    typer.Option(
        "--builder/--no-builder",
        help="Run the builder too, or only serve the directory that was published last.",
    ),
]

# build
Once = Annotated[
    bool, typer.Option("--once", help="Read every source once, publish, and exit (for cron).")
]

# check
Offline = Annotated[
    bool, typer.Option("--offline", help="Check only the configuration; read no source.")
]

# fetch
ContactsAsJson = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON object per contact and line, with all its fields."),
]

# show
PhonePath = Annotated[
    str,
    typer.Argument(metavar="PATH", help="A path such as /menu.xml, or a complete URL from a page."),
]
ShowProfile = Annotated[
    str | None, typer.Option(help="The profile of the phone. Default: the profile named default.")
]
Model = Annotated[str, typer.Option(help="The model of the phone, such as CP-7821 or CP-7965G.")]
Charset = Annotated[str, typer.Option(help="What the phone accepts: utf-8 or iso-8859-1.")]

# accept
AllNames = Annotated[
    bool, typer.Option("--all", help="List all contacts that are removed, not only the first 100.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="List the contacts that would be removed; accept nothing.")
]

# refresh
FullRefresh = Annotated[
    bool, typer.Option("--full", help="Read all contacts, not only what changed.")
]

# login
LoginPort = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        help="The port of this computer to which the browser returns. Default: the connector's.",
    ),
]

# numbers
NumbersProfile = Annotated[
    str | None,
    typer.Option(help="The profile whose dial plan is used. Default: the profile named default."),
]
OddOnly = Annotated[bool, typer.Option("--odd", help="List only the numbers that look odd.")]
NumbersAsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object per number and line.")
]

# explain
Words = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME...",
        help="Words of the name, or their beginnings; or a part of the number.",
    ),
]
ExplainAsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object per contact and line.")
]

# lint
LintPath = Annotated[
    Path,
    typer.Argument(
        metavar="FILE_OR_DIR",
        exists=True,
        help="A SEP<mac>.cnf.xml, a dial template, or the folder with all of them.",
    ),
]
LintAsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")]
DialledNumber = Annotated[
    list[str] | None,
    typer.Option(
        "--dial",
        metavar="NUMBER",
        help="Tell what the dial template does with this number. May be repeated.",
    ),
]
DialDirectory = Annotated[
    bool,
    typer.Option(
        "--dial-directory",
        help="Tell what the dial template does with each number of the directory.",
    ),
]
LintProfile = Annotated[
    str | None,
    typer.Option(help="The profile whose numbers are tried. Default: the profile named default."),
]

# phone-config
LinesProfile = Annotated[
    str | None,
    typer.Option(help="The profile of the phone. Default: the profile named default."),
]
Mac = Annotated[
    str | None,
    typer.Option(
        metavar="MAC", help="The phone's MAC address. With it, the whole file is printed."
    ),
]
Proxy = Annotated[str, typer.Option(metavar="HOST", help="The SIP exchange of the phone.")]
Account = Annotated[str, typer.Option(metavar="NAME", help="The account at the exchange.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The file with the account's password, - for standard input. Default: ask for it.",
    ),
]
Label = Annotated[
    str, typer.Option(metavar="TEXT", help="What the line key shows. Default: the account.")
]
TimeZone = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="The time zone by Cisco's name, such as 'Central Europe Standard/Daylight Time'.",
    ),
]
Ntp = Annotated[str, typer.Option(metavar="ADDRESS", help="The time server, by address.")]
Load = Annotated[
    str,
    typer.Option(metavar="NAME", help="The firmware to load. Default: the one that the phone has."),
]
DialTemplateFile = Annotated[
    str, typer.Option("--dial-template", metavar="FILE", help="The dial template's file.")
]
SipPort = Annotated[int, typer.Option("--port", help="The port of the exchange.")]


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
