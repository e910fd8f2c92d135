"""The command `export`."""

from pathlib import Path
from typing import Annotated

import typer

from app import logs
from app.cli.options import Config, Demo, PageCharset, PhoneProfile
from app.cli.terminal import echo_all, echo_error, load_settings

Folder = Annotated[
    Path,
    typer.Argument(metavar="DIR", file_okay=False, help="The folder that a web server sends."),
]
BaseUrl = Annotated[
    str,
    typer.Option(
        metavar="URL",
        help="The address of that folder for phones, such as http://192.168.1.10/phones.",
    ),
]
Model = Annotated[
    str, typer.Option(help="The model whose softkeys the pages have, such as CP-7965G.")
]

Language = Annotated[
    str,
    typer.Option(
        metavar="CODE",
        help="The language of the gateway's own words, such as de. Default: the profile's, or en.",
    ),
]


def export(
    folder: Folder,
    base_url: BaseUrl,
    config: Config = None,
    demo: Demo = False,
    profile: PhoneProfile = None,
    model: Model = "CP-7821",
    charset: PageCharset = "utf-8",
    language: Language = "",
) -> None:
    """Write the directory as static files for a web server, without search.

    Example: directory-gateway export www --base-url http://pc
    """
    from app.cli.export import Wanted, export_lines
    from app.languages.catalogue import LANGUAGES
    from app.settings.schema import check_base_url

    logs.configure(quiet=True)
    try:
        base = check_base_url(base_url)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--base-url") from error
    if language and language not in LANGUAGES:
        raise typer.BadParameter(f"there are: {', '.join(LANGUAGES)}.", param_hint="--language")
    wanted = Wanted(base, profile, model, charset, language)
    echo_all(export_lines(load_settings(config, demo), folder, wanted, echo_error))
