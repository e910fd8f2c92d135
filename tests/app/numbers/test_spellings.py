"""Example numbers of 43 regions in 65 spellings are dialled rightly from ten countries.

The numbers stand in `number_spellings.txt`, the spellings in `number_spellings`. What
is dialled is decoded by `number_exchange`.
"""

from collections import Counter
from functools import cache

import pytest

from app.numbers.dial_plan import DialPlan
from app.numbers.lookup_numbers import lookup_candidates, lookup_numbers
from tests.support.number_exchange import is_valid
from tests.support.number_referee import read_data, verdict
from tests.support.number_spellings import REGIONS, SPELLINGS, Row, rows

EXAMPLES, RECORDED = read_data()


@cache
def judged(spelling: str) -> tuple[tuple[Row, str], ...]:
    return tuple((row, verdict(row)) for row in rows(spelling, EXAMPLES))


def shown(row: Row) -> str:
    found = row.dialled()
    where = f"{row.exchange.region} with line {row.exchange.line!r}"
    return (
        f"{row.text!r} in {where}: {found.number or 'nothing'} ({found.rule}; {found.warning}), not"
        f" {row.number.whole}"
    )


def test_the_table_is_large_enough() -> None:
    assert 40 <= len({number.region for number in EXAMPLES} & set(REGIONS))
    assert 120 <= len(EXAMPLES)
    assert 60 <= len(SPELLINGS)
    assert set(SPELLINGS) == set(RECORDED)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_nobody_else_is_dialled_and_nothing_is_lost_in_silence(spelling: str) -> None:
    faults = [shown(row) for row, found in judged(spelling) if found in ("wrong", "silent")]
    assert [] == faults[:: max(1, len(faults) // 10)], f"{len(faults)} of {len(judged(spelling))}"


def is_two_numbers(row: Row) -> bool:
    """Tell whether digits without a gap are two numbers, so that no entry is right.

    Singapore: 001 and 43 1 5550123, or 00 and 1 431 555 0123.
    """
    text, before = row.text, row.exchange.international
    if (
        not text.isdigit()
        or before == "00"
        or not (before.startswith("00") and text.startswith(before))
    ):
        return False
    return all(is_valid("+" + text.removeprefix(head)) for head in ("00", before))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_was_dialled_rightly_keeps_its_entry(spelling: str) -> None:
    was_right = RECORDED[spelling]
    assert len(was_right) == len(judged(spelling)), (
        "the table has changed: record it anew, with the dial plan of commit acc3c80"
    )
    pairs = zip(judged(spelling), was_right, strict=True)
    lost = [
        shown(row)
        for (row, found), right in pairs
        if right and found != "right" and not (found == "none" and is_two_numbers(row))
    ]
    assert [] == lost[:: max(1, len(lost) // 10)], f"{len(lost)} of {sum(was_right)}"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_who_is_dialled_is_who_is_known_as_a_caller(spelling: str) -> None:
    for row, found in judged(spelling):
        if found == "right":
            plan = DialPlan(region=row.exchange.region, outside_line=row.exchange.line)
            assert row.number.whole == lookup_numbers(row.text, row.dialled().number, plan)[0], (
                shown(row)
            )
            assert (row.number.whole,) == lookup_candidates(row.number.whole, plan).sure, shown(row)


def test_what_begins_like_a_whole_number_has_an_entry() -> None:
    due: Counter[str] = Counter()
    has: Counter[str] = Counter()
    missing: dict[tuple[str, str], str] = {}
    for spelling in SPELLINGS:
        for row, found in judged(spelling):
            if row.must_have_an_entry:
                due[row.number.region] += 1
                has[row.number.region] += found == "right"
                if found != "right":
                    missing.setdefault((row.number.region, spelling), shown(row))
    low = {
        region: f"{100 * has[region] / due[region]:.1f} %"
        for region in REGIONS
        if has[region] < 0.95 * due[region]
    }
    assert {} == low, [text for (region, _), text in missing.items() if region in low][:40]


def test_a_wrong_party_is_known() -> None:
    """A row whose text is another number's is a fault, at every exchange."""
    another = EXAMPLES[-1]
    for row, found in judged("+ digits"):
        if found == "right" and row.number != another:
            assert "wrong" == verdict(Row(another, row.spelling, row.exchange, row.text)), shown(
                row
            )
