"""Numbers as strangers' address books hold them: what is dialled for each is right, or it has no entry and is reported."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.numbers import gate, identity, parser
from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import DialResult, dial
from app.numbers.numbering_plans import EMERGENCY_ANYWHERE, region
from app.numbers.parser import parse_number
from tests.support.offline_gateway import configured, write_people
from tests.support.servers.gateway import run

LIMIT = 32

# region | outside line | written | dialled ("-": nothing) | "odd" if reported. Spaces in what is dialled are for reading.
EMERGENCY = """
US | 9 | 91-11-2345-6789 | - | odd
US |   | 91 120 456 7890 | - | odd
US | 9 | (11) 2345-6789 | - | odd
FR | 0 | (11) 2345-6789 | - | odd
GB | 9 | 99 94 12 345 67 89 | - | odd
FR | 0 | 17-123-4567-890 | - | odd
   |   | 91 11 2345 6789 | - | odd
US | 9 | 9 1 1 234 | - | odd
IT | 0 | (11) 2345-6789 | - | odd
US | 9 | 911 | 911 |
DE | 0 | 112 | 112 |
US | 9 | +91 11 2345 6789 | 9 011 91 11 23456789 |
US | 9 | (911) 555-0123 | 9 1 911 5550123 |
   | 9 | 112-34567 | - | odd
   |   | 9112345678 | - | odd
   |   | 911*5 | - | odd
