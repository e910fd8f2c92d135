"""The command `lint`."""

from pathlib import Path
from typing import Annotated

import typer

from app import logs
from app.cli.completion import profile_names
from app.cli.options import Config, Demo
from app.cli.terminal import echo_all, load_settings
from app.device_config.lint import CannotRead

FileOrFolder = Annotated[
    Path,
    typer.Argument(
        metavar="FILE_OR_DIR",
        exists=True,
        help="A SEP<mac>.cnf.xml, a dial template, or the folder with all of them.",
    ),
]
NumbersProfile = Annotated[
    str | None,
    typer.Option(
        help="The profile whose numbers are tried. Default: the profile named default.",
        autocompletion=profile_names,
    ),
]
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
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")]


def lint(
    path: FileOrFolder,
    config: Config = None,
    demo: Demo = False,
    profile: NumbersProfile = None,
    dial: DialledNumber = None,
    dial_directory: DialDirectory = False,
    as_json: AsJson = False,
) -> None:
    """Check the files that phones load by TFTP, and print corrected lines.

    Example: directory-gateway lint /srv/tftp --dial 112
    """
    from app.cli.lint import directory_lines, report_lines, typed_number_lines
    from app.device_config.lint import lint_path

    logs.configure(quiet=True)
    report = lint_path(path)
    echo_all(report_lines(report, as_json=as_json))
    if report.template is not None:
        echo_all(typed_number_lines(report.template, dial or (), as_json=as_json))
        if dial_directory:
            settings = load_settings(config, demo)
            echo_all(directory_lines(report.template, settings, profile, as_json=as_json))
    elif dial or dial_directory:
        raise CannotRead(f"{path}: there is no dial template here, so no number was tried.")
    raise typer.Exit(1 if report.findings else 0)
