"""Results that are kept are those of the plan and the limit that they are kept for."""

import pytest

from app.numbers.cache import CachedDialPlan
from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import dial
from connectors.contact import NumberKind, PhoneNumber

GERMANY, AUSTRIA = DialPlan(region="DE", outside_line="0"), DialPlan(region="AT", outside_line="")
RAW = (
    "+49 89 5550109",
    "089 5550109",
    "5550109",
    "112",
    "no number",
    "",
    "+43 1 5550109",
    "x" * 99,
)


@pytest.mark.parametrize("plan", [GERMANY, AUSTRIA, DialPlan()], ids=["DE", "AT", "none"])
@pytest.mark.parametrize("limit", [32, 8, 3])
@pytest.mark.parametrize("most", [1, 3, 1000])
def test_a_result_is_that_of_the_plan_and_the_limit_every_time(
    plan: DialPlan, limit: int, most: int
) -> None:
    cached = CachedDialPlan(plan, limit=limit, most=most)
    for _ in range(3):
        for raw in RAW:
            expected = dial(raw, plan, limit=limit)
            assert expected == cached.dial(raw)
            assert expected.number == cached.digits(PhoneNumber(raw, NumberKind.WORK))
    assert len(cached) <= 2 * most


def test_two_plans_and_two_limits_share_nothing() -> None:
    raw = "089 5550109"
    found = [
        CachedDialPlan(plan, limit=limit).dial(raw).number
        for plan, limit in ((GERMANY, 32), (AUSTRIA, 32), (GERMANY, 10), (GERMANY, 11))
    ]
    assert ["00895550109", "0895550109", "", "00895550109"] == found


def test_a_canonical_form_belongs_to_the_key() -> None:
    raw, canonical = "089 5550109", "+43895550109"
    cached = CachedDialPlan(GERMANY, limit=32)
    assert cached.dial(raw) == dial(raw, GERMANY, limit=32)
    assert cached.dial(raw, canonical) == dial(raw, GERMANY, canonical, limit=32)
    number = PhoneNumber(raw, NumberKind.WORK, canonical)
    assert cached.digits(number) == dial(raw, GERMANY, canonical, limit=32).number
    assert 2 == len(cached)


def test_what_is_still_used_stays_when_the_older_half_is_dropped() -> None:
    cached = CachedDialPlan(GERMANY, limit=32, most=2)
    first = cached.dial("089 5550101")
    for number in range(2, 8):
        cached.dial(f"089 555010{number}")
        assert first is cached.dial("089 5550101")
        assert len(cached) <= 4
