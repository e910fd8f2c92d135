"""Sources and books to search in; the file of one source is missing."""

import csv
from collections.abc import Iterator
from pathlib import Path

from tests.support import contacts

STAFF_COUNT = 120
CROWD_COUNT = 1100
CONFIG = """
title = "Company"
[numbers]
region = "DE"
[sources.staff]
connector = "csv"
path = "contacts.csv"
[sources.friends]
connector = "csv"
path = "friends.csv"
[sources.crowd]
connector = "csv"
path = "crowd.csv"
[sources.late]
connector = "csv"
path = "late.csv"
[books.staff]
title = "Staff"
sources = ["staff"]
[books.friends]
title = "Friends"
sources = ["friends"]
[books.crowd]
title = "Crowd"
sources = ["crowd"]
[books.late]
title = "Late & Co"
sources = ["late"]
[dial.helpdesk]
title = "Call helpdesk"
number = "1001"
[profiles.default]
menu = ["staff", "friends", "helpdesk", "search"]
[profiles.crowd]
menu = ["crowd", "search"]
[profiles.both]
menu = ["staff", "late", "search"]
[profiles.bare]
menu = ["staff", "friends", "helpdesk", "search"]
softkeys = false
[profiles.quiet]
menu = ["staff"]
[profiles.dials]
menu = ["helpdesk", "search"]
"""


def write_files(folder: Path) -> None:
    """Write the files of the sources, except the missing one."""
    contacts.write(folder / "contacts.csv", _staff())
    contacts.write(folder / "crowd.csv", (contacts.person(row) for row in range(CROWD_COUNT)))
    with (folder / "friends.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("Name", "Phone"), ("Zoë Zeller", "0171 5555555"), ("Jurgen Friend", "0171 6666666")]
        )


def _staff() -> Iterator[tuple[str, ...]]:
    for row in range(STAFF_COUNT):
        given = f"Jürgen {chr(97 + row // 26)}{chr(97 + row % 26)}"
        yield (given, "Müller", "Acme", "Sales", "Work", f"+49 89 55{row:07d}", "", "")
    yield ("Игорь", "Петров", "Восток", "", "Work", "+49 89 8888888", "", "")
    yield ("", "", "Bright & Co", "", "Main", "+49 30 444-0", "", "")
