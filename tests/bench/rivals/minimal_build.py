"""The minimal build: read the CSV file, sort the rows and index their names.

`python -m tests.bench.rivals.minimal_build CONTACTS.csv TARGET.sqlite` prints the
seconds of processor time that it took.
"""

import csv
import sqlite3
import sys
import time
from pathlib import Path


def build(contacts: Path, target: Path) -> int:
    """Write rows and one contentless full-text table; return the number of rows."""
    rows = []
    with contacts.open(encoding="utf-8", newline="") as lines:
        for _, given, family, _, _, work, mobile in csv.reader(lines):
            name = f"{family} {given}".casefold()
            rows += [(name, f"{given} {family}", number) for number in (work, mobile) if number]
    rows.sort()
    file = sqlite3.connect(target)
    file.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT, number TEXT)")
    file.execute("CREATE VIRTUAL TABLE found USING fts5(name, content='', columnsize=0)")
    numbered = [(number, *row) for number, row in enumerate(rows, 1)]
    file.executemany("INSERT INTO rows VALUES (?, ?, ?)", ((n, s, d) for n, _, s, d in numbered))
    file.executemany("INSERT INTO found (rowid, name) VALUES (?, ?)", (row[:2] for row in numbered))
    file.commit()
    file.close()
    return len(rows)


if __name__ == "__main__":
    begun = time.process_time()
    build(Path(sys.argv[1]), Path(sys.argv[2]))
    print(time.process_time() - begun)
