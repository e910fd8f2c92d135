"""Help in plain text, with the commands in groups."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from typer.core import TyperCommand, TyperGroup

OTHER = "Commands"


class Formatter(Protocol):
    """What is needed of the formatter that Typer hands over; Typer does not export it."""

    def section(self, name: str) -> AbstractContextManager[None]:
        """Write a heading, and indent what follows."""

    def write_dl(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write rows of two columns."""


class GroupedCommands(TyperGroup):
    """A group that lists its commands under the `rich_help_panel` of each.

    A text is never cut; Typer's own list would do that in plain text.
    """

    def format_commands(self, ctx: object, formatter: Formatter) -> None:
        """Write the list of commands."""
        panels: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            if isinstance(command, TyperCommand) and not command.hidden:
                first, _, _ = (command.help or "").partition("\n\n")
                panel = str(command.rich_help_panel or OTHER)
                panels.setdefault(panel, []).append((name, " ".join(first.split())))
        width = max(len(name) for rows in panels.values() for name, _ in rows)
        for panel, rows in panels.items():
            with formatter.section(panel):
                formatter.write_dl([(name.ljust(width), text) for name, text in rows])