DE | 0 | 110 2345 6789 0123 4567 | - | odd
JP | 0 | 119-1234-5678-90123 | - | odd
AU | 9 | 000 123 456 789 012 | - | odd
US | 9 | 112233 | - | odd
DE | 0 | #31#112345678 | - | odd
DE | 0 | #31#112 | #31#112 |
DE | 0 | #31#0895550109 | #31#0895550109 |
US | 9 | *67 911 555 0123 | - | odd
US | 9 | *67 212 555 0107 | *67 2125550107 |
HU | 0 | (1) 123-4567 | 0 061 1234567 | odd
HU |   | 1 123 4567 | 061 1234567 | odd
AU | 0 | +49 89 5550109 | 0 0011 49 89 5550109 |
BR | 0 | (19) 3234-5678 | 0 0 19 32345678 | odd
BR |   | +55 11 2345-6789 | 0 11 23456789 | odd
NO | 0 | 911 23 456 | 0 00 47 911 23456 | odd
ES | 0 | 912 34 56 78 | 0 912345678 |
ES | 0 | 911 23 45 67 | 0 00 34 911234567 | odd
DE | 0 | 1100 | 1100 |
"""
LIKE_THE_LINE = """
US | 9 | 91 22 2345 6789 | - | odd
US | 9 | 91-98765-43210 | - | odd
GB | 9 | 972 3-612-3456 | - | odd
CH | 0 | 021 234 56 78-0 | 0 0212345678 | odd
CH | 0 | 021 234 56 78 0 | - | odd
AU | 0 | 0061 2 9876 5432 | 0 0298765432 |
US | 9 | 44 20 7946 0123 | - | odd
US | 9 | 90 212 345 67 89 | - | odd
GB | 9 | 92 21 1234 5678 | - | odd
CA | 9 | 966 11 234 5678 | - | odd
GB | 0 | 0123456 | - | odd
FR | 0 | 01 42 68 53 00 12 | - | odd
DE | 1 | 116117 | - | odd
US | 9 | 0049 172 5550116 | 0049 172 5550116 | odd
"""
LOST_PLUS = """
DE | 0 | 491711234567 | 0 0171 1234567 | odd
DE | 0 | 49 171 1234567 | 0 0171 1234567 | odd
DE | 0 | 4915112345678 | 0 0151 12345678 | odd
DE | 0 | 49 711 123456 | 0 0711 123456 | odd
DE | 0 | 49 211 12345678 | 0 0211 12345678 | odd
DE | 0 | 493012345678 | 0 030 12345678 | odd
DE | 0 | 491 1234567 | 0 0491 1234567 | odd
DE | 0 | 1711234567 | 0 0171 1234567 | odd
DE |   | 49 221 1234567 | 0221 1234567 | odd
DE | 0 | (49) 351 1234567 | 0 0351 1234567 | odd
DE | 0 | 4917612345678.0 | 0 0176 12345678 | odd
AT | 0 | 43 1 5550123 | 0 01 5550123 | odd
BR | 0 | 55 11 96123-4567 | 0 11 961234567 | odd
RU | 9 | 7 495 123 45 67 | 9 8 495 1234567 | odd
IT | 0 | 39 347 123 4567 | 0 347 1234567 | odd
DE | 0 | 33 1 42 68 53 00 | - | odd
DE | 0 | 442079460123 | - | odd
DE |   | 41 44 668 18 00 | - | odd
BR | 0 | 90 212 345 67 89 | - | odd
US | 9 | 45 32 12 34 56 | - | odd
DE | 0 | 44 020 7946 0123 | - | odd
DE | 0 | 49 171 123456 | 0 0171 123456 | odd
MX | 9 | 52 1 55 5123 4567 | 9 5551234567 | odd
"""
ZEROS = """
HK | 0 | 0081 90 1234 5678 | 0 00 81 9012345678 | odd
SG | 0 | 0081 90 1234 5678 | 0 001 81 9012345678 | odd
HK | 0 | 0085221234567 | 0 21234567 |
SG | 0 | 0065 6123 4567 | 0 61234567 |
HK | 0 | 0065 6123 4567 | 0 00 65 61234567 |
SG | 0 | 0049 30 5550113 | 0 001 49 30 5550113 |
KR | 0 | 0049 30 5550113 | 0 001 49 30 5550113 |
KR | 0 | 001 1 212 555 0107 | 0 001 1 2125550107 |
KR | 0 | 002 49 30 5550113 | 0 001 49 30 5550113 |
BR | 0 | 0049 30 5550113 | 0 0015 49 30 5550113 |
BR | 0 | 0015 49 30 5550113 | 0 0015 49 30 5550113 |
CO | 0 | 0044 20 7946 0123 | 0 009 44 2079460123 |
CL | 0 | 0033 1 42 68 53 00 | 0 00 33 142685300 |
CO | 0 | 0057 1 234 5678 | 0 6012345678 | odd
SG | 0 | 001 43 1 5550123 | 0 001 43 15550123 | odd
SG | 0 | 00 1 431 555 0123 | 0 001 1 4315550123 | odd
SG | 0 | 0014315550123 | - | odd
HK | 0 | (0086) 10 1234 5678 | 0 00 86 1012345678 |
JP | 0 | 0049 30 5550113 | 0 010 49 30 5550113 | odd
JP | 0 | 00 7 812 555 01 23 | - | odd
RU | 9 | 0049 30 5550113 | 9 810 49 30 5550113 | odd
"""
HYPHENS = """
JP | 0 | 03ー3123ー4567 | 0 0331234567 |
JP | 0 | ０３ー３１２３ー４５６７ | 0 0331234567 |
JP | 0 | 090ー1234ー5678 | 0 09012345678 |
JP | 0 | 03ｰ3123ｰ4567 | 0 0331234567 |
JP | 0 | 03一3123一4567 | 0 0331234567 |
JP | 0 | 03〜3123〜4567 | 0 0331234567 |
JP | 0 | 03-3123-4567〜9 | 0 0331234567 | odd
JP | 0 | 03-3123-4567～4569 | 0 0331234567 | odd
JP | 0 | 03ー3123ー4567（代表） | 0 0331234567 | odd
JP | 0 | 03 あ 3123 4567 | - | odd
JP | 0 | 1001 受付 | 1001 | odd
JP | 0 | 電話 03ー3123ー4567 | 0 0331234567 | odd
DE | 0 | 089−555‒01―09 | 0 0895550109 |
DE | 0 | 089⁓555∼0109 | 0 0895550109 |
DE | 0 | 089 5550109 – 0170 5550114 | 0 0895550109 | odd
DE | 0 | 089 5550109 — 0170 5550114 | 0 0895550109 | odd
DE | 0 | 0895550109-01705550114 | 0 0895550109 | odd
"""
REMARKS = """
DE | 0 | 01805-123456 (0,14 €/Min.) | 0 01805123456 | odd
DE | 0 | 01805123456 (0,14 Euro/Minute) | 0 01805123456 | odd
DE | 0 | 0900 1 234567 (1,99 €/Min) | 0 09001234567 | odd
DE | 0 | 0180 5 123456 (14 ct/Min.) | 0 01805123456 | odd
DE | 0 | 0180 5 123456 (0,14 €/Min. aus dem Festnetz, max. 0,42 €/Min. mobil) | 0 01805123456 | odd
DE | 0 | 01805 123456 [14ct/min] | 0 01805123456 | odd
DE | 0 | 01805 123456, 0,14 €/Min. | 0 01805123456 | odd
DE | 0 | 01805 123456 - 14 Cent/Min | 0 01805123456 | odd
DE | 0 | 01805 123456 für 0,14 €/Min. | 0 01805123456 | odd
DE | 0 | 01805 123456 (0,14 €) | 0 01805123456 | odd
AT | 0 | 0900 123456 (€ 1,81/Min) | 0 0900123456 | odd
CH | 0 | 0900 123 456 (CHF 1.50/Min.) | 0 0900123456 | odd
GB | 9 | 0900 123 4567 £1.50 per call | 9 09001234567 | odd
FR | 0 | 0 892 12 34 56 (0,60 € / min) | 0 0892123456 | odd
DE | 0 | 089 5550109 (Mo, Mi 9,5 h) | 0 0895550109 | odd
DE | 0 | 089 5550109 (8-17) | 0 0895550109 | odd
DE | 0 | 089 123-45/-46 | 0 08912345 | odd
DE | 0 | 089 123-45, -46 | 0 08912345 | odd
DE | 0 | 089 123-45; -46 | 0 08912345 | odd
DE | 0 | 089 123-45 u. -46 | 0 08912345 | odd
DE | 0 | 0241/555-12/13 | 0 024155512 | odd
DE | 0 | 0241/555 12/-13 | 0 024155512 | odd
DE | 0 | 089 123-45 bis -49 | 0 08912345 | odd
DE | 0 | 089 555 01 09 Fr 8-12 | 0 0895550109 | odd
DE | 0 | 110 Polizei | 110 | odd
DE | 0 | 1001 Anna | 1001 | odd
DE | 0 | 1001 (Zimmer 12) | 1001 | odd
DE | 0 | Zimmer 12 Tel. 089 5550109 | 0 0895550109 | odd
"""
PLUS_TRUNK = """
RU | 0 | +8 (495) 123-45-67 | 0 84951234567 | odd
RU | 0 | +8-912-345-67-89 | 0 89123456789 | odd
RU | 0 | +84 24 3825 1234 | 0 810 84 2438251234 |
RU | 0 | +8 495 1234567 | 0 84951234567 | odd
RU |   | +88001234567 | 88001234567 | odd
RU | 0 | +84 95 123 45 67 | 0 810 84 951234567 |
KZ | 0 | +8 (727) 234-56-78 | 0 87272345678 | odd
KZ | 0 | +8 701 234 56 78 | 0 87012345678 | odd
US | 9 | 1+212-555-0107 | 9 1 2125550107 | odd
US |   | 1+ (800) 555-0199 | 1 8005550199 | odd
DE | 0 | 1+212.555.0107 | 0 00 1 2125550107 | odd
US | 9 | 1+800-FLOWERS | 9 1 8003569377 | odd
US | 9 | 9+1 212 555 0107 | 9 1 2125550107 | odd
"""
FORMER = """
DE | 0 | +52 1 55 5123 4567 | 0 00 52 5551234567 | odd
MX |   | 044 55 5123 4567 | 5551234567 | odd
MX |   | 045 55 5123 4567 | 5551234567 | odd
MX | 9 | 01 55 5123 4567 | 9 5551234567 | odd
MX | 9 | 01 800 123 4567 | 9 8001234567 | odd
PL | 0 | 0 22 123 45 67 | 0 221234567 | odd
DE | 0 | +48 0 22 123 45 67 | 0 00 48 221234567 | odd
CL | 9 | 09 8765 4321 | 9 987654321 | odd
CZ | 0 | 0777 123 456 | 0 777123456 | odd
IT | 0 | 0347 123 4567 | 0 347 1234567 | odd
CO |   | (1) 234 5678 | 601 2345678 | odd
DE | 0 | +57 1 234 5678 | 0 00 57 601 2345678 | odd
"""
SEVERAL = """
DE | 0 | 089 5550109,01705550114 | 0 0895550109 | odd
DE | 0 | 089 5550109, 0170 5550114, 030 5550113 | 0 0895550109 | odd
US | 9 | 212-555-0107,212-555-0108 | 9 1 2125550107 | odd
DE | 0 | 1001, 1002 | 1001 | odd
US | 9 | 212-555-0107, 212-555-0108 x12 | 9 1 2125550107 | odd
US | 9 | 212-555-0107 – 12 | 9 1 2125550107 | odd
FR | 0 | 01 42 68 53 00 - 12 | 0 0142685300 | odd
FR | 0 | +33 1 42 68 53 00-12 | 0 0142685300 | odd
DE | 0 | 089 5550109 × 123 | 0 0895550109 | odd
DE | 0 | 089 5550109×123 | 0 0895550109 | odd
DE | 0 | 089 5550109 ~ 123 | 0 0895550109 | odd
RU | 0 | 8 495 123-45-67 х12 | 0 84951234567 | odd
BR | 0 | (0xx21) 2345-6789 | 0 2123456789 |
DE | 0 | tel:110;phone-context=+49 | 110 |
US | 9 | tel:911;phone-context=+1 | 911 |
DE | 0 | sip:5550109;phone-context=+49-89@pbx.example;user=phone | 0 0895550109 |
DE | 0 | 5550109;phone-context=+49-89 | 0 0895550109 |
DE | 0 | tel:089-5550109;phone-context=+49 | 0 0895550109 |
DE | 0 | tel:06-698-12345;phone-context=+39 | 0 00 39 0669812345 |
"""


def table(text: str) -> list[tuple[DialPlan, str, str, bool]]:
    found = []
    for row in text.strip("\n").splitlines():
        place, line, raw, number, odd = (cell.strip(" ") for cell in row.split("|"))
        found.append((DialPlan(region=place, outside_line=line), raw, number.replace(" ", "").strip("-"), odd == "odd"))
    return found


ROWS = [row for text in (EMERGENCY, LIKE_THE_LINE, LOST_PLUS, ZEROS, HYPHENS, REMARKS, PLUS_TRUNK, FORMER, SEVERAL) for row in table(text)]


@pytest.mark.parametrize(
    "plan, raw, number, is_odd",
    ROWS,
    ids=lambda value: f"{value.region}-{value.outside_line}" if isinstance(value, DialPlan) else ascii(value),
)
def test_strangers_numbers(plan: DialPlan, raw: str, number: str, is_odd: bool) -> None:
    result = dial(raw, plan, limit=LIMIT)
    assert (number, is_odd) == (result.number, bool(result.odd)), result


REGIONS = st.sampled_from(["", "DE", "US", "GB", "FR", "IT", "HU", "RU", "AU", "BR", "IN", "ES", "NO", "JP"])
LINES = st.sampled_from(["", "0", "9", "1", "0,"])
DIGITS = st.text("0123456789", max_size=12)
HEADS = st.sampled_from(["", "+", "00", "0", "112", "911", "110", "1", "+1", "+49", "91-11-", "#31#", "*67", "(11) "])


def begins_emergency(number: str, place: str) -> bool:
    home = region(place) if place else None
    heads = [number[:length] for length in range(1, 6)]
    return not is_emergency(number, place) and any(
        head in EMERGENCY_ANYWHERE or (home is not None and home.emergency.fullmatch(head) is not None) for head in heads
    )


def is_emergency(number: str, place: str) -> bool:
    return number in EMERGENCY_ANYWHERE or (place != "" and region(place).emergency.fullmatch(number) is not None)


@given(
    st.tuples(HEADS, DIGITS, st.sampled_from(["", " ", "-", " x ", "#"]), DIGITS).map("".join),
    REGIONS,
    LINES,
    st.sampled_from([(), (("^0049", "112"),), ((r"^(\d{6})", r"9\1"),), ((r"^\+", "11"),)]),
    st.sampled_from(["", "+911123456789", "+12125550107"]),
    st.booleans(),
)
@example("91-11-2345-6789", "US", "9", (), "", False)
@example("(11) 2345-6789", "IT", "0", (), "", False)
@example("+1 1001", "US", "9", (), "", False)
def test_nothing_begins_like_an_emergency_number_or_reaches_the_outside_by_accident(
    raw: str, place: str, line: str, rewrite: tuple[tuple[str, str], ...], canonical: str, allow_plus: bool
) -> None:
    plan = DialPlan(region=place, outside_line=line, rewrite=rewrite, allow_pause=True, allow_plus=allow_plus)
    result = dial(raw, plan, canonical, limit=LIMIT)
    keys, outside = result.number.replace(",", ""), line.replace(",", "")
    rule = result.rule.rpartition(", ")[2]
    if rule in ("none", "emergency", "extension"):
        assert len(keys) <= max(plan.extension_digits, 6)
        return
    if not keys.startswith(("*", "#")):
        head = outside + region(place).international if place and rule == "international" else ""
        assert not begins_emergency(keys, place) or begins_emergency(head + "0", place)
        assert not (place and outside and keys.startswith(outside)) or not begins_emergency(keys.removeprefix(outside), place)
    if place and outside and rule in ("cleaned", "short number", "service code"):
        assert not keys.startswith(outside)


def test_what_was_unclear_and_dangerous_is_dialled_in_the_sources_canonical_form() -> None:
    plan = DialPlan(region="US", outside_line="9")
    expected = DialResult("9011911123456789", "international", "What is written was unclear: the source's canonical form is dialled.")
    assert expected == dial("91-11-2345-6789", plan, "+911123456789", limit=LIMIT)


@pytest.mark.parametrize(
    "plan, raw, odd",
    [
        (DialPlan(region="US", outside_line="9"), "112 555 0107", gate.LIKE_EMERGENCY),
        (DialPlan(region="CH", outside_line="0"), "021 234 56 78 0", gate.LIKE_LINE),
        (DialPlan(region="NO", outside_line="0"), "911 23 456", gate.AROUND),
        (DialPlan(region="US"), "91 22 2345 6789", identity.FOREIGN),
        (DialPlan(region="JP", outside_line="0"), "00 7 812 555 01 23", identity.AMBIGUOUS),
        (DialPlan(region="SG"), "001 43 1 5550123", identity.PREFIX),
        (DialPlan(region="HK", outside_line="0"), "0081 90 1234 5678", identity.CARRIER),
        (DialPlan(region="JP", outside_line="0"), "0049 30 5550113", identity.DOUBLE_ZERO),
        (DialPlan(region="RU", outside_line="0"), "+8 (495) 123-45-67", identity.PLUS_TRUNK),
        (DialPlan(region="PL", outside_line="0"), "0 22 123 45 67", identity.FORMER),
        (DialPlan(region="US"), "1+212-555-0107", parser.ONE_PLUS),
        (DialPlan(region="JP"), "03 あ 3123 4567", parser.WORDS),
    ],
)
def test_what_is_doubtful_has_a_sentence_of_its_own(plan: DialPlan, raw: str, odd: str) -> None:
    assert odd == dial(raw, plan, limit=LIMIT).odd


def test_a_second_number_behind_a_comma_is_no_pause() -> None:
    plan = DialPlan(region="DE", outside_line="0", allow_pause=True)
    assert "00895550109" == dial("089 5550109,01705550114", plan, limit=LIMIT).number
    assert "00895550109" == dial("089 5550109, 0170 5550114, 030 5550113", plan, limit=LIMIT).number
    assert "00895550109,,12345678#" == dial("089 5550109,,12345678#", plan, limit=LIMIT).number
    assert "00895550109,12" == dial("089 5550109,12", plan, limit=LIMIT).number
    assert "008912345" == dial("089 123-45, -46", plan, limit=LIMIT).number


@pytest.mark.parametrize("raw", ["089 555-0 × 123", "089 555-0000 ~ 123", "089 555-0 х123", "089 555-0 (分机 123)"])
def test_an_extension_sign_of_another_script_gives_the_extension_of_the_house(raw: str) -> None:
    plan = DialPlan(region="DE", outside_line="0", own_prefixes=("+4989555",))
    assert DialResult("123", "own prefix") == dial(raw, plan, limit=LIMIT)


def test_check_counts_extensions_that_begin_like_an_emergency_number(tmp_path: Path) -> None:
    people = [("Ann", "1120"), ("Bob", "1125"), ("Cora", "+49 89 555-1101"), ("Dora", "2001"), ("Eve", "112"), ("Fay", "1120")]
    write_people(tmp_path / "contacts.csv", [{"Name": name, "Work Phone": raw} for name, raw in people])
    config = """
