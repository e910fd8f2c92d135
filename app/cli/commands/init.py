"""The command `init`."""

from pathlib import Path
from typing import Annotated

import typer

from app import logs

NewConfig = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE",
        help="The file to write. Default: $GATEWAY_CONFIG, or ./gateway.toml.",
    ),
]
SourceKind = Annotated[
    str | None,
    typer.Option(
        "--source", metavar="KIND", help="Where the contacts are: file, carddav, ldap or google."
    ),
]
File = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="The CSV or vCard file; for google the JSON file."),
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        metavar="HEADER=FIELD",
        help="What a column of a CSV file holds: name, work, mobile, skip and so on. Repeatable.",
    ),
]
Url = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="The server or domain; for carddav an e-mail address too."
    ),
]
Username = Annotated[
    str | None,
    typer.Option(metavar="NAME", help='The login, for ldap the bind DN; "" for none.'),
]
PasswordFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="The file with the password, - for standard input. Default: ask."
    ),
]
CaFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="The authority (PEM) that signed the certificate."),
]
BaseDn = Annotated[
    str | None,
    typer.Option(metavar="DN", help="The branch of the directory. Default: what the server names."),
]
Unencrypted = Annotated[
    str | None,
    typer.Option(
        metavar="yes|no",
        help="Send the password to an LDAP server without encryption. Default: no.",
    ),
]
Subject = Annotated[
    str | None,
    typer.Option(metavar="MAIL", help="Whose contacts a Google service account reads."),
]
Title = Annotated[
    str | None, typer.Option(metavar="TEXT", help="The title on the phones. Default: Directory.")
]
Country = Annotated[
    str | None,
    typer.Option(metavar="COUNTRY", help="The country of the phones: DE, Germany, +49, or none."),
]
OutsideLine = Annotated[
    str | None,
    typer.Option(metavar="DIGITS", help="Dialled before numbers outside. Default: nothing."),
]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Ask nothing; what has no default must be an option.")
]


def init(
    config: NewConfig = None,
    source: SourceKind = None,
    file: File = None,
    column: Column = None,
    url: Url = None,
    username: Username = None,
    password_file: PasswordFile = None,
    ca_file: CaFile = None,
    base_dn: BaseDn = None,
    unencrypted: Unencrypted = None,
    subject: Subject = None,
    title: Title = None,
    country: Country = None,
    outside_line: OutsideLine = None,
    yes: Yes = False,
) -> None:
    """Ask what is needed, try it, and write gateway.toml.

    Example: directory-gateway init
    """
    from app.cli.init.answers import Answers
    from app.cli.init.command import run_init

    logs.configure(quiet=True)
    answers = Answers(
        source=source,
        file=file,
        url=url,
        username=username,
        password_file=password_file,
        ca_file=ca_file,
        base_dn=base_dn,
        unencrypted=unencrypted,
        subject=subject,
        title=title,
        country=country,
        outside_line=outside_line,
        columns=tuple(column or ()),
        config=config,
        is_yes=yes,
    )
    raise typer.Exit(run_init(answers))
