"""Print the man page of directory-gateway, made from its help (`make man`)."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import typer

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.cli.main import app  # noqa: E402

SUMMARY = "phone directories for Cisco desk phones from CSV, CardDAV, LDAP and Google"
EXAMPLE = "Example: "


def page() -> str:
    """Return the page in the macros of man(7)."""
    program = typer.main.get_command(app)
    if not isinstance(program, typer.core.TyperGroup):
        raise TypeError("there is only one command")
    top = typer.Context(program, info_name="directory-gateway", **program.context_settings)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        '.\\" Made from the help by `make man`; do not edit.',
        f'.TH DIRECTORY\\-GATEWAY 1 "" "directory\\-gateway {project["version"]}" "User Commands"',
        ".SH NAME",
        f"directory\\-gateway \\- {text(SUMMARY)}",
        ".SH SYNOPSIS",
        ".B directory\\-gateway",
        ".I COMMAND",
        "[\\fIOPTIONS\\fR]",
        ".SH DESCRIPTION",
        text(program.help or ""),
        ".SH OPTIONS",
        *options(top),
    ]
    groups: dict[str, list[typer.core.TyperCommand]] = {}
    for command in program.commands.values():
        if isinstance(command, typer.core.TyperCommand) and not command.hidden:
            groups.setdefault(str(command.rich_help_panel), []).append(command)
    for name, commands in groups.items():
        lines.append(f".SH {name.upper()}")
        for command in commands:
            lines += of_command(command, top)
    return "\n".join([*lines, *exit_status(), *files()]) + "\n"


def of_command(command: typer.core.TyperCommand, top: typer.Context) -> Iterator[str]:
    """Yield a command: its usage, help, options and example."""
    context = typer.Context(command, info_name=command.name, parent=top)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f'.SS "directory\\-gateway {text(command.name or "")} {text(usage)}"'
    *paragraphs, example = (command.help or "").split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        yield from ([".PP"] if number else [])
        yield text(" ".join(paragraph.split()))
    yield from options(context)
    yield from (".PP", text(EXAMPLE.strip()))
    yield f".B {text(example.removeprefix(EXAMPLE).strip())}"


def options(context: typer.Context) -> Iterator[str]:
    """Yield the arguments and options of a command; `--help` of the program alone."""
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and (context.parent is None or parameter.name != "help"):
            yield from (".TP", f".B {text(record[0])}", text(" ".join(record[1].split())))


def exit_status() -> Iterator[str]:
    """Yield the exit codes, as docs/command-line.md has them."""
    documentation = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = documentation.partition("## Exit codes")[2].partition("\n## ")[0]
    yield ".SH EXIT STATUS"
    for code, meaning in re.findall(r"(?m)^\| (\d+) \| (.+) \|$", section):
        yield from (".TP", f".B {code}", text(meaning))
    yield from (".PP", "When a command that did its work returns 1:")
    for name, meaning in re.findall(r"(?m)^\| (`[a-z].*?) \| (.+) \|$", section):
        yield from (".TP", f".B {text(name)}", text(meaning))


def files() -> Iterator[str]:
    """Yield where the configuration is read from."""
    yield ".SH ENVIRONMENT"
    yield from (".TP", ".B GATEWAY_CONFIG", "The configuration file, if \\-\\-config is not given.")
    yield ".SH FILES"
    for path in ("./gateway.toml", "/etc/directory-gateway/gateway.toml"):
        yield from (".TP", f".I {text(path)}", "The configuration, the first that exists.")


def text(words: str) -> str:
    """Return words for a line of roff: no macro, no escape, no code marks."""
    plain = words.replace("`", "").replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain


if __name__ == "__main__":
    sys.stdout.write(page())
