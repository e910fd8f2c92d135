"""The commands of the program, as Typer knows them."""

import typer

from app.cli.main import app


def program() -> typer.core.TyperGroup:
    """Return the whole command line."""
    found = typer.main.get_command(app)
    assert isinstance(found, typer.core.TyperGroup)
    return found


def listed_commands() -> tuple[typer.core.TyperCommand, ...]:
    """Return the commands that `--help` lists, in its order."""
    found = program().commands.values()
    return tuple(
        command
        for command in found
        if isinstance(command, typer.core.TyperCommand) and not command.hidden
    )
