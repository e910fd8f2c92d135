"""Measure how many times a second one directory page is served.

It is compared with nginx and with simple servers. Every server has one worker on one
core, the client another core. They take turns, round by round, and a ratio is of one
round. Equal requests are answered from the cache of responses, different ones are not.
"""

import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from statistics import median

from tests.bench import data
from tests.bench.figures import Figure, at_least, plain
from tests.bench.load import Rate, ask, rate
from tests.bench.processes import SERVER_CORE, family, pin, running
from tests.support.servers.gateway import Gateway, eventually
from tests.support.servers.processes import free_port

CONTACTS = 1_000
GATEWAY, NGINX, FASTAPI, FLASK = (
    "gateway",
    "nginx, static file",
    "FastAPI, CSV on every request",
    "Flask and lxml on every request",
)
LOGGED = "gateway with --access-log"
GUNICORN = "the same under gunicorn"
_NGINX = """daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=10;
  keepalive_requests 100000000;
  types {{ }}
  default_type "text/xml; charset=utf-8";
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""


CASES = tuple(product((True, False), (False, True)))
"""A new connection for each request or kept alive, each with equal or different requests."""
TARGETS = {(True, False): 0.65, (False, False): 1.2}
"""The least ratio to nginx by processor time, for equal requests."""


def run(quick: bool) -> list[Figure]:
    """Return requests a second and ratios, for new connections and kept alive."""
    rounds, seconds = (1, 1) if quick else (5, 2)
    seen: dict[tuple[str, bool, bool], list[Rate]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        servers = _servers(Path(name), stack)
        for url, pids in servers.values():
            for close in (True, False):
                rate(url, pids, 1, close=close)
        for _ in range(rounds):
            for close, cold in CASES:
                for server, (url, pids) in servers.items():
                    if not cold or server in (GATEWAY, LOGGED, NGINX):
                        seen[server, close, cold].append(
                            rate(url, pids, seconds, close=close, cold=cold)
                        )
    return [figure for close, cold in CASES for figure in _figures(seen, close, cold)]


def _figures(
    seen: dict[tuple[str, bool, bool], list[Rate]], close: bool, cold: bool
) -> Iterator[Figure]:
    case = ("new connection" if close else "kept alive") + (", every request different" * cold)
    servers = [server for server, *found in seen if found == [close, cold]]
    for server in servers:
        elapsed = median(found.elapsed for found in seen[server, close, cold])
        yield plain("pages", f"{server}, {case}", elapsed, "req/s")
    for rival in servers:
        if rival == GATEWAY:
            continue
        pairs = tuple(zip(seen[GATEWAY, close, cold], seen[rival, close, cold], strict=True))
        text = f"gateway over {rival}, {case}"
        least = {FASTAPI: 8.0, FLASK: 5.0}.get(rival)
        ratio = median(ours.elapsed / theirs.elapsed for ours, theirs in pairs)
        yield (
            at_least("pages", text, ratio, least, "x")
            if least is not None
            else plain("pages", text, ratio, "x")
        )
        text += ", by the servers' processor time"
        least = (TARGETS if rival == NGINX else {}).get((close, cold))
        ratio = median(ours.processor / theirs.processor for ours, theirs in pairs)
        yield (
            at_least("pages", text, ratio, least, "x")
            if least is not None
            else plain("pages", text, ratio, "x")
        )


def _gateway(folder: Path, csv: Path, stack: ExitStack, *options: str) -> tuple[Gateway, int]:
    """Return a running gateway with all contacts, and its worker."""
    folder.mkdir()
    gateway = stack.enter_context(Gateway(folder, data.configuration(csv), *options))
    eventually(
        lambda: gateway.status()["profiles"]["default"]["books"]["staff"]["rows"] >= CONTACTS,
        "all contacts",
    )
    (worker,) = gateway.children("app.web.worker")
    pin(worker)
    return gateway, worker


def _servers(folder: Path, stack: ExitStack) -> dict[str, tuple[str, tuple[int, ...]]]:
    csv = data.write_csv(folder / "contacts.csv", CONTACTS)
    gateway, worker = _gateway(folder / "gateway", csv, stack)
    logged, logging_worker = _gateway(folder / "logged", csv, stack, "--access-log")
    links = re.findall(rb"<URL>http://[^/]+(/staff/[^<]+)</URL>", ask(gateway.port, "/staff.xml"))
    menu = ask(gateway.port, links[1].decode("ascii"))
    if b"<CiscoIPPhoneMenu>" in menu:
        links = re.findall(rb"<URL>http://[^/]+(/staff/[^<]+)</URL>", menu)
    pages = {
        path.decode("ascii"): ask(gateway.port, path.decode("ascii")).partition(b"\r\n\r\n")[2]
        for path in links
    }
    path, body = next(
        (path, body) for path, body in pages.items() if body.count(b"<DirectoryEntry>") == 32
    )
    (folder / "www").mkdir()
    (folder / "www" / "page.xml").write_bytes(body)
    nginx, fastapi, flask, gunicorn = free_port(), free_port(), free_port(), free_port()
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=nginx))
    words = ["nginx", "-e", f"{folder}/nginx-error.log", "-c", f"{folder}/nginx.conf"]
    static = stack.enter_context(running(words, nginx, folder, SERVER_CORE))
    words = [
        sys.executable,
        "-m",
        "uvicorn",
        "--no-access-log",
        "--log-level",
        "error",
        "--host",
        "127.0.0.1",
        "--port",
        str(fastapi),
    ]
    variables = {"CONTACTS": str(csv), "BASE": f"http://127.0.0.1:{fastapi}"}
    naive = stack.enter_context(
        running(
            [*words, "tests.bench.rivals.naive_fastapi:app"],
            fastapi,
            folder,
            SERVER_CORE,
            **variables,
        )
    )
    words = [sys.executable, "-m", "tests.bench.rivals.flask_lxml", str(flask)]
    peer = stack.enter_context(running(words, flask, folder, SERVER_CORE, **variables))
    servers = {
        NGINX: (f"http://127.0.0.1:{nginx}/page.xml", family(static.pid)),
        GATEWAY: (f"{gateway.base}{path}", (worker,)),
        LOGGED: (f"{logged.base}{path}", (logging_worker,)),
        FASTAPI: (f"http://127.0.0.1:{fastapi}/page.xml?page=2", family(naive.pid)),
        FLASK: (f"http://127.0.0.1:{flask}/page.xml?page=2", family(peer.pid)),
    }
    if find_spec("gunicorn") is None:
        print(
            "pages: gunicorn is not installed, so Flask is measured with its own server alone",
            file=sys.stderr,
        )
        return servers
    words = [
        sys.executable,
        "-m",
        "gunicorn",
        "--worker-class",
        "gthread",
        "--threads",
        "4",
        "--bind",
        f"127.0.0.1:{gunicorn}",
    ]
    better = stack.enter_context(
        running(
            [*words, "tests.bench.rivals.flask_lxml:app"],
            gunicorn,
            folder,
            SERVER_CORE,
            **variables,
        )
    )
    ask(gunicorn, "/page.xml")
    return servers | {
        GUNICORN: (f"http://127.0.0.1:{gunicorn}/page.xml?page=2", family(better.pid))
    }
