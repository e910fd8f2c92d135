"""Measure a first and an unchanged fetch from Radicale, beside curl.

curl sends the same requests to the same server: `python -m tests.bench carddav`. The
cards are written into Radicale's folder, and it has indexed them before the first
round: both clients meet a warm server. They take turns, over one kept connection each.
The ratio is the processor time of Radicale and the gateway, over that of Radicale for
curl.
"""

import re
import subprocess
import tempfile
import time
from pathlib import Path

from connectors.base import Delta, Full
from connectors.carddav.bodies import multiget_body, sync_body
from connectors.carddav.connector import CardDavConnector
from connectors.carddav.multiget import BATCH
from tests.bench.figures import Figure, at_most, percentile, plain
from tests.bench.processes import cpu_seconds
from tests.bench.vcard import sample
from tests.support.servers.radicale import PASSWORD, Radicale

_PATH = "/ann/many/"


def _curl(server: Radicale, folder: Path, *bodies: bytes) -> bytes:
    """Send reports over one connection, as curl does, and return the response."""
    arguments: list[str] = []
    for number, body in enumerate(bodies):
        (folder / f"{number}.xml").write_bytes(body)
        one = [
            "--request",
            "REPORT",
            "--header",
            "Depth: 0",
            "--header",
            "Content-Type: application/xml",
        ]
        one += [
            "--user",
            f"ann:{PASSWORD}",
            "--data-binary",
            f"@{folder / f'{number}.xml'}",
            f"{server.url}{_PATH}",
        ]
        arguments += [*(["--next"] if arguments else []), "--silent", *one]
    return subprocess.run(["curl", *arguments], capture_output=True, check=True).stdout


def _fill(server: Radicale, count: int) -> None:
    """Write an address book of `count` cards into Radicale's folder."""
    book = server.folder / "collections" / "collection-root" / "ann" / "many"
    book.mkdir(parents=True)
    (book / ".Radicale.props").write_text('{"tag": "VADDRESSBOOK", "D:displayname": "Many"}')
    for number in range(count):
        (book / f"{number}.vcf").write_text(sample(number), encoding="utf-8", newline="")


def run(quick: bool) -> list[Figure]:
    """Fill a book, warm the server up, and measure both clients in turn."""
    count, rounds = (1_000, 3) if quick else (10_000, 5)
    ratios, ours, theirs, used, unchanged, work = [], [], [], [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Radicale(folder / "radicale")
        try:
            _fill(server, count)
            connector = CardDavConnector.model_validate(
                {
                    "url": f"{server.url}{_PATH}",
                    "username": "ann",
                    "password": PASSWORD,
                    "timeout": 300,
                }
            )
            start = time.perf_counter()
            connector.fetch(None)
            cold = time.perf_counter() - start
            pids = (server.process.pid,)
            for _ in range(rounds):
                idle, start = cpu_seconds(pids), time.perf_counter()
                listed = _curl(server, folder, sync_body("")).decode()
                hrefs = re.findall(r"<href>([^<]+\.vcf)</href>", listed)
                cards = _curl(
                    server,
                    folder,
                    *(multiget_body(hrefs[at : at + BATCH]) for at in range(0, len(hrefs), BATCH)),
                )
                middle, before, busy = time.perf_counter(), time.process_time(), cpu_seconds(pids)
                full = connector.fetch(None)
                end, after, done = time.perf_counter(), time.process_time(), cpu_seconds(pids)
                position = server.position()
                again = connector.fetch(full.checkpoint)
                unchanged.append((time.perf_counter() - end) * 1000)
                requests = len(server.requests_since(position))
                assert isinstance(full, Full)
                assert isinstance(again, Delta)
                assert count == len(full.contacts) == len(hrefs) == cards.count(b"BEGIN:VCARD")
                theirs.append(middle - start)
                ours.append(end - middle)
                used.append(after - before)
                ratios.append(ours[-1] / theirs[-1])
                work.append((done - busy + used[-1]) / (busy - idle))
        finally:
            server.process.stop()
    size = f"{count:,} cards"
    return [
        at_most(
            "carddav",
            f"first reading of {size} from Radicale over curl with the same requests",
            percentile(ratios, 0.5),
            3,
            "x",
        ),
        at_most("carddav", "the same, by processor time", percentile(work, 0.5), 3, "x"),
        plain("carddav", f"{size}: curl", percentile(theirs, 0.5), "s"),
        plain("carddav", f"{size}: first reading", percentile(ours, 0.5), "s"),
        plain("carddav", f"{size}: our own processor time in it", percentile(used, 0.5), "s"),
        plain("carddav", f"{size}: first reading while Radicale makes its index", cold, "s"),
        at_most("carddav", "requests for an unchanged book", requests, 1),
        plain("carddav", f"{size}: unchanged reading", percentile(unchanged, 0.5), "ms"),
    ]
