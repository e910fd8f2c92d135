"""Complete the names of sources and profiles in the shell."""

from collections.abc import Callable, Iterable

import typer

from app.settings.config_file import DEMO
from app.settings.errors import SettingsError
from app.settings.loader import Settings, load


def source_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return the sources whose names begin with what is typed."""
    return _matching(context, incomplete, lambda found: (item.name for item in found.sources))


def profile_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return the profiles whose names begin with what is typed."""
    return _matching(context, incomplete, lambda found: (item.name for item in found.profiles))


def _matching(
    context: typer.Context, incomplete: str, names: Callable[[Settings], Iterable[str]]
) -> list[str]:
    # A shell has no place for the problems of a configuration. The command tells them.
    try:
        settings = load(DEMO if context.params.get("demo") else context.params.get("config"))
    except SettingsError:
        return []
    return [name for name in names(settings) if name.startswith(incomplete)]
