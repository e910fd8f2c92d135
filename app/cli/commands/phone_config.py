"""The command `phone-config`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import Config, Demo, PhoneProfile
from app.cli.terminal import echo_all, echo_error, load_settings
from app.device_config.sep_file import DEFAULT_NTP

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


def phone_config(
    config: Config = None,
    demo: Demo = False,
    profile: PhoneProfile = None,
    mac: Mac = None,
    proxy: Proxy = "",
    account: Account = "",
    password_file: PasswordFile = None,
    label: Label = "",
    time_zone: TimeZone = "",
    ntp: Ntp = DEFAULT_NTP,
    load: Load = "",
    dial_template: DialTemplateFile = "",
    port: SipPort = 5060,
) -> None:
    """Print the lines for a phone's SEP file, or with --mac the whole file.

    Example: directory-gateway phone-config --profile default
    """
    from app.cli.phone_config import line_texts, read_password, with_directory
    from app.device_config.sep_file import PhoneSettings, sep_file

    settings = load_settings(config, demo)
    if mac is None:
        of_file = (proxy, account, password_file, label, time_zone, load, dial_template)
        if any(of_file) or (ntp, port) != (DEFAULT_NTP, 5060):
            raise typer.BadParameter("the other options of the file need it.", param_hint="--mac")
        echo_all(line_texts(settings, profile))
        return
    phone = PhoneSettings(
        mac=mac,
        proxy=proxy,
        account=account,
        password=read_password(password_file),
        time_zone=time_zone,
        label=label,
        load=load,
        ntp=ntp,
        dial_template=dial_template,
        port=port,
    )
    typer.echo(sep_file(with_directory(phone, settings, profile)), nl=False)
    echo_error(f"Save this as {phone.file_name} in the TFTP folder, readable for it alone.")
