"""The command `numbers`."""

from typing import Annotated

import typer

from app import logs
from app.cli.completion import profile_names
from app.cli.options import Config, Demo
from app.cli.terminal import echo_all, echo_error, load_settings

DialPlanProfile = Annotated[
    str | None,
    typer.Option(
        help="The profile whose dial plan is used. Default: the profile named default.",
        autocompletion=profile_names,
    ),
]
OddOnly = Annotated[bool, typer.Option("--odd", help="List only the numbers that look odd.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per number and line.")]


def numbers(
    config: Config = None,
    demo: Demo = False,
    profile: DialPlanProfile = None,
    odd: OddOnly = False,
    as_json: AsJson = False,
) -> None:
    """List how each number is dialled, by which rule, and which look odd.

    Example: directory-gateway numbers --odd
    """
    from app.cli.numbers import number_lines

    logs.configure(quiet=True)
    settings = load_settings(config, demo)
    echo_all(number_lines(settings, profile, as_json=as_json, odd_only=odd, report=echo_error))
