"""Cables that are pulled, packets that are dropped, and what is ended with a network."""

import socket
import subprocess
from collections.abc import Callable

import pytest

from tests.support.patience import PATIENCE, SHORT
from tests.support.servers.network import Namespace, Network, missing_right


def connects(host: Namespace, address: tuple[str, int], patience: float) -> bool:
    """Return whether a host's connection is taken within so many seconds."""
    with host.entered(), socket.socket() as made:
        made.settimeout(patience)
        try:
            made.connect(address)
        except OSError:
            return False
        return True


def test_hosts_meet_unless_their_cable_is_pulled() -> None:
    if why := missing_right():
        pytest.skip(why)
    with Network() as network:
        host, engine = network.add("host"), network.add("engine")
        with engine.entered(), socket.create_server((engine.address, 0)) as listening:
            address = listening.getsockname()
            assert connects(host, address, PATIENCE)
            cuts: tuple[Callable[[Namespace], None], ...] = (network.pull, network.drop)
            for cut in cuts:
                cut(host)
                assert not connects(host, address, SHORT)
                network.mend(host)
                assert connects(host, address, PATIENCE)
        with host.entered():
            left = subprocess.Popen(["sleep", "1000"])
        with pytest.raises(OSError), socket.socket() as own:
            # This process itself is in no network of theirs.
            own.bind((engine.address, 0))
    assert left.wait(PATIENCE) != 0
