"""Make up directories of any size as CSV files, the same for the same seed.

Nobody in them exists. The numbers are of the ranges that ITU and Ofcom reserve for
fiction, or of no range.
"""

import random
from collections.abc import Iterator
from pathlib import Path

SEED = 20_250_102
HEADERS = "Id,First Name,Last Name,Company,Department,Business Phone,Mobile Phone"

_GIVEN = (
    *(
        "Ann",
        "Ben",
        "Clara",
        "David",
        "Eva",
        "Felix",
        "Greta",
        "Hugo",
        "Ida",
        "Jan",
        "Karla",
        "Leo",
        "Mia",
        "Noah",
        "Olga",
        "Paul",
    ),
    *(
        "Quentin",
        "Rosa",
        "Sam",
        "Tina",
        "Ulrich",
        "Vera",
        "Willi",
        "Xenia",
        "Yusuf",
        "Zoë",
        "André",
        "Björn",
        "Chloé",
        "Dörte",
        "Élise",
    ),
    *(
        "François",
        "Günther",
        "Hélène",
        "İlker",
        "José",
        "Jürgen",
        "Łukasz",
        "Márta",
        "Nuño",
        "Øystein",
        "Šárka",
        "Žofia",
    ),
    *("Αλέξης", "Борис", "Мария", "太郎"),
)
_START = (
    *(
        "Ab",
        "Be",
        "Ca",
        "Da",
        "El",
        "Fa",
        "Ga",
        "Ha",
        "Il",
        "Ja",
        "Ka",
        "La",
        "Ma",
        "Na",
        "Ol",
        "Pa",
        "Qui",
        "Ra",
        "Sa",
        "Ta",
        "Ul",
        "Va",
    ),
    *("Wa", "Xa", "Ya", "Za", "Mü", "Sö", "Kř", "Łu", "Ø", "Ž"),
)
_MIDDLE = (
    "bar",
    "cher",
    "den",
    "fel",
    "gan",
    "holt",
    "ker",
    "lin",
    "mann",
    "nov",
    "pert",
    "rich",
    "sen",
    "ter",
    "vic",
    "witz",
    "zel",
)
_END = (
    "er",
    "mann",
    "ova",
    "son",
    "ski",
    "i",
    "ez",
    "dottir",
    "ino",
    "berg",
    "hofer",
    "",
    "ek",
    "and",
    "ard",
)
_DEPARTMENTS = ("Sales", "Purchasing", "Research", "Warehouse", "Service", "Accounts", "Board", "")


def people(count: int, seed: int = SEED) -> Iterator[str]:
    """Yield the lines of a directory of `count` contacts, without its header.

    One contact in four has a second number.
    """
    chance = random.Random(seed)
    for number in range(count):
        given = chance.choice(_GIVEN)
        family = (
            chance.choice(_START)
            + chance.choice(_MIDDLE)
            + chance.choice(_MIDDLE) * chance.randrange(2)
            + chance.choice(_END)
        )
        company = f"Company {chance.randrange(max(count // 20, 1))}"
        work = (
            f"+44 1632 96{number % 10_000:04d} {number // 10_000:03d}"
            if number % 3
            else f"{1000 + number}"
        )
        mobile = f"+44 7700 9{number % 100_000:05d}{number // 100_000}" if number % 4 == 0 else ""
        yield f"{number},{given},{family},{company},{chance.choice(_DEPARTMENTS)},{work},{mobile}"


def write_csv(path: Path, count: int, seed: int = SEED) -> Path:
    """Write a directory of `count` contacts, and return its path.

    The file is replaced by rename, as careful programs do.
    """
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(HEADERS + "\n")
        file.writelines(line + "\n" for line in people(count, seed))
    draft.replace(path)
    return path


def configuration(csv: Path, refresh: str = "15m") -> str:
    """Return a `gateway.toml` of one book over a CSV file, without [listen]."""
    source = (
        f'[sources.staff]\nconnector = "csv"\npath = "{csv}"\nrefresh = "{refresh}"\nmax_time ='
        ' "30m"\n'
    )
    return source + '\n[books.staff]\ntitle = "Staff"\nsources = ["staff"]\n'
