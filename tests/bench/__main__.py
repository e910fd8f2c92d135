"""Run the benchmarks: `python -m tests.bench [--quick] [NAME ...]`.

It prints one Markdown table, which docs/benchmarks.md explains.
"""

import argparse
import os
import platform
import sys
import time
from importlib import import_module

from tests.bench.figures import Figure, table

NAMES = (
    "pages",
    "rebuild",
    "build",
    "change",
    "memory",
    "crowd",
    "start",
    "miss",
    "search",
    "lookup",
    "console",
    "merging",
    "carddav",
    "vcard",
    "kill",
    "soak",
)


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Benchmarks; docs/benchmarks.md explains them."
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)}; none: all"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="smaller directories and fewer rounds: minutes instead of a quarter of an hour",
    )
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are: {', '.join(NAMES)}")
    figures: list[Figure] = []
    for name in args.names or NAMES:
        begun = time.monotonic()
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures += import_module(f"tests.bench.{name}").run(args.quick)
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    print(
        f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f}\n"
    )
    print(table(figures))


if __name__ == "__main__":
    main()
