"""Clients that measure a server: wrk for its rate, single phones for their waits."""

import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, cycle

from tests.bench.processes import client_core, cpu_seconds

CONNECTIONS = 32
_RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
_COUNT = re.compile(r"([0-9]+) requests in ")
# A header that is in no other request, also not in one of an earlier run.
_DISTINCT = """
local number = 0
request = function()
  number = number + 1
  wrk.headers["X-Number"] = "%d-" .. number
  return wrk.format(nil, wrk.path)
end
"""
_RUNS = count(1)
_BAD = re.compile(r"Non-2xx or 3xx responses: ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second.

    `elapsed` is by the client's clock, `processor` per second of the server's processor
    time.
    """

    elapsed: float
    processor: float


def rate(url: str, pids: tuple[int, ...], seconds: int, *, close: bool, cold: bool = False) -> Rate:
    """Return the rate of a server with these processes.

    `close` means a new connection for each request, else connections are kept alive.
    `cold` means that no two requests have the same bytes.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_DISTINCT % next(_RUNS))
        script.flush()
        words = [
            *("taskset", "-c", str(client_core()), "wrk", "-t1", f"-c{CONNECTIONS}"),
            *(f"-d{seconds}s", "--timeout", "5s"),
            *(("-H", "Connection: close") if close else ()),
            *(("-s", script.name) if cold else ()),
            url,
        ]
        used = cpu_seconds(pids)
        output = subprocess.run(
            words, capture_output=True, text=True, check=True, timeout=seconds + 30
        ).stdout
    found, bad = _RATE.search(output), _BAD.search(output)
    assert found is not None and bad is None, f"{url} was not served well:\n{output}"
    requests = _COUNT.search(output)
    assert requests is not None, output
    return Rate(float(found[1]), int(requests[1]) / max(cpu_seconds(pids) - used, 0.01))


def ask(port: int, path: str, timeout: float = 10.0) -> bytes:
    """Request a path on a new connection, as phones do; return the whole response.

    Raises OSError if the connection fails.
    """
    with socket.create_connection(("127.0.0.1", port), timeout) as phone:
        phone.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nAccept:"
            " x-CiscoIPPhone/*\r\n\r\n".encode("ascii")
        )
        parts = []
        while part := phone.recv(65536):
            parts.append(part)
    return b"".join(parts)


def latencies(
    port: int, paths: tuple[str, ...], seconds: float, between: Callable[[], None] = lambda: None
) -> list[float]:
    """Return how many milliseconds each request waited, one about every 2 ms.

    `between` is called after each request, outside of the measured time.
    """
    waited = []
    until = time.monotonic() + seconds
    for path in cycle(paths):
        begun = time.perf_counter()
        answer = ask(port, path)
        waited.append((time.perf_counter() - begun) * 1000)
        assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
        if time.monotonic() > until:
            return waited
        between()
        time.sleep(0.002)
    return waited
