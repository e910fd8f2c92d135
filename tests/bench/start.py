"""Measure how soon the first page is served after the start.

There is a generation from before. uvicorn with a bare FastAPI application is measured
beside it.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tests.bench import data
from tests.bench.figures import Figure, at_most, plain
from tests.bench.load import ask
from tests.bench.processes import built
from tests.support.servers.gateway import command, environment
from tests.support.servers.processes import free_port


def run(quick: bool) -> list[Figure]:
    """Return seconds and their ratio; the two take turns."""
    ours, theirs = [], []
    folder, _ = built(1_000)
    for _ in range(3 if quick else 11):
        port = free_port()
        listen = f'[listen]\nhost = "127.0.0.1"\nport = {port}\n'
        (folder / "gateway.toml").write_text(
            f"{data.configuration(folder / 'contacts.csv')}\n{listen}", encoding="utf-8"
        )
        ours.append(_first(command("serve"), port, "/staff.xml", folder))
        port = free_port()
        bare = [
            sys.executable,
            "-m",
            "uvicorn",
            "--no-access-log",
            "--port",
            str(port),
            "tests.bench.rivals.bare_fastapi:app",
        ]
        theirs.append(_first(bare, port, "/page.xml", folder))
    ratio = median(first / second for first, second in zip(ours, theirs, strict=True))
    return [
        plain("start", "serve to the first page", median(ours), "s"),
        plain("start", "uvicorn with a bare FastAPI to its first page", median(theirs), "s"),
        at_most("start", "the one over the other", ratio, 1.6, "x"),
    ]


def _first(words: list[str], port: int, path: str, folder: Path) -> float:
    with (folder / "server.log").open("ab") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=folder, env=environment(), stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
        try:
            while True:
                try:
                    answer = ask(port, path)
                except OSError:
                    answer = b""
                if answer.startswith(b"HTTP/1.1 200"):
                    return time.perf_counter() - begun
                assert process.poll() is None, (folder / "server.log").read_text(encoding="utf-8")
                assert time.perf_counter() - begun < 60, f"{words} never served {path}"
                time.sleep(0.002)
        finally:
            process.terminate()
            process.wait(20)
