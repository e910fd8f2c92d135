"""Read the configuration and write lines, as every command does."""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from app.cli.terminal_text import in_colour, in_columns
from app.settings.config_file import DEMO
from app.settings.environment import wants_colour
from app.settings.loader import Settings, load

TICK_SECONDS = 0.5
"""When work is first shown on the terminal, and how often its seconds are."""


def load_settings(config: Path | None, demo: bool) -> Settings:
    """Return the settings of the options --config and --demo.

    Raises SettingsError if the configuration is wrong, and typer.BadParameter for both
    options together.
    """
    if demo and config is not None:
        raise typer.BadParameter(
            "the demo has its own configuration. Leave --config or --demo away.",
            param_hint="--demo",
        )
    return load(DEMO if demo else config)


def echo_error(text: str) -> None:
    """Write a line to standard error, on a terminal in colour."""
    typer.echo(in_colour(text) if sys.stderr.isatty() and wants_colour() else text, err=True)


def echo_all(lines: Iterable[str]) -> None:
    """Write lines to standard output, each when it is there.

    On a terminal they are in colour, and columns stand one below the other.
    """
    is_terminal = sys.stdout.isatty()
    is_coloured = is_terminal and wants_colour()
    for line in in_columns(lines) if is_terminal else lines:
        typer.echo(in_colour(line) if is_coloured else line)


@contextmanager
def progress_line() -> Iterator[Callable[[str], None] | None]:
    """Yield a function that draws a line on the terminal; erase the line at the end.

    An empty text erases it too. Yields None without a terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return

    def draw(text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text} ..." if text else "\r\x1b[K")
        sys.stderr.flush()

    try:
        yield draw
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


@contextmanager
def working(text: str) -> Iterator[Callable[[str], None]]:
    """Show on the terminal what goes on, and for how many seconds, until it ends.

    Yields a function that replaces the text. Without a terminal nothing is shown.
    """
    shown, ended, begun = text, threading.Event(), time.monotonic()

    def replace(other: str) -> None:
        nonlocal shown
        shown = other

    with progress_line() as draw:
        if draw is None:
            yield replace
            return

        def show() -> None:
            while not ended.wait(TICK_SECONDS):
                draw(f"{shown}, {time.monotonic() - begun:.0f} s")

        thread = threading.Thread(target=show, name="progress", daemon=True)
        thread.start()
        try:
            yield replace
        finally:
            ended.set()
            thread.join()
