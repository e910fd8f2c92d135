"""Hosts: what may stand in a URL, and which names are this machine's."""

import socket
from pathlib import Path

import pytest

from app.model import hosts
from app.model.hosts import is_authority, is_host, is_ours, machine_names
from app.settings.errors import SettingsError
from app.settings.loader import parse


@pytest.mark.parametrize(
    "host",
    [
        "a",
        "a.example",
        "A-1.Example",
        "_sip.example",
        "1.2.3.4",
        "[::1]",
        "[fd00::1]",
        "[::ffff:1.2.3.4]",
        "a1",
        "3com.example",
    ],
)
def test_hosts(host: str) -> None:
    assert is_host(host)
    assert is_authority(f"{host}:8080")
    for port in ("0", "65536", "99999", "x", "", "123456"):
        assert not is_authority(f"{host}:{port}")


NONE = (
    "",
    ".",
    "a..b",
    ".a",
    "a.",
    "-a",
    "a-",
    "a.-b",
    "a b",
    "a/b",
    "a@b",
    "ä",
    "1.2.3",
    "1.2.3.4.5",
    "999.1.1.1",
    "12345",
    "01.2.3.4",
)
NONE_EITHER = (
    "::1",
    "[::1",
    "[::::]",
    "[1.2.3.4]",
    "[fe80::1%eth0]",
    "[]",
    "x" * 64,
    ".".join(["x" * 60] * 5),
    "a\n",
    "[::1]\n",
)


@pytest.mark.parametrize("host", [*NONE, *NONE_EITHER])
def test_what_is_no_host(host: str) -> None:
    assert not is_host(host)
    assert not is_authority(host)


def test_a_base_url_has_a_host() -> None:
    for url in (
        "http://a..b",
        "http://[::::]",
        "http://999.1.1.1:80",
        "http://u:p@a.example",
        "http://a.example:0",
    ):
        with pytest.raises(SettingsError, match="base_url"):
            parse(
                {"base_url": url, "sources": {"staff": {"connector": "csv", "path": "x.csv"}}},
                Path("/nowhere/gateway.toml"),
            )


@pytest.mark.parametrize("host", ["http://a.example", "a.example:80", "a b", "", "*.example"])
def test_what_is_no_name_of_ours_is_a_problem(host: str) -> None:
    with pytest.raises(SettingsError, match=r"access\.hosts.*not a host name"):
        parse(
            {
                "access": {"hosts": [host]},
                "sources": {"staff": {"connector": "csv", "path": "x.csv"}},
            },
            Path("/nowhere/gateway.toml"),
        )


@pytest.mark.parametrize(
    "authority",
    [
        "10.0.0.1",
        "10.0.0.1:80",
        "[::1]",
        "[::1]:80",
        "Gateway",
        "gateway:80",
        "gateway.",
        "gateway.:80",
    ],
)
def test_hosts_that_are_ours(authority: str) -> None:
    assert is_ours(authority, frozenset({"gateway"}))


@pytest.mark.parametrize(
    "authority",
    [
        "evil",
        "gateway.evil.example",
        "10.0.0.1.evil.example",
        "::1",
        "",
        "gateway:80:80",
        "0x7f.1",
        "a gateway",
    ],
)
def test_hosts_that_are_not(authority: str) -> None:
    assert not is_ours(authority, frozenset({"gateway"}))


def test_the_names_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The names come from files of the machine, and no name server is asked.

    A search domain is appended to the name of the machine only.
    """
    (tmp_path / "hosts").write_text(
        "127.0.0.1 localhost\n127.0.1.1 Gate.house.example gate # us\n10.0.0.9"
        " other.example\n\n::1\n",
        "utf-8",
    )
    (tmp_path / "resolv").write_text(
        "nameserver 10.0.0.1\nsearch lan.example corp.example.\ndomain\n", "utf-8"
    )
    monkeypatch.setattr(hosts, "HOSTS_FILE", tmp_path / "hosts")
    monkeypatch.setattr(hosts, "RESOLVER_FILE", tmp_path / "resolv")
    monkeypatch.setattr(socket, "gethostname", lambda: "Gate")
    assert {
        "localhost",
        "gate",
        "gate.local",
        "gate.house.example",
        "gate.lan.example",
        "gate.corp.example",
    } == machine_names()
    monkeypatch.setattr(hosts, "HOSTS_FILE", tmp_path / "none")
    monkeypatch.setattr(hosts, "RESOLVER_FILE", tmp_path / "none")
    assert {"localhost", "gate", "gate.local"} == machine_names()
