"""Find the source or the profile that a command names."""

from collections.abc import Iterable
from difflib import get_close_matches

import typer

from app.model.profile import DEFAULT, Profile
from app.settings.loader import Settings
from app.settings.sources import Source


class WrongWord(typer.BadParameter):
    """A word on the command line that the configuration does not have."""

    def format_message(self) -> str:
        """Return the text alone; Typer would put "Invalid value" before it."""
        return self.message


def find_source(settings: Settings, name: str) -> Source:
    """Return the source of this name; raise WrongWord if there is none."""
    source = settings.source(name)
    if source is None:
        raise _unknown("source", name, (item.name for item in settings.sources))
    return source


def find_profile(settings: Settings, name: str | None) -> Profile:
    """Return the profile of this name, or `default` for None.

    Raises WrongWord if there is none.
    """
    profile = settings.profile(DEFAULT if name is None else name)
    if profile is None:
        raise _unknown("profile", name or "", (item.name for item in settings.profiles))
    return profile


def _unknown(what: str, word: str, names: Iterable[str]) -> WrongWord:
    known = tuple(names)
    close = get_close_matches(word.lower(), known, n=1)
    meant = f' Did you mean "{close[0]}"?' if close else ""
    return WrongWord(f'there is no {what} "{word}".{meant} There are: {", ".join(known)}.')
