"""Find the source or the profile that a command names."""

from app.model.profile import DEFAULT, Profile
from app.settings.errors import SettingsError
from app.settings.loader import Settings
from app.settings.sources import Source


def find_source(settings: Settings, name: str) -> Source:
    """Return the source of this name; raise SettingsError if there is none."""
    source = settings.source(name)
    if source is None:
        names = ", ".join(item.name for item in settings.sources)
        raise _unknown(settings, f'there is no source "{name}". There are: {names}.')
    return source


def find_profile(settings: Settings, name: str | None) -> Profile:
    """Return the profile of this name, or `default` for None.

    Raises SettingsError if there is none.
    """
    profile = settings.profile(name or DEFAULT)
    if profile is None:
        names = ", ".join(item.name for item in settings.profiles)
        raise _unknown(settings, f'there is no profile "{name}". There are: {names}.')
    return profile


def _unknown(settings: Settings, problem: str) -> SettingsError:
    return SettingsError(str(settings.origin), (problem,))
