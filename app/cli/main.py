"""Define the command line `directory-gateway`, which is also `python -m app`.

A user's mistake gives one or two sentences on standard error, never a traceback. The
exit code is 1 for an error and 2 for wrong usage.
"""

import errno
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from app import logs
from app.cli.options import Config, LogJson, SourceName, global_options
from app.generation.reader import BrokenGeneration
from app.generation.writer import BuildError
from app.model.text import plural
from app.processes.listen import CannotListen
from app.settings.errors import SettingsError
from app.settings.loader import Settings, load, state_dir_of
from app.state.directory import describe_error
from app.state.store import StoreError
from connectors.base import SourceError

app = typer.Typer(
    name="directory-gateway",
    help="Phone directories for Cisco desk phones, out of CSV, CardDAV, LDAP and Google Contacts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    callback=global_options,
)

T = TypeVar("T")


def _settings(config: Path | None) -> Settings:
    settings = load(config)
    if settings.demo:
        typer.echo(
            f"No gateway.toml found: this is the demo directory ({settings.origin}).", err=True
        )
    return settings


@app.command()
def serve(
    config: Config = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Web processes.")] = 1,
    builder: Annotated[
        bool,
        typer.Option(
            "--builder/--no-builder", help="Read sources and build, or only serve what is there."
        ),
    ] = True,
    log_json: LogJson = False,
) -> None:
    """Serve the phones: web workers and a builder."""
    from app.processes.listen import listen
    from app.processes.supervisor import Supervisor
    from app.state.directory import prepare
    from app.state.locks import SERVING, is_held, serving
    from app.web.base_url import find_base_url

    logs.configure(as_json=log_json)
    os.umask(0o077)
    settings = _settings(config)
    if builder:
        try:
            _in_folder(settings, prepare)
        except SettingsError as error:
            # An existing generation can still be served. The builder tries again, and phones do not
            # wait for it.
            if not settings.state_dir.is_dir():
                raise
            typer.echo(f"Warning: {error}", err=True)
    with listen(
        settings.host, settings.port, lambda: is_held(settings.state_dir, SERVING)
    ) as listener:
        found = find_base_url(settings, listener.getsockname()[1])
        typer.echo(f"Serving {settings.title!r} from {settings.origin}", err=True)
        typer.echo(
            f"directoryURL: {found.base}/menu.xml   servicesURL or line key:"
            f" {found.base}/directory.xml",
            err=True,
        )
        if found.note:
            typer.echo(found.note, err=True)
        with serving(settings.state_dir) as lock:
            code = Supervisor(
                settings, listener, workers, builder=builder, log_json=log_json, lock=lock
            ).run()
    raise typer.Exit(code)


def _in_folder(settings: Settings, do: Callable[[Path], T]) -> T:
    try:
        return do(settings.state_dir)
    except OSError as error:
        raise SettingsError(f"state_dir {settings.state_dir}", (describe_error(error),)) from error


@app.command()
def build(
    config: Config = None,
    once: Annotated[
        bool,
        typer.Option("--once", help="Read every source one time, publish, and end (for cron)."),
    ] = False,
    log_json: LogJson = False,
) -> None:
    """Run the builder alone."""
    from app.build.once import build_once
    from app.build.worker import run

    logs.configure(as_json=log_json, quiet=once)
    settings = _settings(config)
    if not once:
        raise typer.Exit(run(config))
    failed = False
    for name, status in build_once(settings):
        failed |= status.state != "ok"
        typer.echo(
            f"{name}: {status.state}, {plural(status.contacts, 'contact')}"
            + (f". {status.error}" if status.error else ""),
            err=status.state != "ok",
        )
    raise typer.Exit(1 if failed else 0)


@app.command()
def check(
    config: Config = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Check the configuration alone; ask no source.")
    ] = False,
) -> None:
    """Check the configuration, then read each source once and tell what came."""
    from app.cli.check import check_sources, configuration_lines

    logs.configure(quiet=True)
    settings = _settings(config)
    what = f"{plural(len(settings.sources), 'source')}, {plural(len(settings.profiles), 'profile')}"
    typer.echo(f"{settings.origin}: the configuration is good ({what}).")
    for line in configuration_lines(settings):
        typer.echo(line)
    if not offline and not check_sources(settings, typer.echo):
        raise typer.Exit(1)


@app.command()
def fetch(
    source: SourceName,
    config: Config = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="One JSON object a line, the fields of a contact, nothing else."
        ),
    ] = False,
) -> None:
    """Show what a source's connector brings."""
    from app.cli.check import fetch_lines

    logs.configure(quiet=True)
    for line in fetch_lines(
        _settings(config), source, as_json=as_json, warn=lambda text: typer.echo(text, err=True)
    ):
        typer.echo(line)


