"""Measure how many cards a second the vCard parser reads.

`python -m tests.bench vcard` prints the best of three, in processor time.
"""

import time

from connectors.vcard.parser import read_cards
from tests.bench.figures import Figure, at_least
from tests.connectors.vcard.cards import card


def sample(number: int) -> str:
    """Return a card of 14 properties beside its BEGIN, VERSION and END."""
    return card(
        "PRODID:-//Example//Client 1.2//EN",
        f"UID:81c2a2f0-3e3f-4c1b-9d2e-{number:012d}",
        f"FN:Ann Müller {number}",
        f"N:Müller {number};Ann;;;",
        f"ORG:Example GmbH;Sales;Team {number % 17}",
        "TITLE:Engineer",
        f"TEL;TYPE=WORK,VOICE:+49 89 555{number:05d}",
        f"TEL;TYPE=CELL:+49 172 555{number:05d}",
        f"TEL;TYPE=HOME,FAX:+49 30 555{number:05d}",
        f"EMAIL;TYPE=INTERNET,WORK:ann.mueller{number}@example.com",
        f"ADR;TYPE=WORK:;;Example Street {number};Munich;;80331;Germany",
        "CATEGORIES:Sales,Friends",
        "NOTE:Met at the fair in Hannover\\, wants to be called in the afternoon. Folded here"
        " because it\r\n  is long.",
        "REV:20260101T000000Z",
    )


def run(quick: bool) -> list[Figure]:
    """Read the cards three times and keep the best."""
    count = 2_000 if quick else 10_000
    data = "".join(sample(number) for number in range(count)).encode()
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        assert count == sum(1 for one in read_cards(data) if one.contact)
        best = min(best, time.process_time() - start)
    what = (
        f"cards of 14 properties a second of processor time, {count:,} cards"
        f" ({len(data) / 1e6:.1f} MB)"
    )
    return [at_least("vcard", what, count / best, 15_000)]
