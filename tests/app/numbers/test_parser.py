"""Reading numbers as people and programs write them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.numbers import letters, parsed_number, signs, suffixes
from app.numbers.parsed_number import ParsedNumber
from app.numbers.parser import parse_number


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("+49 69 5550114,,4711#", ParsedNumber("+49695550114", pause=",,4711#")),
        ("069 5550114;4711", ParsedNumber("0695550114", pause=",4711")),
        ("069 5550114 P4711w12", ParsedNumber("0695550114", pause=",4711,12")),
        (
            "069 5550114, ask for Anna 2",
            ParsedNumber("0695550114", warnings=(parsed_number.REMARK,)),
        ),
        ("212-555-0107 x123", ParsedNumber("2125550107", extension="123")),
        ("212-555-0107 X. 123", ParsedNumber("2125550107", extension="123")),
        ("212-555-0107 extension 123", ParsedNumber("2125550107", extension="123")),
        ("212-555-0107 #123", ParsedNumber("2125550107", extension="123")),
        ("089 555 доб. 12", ParsedNumber("089555", extension="12")),
        ("03-1234-5678 内線 12", ParsedNumber("0312345678", extension="12")),
        ("tel:+49-89-555;ext=1-09", ParsedNumber("+4989555", extension="109")),
        ("+4989555010;ext=109", ParsedNumber("+4989555010", extension="109")),
        ("tel:+49-89-555;isub=12;phone-context=x", ParsedNumber("+4989555")),
        ("tel:863-1234;phone-context=+1-914-555", ParsedNumber("+19145558631234")),
        ("sips:1001@pbx.example", ParsedNumber("1001")),
        ("2125550107#", ParsedNumber("2125550107")),
        ("2125550107*77#", ParsedNumber("2125550107", warnings=(suffixes.SIGN,))),
        ("12*5", ParsedNumber("12*5")),
        ("++49 89 555", ParsedNumber("+4989555")),
        ("+*97", ParsedNumber("*97")),
        ("+49 (0)89 555", ParsedNumber("+4989555")),
        ("+39 (0)6 555", ParsedNumber("+3906555")),
        ("+378 (0)549 555", ParsedNumber("+3780549555")),
        ("011 44 (0) 20 7946", ParsedNumber("01144207946")),
        ("0 (0)30", ParsedNumber("0030")),
        ("0800 M\u00dcLLER", ParsedNumber("0800685537", warnings=(letters.LETTERS,))),
        ("089 5550109\u00b2", ParsedNumber("0895550109", warnings=(parsed_number.REMARK,))),
        ("", ParsedNumber("", refused=parsed_number.NO_NUMBER)),
        ("\ud800\udfff", ParsedNumber("", refused=parsed_number.NO_NUMBER)),
        ("(" * 10_000, ParsedNumber("", refused=parsed_number.NO_NUMBER)),
        ("1" * 5_000, ParsedNumber("", refused=parsed_number.TOO_LONG)),
        ("'0123", ParsedNumber("", refused=parsed_number.DAMAGED)),
        ("1.2.3", ParsedNumber("123")),
        ("a1@example.com", ParsedNumber("", refused=parsed_number.ADDRESS)),
        ("4989555010.0", ParsedNumber("4989555010", warnings=(signs.FRACTION,))),
    ],
    ids=ascii,
)
def test_reading(raw: str, expected: ParsedNumber) -> None:
    assert expected == parse_number(raw)


@pytest.mark.parametrize(
    "raw, first",
    [
        ("089 5550109 / 089 5550110", "0895550109"),
        ("+49 89 5550109 / +49 89 5550110", "+49895550109"),
        ("02405/5550 / 02405/5551", "024055550"),
        ("1001/1002", "1001"),
        ("1001 & 1002", "1001"),
        ("5550109/10", "5550109"),
        ("089 5550109 | 089 5550110", "0895550109"),
        ("089 5550109\r\n089 5550110", "0895550109"),
        ("089 5550109\u2028089 5550110", "0895550109"),
        ("089 5550109 ::: 0172 5550116", "0895550109"),
        ("089 5550109 und 0172 5550116", "0895550109"),
        ("089 5550109, 0172 5550116", "0895550109"),
        ("0895550109;01725550116", "0895550109"),
        ("+49895550109+49895550110", "+49895550109"),
    ],
    ids=ascii,
)
def test_several_numbers_are_never_glued_together(raw: str, first: str) -> None:
    assert ParsedNumber(first, warnings=(parsed_number.SEVERAL,)) == parse_number(raw)


@pytest.mark.parametrize(
    "raw", ["089/5550109", "+49 2405/5550", "0049 89 / 5550109", "212/555/0107", "089 / 5550-109"]
)
def test_a_slash_behind_an_area_code_is_a_separator(raw: str) -> None:
    assert () == parse_number(raw).warnings
    assert "".join(filter(str.isdigit, raw)) == parse_number(raw).digits.lstrip("+")


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "+",
        " ",
        "1",
        "1 ",
        "(0",
        "/1",
        ",1",
        "x",
        "x1",
        "ext ",
        "p1",
        "1@",
        "1.1",
        "'",
        "\u00e4",
        "\u0663",
        "*",
        "#+",
        "%41",
        "=",
        ";a=",
    ],
)
@pytest.mark.parametrize("head", ["", "tel:", "+49", "1", "'"])
def test_hostile_text_takes_linear_time(head: str, unit: str) -> None:
    # Anything quadratic would take minutes here, and meet the timeout of the suite.
    result = parse_number(head + unit * 100_000)
    assert len(result.digits) <= 256


GROUPS = st.text("0123456789", min_size=1, max_size=5) | st.sampled_from(
    ["+49", "0", "2024", "1200"]
)
SEPARATORS = st.sampled_from([" ", "-", ".", "/", "(", ")", " - ", " / ", "(0)", ") ", " ("])


@given(
    st.text("+0123456789 ().-/", max_size=24)
    | st.lists(GROUPS | SEPARATORS, max_size=12).map("".join)
)
@example("(+49) (0)30 5550113")
@example("+(0)1")
@example("+1000000(0)000000")
@example("1)000000")
@example("(1)000000")
@example("(13) 01643499")
@example("1 030 123456")
@example("0-0151 12345678")
@example("12.030 123456")
@example("1.(030) 123456")
@example("12.03.2024")
@example("8.30-12.00")
@example("9-17")
@example("0900-1700")
@example("030 123456 9-17")
@example("030 123456 1.")
@example("03/2024")
@example("030/123456")
@example("5550109/10")
def test_a_plain_number_is_read_as_the_parser_reads_it(raw: str) -> None:
    assert parse_number("\u200b" + raw) == parse_number(raw)
