"""Without a configuration every command says so; the demo must be asked for."""

from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import app.cli.serve
from app.cli.main import app as program_app
from app.settings.config_file import DEMO
from app.settings.loader import Settings
from tests.support import contacts
from tests.support.command_line import program
from tests.support.offline_gateway import configured
from tests.support.servers.client import Client
from tests.support.servers.gateway import run
from tests.support.servers.worker import Worker

# What a command needs beside its options.
ARGUMENTS = {
    "accept": ("contacts",),
    "explain": ("anna",),
    "export": ("www", "--base-url", "http://gateway"),
    "fetch": ("contacts",),
    "lint": ("dialplan.xml", "--dial-directory"),
    "login": ("contacts",),
    "refresh": ("contacts",),
    "show": ("/menu.xml",),
}
TEMPLATE = '<DIALTEMPLATE><TEMPLATE MATCH="*" Timeout="5"/></DIALTEMPLATE>'


def configured_commands() -> list[str]:
    """Return the commands that read a configuration; `init` writes one."""
    return [
        name
        for name, command in program().commands.items()
        if name != "init" and "--config" in options_of(command)
    ]


def options_of(command: typer.core.TyperCommand) -> set[str]:
    return {word for parameter in command.params for word in parameter.opts}


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder without a configuration."""
    folder = tmp_path_factory.mktemp("nowhere")
    (folder / "dialplan.xml").write_text(TEMPLATE)
    return folder


@pytest.mark.parametrize("name", configured_commands())
def test_every_command_says_where_it_looked(nowhere: Path, name: str) -> None:
    done = run(name, *ARGUMENTS.get(name, ()), cwd=nowhere)
    assert 2 == done.returncode, done
    assert f"  {nowhere}/gateway.toml: there is no such file\n" in done.stderr
    for way in ("directory-gateway init", "-c FILE", "--demo"):
        assert way in done.stderr
    named = run(name, *ARGUMENTS.get(name, ()), "-c", "none.toml", cwd=nowhere)
    assert 2 == named.returncode, named
    assert "Error: none.toml:\n  there is no such file. Check --config.\n" in named.stderr
    assert ["dialplan.xml"] == [path.name for path in nowhere.iterdir()], "nothing is written"


@pytest.mark.parametrize("name", configured_commands())
def test_every_command_has_the_demo_in_the_place_of_a_configuration(
    nowhere: Path, name: str
) -> None:
    assert "--demo" in options_of(program().commands[name])
    done = run(name, *ARGUMENTS.get(name, ()), "--demo", "-c", "gateway.toml", cwd=nowhere)
    assert (2, True) == (done.returncode, "the demo has its own configuration" in done.stderr)


@pytest.mark.parametrize(
    "words, message",
    [
        (("status",), "demo: invented people"),
        (("status", "--json"), '"demo":true'),
        (("show", "/menu.xml"), "<Title>Demo</Title>"),
        (("explain", "smith"), "source contacts"),
    ],
)
def test_the_demo_is_told_about(
    nowhere: Path, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    shown = run(*words, "--demo", cwd=nowhere, TMPDIR=str(tmp_path))
    assert message in shown.stdout, shown


def test_serve_gets_the_demo_where_it_is_asked_for(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []

    def run_gateway(settings: Settings, *_: object, **__: object) -> int:
        served.append(settings)
        return 0

    monkeypatch.chdir(nowhere)
    monkeypatch.setattr(app.cli.serve, "run_gateway", run_gateway)
    assert 0 == CliRunner().invoke(program_app, ["serve", "--demo"]).exit_code
    assert [True] == [settings.is_demo for settings in served]


@pytest.mark.parametrize("is_demo", [False, True])
def test_status_metrics_and_pages_say_demo(tmp_path: Path, is_demo: bool) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    settings = configured(tmp_path, contacts.CONFIG)
    with Worker(replace(settings, origin=DEMO) if is_demo else settings) as worker:
        client = Client(worker.port)
        assert is_demo == client.status()["demo"]
        assert f"directory_gateway_demo {float(is_demo)}\n" in client.text("/-/metrics")
        for path in ("/", "/-/people", "/-/setup", "/-/phone"):
            assert is_demo == (">demo, " in client.text(path)), path
        assert is_demo == ("This is the demo directory" in client.text("/"))
