"""Tests of the base URL: a note tells if phones cannot reach it."""

import socket
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from app.model.networks import DEFAULT_NETWORKS
from app.settings.loader import Settings, parse
from app.web.base_url import UNKNOWN, find_base_url, own_address

NETWORKS = tuple(map(ip_network, DEFAULT_NETWORKS))
LOOPBACKS = (
    "http://127.0.0.1:8080",
    "http://localhost:8080",
    "http://gateway.localhost:8080",
    "http://[::1]:8080",
    "http://0.0.0.0:8080",
)


def configured(
    host: str, base_url: str = "", networks: tuple[str, ...] = DEFAULT_NETWORKS
) -> Settings:
    data = {
        "listen": {"host": host},
        "access": {"networks": list(networks)},
        "sources": {"staff": {"connector": "csv", "path": "staff.csv"}},
    } | ({"base_url": base_url} if base_url else {})
    return parse(data, Path("/nowhere/gateway.toml"))


@pytest.mark.parametrize(
    "https_port, url, expected",
    [
        (8443, "https://phones.example:8443", "http://phones.example:8080"),
        (443, "https://phones.example", "http://phones.example:8080"),
        (443, "https://[fd00::1]", "http://[fd00::1]:8080"),
        (443, "http://phones.example:8080", "http://phones.example:8080"),
        (8443, "https://phones.example", "https://phones.example"),
    ],
)
def test_phones_get_http_where_it_is_served(https_port: int, url: str, expected: str) -> None:
    """The last one comes from a proxy, which has a port of its own."""
    data = {
        "listen": {"https_port": https_port, "certificate": "a.crt", "key": "a.key"},
        "sources": {"staff": {"connector": "csv", "path": "staff.csv"}},
    }
    found = find_base_url(parse(data, Path("/nowhere/gateway.toml")), https_port, url)
    assert (expected, "") == (found.base, found.note)


def test_the_own_address_is_one_of_this_machine_that_others_see() -> None:
    found = own_address(NETWORKS)
    if found is not None:
        address = ip_address(found)
        assert not (address.is_loopback or address.is_link_local or address.is_unspecified)
        with socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6) as line:
            line.bind((found, 0))


def test_without_a_network_of_phones_there_is_no_address() -> None:
    assert own_address((ip_network("127.0.0.0/8"), ip_network("fe80::/10"))) is None
    assert own_address((ip_network("fc00::/7"),), "0.0.0.0") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.10:8080",
        "https://phones.example",
        "http://[fd00::1]:8080",
        "http://localhost.example",
    ],
)
@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])
def test_what_others_can_reach_stays(url: str, host: str) -> None:
    found = find_base_url(configured(host), 8080, url)
    assert (url, "") == (found.base, found.note)


@pytest.mark.parametrize("url", LOOPBACKS)
def test_a_loopback_address_is_replaced_by_what_is_listened_on(url: str) -> None:
    found = find_base_url(configured("192.168.1.10"), 8081, url)
    assert "http://192.168.1.10:8081" == found.base
    assert "set base_url" in found.note
    assert "http://[fd00::1]:8081" == find_base_url(configured("fd00::1"), 8081, url).base


@pytest.mark.parametrize("url", LOOPBACKS)
def test_a_loopback_address_is_replaced_by_this_machines(url: str) -> None:
    own = own_address(NETWORKS, "0.0.0.0")
    found = find_base_url(configured("0.0.0.0"), 8081, url)
    assert f"http://{own or UNKNOWN}:8081" == found.base
    assert "set base_url" in found.note


def test_where_no_address_is_known_the_note_says_what_to_put_there() -> None:
    found = find_base_url(configured("0.0.0.0", networks=("127.0.0.0/8",)), 8080, LOOPBACKS[0])
    assert f"http://{UNKNOWN}:8080" == found.base
    assert f"in place of {UNKNOWN}, or set base_url" in found.note


@pytest.mark.parametrize("url", LOOPBACKS)
@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_listening_on_the_loopback_alone_is_told(url: str, host: str) -> None:
    found = find_base_url(configured(host), 8080, url)
    assert url == found.base
    assert f'listen.host = "{host}" lets nobody else in' in found.note


def test_what_is_configured_is_shown_but_doubted() -> None:
    assert ("http://10.0.0.1", "") == (lambda found: (found.base, found.note))(
        find_base_url(configured("0.0.0.0", "http://10.0.0.1"), 80, LOOPBACKS[0])
    )
    found = find_base_url(configured("0.0.0.0", "http://localhost:81"), 8080, "http://10.0.0.1")
    assert "http://localhost:81" == found.base
    assert "base_url is localhost: no phone can reach it" in found.note


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "192.168.1.10", "fd00::1"])
def test_before_anybody_has_asked_it_is_what_is_listened_on(host: str) -> None:
    found = find_base_url(configured(host), 8080)
    assert f"http://{f'[{host}]' if ':' in host else host}:8080" == found.base
    assert (host in ("127.0.0.1", "::1")) == bool(found.note)
    assert "://0.0.0.0" not in find_base_url(configured("0.0.0.0"), 8080).base
    assert "://[::]" not in find_base_url(configured("::"), 8080).base
