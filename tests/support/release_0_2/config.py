"""The configuration and the people of the state directory in `state/`.

`python -m tests.bench.releases --write` made that folder, by the code of release 0.2.0.
"""

from pathlib import Path

COMMIT = "c505446"
"""The commit of the release."""
STATE = Path(__file__).parent / "state"
CONFIG = """
title = "Company"
[sources.staff]
connector = "csv"
path = "staff.csv"
[sources.shop]
connector = "csv"
path = "shop.csv"
[numbers]
region = "DE"
"""
STAFF = (
    ("Ann Smith", "+49 30 23125001"),
    ("Zoë Müller", "1001"),
    ("Игорь Петров", "+49 171 3920011"),
)
SHOP = tuple((f"Shop {number:02}", f"+44 20 7946 0{number:03}") for number in range(1, 13))
LEFT = SHOP[:1]
"""What was left of the shop when the brake held it back: everybody is still listed."""


def write_contacts(path: Path, people: tuple[tuple[str, str], ...]) -> None:
    """Write a CSV file with a name and a number in each line."""
    lines = ["name,number", *(",".join(person) for person in people), ""]
    path.write_text("\n".join(lines), encoding="utf-8")
