"""The command `show`."""

import sys
from typing import Annotated

import typer

from app import logs
from app.cli.options import Config, Demo, PageCharset, PhoneProfile
from app.cli.terminal import echo_error, load_settings

PhonePath = Annotated[
    str,
    typer.Argument(metavar="PATH", help="A path such as /menu.xml, or a complete URL from a page."),
]
Model = Annotated[str, typer.Option(help="The model of the phone, such as CP-7821 or CP-7965G.")]


def show(
    path: PhonePath,
    config: Config = None,
    demo: Demo = False,
    profile: PhoneProfile = None,
    model: Model = "CP-7821",
    charset: PageCharset = "utf-8",
) -> None:
    """Print the XML that a phone gets for a path.

    Example: directory-gateway show /menu.xml --model CP-7965G
    """
    from app.cli.show import render_path

    logs.configure(quiet=True)
    body, problem = render_path(load_settings(config, demo), path, profile, model, charset)
    sys.stdout.buffer.write(body)
    if problem:
        echo_error(f"Error: {problem}")
        raise typer.Exit(1)
