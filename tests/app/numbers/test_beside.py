"""What stands beside a number is not dialled with it.

Fractions, footnotes, carriers' places, remarks, prices, commas, second numbers.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.numbers import refusals, signs
from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import dial
from app.numbers.numbering_plans import region
from app.numbers.parser import parse_number
from tests.app.numbers.test_strangers import has_emergency_prefix, is_emergency, table
from tests.support.number_exchange import Exchange

LIMIT = 32

# region | outside line | written | dialled ("-": nothing) | "odd" if reported. Spaces in what is
# dialled are for reading.
FRACTIONS = """
DE | 0 | +4915112345678.0 | 0 0151 12345678 | odd
US | 9 | +4915112345678.0 | 9 011 49 15112345678 | odd
DE |   | +4915112345678.00 | 0151 12345678 | odd
DE |   | +4915112345678,0 | 0151 12345678 | odd
DE | 0 | +49 30 123456.0 | 0 030 123456 | odd
DE | 0 | 0151 12345678.0 | 0 0151 12345678 | odd
DE | 0 | (030) 123456.0 | 0 030 123456 | odd
DE | 0 | 004915112345678.0 | 0 0151 12345678 | odd
DE | 0 | tel:+4915112345678.0 | 0 0151 12345678 | odd
DE | 0 | Tel. +4915112345678.0 | 0 0151 12345678 | odd
DE | 0 | +4915112345678.0 (Anna) | 0 0151 12345678 | odd
DE | 0 | +4915112345678.0 / +4930123456.0 | 0 0151 12345678 | odd
DE | 0 | 4915112345678.0; 4930123456.0 | 0 0151 12345678 | odd
DE | 0 | ＋４９１５１１２３４５６７８．０ | 0 0151 12345678 | odd
DE | 0 | 1001.0 | 1001 | odd
DE | 0 | 089.555.0 | 0 0895550 |
DE | 0 | 0711.123456.0 | 0 0711 1234560 |
FR | 0 | 01.42.68.53.00 | 0 0142685300 |
FR | 0 | +33 1.42.68.53.00 | 0 0142685300 |
"""
FOOTNOTES = """
DE | 0 | 030 123456 (1) | 0 030 123456 | odd
DE | 0 | 030 123456 (2) | 0 030 123456 | odd
DE | 0 | 030 123456(2) | 0 030 123456 | odd
DE | 0 | 030/123456 [3] | 0 030 123456 | odd
DE | 0 | 030 123456 {3} | 0 030 123456 | odd
DE | 0 | 030 123456 <12> | 0 030 123456 | odd
DE | 0 | +49 30 123456 (12) | 0 030 123456 | odd
DE | 0 | 030 123456 (1, 2) | 0 030 123456 | odd
DE | 0 | 030 123456 (1.) | 0 030 123456 | odd
DE | 0 | 030 123456 (*1) | 0 030 123456 | odd
DE | 0 | 030 123456 1) | 0 030 123456 | odd
DE | 0 | 030 123456 *1) | 0 030 123456 | odd
DE | 0 | 030 123456 (1) 0151 12345678 | 0 030 123456 | odd
US | 9 | (212) 555-0107 (2) | 9 1 212 5550107 | odd
JP | 0 | 03-3123-4567（１） | 0 03 31234567 | odd
JP | 0 | 03(3123)4567 | 0 03 31234567 |
DE | 0 | 0151 1234 (56) 78 | 0 0151 12345678 |
DE | 0 | 030 12345 (0) | 0 030 123450 |
HU | 0 | (1) 123-4567 | 0 061 1234567 | odd
"""
FOOTNOTE_SIGNS = """
DE | 0 | 030 123456² | 0 030 123456 | odd
DE | 0 | 030 123456 ① | 0 030 123456 | odd
DE | 0 | ❷ 030 123456 | 0 030 123456 | odd
DE | 0 | +49 30 123456¹⁾ | 0 030 123456 | odd
DE | 0 | 030 123456* | 0 030 123456 | odd
DE | 0 | 030 123456 ** | 0 030 123456 | odd
DE | 0 | 030 123456 (*) | 0 030 123456 | odd
DE | 0 | 030 123456 *) | 0 030 123456 | odd
DE | 0 | 030 123456# | 0 030 123456 |
DE | 0 | +4930123456† | 0 030 123456 | odd
DE | 0 | 030 123456 ‡ | 0 030 123456 | odd
DE | 0 | 030 123456§ | 0 030 123456 | odd
DE | 0 | 030 123456※ | 0 030 123456 | odd
DE | 0 | 1001² | 1001 | odd
DE | 0 | ☎ 030 123456 | 0 030 123456 |
DE | 0 | *21*0891234# | *21*0891234# |
"""
CARRIERS = """
BR |   | (0**11) 2345-6789 | 0 11 23456789 | odd
BR | 0 | (0**11) 2345-6789 | 0 0 11 23456789 | odd
BR | 0 | (0**21) 2345-6789 | 0 21 23456789 | odd
BR | 0 | (0*21) 2345-6789 | 0 21 23456789 | odd
BR | 0 | (0##21) 2345-6789 | 0 21 23456789 | odd
BR | 0 | 0-**-21 2345-6789 | 0 21 23456789 | odd
BR | 0 | 0 ** 21 2345-6789 | 0 21 23456789 | odd
BR | 0 | (**21) 2345-6789 | 0 21 23456789 | odd
BR | 0 | +55 (0**21) 2345-6789 | 0 21 23456789 | odd
BR | 0 | 0XX21 2345-6789 | 0 21 23456789 |
BR | 0 | (0-XX-21) 2345-6789 | 0 21 23456789 |
BR | 0 | (OXX21) 2345-6789 | 0 21 23456789 |
BR | 0 | (0 xx 21) 2345-6789 | 0 21 23456789 |
BR | 0 | (0--21) 2345-6789 | 0 21 23456789 |
BR | 0 | (0__21) 2345-6789 | 0 21 23456789 |
PL | 0 | 0*22 123 45 67 | 0 221234567 | odd
PL |   | 0*22 123 45 67 | 221234567 | odd
PL |   | (0*22) 123-45-67 | 221234567 | odd
DE | 0 | 030*123456 | 0 030123456 | odd
DE | 0 | 00*49*30*123456 | 0 030123456 | odd
DE | 0 | +49*30*123456 | 0 030123456 | odd
DE | 0 | *21*0891234# | *21*0891234# |
DE |   | 12*5 | 12*5 |
DE |   | 0*5 | 0*5 |
DE |   | 1234*567890 | 1234*567890 |
DE | 0 | #31#0895550109 | #31#0895550109 |
DE | 0 | **610 | **610 |
DE | 0 | 030 1234567 #12 | 0 030 1234567 | odd
"""
REMARKS = """
DE | 0 | 030 123456 2. Stock | 0 030 123456 | odd
DE | 0 | 030 123456 2.OG | 0 030 123456 | odd
DE | 0 | 030 123456 12. Etage links | 0 030 123456 | odd
DE | 0 | 030 123456, 2. Stock | 0 030 123456 | odd
DE | 0 | 030 123456 - 2. Stock | 0 030 123456 | odd
DE | 0 | 030 123456 3x klingeln | 0 030 123456 | odd
DE | 0 | 030 123456 9-17 Uhr | 0 030 123456 | odd
DE | 0 | 030 123456 9 bis 17 Uhr | 0 030 123456 | odd
DE | 0 | 030 123456 9.30-17.00 Uhr | 0 030 123456 | odd
DE | 0 | 030 123456 8h-12h | 0 030 123456 | odd
DE | 0 | 030 123456 2 Personen | 0 030 123456 | odd
US | 9 | 212-555-0107 2nd floor | 9 1 212 5550107 | odd
US | 9 | (212) 555-0107 9am-5pm | 9 1 212 5550107 | odd
US | 9 | 212-555-0107 9 am - 5 pm | 9 1 212 5550107 | odd
US | 9 | 212-555-0107 9-5pm | 9 1 212 5550107 | odd
US | 9 | 212.555.0107 10 a.m. to 6 p.m. | 9 1 212 5550107 | odd
US | 9 | +1 212 555 0107 4th line, 212 555 0108 | 9 1 212 5550107 | odd
US | 9 | 212-555-0107 3 rings | 9 1 212 5550107 | odd
FR | 0 | 01 42 68 53 00 2e étage | 0 01 42685300 | odd
FR | 0 | 01 42 68 53 00 9h-12h | 0 01 42685300 | odd
HK | 9 | 2123 4567 3/F | 9 21234567 | odd
JP | 0 | 03-3123-4567 2階 | 0 03 31234567 | odd
DE | 0 | 089 555 01 09 Anna | 0 0895550109 | odd
DE | 0 | 089 555 01 12 Anna | 0 0895550112 | odd
FR | 0 | 01 42 68 53 12 Anna | 0 01 42685312 | odd
DE | 0 | 030 1234 56 Anna | 0 030 123456 | odd
DE | 0 | 030 123456 x12 | 0 030 123456 | odd
"""
PRICES = """
DE | 0 | 030 123456 0,14 | 0 030 123456 | odd
DE | 0 | 030 123456 (0,14) | 0 030 123456 | odd
DE | 0 | 030 123456 (0.14) | 0 030 123456 | odd
DE | 0 | 030 123456 0.14 | 0 030 123456 | odd
DE | 0 | 030 123456 - 0,14 | 0 030 123456 | odd
DE | 0 | 030 123456: 0,14 | 0 030 123456 | odd
DE | 0 | 030 123456 [0,14] | 0 030 123456 | odd
DE | 0 | 030 123456 1,99 | 0 030 123456 | odd
DE | 0 | 030 123456 (0,14/0,42) | 0 030 123456 | odd
DE | 0 | 030 123456 (12,5) | 0 030 123456 | odd
DE | 0 | +49 30 123456 (0,14) | 0 030 123456 | odd
DE | 0 | 0180 5 123456 0,14 | 0 01805 123456 | odd
DE | 0 | 030 123456 0,14 0151 12345678 | 0 030 123456 | odd
"""
COMMAS = """
DE | 0 | 030,123456 | 0 030 123456 | odd
DE |   | 030,123456 | 030 123456 | odd
DE | 0 | 030 , 123456 | 0 030 123456 | odd
DE | 0 | 030;123456 | 0 030 123456 | odd
DE | 0 | 030,1234567 | 0 030 1234567 | odd
DE | 0 | 030, 1234567 | 0 030 1234567 | odd
DE | 0 | (030),123456 | 0 030 123456 | odd
DE | 0 | 0711,12345 | 0 0711 12345 | odd
DE | 0 | 030,12,34,56 | 0 030 123456 | odd
DE | 0 | 030p123456 | 0 030 123456 | odd
DE | 0 | +49,30,123456 | 0 030 123456 | odd
DE | 0 | +49;30;123456 | 0 030 123456 | odd
DE | 0 | +4930,123456 | 0 030 123456 | odd
DE | 0 | 0049,30,123456 | 0 030 123456 | odd
DE | 0 | 0w030123456 | 0 030 123456 | odd
DE | 0 | 0p030123456 | 0 030 123456 | odd
DE | 0 | 0 w 030 123456 | 0 030 123456 | odd
DE | 0 | 0,030,123456 | 0 030 123456 | odd
DE | 0 | 9,030123456 | 0 030 123456 | odd
RU | 9 | 8,10,49,30,123456 | 9 810 49 30123456 | odd
RU |   | 8w10 49 30 123456 | 810 49 30123456 | odd
RU |   | 8~10 49 30 123456 | 810 49 30123456 |
RU | 9 | 8w4951234567 | 9 8 4951234567 | odd
RU | 9 | 8,495,1234567 | 9 8 4951234567 | odd
DE | 0 | 030,123 | - | odd
DE | 0 | 030,030123456 | - | odd
US | 9 | 212,5550107 | - | odd
US | 9 | 212,555,0107 | - | odd
US | 9 | (212),5550107 | 9 1 212 5550107 | odd
DE | 0 | 1001,1234 | 1001 | odd
DE | 0 | 1001, 1002 | 1001 | odd
DE | 0 | 0,12 | - | odd
DE | 0 | 089 5550109,12 | 0 0895550109 | odd
"""
SECOND = """
DE | 0 | 030 123456 -> 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456 → 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456 ⇒ 0151 12345678 | 0 030 123456 | odd
DE | 0 | 030 123456 => 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456 -> 12 | 0 030 123456 | odd
DE | 0 | 030 123456 > 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456 <030 123457> | 0 030 123456 | odd
DE | 0 | 030 123456 = 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456 -- 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456--030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456 • 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456 \\ 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456 … 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456、030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456、 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456\t030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456 030 123457 | 0 030 123456 | odd
DE | 0 | 030 123456 0151 12345678 | 0 030 123456 | odd
DE | 0 | 030 123456 (0151) 12345678 | 0 030 123456 | odd
DE | 0 | 030/123456 030/123457 | 0 030 123456 | odd
DE | 0 | 089 555 089 556 | 0 089 555 | odd
DE | 0 | +49 30 123456 030 123457 | 0 030 123456 | odd
DE | 0 | 1. 030 123456 | 0 030 123456 | odd
DE | 0 | 1) 030 123456 | 0 030 123456 | odd
DE | 0 | (1) 030 123456 | 0 030 123456 | odd
DE | 0 | 12. 030 123456 | 0 030 123456 | odd
DE | 0 | 1: 030 123456 | 0 030 123456 | odd
DE | 0 | 1) +49 30 123456 | 0 030 123456 | odd
DE | 0 | 1. 030 123456 2. 030 123457 | 0 030 123456 | odd
US | 9 | 212-555-0107 212-555-0108 | 9 1 212 5550107 | odd
US | 9 | (212) 555-0107 (212) 555-0108 | 9 1 212 5550107 | odd
US | 9 | 212-555-0107 -> 212-555-0108 | 9 1 212 5550107 | odd
US | 9 | 212-555-0107\t212-555-0108 | 9 1 212 5550107 | odd
FR | 0 | 01 42 68 53 00 01 42 68 53 01 | 0 01 42685300 | odd
FR | 0 | 01 42 68 01 23 | 0 01 42680123 |
FR | 0 | 0033 1 02 03 04 05 | 0 01 02030405 |
DK | 0 | 32 12 34 56 32 12 34 57 | 0 32123456 | odd
SG | 9 | 6123 4567 8123 4567 | 9 61234567 | odd
JP | 0 | 03-3123-4567、090-1234-5678 | 0 03 31234567 | odd
JP | 0 | 03-3123-4567・090-1234-5678 | 0 03 31234567 | odd
JP | 0 | 03-3123-4567・4568 | 0 03 31234567 | odd
JP | 0 | 090・1234・5678 | 0 090 12345678 |
JP | 0 | 0120・123・456 | 0 0120 123456 |
CN | 0 | 010-12345678、87654321 | 0 010 12345678 | odd
DE | 0 | 0151•1234•5678 | 0 0151 12345678 |
DE | 0 | 0151--1234--5678 | 0 0151 12345678 |
DE | 0 | 030\t123456 | 0 030 123456 |
DE | 0 | 0151\t1234\t5678 | 0 0151 12345678 |
"""
ROWS = [
    row
    for text in (FRACTIONS, FOOTNOTES, FOOTNOTE_SIGNS, CARRIERS, REMARKS, PRICES, COMMAS, SECOND)
    for row in table(text)
]


@pytest.mark.parametrize(
    "plan, raw, number, is_odd",
    ROWS,
    ids=lambda value: (
        f"{value.region}-{value.outside_line}" if isinstance(value, DialPlan) else ascii(value)
    ),
)
def test_what_stands_beside_a_number(plan: DialPlan, raw: str, number: str, is_odd: bool) -> None:
    result = dial(raw, plan, limit=LIMIT)
    assert (number, is_odd) == (result.number, bool(result.warning)), result


NUMBERS = ("030 123456", "+49 151 12345678", "(0711) 1234567", "0049 30 123456")
BESIDE = (
    *(
        " (1)",
        " [2]",
        " 2. Stock",
        " 9-17 Uhr",
        " 0,14",
        " (0,14)",
        " -> 030 999999",
        " 、0151 99999999",
        "\t030 999999",
    ),
    " 1)",
    " 3x",
)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("beside", BESIDE)
def test_whatever_stands_beside_whichever_number_is_told_and_not_dialled(
    number: str, beside: str
) -> None:
    for exchange in (
        Exchange("DE", "0"),
        Exchange("DE", ""),
        Exchange("AT", "0"),
        Exchange("", ""),
    ):
        plan = DialPlan(region=exchange.region, outside_line=exchange.line)
        alone, result = dial(number, plan, limit=LIMIT), dial(number + beside, plan, limit=LIMIT)
        assert alone.number == result.number
        assert result.warning


def test_signs_have_sentences_of_their_own() -> None:
    assert (signs.STARS,) == parse_number("0*22 123 45 67").warnings
    assert (signs.SEPARATOR,) == parse_number("030,123456").warnings
    assert signs.COMMA == parse_number("212,5550107").refused


PAUSED = """
US | 9 | 9,11294 | -
   |   | 9,11294 | -
   |   | 9,112 94 | -
