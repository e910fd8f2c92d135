"""Let PostgreSQL fail over to its replica under two hosts, and see what phones see.

`python -m tests.bench.failover`. Both servers run on loopback; the replica follows
asynchronously, and lacks the last publication in the second run.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.support.servers.gateway import Gateway, eventually
from tests.support.servers.postgres import PostgresServer, running_postgres
from tests.support.servers.postgres_replica import Replica
from tests.support.servers.site_hosts import BOOK, Site


@dataclass(slots=True)
class Phone:
    """Opens a book again and again: what it saw, in turn, and the longest answer."""

    host: Gateway
    seen: list[str] = field(default_factory=list)
    longest: float = 0.0
    ending: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.ending.wait(0.02):
            begun = time.monotonic()
            code, _, body = self.host.get(BOOK)
            self.longest = max(self.longest, time.monotonic() - begun)
            names = " ".join(name for name in NAMES if f"{name} Smith" in body.decode())
            shown = names if code == 200 else f"status {code}"
            if self.seen[-1:] != [shown]:
                self.seen.append(shown)


NAMES = ("Ann", "Ben", "Cat", "Dan")


@contextmanager
def replica_of(primary: PostgresServer) -> Iterator[Replica]:
    """Yield a running replica, and delete its files afterwards."""
    with tempfile.TemporaryDirectory(prefix="replica-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        replica = Replica(folder, primary)
        try:
            replica.start()
            yield replica
        finally:
            replica.stop()


def fail_over(folder: Path, *, is_behind: bool) -> None:
    """Kill the primary of two hosts and promote the replica; print what was seen."""
    with running_postgres() as primary, ExitStack() as stack:
        site = Site(folder, primary, stack)
        replica = stack.enter_context(replica_of(primary))
        first, second = (
            server.url(site.database).partition("@")[2].partition("/")[0]
            for server in (primary, replica)
        )
        site.url = (
            f"postgresql://{site.database}@{first},{second}/{site.database}"
            "?target_session_attrs=read-write"
        )
        site.write("Ann")
        for name in ("north", "south"):
            site.add(name)
        site.until_all_show("Ann")
        leader = site.leader()
        phones = [Phone(host) for host in site.hosts.values()]
        threads = [threading.Thread(target=phone.run) for phone in phones]
        for thread in threads:
            thread.start()
        try:
            replica.catch_up()
            if is_behind:
                replica.stay_behind()
            site.write("Ann", "Ben")
            site.until_all_show("Ann", "Ben")
            if not is_behind:
                replica.catch_up()
            primary.stop()
            killed = time.monotonic()
            replica.promote()
            promoted = time.monotonic()
            site.write("Ann", "Ben", "Cat")
            for host in site.hosts.values():
                eventually(partial(site.shows, host, "Ann", "Ben", "Cat"), site.logs())
            served = time.monotonic()
            site.until_one_version()
        finally:
            for phone in phones:
                phone.ending.set()
            for thread in threads:
                thread.join()
        print(
            f"replica {'without' if is_behind else 'with'} the last publication: promoted"
            f" {promoted - killed:.1f} s after the kill, a change served by both hosts"
            f" {served - killed:.1f} s after it; before it {leader} built, now {site.leader()}"
        )
        for name, phone in zip(site.hosts, phones, strict=True):
            print(f"  phone of {name}: {' | '.join(phone.seen)}; longest {phone.longest:.3f} s")


def main() -> None:
    """Fail over to a replica that has everything, and to one that lacks the last."""
    for is_behind in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            fail_over(Path(folder), is_behind=is_behind)


if __name__ == "__main__":
    main()