[sources.staff]
connector = "csv"
path = "contacts.csv"
[numbers]
region = "DE"
outside_line = "0"
own_prefixes = ["+4989555"]
[dial.desk]
title = "Desk"
number = "91-11-2345-6789"
[profiles.default]
[profiles.five]
[profiles.five.numbers]
extension_digits = 2
"""
    configured(tmp_path, config)
    checked = run("check", cwd=tmp_path).stdout
    sentence = "begin like an emergency number: an exchange that connects after three digits calls for help."
    assert f"profile default: 3 extensions {sentence}\n" in checked
    assert "profile five: 1 extension begins like" in checked
    assert f"  3: {gate.LIKE_EMERGENCY}\n" in checked
    assert f'dial.desk.number = "91-11-2345-6789" cannot be dialled in profile default. {identity.FOREIGN}\n' in checked
    listed = run("numbers", cwd=tmp_path)
    assert "Ann\twork\t1120\t1120\textension\n" in listed.stdout
    assert f"3 extensions {sentence}" in listed.stderr


@pytest.mark.parametrize(
    "unit", ["~", "~1", "-0", "- 1", ",1", ", 1", "(1€", "€1", "1 ct ", "/min", "0xx1", "ー", "×1", "1+2", ";phone-context="]
)
@pytest.mark.parametrize("head", ["", "089 5550109", "tel:"])
def test_hostile_text_takes_linear_time(head: str, unit: str) -> None:
    # Anything quadratic would take minutes here, and meet the timeout of the suite.
    assert len(parse_number(head + unit * 100_000).digits) <= 256