DE | 9 | 9,112 94 | -
DE | 0 | 0,11294 | -
DE | 0 | 0,,110 | -
DE |   | 0,112 | -
DE |   | 11;2 | -
US |   | 9;11 | -
US |   | 9,,1,,1 | -
DE | 0 | 112,5 | 112,5
DE | 0 | 1120,5 | 1120,5
DE | 0 | 1001,112 | 1001,112
US | 9 | 9,411 | 9,411
DE | 0 | 030 1234567,112# | 0 0301234567,112#
"""


@pytest.mark.parametrize("row", PAUSED.strip("\n").splitlines())
def test_the_gate_judges_what_is_dialled_behind_a_pause_too(row: str) -> None:
    place, line, raw, number = (cell.strip(" ") for cell in row.split("|"))
    result = dial(raw, DialPlan(region=place, outside_line=line, allow_pause=True), limit=LIMIT)
    assert (number.replace(" ", "").strip("-"), number == "-") == (
        result.number,
        refusals.LIKE_EMERGENCY in result.warning,
    ), result


def test_the_gate_judges_the_pause_of_a_line_of_two_keys() -> None:
    plan = DialPlan(region="DE", outside_line="00", allow_pause=True)
    assert Exchange("DE", "00").line == plan.outside_line
    assert "" == dial("0,0112", plan, limit=LIMIT).number


REGIONS = st.sampled_from(
    ["", "DE", "US", "GB", "FR", "IT", "HU", "RU", "BR", "IN", "ES", "NO", "JP", "SG"]
)
LINES = st.sampled_from(["", "0", "9", "1", "00", "0,", "9,,"])
SIGNS = st.sampled_from(
    [",", ";", "p", "w", " w ", "*", " ", ".", "/", "(1)", " -> ", "、", "x", "\t", " 0,14", "#"]
)
PARTS = st.text("0123456789", max_size=6) | st.sampled_from(
    ["112", "911", "110", "9", "0", "+49", "00", "030", "11294"]
)


@given(
    st.lists(st.one_of(PARTS, SIGNS), min_size=1, max_size=7).map("".join),
    REGIONS,
    LINES,
    st.booleans(),
    st.integers(0, 6),
)
@example("9,11294", "US", "9", True, 4)
@example("0,11294", "", "0", True, 4)
@example("1,12", "DE", "", True, 4)
@example("0,0112", "DE", "00", True, 4)
def test_no_keys_that_a_phone_sends_call_for_help_by_accident(
    raw: str, place: str, line: str, pause: bool, extension_digits: int
) -> None:
    plan = DialPlan(
        region=place, outside_line=line, allow_pause=pause, extension_digits=extension_digits
    )
    result = dial(raw, plan, limit=LIMIT)
    keys, outside = result.number.replace(",", ""), line.replace(",", "")
    if not keys or keys[0] in "*#":
        assert keys or result.warning
        return
    if (
        place
        and result.rule == "international"
        and has_emergency_prefix(outside + region(place).international + "0", place)
    ):
        return  # `check` tells it: 1 and 00 in India
    head = result.number.partition(",")[0]
    is_exempt = result.rule in ("extension", "emergency") and (
        has_emergency_prefix(head, place) or is_emergency(head, place)
    )
    assert is_exempt or (
        not has_emergency_prefix(keys, place) and (keys == head or not is_emergency(keys, place))
    )
    if outside and keys.startswith(outside) and len(head) <= len(outside):
        behind = keys.removeprefix(outside)
        assert not has_emergency_prefix(behind, place) and not is_emergency(behind, place)
