"""The texts of `--help`."""

import pytest
import typer

from app.cli.main import app

COMMANDS = typer.main.get_command(app).commands.values()  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_and_option_is_explained(command: typer.core.TyperCommand) -> None:
    assert "\n" not in command.help, "a line break would cut the list of commands"
    for parameter in command.params:
        assert parameter.help, parameter.name
        # Typer takes words in brackets for markup and leaves them out.
        assert "[" not in parameter.help, parameter.name
