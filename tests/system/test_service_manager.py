"""A gateway that systemd starts says when it serves."""

import socket
from pathlib import Path

import pytest

from tests.support import contacts
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, eventually


@pytest.mark.parametrize("is_abstract", [False, True])
def test_systemd_is_told_when_phones_are_answered(tmp_path: Path, is_abstract: bool) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    name = f"@{tmp_path}" if is_abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name[1:]}" if is_abstract else name)
        systemd.settimeout(PATIENCE)
        with Gateway(tmp_path, contacts.CONFIG, ready=False, NOTIFY_SOCKET=name) as gateway:
            assert b"READY=1" == systemd.recv(100)
            # It listens by then: whoever was started after it can ask.
            assert 200 == gateway.status_code("/-/healthy")


def test_a_socket_that_is_gone_is_told_and_phones_are_answered(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    missing = str(tmp_path / "none")
    with Gateway(tmp_path, contacts.CONFIG, NOTIFY_SOCKET=missing) as gateway:
        warning = (
            "systemd was not told that this serves ($NOTIFY_SOCKET: No such file or directory)"
        )
        eventually(lambda: warning in gateway.logged(), "the warning")