@app.command()
def show(
    path: Annotated[
        str,
        typer.Argument(help="A phone's path, such as /menu.xml, or a whole address out of a page."),
    ],
    config: Config = None,
    profile: Annotated[str | None, typer.Option(help="The profile to see it in.")] = None,
    model: Annotated[
        str, typer.Option(help="The phone's model, such as CP-7821 or CP-7965G.")
    ] = "CP-7821",
    charset: Annotated[
        str, typer.Option(help="What the phone accepts: utf-8 or iso-8859-1.")
    ] = "utf-8",
) -> None:
    """Show the XML that a phone would get."""
    from app.cli.show import render_path

    logs.configure(quiet=True)
    body, problem = render_path(_settings(config), path, profile, model, charset)
    sys.stdout.buffer.write(body)
    if problem:
        typer.echo(f"Error: {problem}", err=True)
        raise typer.Exit(1)


@app.command()
def accept(
    source: SourceName,
    config: Config = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Show all whom it costs, not the first hundred.")
    ] = False,
    look: Annotated[
        bool, typer.Option("--dry-run", help="Show whom it would cost, and accept nothing.")
    ] = False,
) -> None:
    """Let a result pass that was held back because the source had lost too much, and
    tell whom it costs.
    """
    from app.cli.accept import accept_lines

    for line in accept_lines(_settings(config), source, everybody=everybody, look=look):
        typer.echo(line)


@app.command()
def refresh(
    source: SourceName,
    config: Config = None,
    full: Annotated[bool, typer.Option("--full", help="All of it, not only changes.")] = False,
) -> None:
    """Let a running builder read a source now."""
    from app.cli.accept import refresh_line

    typer.echo(refresh_line(_settings(config), source, full=full))


@app.command()
def reload(config: Config = None) -> None:
    """Let a running gateway read its configuration again."""
    from app.cli.running_gateway import reload as ask

    settings = _settings(config)
    refused = _in_folder(settings, ask)
    if refused is None:
        where = f"no running gateway with state_dir {settings.state_dir} took the request"
        advice = (
            "directory-gateway serve reads it when it starts. A changed state_dir needs a restart,"
            " a build of its own SIGHUP."
        )
        typer.echo(f"The configuration is good, but {where}. {advice}", err=True)
        raise typer.Exit(1)
    if refused:
        typer.echo(
            f"The configuration is good, but the running gateway refused it: {refused.rstrip('.')}."
            " Nothing was changed.",
            err=True,
        )
        raise typer.Exit(1)
    typer.echo("The configuration is good, and the running gateway reads it now.")


@app.command()
def status(config: Config = None) -> None:
    """Tell how the sources are and what is served."""
    from app.cli.show import status_lines, status_lines_without_configuration

    try:
        settings = _settings(config)
    except SettingsError:
        # A running gateway goes on with its former configuration, so its status is useful here.
        folder = state_dir_of(config)
        for line in (
            status_lines_without_configuration(folder)
            if folder is not None and folder.is_dir()
            else ()
        ):
            typer.echo(line)
        raise
    for line in status_lines(settings):
        typer.echo(line)


@app.command()
def login(
    source: SourceName,
    config: Config = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="The port of this computer that the browser comes back to."
        ),
    ] = None,
) -> None:
    """Sign in to a source (Google), with a browser on this or another computer."""
    from app.cli.check import sign_in

    logs.configure(quiet=True)
    sign_in(_settings(config), source, port, typer.echo)


@app.command(hidden=True)
def healthy(config: Config = None) -> None:
    """Ask the gateway on this machine whether it lives (for containers); exit code 1
    where it does not.
    """
    from app.cli.running_gateway import is_healthy

    raise typer.Exit(0 if is_healthy(load(config)) else 1)


@app.command()
def numbers(
    config: Config = None,
    profile: Annotated[
        str | None, typer.Option(help="The profile whose dial plan is used.")
    ] = None,
    odd: Annotated[bool, typer.Option("--odd", help="Only the numbers that look odd.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, nothing else.")
    ] = False,
) -> None:
    """Show what is dialled for every number, by which rule, and what looks odd."""
    from app.cli.numbers import number_lines

    logs.configure(quiet=True)
    for line in number_lines(
        _settings(config),
        profile,
        as_json=as_json,
        odd_only=odd,
        tell=lambda text: typer.echo(text, err=True),
    ):
        typer.echo(line)


@app.command()
def explain(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME...",
            help="Words of a name, the beginning is enough; or a part of a number.",
        ),
    ],
    config: Config = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object for each contact, nothing else.")
    ] = False,
) -> None:
    """Tell why somebody is on the phones and where, or why not."""
    from app.cli.explain import explain_lines

    logs.configure(quiet=True)
    for line in explain_lines(
        _settings(config),
        " ".join(words),
        as_json=as_json,
        tell=lambda text: typer.echo(text, err=True),
    ):
        typer.echo(line)


def main() -> None:
    """Run the command line; this is the entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except (
        SettingsError,
        SourceError,
        StoreError,
        BuildError,
        BrokenGeneration,
        CannotListen,
    ) as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        typer.echo(
            f"Error: what this prints cannot be written ({error.strerror}). Make room there.",
            err=True,
        )
        # The rest of the buffer is lost. Without this, Python would report it again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
