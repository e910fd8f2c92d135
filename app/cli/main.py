"""Define the command line `directory-gateway`, which is also `python -m app`.

Each command is a module of `app.cli.commands`. What it does is imported when it runs. A
user's mistake gives one or two sentences on standard error, never a traceback. The exit
code is 1 for an error and 2 for wrong usage.
"""

import errno
import io
import os
import sys
from collections.abc import Callable

import typer

from app.cli import options
from app.cli.commands.accept import accept
from app.cli.commands.build import build
from app.cli.commands.check import check
from app.cli.commands.diff import diff
from app.cli.commands.explain import explain
from app.cli.commands.export import export
from app.cli.commands.fetch import fetch
from app.cli.commands.hash_password import hash_password
from app.cli.commands.healthy import healthy
from app.cli.commands.init import init
from app.cli.commands.lint import lint
from app.cli.commands.login import login
from app.cli.commands.numbers import numbers
from app.cli.commands.phone import phone
from app.cli.commands.phone_config import phone_config
from app.cli.commands.refresh import refresh
from app.cli.commands.reload import reload
from app.cli.commands.serve import serve
from app.cli.commands.show import show
from app.cli.commands.status import status
from app.cli.help import GroupedCommands
from app.cli.reload import NotReloaded
from app.cli.standard_files import open_standard_files
from app.cli.terminal import echo_error
from app.device_config.lint import CannotRead
from app.device_config.sep_file import WrongSettings
from app.export.folder import CannotExport
from app.generation.draft_file import BuildError
from app.generation.reader import BrokenGeneration
from app.processes.listen import CannotListen
from app.settings.config_file import NoConfiguration
from app.settings.errors import SettingsError
from app.state.store import StoreError
from connectors.base import SourceError

# In the order of `--help`. The name of a command is that of its function.
COMMANDS: dict[str, tuple[Callable[..., None], ...]] = {
    "Run": (serve, build, refresh, reload, export),
    "Look": (status, show, explain, numbers, fetch),
    "Decide": (check, diff, accept),
    "Set up": (init, login, hash_password, phone_config, lint, phone),
}

app = typer.Typer(
    name="directory-gateway",
    cls=GroupedCommands,
    help="Serve contacts from CSV, vCard, CardDAV, LDAP and Google as directories on Cisco phones.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    callback=options.global_options,
)
for panel, commands in COMMANDS.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
app.command(hidden=True)(healthy)


def main() -> None:
    """Run the command line; this is the entry point of the console script."""
    open_standard_files()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except NoConfiguration as error:
        echo_error(f"Error: {error}")
        sys.exit(2)
    except (
        SettingsError,
        SourceError,
        StoreError,
        BuildError,
        BrokenGeneration,
        CannotListen,
        NotReloaded,
        CannotRead,
        CannotExport,
    ) as error:
        echo_error(f"Error: {error}")
        sys.exit(1)
    except WrongSettings as error:
        for problem in error.problems:
            echo_error(f"Error: --{problem.name.replace('_', '-')}: {problem.message}")
        sys.exit(2)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        echo_error(f"Error: the output cannot be written ({error.strerror}). Make room there.")
        # The rest of the buffer is lost. Without this, Python would report it again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
