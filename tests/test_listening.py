"""Listening: an address that cannot be had is told in a sentence that says what to change."""

import socket

import pytest

from app.supervisor import CannotListen, listen


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(
            CannotListen, match=f"cannot listen on 127.0.0.1 port {port}: .*another port under \\[listen\\] in gateway.toml"
        ):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(
    "host, told",
    [
        ("198.51.100.7", 'no such address: set host = "0.0.0.0"'),
        ("no-such-host.invalid", "Change host or port under"),
        ("a b", "Change host"),
    ],
)
def test_an_address_that_is_not_ours(host: str, told: str) -> None:
    with pytest.raises(CannotListen, match=f"cannot listen on {host} port 0: .*{told}"):
        listen(host, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_the_loopback_in_each_spelling(host: str) -> None:
    with listen(host, 0) as listener, socket.create_connection(listener.getsockname()[:2], 5):
        accepted, _ = listener.accept()
        accepted.close()
