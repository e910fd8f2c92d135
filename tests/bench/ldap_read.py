"""Measure how long a large directory takes to read.

It has 50,000 entries of 11 attributes. It is read over TLS, completely and when nothing
changed. Run it with `python -m tests.bench.ldap_read [number of entries]`. It starts a
slapd of its own on loopback, reads it in a process of its own, and prints seconds and
megabytes. `--latency` also measures how late another process wakes meanwhile.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

from connectors.base import Full
from connectors.ldap.connector import LdapConnector
from tests.support.servers.ca import make_authority
from tests.support.servers.slapd import PASSWORD, PEOPLE, READER, SUFFIX, Settings, running


def entries(count: int) -> Iterator[str]:
    """Yield people with eleven attributes that a phone book wants, as LDIF."""
    for number in range(count):
        yield (
            f"dn: uid=u{number},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: u{number}\ncn:"
            f" Given{number} Family{number}\nsn: Family{number}\ngivenName:"
            f" Given{number}\ndisplayName: Given{number} Family{number}\nmail:"
            f" u{number}@example.com\ntelephoneNumber: +49 89 555{number:05d}\nmobile: +49 172"
            f" 555{number:05d}\nhomePhone: +49 30 555{number:05d}\no: Example\nou: Department"
            f" {number % 50}\ntitle: Engineer\n"
        )


def read(url: str, ca_file: Path) -> None:
    """Read everything, then what changed; print the time of each."""
    data = {
        "url": url,
        "ca_file": ca_file,
        "bind_dn": READER,
        "password": PASSWORD,
        "base_dn": PEOPLE,
    }
    connector = LdapConnector.model_validate(data)
    import ldap3  # noqa: F401 - imported before the clock starts, as in a running builder

    idle = _megabytes()
    started, used = time.perf_counter(), time.process_time()
    whole = connector.fetch(None)
    assert isinstance(whole, Full)
    _say("whole", len(whole.contacts), started, used)
    print(
        f"memory: {idle} MB before, {_megabytes()} MB at the highest; checkpoint"
        f" {len(whole.checkpoint or '') // 1024} KB"
    )
    started, used = time.perf_counter(), time.process_time()
    again = connector.fetch(whole.checkpoint)
    assert not isinstance(again, Full)
    _say("unchanged", len(again.changed) + len(again.removed), started, used)


def _say(what: str, count: int, started: float, used: float) -> None:
    print(
        f"{what}: {count} contacts in {time.perf_counter() - started:.2f} s"
        f" ({time.process_time() - used:.2f} s of processor)"
    )


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _waking(stop: Event) -> None:
    """Print how late a process wakes that wants to wake every millisecond.

    A process that answers phones behaves like that.
    """
    late = []
    while not stop.is_set():
        before = time.perf_counter()
        time.sleep(0.001)
        late.append(time.perf_counter() - before - 0.001)
    late.sort()
    half, most = late[len(late) // 2] * 1000, late[len(late) * 99 // 100] * 1000
    print(f"another process wakes late by {half:.2f} ms (p50), {most:.2f} ms (p99)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=50_000)
    parser.add_argument("--latency", action="store_true")
    options = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        authority = make_authority(Path(name) / "ca")
        settings = Settings(database=f'limits dn.exact="{READER}" size.prtotal=unlimited')
        certificate = authority.issue("127.0.0.1")
        print(f"{options.count} entries under {SUFFIX}, Python {sys.version.split()[0]}")
        with running(Path(name) / "slapd", certificate, settings, entries(options.count)) as server:
            stop = spawn.Event()
            watch = spawn.Process(target=_waking, args=(stop,))
            if options.latency:
                watch.start()
            reader = spawn.Process(target=read, args=(server.tls_url, authority.file))
            reader.start()
            reader.join()
            if options.latency:
                stop.set()
                watch.join()
            return reader.exitcode or 0


if __name__ == "__main__":
    sys.exit(main())
