"""Start the processes of a benchmark, choose their cores, and measure their memory.

They use the loopback alone, with ports that were free a moment ago, and all of them end
with the benchmark.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.bench import data
from tests.support.paths import ROOT
from tests.support.servers.gateway import environment

SERVER_CORE = 0
_KEPT = ExitStack()
atexit.register(_KEPT.close)


def client_core() -> int:
    """Return a core for the client, other than the server's if there is one."""
    return max(os.sched_getaffinity(0))


def pin(pid: int, core: int = SERVER_CORE) -> None:
    """Restrict a process to one core."""
    os.sched_setaffinity(pid, {core})


def memory(pid: int, word: str = "VmRSS") -> float:
    """Return the memory of a process in MB.

    `word` is VmRSS for its present memory, or VmHWM for its peak.
    """
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(word + ":"))


def family(pid: int) -> tuple[int, ...]:
    """Return a process and all its descendants that still run."""
    below = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return (pid, *(found for child in below for found in family(child)))


def cpu_seconds(pids: tuple[int, ...]) -> float:
    """Return the processor time that processes have used so far.

    It counts their own code and the system's work for them.
    """
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def await_port(port: int, process: subprocess.Popen[bytes], patience: float = 30.0) -> None:
    """Wait until a process listens on a port of the loopback."""
    until = time.monotonic() + patience
    while True:
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, f"{process.args!r} does not listen"
            time.sleep(0.005)
        else:
            return


@contextmanager
def running(
    command: list[str], port: int, folder: Path, core: int | None = None, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; it listens when the block begins.

    `core` is the core on which it and its children run, if any.
    """
    bound = ["taskset", "-c", str(core), *command] if core is not None else command
    with (folder / f"{Path(command[0]).name}-{port}.log").open("ab") as log:
        process = subprocess.Popen(
            bound,
            cwd=folder,
            env=environment(**more),
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        try:
            await_port(port, process)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass(frozen=True, slots=True)
class Built:
    """Cost of one run of the builder.

    There are CPU seconds of each part, and memory in MB before the run and at its peak.
    """

    contacts: int
    rows: int
    fetch: float
    store: float
    compose: float
    compose_elapsed: float
    before: float
    peak: float


@lru_cache
def built(contacts: int) -> tuple[Path, Built]:
    """Return a folder with a directory of `contacts` contacts, and what its build cost.

    A process of its own builds it. All benchmarks of one run share the folder, which is
    deleted at the end: they must not change its state.
    """
    folder = Path(_KEPT.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
    data.write_csv(folder / "contacts.csv", contacts)
    (folder / "gateway.toml").write_text(
        data.configuration(folder / "contacts.csv"), encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.one_build", str(folder / "gateway.toml")],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=1800,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return folder, Built(**report)
