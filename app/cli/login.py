"""Implement the command `login`."""

from collections.abc import Callable
from contextlib import suppress

from app.cli.selection import find_source
from app.refresh.messages import with_source_name
from app.settings.loader import Settings
from app.state import control
from connectors.base import SourceError


def sign_in(settings: Settings, name: str, port: int | None, echo: Callable[[str], None]) -> None:
    """Let a person sign in to a source, then request a refresh from a running builder.

    Raises WrongWord if the source is unknown, SourceError if the sign-in fails.
    """
    source = find_source(settings, name)
    try:
        source.connector.sign_in(echo=echo, port=port)
    except SourceError as error:
        raise SourceError(f"source {name!r}: {with_source_name(str(error), name)}") from error
    if settings.state_dir.is_dir():
        # A builder that gets no request notices the new file of the secret by itself.
        with suppress(OSError):
            control.send(settings.state_dir, control.REFRESH, name)
