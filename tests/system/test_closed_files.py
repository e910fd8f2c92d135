"""The command line where standard input, output or errors are closed."""

import subprocess
from pathlib import Path

import pytest

from tests.support import contacts
from tests.support.patience import PATIENCE
from tests.support.servers.ca import make_authority
from tests.support.servers.gateway import command, environment, eventually
from tests.support.servers.secure_gateway import SecureGateway


def closing(closed: str, *words: str) -> list[str]:
    """Return a command line that runs the gateway with files closed by the shell."""
    return ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *command(*words)]


def test_serve_needs_none_of_them(tmp_path: Path) -> None:
    # The certificate's file would be 0, which the workers replace by /dev/null.
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(3)))
    gateway = SecureGateway(tmp_path, make_authority(tmp_path / "ca"), plain=True)
    gateway.configure(contacts.CONFIG)
    words = closing("<&- >&- 2>&-", "serve")
    gateway.process = subprocess.Popen(words, cwd=tmp_path, env=environment())
    try:
        eventually(lambda: gateway.alive() and gateway.status_code("/-/ready") == 200, "ready")
        assert b"200 OK" in gateway.ask("/staff.xml")[1]
    finally:
        gateway.stop()


@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_a_command_ends_as_usual(tmp_path: Path, closed: str) -> None:
    (tmp_path / "gateway.toml").write_text("title = 1\n")
    words = closing(closed, "check", "--offline")
    done = subprocess.run(words, cwd=tmp_path, env=environment(), check=False, timeout=PATIENCE)
    assert 1 == done.returncode
