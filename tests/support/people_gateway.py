"""A gateway whose contacts are listed, merged, left out, odd and skipped."""

from pathlib import Path

from tests.support.held_gateway import HOSTILE, LONG_NAME, TITLE
from tests.support.offline_gateway import write_people
from tests.support.servers.web_side import WebSide

CONFIG = """
title = "Company"
[sources.office]
connector = "csv"
path = "office.csv"
[sources.cloud]
connector = "csv"
path = "cloud.csv"
[sources.unused]
connector = "csv"
path = "unused.csv"
[numbers]
region = "DE"
[books.all]
title = 'TITLE'
sources = ["office", "cloud"]
[books.sales]
title = "Sales"
sources = ["office"]
groups = ["Sales"]
[profiles.default]
[profiles.lobby]
menu = ["all"]
[profiles.lobby.numbers]
outside_line = "0"
""".replace("TITLE", TITLE.replace("'", "’"))
OFFICE = [
    {
        "ID": "o1",
        "First Name": "Ann",
        "Last Name": "Smith",
        "Organization Name": "Ärzte & Co",
        "Organization Department": "Blood Lab",
        "Groups": "Sales",
        "Work Phone": "089 5550101",
    },
    {"ID": "o2", "First Name": "Nina", "Last Name": "Nothing", "Groups": "Sales"},
    {"ID": "o3", "First Name": "Ola", "Last Name": "Odd", "Work Phone": "1" * 60},
    {
        "ID": "o4",
        "First Name": HOSTILE,
        "Last Name": HOSTILE,
        "Organization Name": HOSTILE,
        "Groups": HOSTILE,
        "E-mail": f"{HOSTILE}@x.example",
        "Work Phone": "1004 or so" + HOSTILE,
    },
    {"ID": "o5", "First Name": "Kay", "Last Name": "Kaputt", "Work Phone": "4.9E+11"},
    {
        "ID": LONG_NAME,
        "First Name": "",
        "Last Name": LONG_NAME,
        "Organization Name": LONG_NAME,
        "Groups": LONG_NAME,
        "Work Phone": "1005",
    },
    *(
        {
            "ID": f"p{row}",
            "First Name": "Person",
            "Last Name": f"{row:02}",
            "Work Phone": f"20{row:02}",
        }
        for row in range(60)
    ),
]
CLOUD = [
    {
        "ID": "c1",
        "First Name": "A.",
        "Last Name": "Smith",
        "Work Phone": "+49 (0)89 5550101",
        "Mobile Phone": "0172 5550111",
    },
]


def people_side(folder: Path) -> WebSide:
    """Return the web side of such a gateway, not yet started."""
    for name, people in (
        ("office", OFFICE),
        ("cloud", CLOUD),
        ("unused", [{"ID": "u1", "Name": "Una Used", "Work Phone": "1009"}]),
    ):
        write_people(folder / f"{name}.csv", people)
    return WebSide(folder, CONFIG)
