"""Publish and follow many rows: bytes in the exchange, seconds, memory of builders.

`python -m tests.bench.several_machines [ROWS]`, 100,000 by default. The server of the
tests does not wait for the disk (fsync = off).
"""

import re
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from tests.support.servers.gateway import Gateway, eventually
from tests.support.servers.site_hosts import BUILDER, Site, running_site, version_of

_LINE = r"timestamp=(\S+) .*event={event} .*version={version}\b"
_PATIENCE = 1800.0


def write(site: Site, rows: int, first: str) -> None:
    """Write so many people into the file of contacts; `first` is the name of one."""
    draft = site.contacts.with_name("draft")
    with draft.open("w") as file:
        file.write(f"given_name,family_name,work\n{first},Smith,089999999\n")
        for number in range(rows - 1):
            file.write(f"Given{number % 5000},Family{number},0895{1_000_000 + number}\n")
    draft.replace(site.contacts)


def peak(host: Gateway) -> int:
    """Return the most memory that a host's builder had so far, in MB."""
    (builder,) = host.children(BUILDER)
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{builder}/status").read_text())
    return int(found[1]) // 1024 if found is not None else 0


def moment(host: Gateway, event: str, version: str) -> datetime:
    """Return when a host logged an event of a version."""
    line = re.compile(_LINE.format(event=event, version=version))
    # It is logged after it is served.
    found = eventually(lambda: line.search(host.logged()), f"{event} of {version}")
    assert found is not None
    return datetime.fromisoformat(found[1])


def show(site: Site, version: str) -> None:
    """Print what a version cost."""
    with site.server.admin(site.database) as connection:
        row = connection.execute(
            "SELECT size, (SELECT sum(length(data)) FROM directory_gateway.part p"
            " WHERE p.version = g.version) FROM directory_gateway.generation g WHERE version = %s",
            (version,),
        ).fetchone()
    assert row is not None
    north, south = site.hosts["north"], site.hosts["south"]
    published = moment(north, "generation_published", version)
    fetched = moment(south, "generation_fetched", version)
    print(
        f"{version}: {row[0] / 1e6:.1f} MB, {row[1] / 1e6:.1f} MB in the exchange; fetched"
        f" {(fetched - published).total_seconds():.1f} s after it was published; peak memory of"
        f" the builder {peak(north)} MB, of the follower {peak(south)} MB"
    )


def main() -> None:
    """Publish all rows, change one, and print what each cost."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000

    def listed(host: Gateway) -> int:
        return int(host.status()["profiles"]["default"]["books"]["staff"]["rows"])

    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        write(site, rows, "Ann")
        north, south = site.add("north"), site.add("south")
        eventually(lambda: listed(south) == rows, "all rows", _PATIENCE)
        show(site, before := version_of(south))
        write(site, rows, "Bea")
        eventually(lambda: version_of(south) > before, "the change", _PATIENCE)
        eventually(lambda: version_of(north) == version_of(south), "one version", _PATIENCE)
        show(site, version_of(south))


if __name__ == "__main__":
    main()
