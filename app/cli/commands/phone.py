"""The command `phone`."""

import re
from pathlib import Path
from typing import Annotated

import typer

from app import logs
from app.cli.terminal import echo_all

MenuUrl = Annotated[
    str, typer.Argument(metavar="URL", help="The directoryURL of a phone: ours or any other.")
]
Model = Annotated[
    str, typer.Option(help="The model whose requests are sent, such as CP-7821 or CP-7965G.")
]
Charset = Annotated[
    str, typer.Option(help="Ask for utf-8 or iso-8859-1. Default: what the model prefers.")
]
Device = Annotated[
    str, typer.Option(metavar="SEP...", help="The name of the phone, which may choose a profile.")
]
Locale = Annotated[
    str,
    typer.Option(metavar="NAME", help="The phone's user locale, such as German_Germany."),
]
SearchWords = Annotated[
    list[str] | None,
    typer.Option(
        "--search", metavar="TEXT", help="Type this into each search form. May be repeated."
    ),
]
MaxPages = Annotated[
    int, typer.Option(min=1, max=1_000_000, help="Stop after so many pages of an endless tree.")
]
CaFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The PEM file of the authorities to trust for https, in place of the public ones.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per breach and line.")]
_DEVICE = re.compile(r"SEP[0-9A-F]{12}", re.IGNORECASE)
_MODEL = re.compile(r"[A-Za-z0-9-]{1,32}")
_LOCALE = re.compile(r"[A-Za-z_-]{1,64}")
_CHARSETS = ("", "utf-8", "iso-8859-1")


def phone(
    url: MenuUrl,
    model: Model = "CP-7821",
    charset: Charset = "",
    device: Device = "SEP001122334455",
    locale: Locale = "English_United_States",
    search: SearchWords = None,
    max_pages: MaxPages = 20_000,
    ca_file: CaFile = None,
    as_json: AsJson = False,
) -> None:
    """Walk through a server as a strict phone, and list what phones would refuse.

    Example: directory-gateway phone http://gateway/menu.xml
    """
    from app.cli.phone import Outcome, trusting, walk_lines
    from app.phone_walk.walk import Manner
    from app.phones.strict.models import find_model
    from app.phones.strict.uris import is_fetchable

    if not is_fetchable(url):
        raise typer.BadParameter(
            "this is no complete URL, such as http://192.168.1.10:8080/menu.xml.", param_hint="URL"
        )
    for name, is_right, right in (
        ("--model", _MODEL.fullmatch(model), "a model, such as CP-7821"),
        ("--charset", charset in _CHARSETS, "utf-8 or iso-8859-1"),
        ("--device", _DEVICE.fullmatch(device), "SEP and the 12 digits of a MAC address"),
        ("--locale", _LOCALE.fullmatch(locale), "a user locale, such as German_Germany"),
    ):
        if not is_right:
            raise typer.BadParameter(f"write {right}.", param_hint=name)
    logs.configure(quiet=True)
    outcome = Outcome()
    sent_as = find_model(model, charset)
    manner = Manner(device, locale, tuple(search or ()), max_pages)
    echo_all(walk_lines(sent_as, url, manner, outcome, tls=trusting(ca_file), as_json=as_json))
    raise typer.Exit(1 if outcome.breaches else 0)
