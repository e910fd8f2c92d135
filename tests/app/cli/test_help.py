"""The texts of `--help`, at 60 columns and in groups."""

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.cli.main import app
from tests.support.command_line import listed_commands

WIDTH = 60


def help_text(*words: str) -> str:
    return CliRunner().invoke(app, [*words], terminal_width=WIDTH).stdout


@pytest.mark.parametrize("command", listed_commands(), ids=lambda command: command.name)
def test_every_command_and_option_is_explained(command: typer.core.TyperCommand) -> None:
    first, _, _ = command.help.partition("\n\n")
    assert first.endswith(".")
    for parameter in command.params:
        assert parameter.help, parameter.name


@pytest.mark.parametrize("word", ["-h", "--help"])
@pytest.mark.parametrize("command", listed_commands(), ids=lambda command: command.name)
def test_no_word_is_cut_at_60_columns(command: typer.core.TyperCommand, word: str) -> None:
    shown = help_text(command.name, word)
    assert max(map(len, shown.splitlines())) <= WIDTH
    example = "".join(re.findall(r"(?m)^  (Example: .+)$", shown))
    assert example, "the docstring ends with: Example: directory-gateway COMMAND ..."
    assert command.help.endswith(f"\n\n{example}"), "the example stands on one line, to be copied"
    assert example.startswith(f"Example: directory-gateway {command.name}")
    for parameter in command.params:
        assert re.sub(r"\s", "", parameter.help) in re.sub(r"\s", "", shown)


def test_the_commands_stand_in_groups() -> None:
    shown = help_text("-h")
    groups = re.findall(r"(?m)^(\S.*):$", shown)
    assert ["Options", "Run", "Look", "Decide", "Set up"] == groups
    assert max(map(len, shown.splitlines())) <= WIDTH
    names = re.findall(r"(?m)^  ([a-z-]+) {2,}\w", shown.partition("Run:")[2])
    assert [command.name for command in listed_commands()] == names
    assert {"serve", "build", "check", "fetch", "show", "accept", "reload", "status"} <= set(names)
    for command in listed_commands():
        first, _, _ = command.help.partition("\n\n")
        assert "".join(first.split()) in "".join(shown.split())


@pytest.mark.parametrize(
    "words, completed",
    [
        ("directory-gateway sta", ["status"]),
        ("directory-gateway fetch --demo con", ["contacts"]),
        ("directory-gateway fetch --demo x", []),
        ("directory-gateway fetch con", []),
        ("directory-gateway show /menu.xml --demo --profile ", ["default"]),
        ("directory-gateway fetch --config /nowhere/gateway.toml ", []),
        ("directory-gateway check --off", ["--offline"]),
    ],
)
def test_the_shell_completes_commands_options_and_names(
    words: str, completed: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    shown = CliRunner().invoke(
        app,
        prog_name="directory-gateway",
        env={"_DIRECTORY_GATEWAY_COMPLETE": "complete_bash"} | typed,
    )
    assert completed == shown.stdout.split()
