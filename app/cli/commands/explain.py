"""The command `explain`."""

from typing import Annotated

import typer

from app import logs
from app.cli.options import Config, Demo
from app.cli.terminal import echo_all, echo_error, load_settings

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME",
        help="Words of the name, or their beginnings; or a part of the number.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per contact and line.")]


def explain(
    words: Words, config: Config = None, demo: Demo = False, as_json: AsJson = False
) -> None:
    """Explain why a person is on the phones and where, or why not.

    Example: directory-gateway explain ann smith
    """
    from app.cli.explain import explain_lines

    logs.configure(quiet=True)
    echo_all(
        explain_lines(
            load_settings(config, demo), " ".join(words), as_json=as_json, report=echo_error
        )
    )
