"""Define the command line `directory-gateway`, which is also `python -m app`.

Each command is implemented in a module of its own, which is imported when it runs. A
user's mistake gives one or two sentences on standard error, never a traceback. The exit
code is 1 for an error and 2 for wrong usage.
"""

import errno
import io
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import typer

from app import logs
from app.cli import options
from app.cli.options import Config, LogJson, SourceName
from app.cli.reload import NotReloaded
from app.device_config.lint import CannotRead
from app.device_config.sep_file import DEFAULT_NTP, WrongSettings
from app.generation.reader import BrokenGeneration
from app.generation.writer import BuildError
from app.processes.listen import CannotListen
from app.settings.errors import SettingsError
from app.settings.loader import Settings, load
from app.state.store import StoreError
from connectors.base import SourceError

app = typer.Typer(
    name="directory-gateway",
    help="Serve contacts from CSV, vCard, CardDAV, LDAP and Google as directories on Cisco phones.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    callback=options.global_options,
)


def _settings(config: Path | None) -> Settings:
    settings = load(config)
    if settings.demo:
        _echo_error(f"No gateway.toml found: this is the demo directory ({settings.origin}).")
    return settings


def _echo_error(text: str) -> None:
    typer.echo(text, err=True)


def _echo_all(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


@app.command()
def serve(
    config: Config = None,
    workers: options.Workers = 1,
    builder: options.WithBuilder = True,
    log_json: LogJson = False,
) -> None:
    """Serve the phones: run the web workers and the builder."""
    from app.cli.serve import run_gateway

    logs.configure(as_json=log_json)
    settings = _settings(config)
    raise typer.Exit(run_gateway(settings, workers, builder=builder, log_json=log_json))


@app.command()
def build(config: Config = None, once: options.Once = False, log_json: LogJson = False) -> None:
    """Run only the builder: read the sources and publish the directory."""
    from app.cli.build import run_builder, run_once

    logs.configure(as_json=log_json, quiet=once)
    settings = _settings(config)
    raise typer.Exit(run_once(settings) if once else run_builder(config))


@app.command()
def check(config: Config = None, offline: options.Offline = False) -> None:
    """Check the configuration, read every source once, and report problems."""
    from app.cli.check import check_sources, configuration_lines

    logs.configure(quiet=True)
    settings = _settings(config)
    _echo_all(configuration_lines(settings))
    if not offline and not check_sources(settings, typer.echo):
        raise typer.Exit(1)


@app.command()
def fetch(
    source: SourceName, config: Config = None, as_json: options.ContactsAsJson = False
) -> None:
    """Read a source and print its contacts."""
    from app.cli.fetch import fetch_lines

    logs.configure(quiet=True)
    _echo_all(fetch_lines(_settings(config), source, as_json=as_json, warn=_echo_error))


@app.command()
def show(
    path: options.PhonePath,
    config: Config = None,
    profile: options.ShowProfile = None,
    model: options.Model = "CP-7821",
    charset: options.Charset = "utf-8",
) -> None:
    """Print the XML that a phone gets for a path."""
    from app.cli.show import render_path

    logs.configure(quiet=True)
    body, problem = render_path(_settings(config), path, profile, model, charset)
    sys.stdout.buffer.write(body)
    if problem:
        _echo_error(f"Error: {problem}")
        raise typer.Exit(1)


@app.command()
def accept(
    source: SourceName,
    config: Config = None,
    all_names: options.AllNames = False,
    dry_run: options.DryRun = False,
) -> None:
    """Accept a result that the brake holds back, and list the contacts that it removes."""
    from app.cli.accept import accept_lines

    _echo_all(accept_lines(_settings(config), source, all_names=all_names, dry_run=dry_run))


@app.command()
def refresh(source: SourceName, config: Config = None, full: options.FullRefresh = False) -> None:
    """Make the running builder read a source now."""
    from app.cli.refresh import request_refresh

    typer.echo(request_refresh(_settings(config), source, full=full))


@app.command()
def reload(config: Config = None) -> None:
    """Make the running gateway read its configuration again."""
    from app.cli.reload import reload_gateway

    try:
        settings = _settings(config)
    except SettingsError:
        _echo_error("Nothing was reloaded: a running gateway keeps its former configuration.")
        raise
    typer.echo(reload_gateway(settings))


@app.command()
def status(config: Config = None) -> None:
    """Print what is served, and the state of each source."""
    from app.cli.status import status_lines, status_lines_without_configuration

    try:
        settings = _settings(config)
    except SettingsError:
        # A running gateway goes on with its former configuration, so its status is useful here.
        _echo_all(status_lines_without_configuration(config))
        raise
    _echo_all(status_lines(settings))


@app.command()
def login(source: SourceName, config: Config = None, port: options.LoginPort = None) -> None:
    """Sign in to a source (Google) with a browser on this or another computer."""
    from app.cli.login import sign_in

    logs.configure(quiet=True)
    sign_in(_settings(config), source, port, typer.echo)


@app.command()
def hash_password() -> None:
    """Ask for the operators' password and print the line for its file."""
    from app.cli.hash_password import password_line

    try:
        typer.echo(password_line())
    except (ValueError, EOFError) as error:
        _echo_error(f"Error: {error or 'There is no password.'}")
        raise typer.Exit(1) from error


@app.command(hidden=True)
def healthy(config: Config = None) -> None:
    """Exit with 0 if the gateway on this machine answers, else with 1 (for containers)."""
    from app.cli.running_gateway import is_healthy

    raise typer.Exit(0 if is_healthy(load(config)) else 1)


@app.command()
def numbers(
    config: Config = None,
    profile: options.NumbersProfile = None,
    odd: options.OddOnly = False,
    as_json: options.NumbersAsJson = False,
) -> None:
    """List how each number is dialled, by which rule, and which look odd."""
    from app.cli.numbers import number_lines

    logs.configure(quiet=True)
    settings = _settings(config)
    _echo_all(number_lines(settings, profile, as_json=as_json, odd_only=odd, report=_echo_error))


@app.command()
def explain(
    words: options.Words, config: Config = None, as_json: options.ExplainAsJson = False
) -> None:
    """Explain why a person is on the phones and where, or why not."""
    from app.cli.explain import explain_lines

    logs.configure(quiet=True)
    _echo_all(
        explain_lines(_settings(config), " ".join(words), as_json=as_json, report=_echo_error)
    )


@app.command()
def lint(
    path: options.LintPath,
    config: Config = None,
    profile: options.LintProfile = None,
    dial: options.DialledNumber = None,
    dial_directory: options.DialDirectory = False,
    as_json: options.LintAsJson = False,
) -> None:
    """Check the files that phones load by TFTP, and print corrected lines."""
    from app.cli.lint import directory_lines, report_lines, typed_number_lines
    from app.device_config.lint import lint_path

    logs.configure(quiet=True)
    report = lint_path(path)
    _echo_all(report_lines(report, as_json=as_json))
    if report.template is not None:
        _echo_all(typed_number_lines(report.template, dial or (), as_json=as_json))
        if dial_directory:
            settings = _settings(config)
            _echo_all(directory_lines(report.template, settings, profile, as_json=as_json))
    elif dial or dial_directory:
        raise CannotRead(f"{path}: there is no dial template here, so no number was tried.")
    raise typer.Exit(1 if report.findings else 0)


@app.command("phone-config")
def phone_config(
    config: Config = None,
    profile: options.LinesProfile = None,
    mac: options.Mac = None,
    proxy: options.Proxy = "",
    account: options.Account = "",
    password_file: options.PasswordFile = None,
    label: options.Label = "",
    time_zone: options.TimeZone = "",
    ntp: options.Ntp = DEFAULT_NTP,
    load: options.Load = "",
    dial_template: options.DialTemplateFile = "",
    port: options.SipPort = 5060,
) -> None:
    """Print the lines for a phone's SEP file, or with --mac the whole file."""
    from app.cli.phone_config import line_texts, read_password, with_directory
    from app.device_config.sep_file import PhoneSettings, sep_file

    settings = _settings(config)
    if mac is None:
        _echo_all(line_texts(settings, profile))
        return
    phone = PhoneSettings(
        mac=mac,
        proxy=proxy,
        account=account,
        password=read_password(password_file),
        time_zone=time_zone,
        label=label,
        load=load,
        ntp=ntp,
        dial_template=dial_template,
        port=port,
    )
    typer.echo(sep_file(with_directory(phone, settings, profile)), nl=False)
    _echo_error(f"Save this as {phone.file_name} in the TFTP folder, readable for it alone.")


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
        NotReloaded,
        CannotRead,
    ) as error:
        _echo_error(f"Error: {error}")
        sys.exit(1)
    except WrongSettings as error:
        for problem in error.problems:
            _echo_error(f"Error: --{problem.name.replace('_', '-')}: {problem.message}")
        sys.exit(2)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        _echo_error(f"Error: the output cannot be written ({error.strerror}). Make room there.")
        # The rest of the buffer is lost. Without this, Python would report it again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
