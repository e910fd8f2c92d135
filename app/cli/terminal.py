"""Read the configuration and write lines, as every command does."""

from collections.abc import Iterable
from pathlib import Path

import typer

from app.settings.loader import Settings, load


def load_settings(config: Path | None) -> Settings:
    """Return the settings of a configuration, and tell if they are the demo's.

    Raises SettingsError if the configuration is wrong.
    """
    settings = load(config)
    if settings.demo:
        echo_error(f"No gateway.toml found: this is the demo directory ({settings.origin}).")
    return settings


def echo_error(text: str) -> None:
    """Write a line to standard error."""
    typer.echo(text, err=True)


def echo_all(lines: Iterable[str]) -> None:
    """Write lines to standard output, each when it is there."""
    for line in lines:
        typer.echo(line)
