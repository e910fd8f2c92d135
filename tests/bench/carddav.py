"""First and unchanged reading from Radicale, beside curl with the same requests: `python -m tests.bench.carddav [CARDS]`."""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from connectors.base import Delta, Full
from connectors.carddav import CardDavConnector
from connectors.dav import multiget_body, sync_body
from connectors.dav_cards import BATCH
from tests.bench.vcard import sample
from tests.servers.radicale import PASSWORD, Radicale

_PATH = "/ann/many/"


def _curl(server: Radicale, folder: Path, *bodies: bytes) -> bytes:
    """Send reports over one connection, as curl does, and return what came back."""
    arguments: list[str] = []
    for number, body in enumerate(bodies):
        (folder / f"{number}.xml").write_bytes(body)
        one = ["--request", "REPORT", "--header", "Depth: 0", "--header", "Content-Type: application/xml"]
        one += ["--user", f"ann:{PASSWORD}", "--data-binary", f"@{folder / f'{number}.xml'}", f"{server.url}{_PATH}"]
        arguments += [*(["--next"] if arguments else []), "--silent", *one]
    return subprocess.run(["curl", *arguments], capture_output=True, check=True).stdout


def main() -> None:
    """Fill a book, warm the server up, and measure both clients in turn."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Radicale(folder / "radicale")
        try:
            cards = "".join(sample(number) for number in range(count))
            server.client().expect((201,), "PUT", _PATH, cards.encode(), **{"Content-Type": "text/vcard"})
            connector = CardDavConnector.model_validate(
                {"url": f"{server.url}{_PATH}", "username": "ann", "password": PASSWORD, "timeout": 120}
            )
            connector.fetch(None)
            for _ in range(2):
                start = time.perf_counter()
                listed = _curl(server, folder, sync_body("")).decode()
                hrefs = re.findall(r"<href>([^<]+\.vcf)</href>", listed)
                _curl(server, folder, *(multiget_body(hrefs[at : at + BATCH]) for at in range(0, len(hrefs), BATCH)))
                middle = time.perf_counter()
                full = connector.fetch(None)
                end = time.perf_counter()
                again = connector.fetch(full.checkpoint)
                last = time.perf_counter()
                assert isinstance(full, Full)
                assert isinstance(again, Delta)
                assert count == len(full.contacts) == len(hrefs)
                ours, theirs = end - middle, middle - start
                print(f"{count} cards: curl {theirs:.2f} s, we {ours:.2f} s ({ours / theirs:.2f}x), unchanged {last - end:.2f} s")
        finally:
            server.process.stop()


if __name__ == "__main__":
    main()
