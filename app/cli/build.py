"""Implement the command `build`."""

from pathlib import Path

import typer

from app.build.once import build_once
from app.build.worker import BuilderProcess
from app.cli.terminal import working
from app.model.text import plural
from app.settings.loader import Settings


def run_builder(config: Path) -> int:
    """Run the builder until it is stopped, and return the exit code.

    Raises SettingsError.
    """
    BuilderProcess(config).run()
    return 0


def run_once(settings: Settings) -> int:
    """Read every source once, publish, and print the state of each source.

    Returns the exit code, 1 if a source is not "ok". Raises SettingsError, StoreError
    or BuildError.
    """
    failed = False
    with working("Reading the sources and building the directory"):
        statuses = build_once(settings)
    for name, status in statuses:
        is_bad = status.state != "ok"
        failed |= is_bad
        error = f". {status.error}" if status.error else ""
        contacts = plural(status.contacts, "contact")
        typer.echo(f"{name}: {status.state}, {contacts}{error}", err=is_bad)
    return 1 if failed else 0
