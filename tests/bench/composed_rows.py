"""Print the rows, callers and counts that a build composes of hostile contacts.

`python -m tests.bench.composed_rows [COUNT]` prints one line for each. Run it before
and after a change that makes the build faster, and compare the two outputs with `diff`:
the change must not show. The contacts are random, with a fixed seed: names in thirty
scripts, signs that nobody sees, numbers in all spellings, three profiles, merging.
"""

import random
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from app import logs
from app.build.composer import Composer
from app.generation.drafts import ContactRows
from app.generation.writer import GenerationWriter
from app.settings.loader import load
from app.state.source_records import SourceRecord
from app.state.store import Store
from connectors.base import Full
from connectors.contact import Contact, NumberKind, PhoneNumber
from tests.bench.data import SEED

_TEXT = """
Ann Müller-Lüdenscheid O'Neill d’Arc Łoś Šárka Øystein İlker Nguyễn Đặng McDonald
von der de la Dr. Prof. Jr. III GmbH & Co. KG Company Müßig ﬁne Ⅷ ĳ ½ 3M A. B. C.
Борис Щербаков Євгенія Жёлтый Ђорђе Алексій Παπαδοπούλου Γιώργος ΣΊΣΥΦΟΣ
Հովհաննես Սարգսյան გიორგი ქართველი שלמה יצחק محمد الفيصل علی پرویز ܫܠܡܐ
राजेश कुमार সুমন ਗੁਰਪ੍ਰੀਤ પટેલ ଓଡ଼ିଆ தமிழ் తెలుగు ಕನ್ನಡ മലയാളം සිංහල
สมชาย ใจดี ແສງ เอกชัย ကျော် ភាសា ᠮᠣᠩᠭᠣᠯ አበበ ᏣᎳᎩ ⴰⵎⴰⵣⵉⵖ བོད
王小明 佐藤 さとう サトウ ｻﾄｳ 김민수 남궁 李 々 𠮷田 ｆｕｌｌ
😀 👩‍👩‍👧 - -- ... N/A (null) ? ,, Smith, (mobile) (2) [old] x
"""
_WORDS = (
    *_TEXT.split(),
    *("e\u0301", "\u0301x", "\u200fabc\u200f", "a\u200bb", "\x00", "\x07", "\ufffd", "\u00ad"),
    *("y" * 60, "ab " * 30, "\u0627 \u0627"),
)
_BETWEEN = (
    " ",
    " ",
    " ",
    " ",
    "",
    "  ",
    "\t",
    "\n",
    "\u00a0",
    "-",
    ", ",
    " \u2013 ",
    "/",
    "\u3000",
)
_LABELS = ("", "", "Büro", "privat", "Privat; Handy", "iPhone (neu)", "x" * 40, "\u200b")
_CONFIGURATION = """
[numbers]
region = "DE"
outside_line = "0"
own_prefixes = ["+4989555"]
[books.all]
sources = ["staff", "friends"]
[books.apart]
sources = ["staff", "friends"]
merge = false
kinds = ["mobile", "work", "home", "other"]
[books.some]
sources = ["staff"]
groups = ["sales"]
private_label = "privat"
[profiles.default]
[profiles.reversed]
name_order = "last-first"
sort_by = "first"
[profiles.abroad]
numbers = { region = "GB", allow_plus = true }
[profiles.plain]
numbers = { region = "", outside_line = "", own_prefixes = [] }
"""


def contacts(count: int, seed: int = SEED) -> list[Contact]:
    """Return random contacts, the same for the same seed; some share names and numbers."""
    chance = random.Random(seed)
    return [_contact(chance, f"{key:06d}") for key in range(count)]


def _text(chance: random.Random, longest: int = 3) -> str:
    if chance.random() < 0.2:
        return ""
    words = [chance.choice(_WORDS) for _ in range(chance.randint(1, longest))]
    return "".join(f"{word}{chance.choice(_BETWEEN)}" for word in words[:-1]) + words[-1]


def _contact(chance: random.Random, key: str) -> Contact:
    given, family = _text(chance), _text(chance)
    names = ("", f"{given} {family}", f"{family}, {given}", f"Dr. {given} {family}", _text(chance))
    rarely = chance.random() < 0.1
    return Contact(
        id=key,
        name=chance.choice(names),
        given_name=given,
        family_name=family,
        phonetic_given_name=_text(chance) if rarely else "",
        phonetic_family_name=_text(chance) if rarely else "",
        sort_name=_text(chance) if chance.random() < 0.05 else "",
        organization=chance.choice(("", _text(chance, 5), f"Company {chance.randrange(50)}")),
        department=chance.choice(("", "Sales", _text(chance))),
        emails=(f"a{chance.randrange(999)}@example.org",) if chance.random() < 0.2 else (),
        groups=chance.choice(((), ("sales",), ("Sales", "x"))),
        numbers=tuple(_number(chance) for _ in range(chance.choice((0, 1, 1, 1, 2, 3)))),
    )


def _number(chance: random.Random) -> PhoneNumber:
    digits = f"{chance.randrange(10**7):07d}"
    value = chance.choice(
        (
            f"+49 89 555{digits[:4]}",
            f"089 / {digits}",
            f"0171-{digits}",
            f"(0176) {digits[:3]} {digits[3:]}",
            f"+44 20 7946 0{digits[:3]}",
            f"0044 1632 96{digits[:4]}",
            digits[:4],
            digits[:2],
            f"+49 (0) 30 {digits} ext. {digits[:3]}",
            f"089 {digits}-0",
            f"*{digits[:2]}#",
            "112",
            "n/a",
            "\u0660\u0661\u0662\u0663\u0664",
            f"+1-800-{chance.choice(('FLOWERS', '555-HELP'))}",
            f"tel:+49-89-{digits};ext=12",
            f" {digits} (Sekretariat) ",
            f"0{digits},,12#",
            f"+49 {digits}{digits}{digits}",
            f"030 {digits}\u200f",
        )
    )
    canonical = f"+4930{digits}" if chance.random() < 0.1 else ""
    return PhoneNumber(value, chance.choice(tuple(NumberKind)), chance.choice(_LABELS), canonical)


class _Printed(GenerationWriter):
    """A writer that prints its rows and their callers as they come."""

    def add_contacts(self, profile: int, contacts: Iterable[ContactRows]) -> None:
        """Print the rows of a profile on their way."""
        super().add_contacts(profile, map(_print_rows, contacts))


def _print_rows(contact: ContactRows) -> ContactRows:
    for row, callers in contact.rows:
        print(ascii((*row, *callers)))
    for item in contact.unlisted:
        print(ascii(item))
    return contact


def main() -> None:
    """Compose the contacts of two sources, and print what was composed."""
    logs.configure(quiet=True)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        sources = {"staff": contacts(count), "friends": contacts(count // 2, SEED + 1)}
        (folder / "gateway.toml").write_text(
            "".join(f'[sources.{one}]\nconnector = "csv"\npath = "x.csv"\n' for one in sources)
            + _CONFIGURATION,
            encoding="utf-8",
        )
        settings = load(folder / "gateway.toml")
        settings.state_dir.mkdir(exist_ok=True)
        store = Store(settings.state_dir)
        store.open("aside")
        for source, found in sources.items():
            store.apply(SourceRecord(source, last_success=1.0), Full(tuple(found)))
        composer = "app.build.composer"
        sys.modules[composer].GenerationWriter = _Printed  # type: ignore[attr-defined]
        Composer(settings, store, settings.state_dir).compose()


if __name__ == "__main__":
    main()
