"""What rules, filters and merging cost: builds over 100,000 contacts with two numbers each, from the store to the published generation.

Run `python -m tests.bench.merging [CONTACTS]`. Seconds are those of the processor, so that neighbours do not count; every figure comes from
this run and this machine: read the ratios.
"""

import gc
import resource
import sys
import tempfile
import time
from pathlib import Path

from app.composer import Composer
from app.settings import Settings, parse
from app.store import Record, Store
from connectors.base import Full
from connectors.contact import Contact, NumberKind, PhoneNumber

GIVEN = ("Ann", "Zoë", "Łukasz", "Émile", "Игорь", "José-María", "Nguyễn Văn", "Şule", "Ελένη", "D'Arcy")
FAMILY = ("Smith", "Müller", "O'Neill", "Østergård", "Петров", "van der Berg", "García", "Παπαδοπούλου", "Novák")
RULES = {
    "region": "DE",
    "outside_line": "0",
    "international": "00",
    "own_prefixes": ["+4989777", "+4930888"],
    "rewrite": [["^\\+420", ""], ["^00900", "+"]],
    "extension_digits": 4,
}


def person(number: int, prefix: str = "") -> Contact:
    """Return contact `number`: a name that no other has, a number of the office and a mobile one, written in several ways."""
    given, family = f"{GIVEN[number % len(GIVEN)]} {chr(97 + number % 26)}{number}", FAMILY[number % len(FAMILY)]
    work = (f"+49 89 5{number:07d}", f"089 / 5{number:07d}", f"+49 (0)89 5{number:07d}", f"0049 89-5{number:07d}")[number % 4]
    return Contact(
        id=f"{prefix}{number:07d}",
        name=f"{given} {family}",
        given_name=given,
        family_name=family,
        organization="Acme & Co",
        emails=(f"p{number}@x.example",),
        groups=("Sales" if number % 2 else "Support",),
        numbers=(PhoneNumber(work, NumberKind.WORK), PhoneNumber(f"+49 172 {number:07d}", NumberKind.MOBILE)),
    )


def settings(folder: Path, sources: int, numbers: dict[str, object], **book: object) -> Settings:
    """Return a configuration of so many sources in one book."""
    names = [f"s{place}" for place in range(sources)]
    data = {
        "state_dir": str(folder),
        "sources": {name: {"connector": "csv", "path": "unused.csv"} for name in names},
        "books": {"all": {"sources": names, **book}},
        "numbers": numbers,
    }
    return parse(data, folder / "gateway.toml")


def timed(folder: Path, made: Settings, again: bool = False) -> tuple[float, float, int]:
    """Return the seconds of a first build, of a second one by the same composer (0 where not asked), and the rows."""
    composer = Composer(made, Store(folder), folder)
    begun = time.process_time()
    rows = composer.compose().rows
    first = time.process_time()
    if again:
        composer.compose()
    return first - begun, time.process_time() - first, rows


def fill(folder: Path, count: int, sources: int) -> None:
    """Store `count` contacts: in one source, or every person in two of the sources, half a turn apart."""
    store = Store(folder)
    store.open("bench")
    for place in range(sources):
        people = tuple(person(number, f"s{place}-") for number in range(count) if sources == 1 or number % sources != place)
        store.apply(Record(f"s{place}", contacts=len(people), last_success=time.time()), Full(people, None))


def main() -> None:
    """Print the figures."""
    gc.disable()  # as the builder does
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="bench-merging-") as name:
        folder = Path(name)
        fill(folder, count, 1)
        plain, _, rows = min(timed(folder, settings(folder, 1, {}, merge=False)) for _ in range(2))
        print(f"{count} contacts, one source, no rules, no merging: {plain:.2f} s, {plain / rows * 1e6:.1f} us a row")
        ruled, again, _ = timed(folder, settings(folder, 1, RULES, merge=False), again=True)
        print(f"  a full set of rules: {ruled:.2f} s, {(ruled - plain) / rows * 1e6:+.1f} us a number; the next build {again:.2f} s")
        doubles, _, _ = timed(folder, settings(folder, 1, {}))
        print(f"  exact doubles looked for: {doubles:.2f} s, {(doubles - plain) / count * 1e6:+.1f} us a contact")
        filtered, _, _ = timed(folder, settings(folder, 1, {}, merge=False, groups=["sales", "support"], exclude=["^test", "^0900"]))
        print(f"  two groups and two patterns: {filtered:.2f} s, {(filtered - plain) / count * 1e6:+.1f} us a contact")
    for size in (count // 4, count // 2, count):
        with tempfile.TemporaryDirectory(prefix="bench-merging-") as name:
            folder = Path(name)
            fill(folder, size, 3)
            apart, _, all_rows = timed(folder, settings(folder, 3, RULES, merge=False))
            merged, again, rows = timed(folder, settings(folder, 3, RULES), again=True)
            print(
                f"{size} people, each in two of three sources: {all_rows} rows unmerged {apart:.2f} s, {rows} rows merged {merged:.2f} s, "
                f"merging {(merged - apart) / size * 1e6:+.1f} us a person; the next build {again:.2f} s"
            )
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
