"""A gateway with sources in every state that a file can bring about."""

import csv
from pathlib import Path

from app.build.once import build_once
from tests.support import contacts
from tests.support.servers.web_side import WebSide

HOSTILE = "<script>alert('x')</script>\" & مرحبا"
"""A text that would run, end an attribute, or turn the line, if it were not escaped."""
LONG_NAME = "Long" + "g" * 4996
TITLE = "Tom & <b>Jerry</b> \"'مرحبا"

CONFIG = """
title = 'TITLE'
[sources.staff]
connector = "csv"
path = "staff.csv"
[sources.club]
connector = "csv"
path = "club.csv"
[sources.old]
connector = "csv"
path = '<img src=x onerror="alert(1)">.csv'
[sources.suppliers]
connector = "csv"
path = "suppliers.csv"
[books.staff]
title = 'TITLE'
sources = ["staff", "club"]
[books.suppliers]
sources = ["suppliers"]
[profiles.default]
[profiles.reception]
title = 'TITLE'
""".replace("TITLE", TITLE.replace("'", "’"))


def _write(path: Path, rows: list[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("name", "number"), *rows])


def troubled(folder: Path) -> WebSide:
    """Return a gateway of which `club` is held back and `old` fails; not yet started.

    Accepting the result of `club` removes 21 contacts. Two have hostile names.
    """
    rows = [(f"Person {number}", str(1000 + number)) for number in range(38)]
    contacts.write(folder / "staff.csv", (contacts.person(row) for row in range(30)))
    _write(folder / "club.csv", [*rows, (HOSTILE, "2000"), (LONG_NAME, "2001")])
    _write(folder / "suppliers.csv", [("Ann", "3000"), ("", "3001"), ("Bob", "")])
    old = folder / '<img src=x onerror="alert(1)">.csv'
    _write(old, [("Cy", "4000")])
    gateway = WebSide(folder, CONFIG)
    _write(folder / "club.csv", rows[:19])
    old.write_text("nothing;here\n", encoding="utf-8")
    build_once(gateway.settings)
    return gateway
