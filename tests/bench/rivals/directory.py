"""Read, sort and page a CSV file for the rivals, as a simple script does it."""

import csv
import os
from pathlib import Path

SIZE = 32


def rows() -> list[tuple[str, str]]:
    """Return names and numbers of the CSV file $CONTACTS, in order of the last name."""
    found = []
    with Path(os.environ["CONTACTS"]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for number in (row["Business Phone"], row["Mobile Phone"]):
                if number:
                    name = f"{row['First Name']} {row['Last Name']}"
                    found.append(
                        (row["Last Name"].lower(), name, number.replace(" ", "").replace("+", "00"))
                    )
    found.sort()
    return [(name, number) for _, name, number in found]


def keys(page: int) -> tuple[tuple[str, str], ...]:
    """Return the softkeys of a page."""
    base = os.environ["BASE"]
    following, before = f"{base}/page.xml?page={page + 1}", f"{base}/page.xml?page={page - 1}"
    return (
        ("Exit", "SoftKey:Exit"),
        ("Dial", "SoftKey:Dial"),
        ("Next", following),
        ("Previous", before),
        ("EditDial", "SoftKey:EditDial"),
    )
