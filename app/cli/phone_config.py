"""Implement the command `phone-config`, which prints what a phone's SEP file holds."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import typer

from app.cli.selection import find_profile
from app.device_config.lines import directory_lines, directory_urls
from app.device_config.sep_file import PhoneSettings
from app.model.profile import Profile
from app.settings.errors import SettingsError
from app.settings.loader import Settings
from app.web.base_url import UNKNOWN, find_base_url


def line_texts(settings: Settings, profile: str | None) -> Iterator[str]:
    """Yield the lines for a profile, each with the place where it belongs.

    Raises WrongWord if the profile is unknown.
    """
    found = find_profile(settings, profile)
    url = find_base_url(settings, settings.port)
    for lines in directory_lines(url.base, found):
        yield f"<!-- {lines.key}. {lines.place}. -->"
        yield lines.xml
        yield ""
    if url.note:
        yield f"<!-- {url.note.replace('--', '- -')} -->"


def with_directory(phone: PhoneSettings, settings: Settings, profile: str | None) -> PhoneSettings:
    """Return the settings of a phone with the addresses of a profile's directory.

    Raises WrongWord if the profile is unknown. Raises SettingsError if no phone can
    reach the gateway.
    """
    menu, directory = profile_urls(settings, find_profile(settings, profile))
    return replace(phone, menu_url=menu, directory_url=directory)


def profile_urls(settings: Settings, profile: Profile) -> tuple[str, str]:
    """Return the addresses of a profile. Raises SettingsError if they are not known."""
    base = find_base_url(settings, settings.port).base
    if UNKNOWN in base:
        raise SettingsError(
            str(settings.origin),
            ("set base_url: the address by which phones reach this machine is not known.",),
        )
    return directory_urls(base, profile)


def read_password(path: Path | None) -> str:
    """Return the account's password.

    It is the first line of the file, of standard input for "-", or typed for None.

    Raises typer.BadParameter if there is none.
    """
    if path is None:
        if not sys.stdin.isatty():
            raise typer.BadParameter("Name the file with the account's password: --password-file.")
        return str(typer.prompt("Password of the account", hide_input=True, err=True))
    try:
        text = sys.stdin.readline() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise typer.BadParameter(f"{path} cannot be read: {reason}.") from error
    return text.split("\n", 1)[0].rstrip("\r")
