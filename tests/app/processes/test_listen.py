"""An address that cannot be used is reported with what to change."""

import os
import signal
import socket
from pathlib import Path

import pytest

from app.processes.listen import SEND_BUFFER, UNSENT_SECONDS, CannotListen, listen
from tests.support import contacts
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, eventually, run


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(
            CannotListen,
            match=(
                f"cannot listen on 127.0.0.1 port {port}: .*another port under \\[listen\\] in"
                " gateway.toml"
            ),
        ):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(
    "host, message",
    [
        ("198.51.100.7", 'no such address: set host = "0.0.0.0"'),
        ("no-such-host.invalid", "Change host or port under"),
        ("a b", "Change host"),
    ],
)
def test_an_address_that_is_not_ours(host: str, message: str) -> None:
    with pytest.raises(CannotListen, match=f"cannot listen on {host} port 0: .*{message}"):
        listen(host, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_the_loopback_in_each_spelling(host: str) -> None:
    with (
        listen(host, 0) as listener,
        socket.create_connection(listener.getsockname()[:2], PATIENCE),
    ):
        accepted, _ = listener.accept()
        accepted.close()


def test_what_the_system_keeps_for_a_client_is_bounded() -> None:
    with (
        listen("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname(), PATIENCE),
    ):
        accepted, _ = listener.accept()
        with accepted:
            # Linux doubles what is asked for, for its own bookkeeping (socket(7)).
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) in (
                SEND_BUFFER,
                2 * SEND_BUFFER,
            )
            assert 1000 * UNSENT_SECONDS == accepted.getsockopt(
                socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT
            )


@pytest.mark.parametrize("looks", [1, 4])
def test_a_port_is_waited_for_while_it_is_ours(looks: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as former:
        address, seen = former.getsockname(), []

        def is_ours() -> bool:
            seen.append(1)
            if len(seen) == looks:
                former.close()
            return True

        with listen(*address, is_ours) as listener:
            assert address == listener.getsockname()
    assert looks == len(seen)


def test_a_port_that_workers_of_a_killed_gateway_hold_is_waited_for(tmp_path: Path) -> None:
    """A worker that is starting does not notice at once that its gateway is gone.

    Here it is stopped, and continues when the next gateway has been started.
    """
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with Gateway(tmp_path, contacts.CONFIG, ready=False) as gateway:
        eventually(lambda: gateway.status_code("/-/ready") == 200, "ready")
        (worker,) = gateway.children("app.web.worker")
        os.kill(worker, signal.SIGSTOP)
        try:
            gateway.process.kill()
            gateway.process.wait()
            refused = run("serve", cwd=tmp_path)
            assert (1, True) == (
                refused.returncode,
                "Another program listens there already" in refused.stderr,
            )
            gateway.start()
        finally:
            os.kill(worker, signal.SIGCONT)
        eventually(
            lambda: gateway.alive() and gateway.status_code("/-/ready") == 200, "the next gateway"
        )
