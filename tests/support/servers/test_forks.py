"""Commands in forks end as commands of their own do."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support import contacts
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.forks import forks
from tests.support.servers.gateway import Gateway, command, environment, run


@pytest.mark.parametrize(
    "words",
    [("--version",), ("nonsense",), ("show", "/staff.xml"), ("check",), ("fetch", "nobody")],
    ids=" ".join,
)
def test_a_fork_prints_what_a_process_prints(tmp_path: Path, words: tuple[str, ...]) -> None:
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(3)))
    (tmp_path / "gateway.toml").write_text(contacts.CONFIG, encoding="utf-8")
    alone = subprocess.run(
        command(*words),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    forked = run(*words, cwd=tmp_path)
    assert (alone.returncode, alone.stdout, alone.stderr) == (
        forked.returncode,
        forked.stdout,
        forked.stderr,
    )


def test_a_command_that_is_not_awaited_answers_no_other(tmp_path: Path) -> None:
    former = forks()
    former.limit(0.0001)
    with pytest.raises(TimeoutError):
        run("--version", cwd=tmp_path)
    assert former is not forks()
    assert 0 == run("--version", cwd=tmp_path).returncode


def test_a_command_that_goes_on_ends_as_a_process_does(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+b") as log:
        running = forks().start(("--version",), tmp_path, environment(), log.fileno())
        assert 0 == running.wait(PATIENCE) == running.poll() == running.returncode
    assert run("--version", cwd=tmp_path).stdout == (tmp_path / "log").read_text()


def test_a_command_that_goes_on_is_waited_for_and_killed(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with Gateway(tmp_path, contacts.CONFIG) as gateway:
        running = gateway.process
        assert running.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(0.0)
        running.kill()
        assert -signal.SIGKILL == running.wait(PATIENCE)
        running.send_signal(signal.SIGTERM)


def test_a_fork_takes_over_packages_and_what_customizes_python(tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    installed.mkdir()
    (installed / "sitecustomize.py").write_text("import app.cli.main as it\nit.main = print\n")
    variables = environment(PYTHONPATH=f"{installed}{os.pathsep}{ROOT}")
    done = forks().run(("--version",), tmp_path, variables)
    assert (0, "") == (done.returncode, done.stdout.strip())
