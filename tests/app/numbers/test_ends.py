"""Where a number begins and ends: list numbers, labels, hours, dates and remarks beside
it are never dialled with it, and never left out in silence.
"""

import pytest

from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import dial
from app.numbers.parser import BETWEEN, ParsedNumber, parse_number
from tests.app.numbers.test_strangers import table

LIMIT = 32

# region | outside line | written | dialled ("-": nothing) | "odd" if reported. Spaces in what is
# dialled are for reading.
BEGINNINGS = """
DE | 0 | #1 030 123456 | 0 030 123456 | odd
DE | 0 | # 2 030 123456 | 0 030 123456 | odd
DE | 0 | * 030 123456 | 0 030 123456 | odd
DE | 0 | Tel# 030 123456 | 0 030 123456 | odd
DE | 0 | Nr. 1 030 123456 | 0 030 123456 | odd
DE | 0 | No 12 030 123456 | 0 030 123456 | odd
DE | 0 | № 1 +49 30 123456 | 0 030 123456 | odd
DE | 0 | Telefon 2 0151 12345678 | 0 0151 12345678 | odd
DE | 0 | Handy2 0151 12345678 | 0 0151 12345678 | odd
DE | 0 | Raum 2.04: 030 123456 | 0 030 123456 | odd
DE | 0 | PIN 1234 030 123456 | 0 030 123456 | odd
DE | 0 | (13) 01643499 | 0 01643499 | odd
DE | 0 | (2024) 030 123456 | 0 030 123456 | odd
DE | 0 | 1/2 030 123456 | 0 030 123456 | odd
DE | 0 | 9 030 123456 | 0 030 123456 | odd
DE | 0 | 0 030 123456 | 0 030 123456 | odd
DE | 0 | 0-0151 12345678 | 0 0151 12345678 | odd
DE | 0 | (0) 0151 12345678 | 0 0151 12345678 | odd
DE | 0 | 0/0151 12345678 | 0 0151 12345678 | odd
DE | 9 | 9-0151-12345678 | 9 0151 12345678 | odd
RU | 9 | 7-495-123-45-67 | 9 8 495 1234567 | odd
DE | 0 | <1> 030 123456 | 0 030 123456 | odd
DE | 0 | 1 = 030 123456 | 0 030 123456 | odd
DE | 0 | 1.030 123456 | 0 030 123456 | odd
IT | 0 | N° 1 06 698 12345 | 0 06 69812345 | odd
DE | 0 | 10.00 030 123456 | 0 030 123456 | odd
DE | 0 | 9-17 030 123456 | 0 030 123456 | odd
DE | 0 | 9-17 +49 30 123456 | 0 030 123456 | odd
DE | 0 | Mo-Fr 8-17 0151 12345678 | 0 0151 12345678 | odd
DE | 0 | 1. Wahl +49 30 123456 | 0 030 123456 | odd
DE | 0 | 10115 Berlin, 030 123456 | 0 030 123456 | odd
DE | 0 | Berlin 10115, 030 123456 | 0 030 123456 | odd
AT | 0 | €5 01 5550123 | 0 01 5550123 | odd
DE | 0 | (44) 020 7946 0123 | - | odd
DE | 0 | Tel 44 020 7946 0123 | - | odd
CH | 0 | (41) 044 668 18 00 | 0 044 668 18 00 | odd
HU | 0 | Tel. 1 123 4567 | 0 06 1 123 4567 | odd
US | 9 | Mo-Fr 8-17 212-555-0107 | 9 1 212 555 0107 | odd
US | 9 | *67 212 555 0107 | *67 212 555 0107 |
DE | 0 | #31#030123456 | #31#030123456 |
BR |   | 0operadora21 2345-6789 | 21 2345 6789 |
US | 9 | Suite 200, 212-555-0107 | 9 1 212 555 0107 | odd
DE | 0 | Zi. 12b 030 123456 | 0 030 123456 | odd
DE | 0 | Haus 1204 | 1204 | odd
DE | 0 | 030/,123456 | 0 030 123456 | odd
DE | 0 | #1-030 123456 | 0 030 123456 | odd
DE | 0 | #030 123456 | 0 030 123456 | odd
DE | 0 | 030,/123456 | 0 030 123456 | odd
DE | 0 | 030-,123456 | 0 030 123456 | odd
"""
ENDS = """
DE | 0 | 030 123456 1. | 0 030 123456 | odd
DE | 0 | 030 123456 12. | 0 030 123456 | odd
DE | 0 | 030 123456 1: | 0 030 123456 | odd
DE | 0 | 030 123456. | 0 030 123456 |
PL |   | 22 123 45 67. | 22 123 45 67 |
DE | 0 | 030 123456 8:00 | 0 030 123456 | odd
DE | 0 | 030 123456 8:00-12:00 | 0 030 123456 | odd
DE | 0 | 030 123456 8.00-12.00 | 0 030 123456 | odd
DE | 0 | 030 12 34 56 1. | 0 030 123456 | odd
DE | 0 | 030 123456-8:00 | 0 030 123456 | odd
DE | 0 | 030 123456：5 | 0 030 123456 | odd
DE | 0 | 030 123456 5° | 0 030 123456 | odd
DE | 0 | 030 123456 (1 | 0 030 123456 | odd
DE | 0 | 030 123456 9-17 | 0 030 123456 | odd
DE | 0 | 030 123456 9 - 17 | 0 030 123456 | odd
DE | 0 | 030 123456 0900-1700 | 0 030 123456 | odd
DE | 0 | 030 123456 8-12, 14-18 | 0 030 123456 | odd
DE | 0 | 030 123456 12/03/2024 | 0 030 123456 | odd
DE | 0 | 030 123456 2024-03-12 | 0 030 123456 | odd
DE | 0 | 030 123456 (2024) | 0 030 123456 | odd
DE | 0 | 030 123456 (123) | 0 030 123456 | odd
DE | 0 | 030 123456 [12345] | 0 030 123456 | odd
DE | 0 | 030 123456 (12 34) | 0 030 123456 | odd
DE | 0 | 030 123456 (123) Anna | 0 030 123456 | odd
DE | 0 | 030 123456 (123) / 0151 12345678 | 0 030 123456 | odd
DE | 0 | 030 123456 (123) 0151 12345678 | 0 030 123456 | odd
DE | 0 | 0151 1234 (56) 78 | 0 0151 12345678 |
DE | 0 | 030 123456(123) | 0 030 123456 | odd
DE | 0 | 030 12345 (0) | 0 030 123450 |
JP | 0 | 090-1234(5678) | 0 090 1234 5678 |
DE | 0 | 030 123456 20% | 0 030 123456 | odd
DE | 0 | 030 123456 50 % | 0 030 123456 | odd
DE | 0 | 030 123456 1½ | 0 030 123456 | odd
DE | 0 | 030 123456 1/2 | 0 030 123456 | odd
DE | 0 | 030 123456 🕗 8 | 0 030 123456 | odd
DE | 0 | 030 123456 ✓2 | 0 030 123456 | odd
DE | 0 | 030 123456 3 x läuten | 0 030 123456 | odd
DE | 0 | 030 123456 24x7 | 0 030 123456 | odd
DE | 0 | 030 123456 10 km | 0 030 123456 | odd
DE | 0 | 030 123456 12号 | 0 030 123456 | odd
DE | 0 | 030 123456 9 to 5 | 0 030 123456 | odd
DE | 0 | 030 123456 10115 Berlin | 0 030 123456 | odd
DE | 0 | +4915112345678.000 | 0 0151 12345678 | odd
DE | 0 | 030 123456-12 | 0 030 123456 12 |
DE | 0 | 089 5550 01-09 | 0 089 5550 0109 |
GB | 9 | 01632 960001 9-5 | 9 01632 960001 | odd
AU | 0 | 1300 123 456 9-5 | 0 1300 123456 | odd
CN | 0 | 010-12345678-5 | 0 010 12345678 | odd
CN | 0 | 010-12345678 | 0 010 12345678 |
RU | 9 | 8 495 123 12-15 | 9 8 495 123 1215 |
CH | 0 | +41 44 668 18 00 H | 0 044 668 18 00 | odd
CH | 0 | +41 44 668 18 00 8:00 | 0 044 668 18 00 | odd
CH | 0 | 044 668 18 00 2 Personen | 0 044 668 18 00 | odd
BR | 0 | (21) 2345-6789 $5 | 0 21 2345 6789 | odd
CL |   | 2 2123 4567 Hr. Gomez | 2 2123 4567 | odd
PL |   | 22 123 45 67 bis 18 Uhr | 22 123 45 67 | odd
"""
NEITHER = """
DE | 0 | 9-17 | - | odd
DE | 0 | 9 – 17 | - | odd
DE | 0 | (9-17) | - | odd
DE | 0 | 0900-1700 | - | odd
HK | 9 | 2200-2330 | 9 22002330 | odd
DE | 0 | 8-12 13-17 | - | odd
DE | 0 | 8-12, 13-17 | - | odd
DE | 0 | 8 ~ 16 | - | odd
DE | 0 | (0800-1600) | - | odd
DE | 0 | 0800 - 1600 | - | odd
DE | 0 | 0730-1630 Uhr | - | odd
DE | 0 | 2024-2025 | - | odd
US | 9 | 9-5 | - | odd
US | 9 | 9 - 5 | - | odd
DE | 0 | 1001.000 | 1001 | odd
FR | 0 | 01-42-68-53-00 | 0 01 42685300 |
DE | 0 | 10-01 | 1001 |
DE | 0 | 0151 12.03.2024 | - | odd
IT | 0 | 06 12.03.2024 | - | odd
DE | 0 | (030) 12.03.2024 | - | odd
DE | 0 | 1001 (9-17) | 1001 | odd
DE | 0 | 1001 9-17 | 1001 | odd
DE | 0 | 3+1 | - | odd
DE | 0 | PIN 1234 | - | odd
DE | 0 | Kontonr. 1234567890 | - | odd
DE | 0 | USt-ID DE123456789 | - | odd
DE | 0 | IBAN DE89 3704 0044 0532 0130 00 | - | odd
DE | 0 | HRB 12345 | - | odd
DE | 0 | 53.5511, 9.9937 | - | odd
DE | 0 | 192.168.1.10 | - | odd
DK | 0 | 32.12.34.56 | 0 32123456 |
DE | 0 | 1.234.567,89 | - | odd
DE | 0 | O30 123456 | - | odd
DE | 0 | 03O 123456 | - | odd
DE | 0 | 030 l23456 | - | odd
US | 9 | 1-800-U-HAUL-12 | 9 1 800 8428512 | odd
DE | 0 | 204 B | 204 | odd
DE | 0 | 1001 ANNA | 1001 | odd
US | 9 | 555-HELP | 9 5554357 | odd
US | 9 | 212 555 HELP | 9 1 2125554357 | odd
"""


@pytest.mark.parametrize(
    "plan, raw, number, is_odd",
    [row for rows in (BEGINNINGS, ENDS, NEITHER) for row in table(rows)],
    ids=lambda value: (
        f"{value.region}-{value.outside_line}" if isinstance(value, DialPlan) else ascii(value)
    ),
)
def test_where_a_number_begins_and_ends(
    plan: DialPlan, raw: str, number: str, is_odd: bool
) -> None:
    result = dial(raw, plan, limit=LIMIT)
    assert (number, is_odd) == (result.number, bool(result.warning)), result


NUMBERS = (
    ("DE", "0", ("030 123456", "+49 30 123456", "0151 12345678", "030/123456", "(030) 123456")),
    ("AT", "0", ("01 5550123", "+43 1 5550123")),
    ("CH", "0", ("044 668 18 00", "+41 44 668 18 00")),
    ("FR", "0", ("01 42 68 53 00", "01.42.68.53.00", "+33 1 42 68 53 00")),
    ("GB", "9", ("020 7946 0123", "07700 900123")),
    ("US", "9", ("(212) 555-0107", "212.555.0107", "+1 212 555 0107")),
    ("BR", "0", ("(21) 2345-6789", "+55 21 2345-6789")),
    ("AR", "", ("011 4123-4567",)),
    ("RU", "9", ("8 (495) 123-45-67", "+7 495 123-45-67", "8 495 123 45 67")),
    ("JP", "0", ("03-3123-4567", "090-1234-5678")),
    ("IN", "", ("011 2345 6789",)),
    ("AU", "0", ("(02) 9876 5432",)),
    ("HU", "0", ("06 1 234 5678",)),
    ("SG", "9", ("6123 4567",)),
    ("", "", ("030 123456", "+49 30 123456")),
)
BEHIND = (
    *(" 1.", " 2:", " [12]", " *1", " 8:00", " 8:00-12:00", " 08:00–17:00", " 8.00 - 12.00"),
    *(" 9–17", " 9h00-17h00", " 8-12/14-18", " 0900-1700", " after 6pm", " nach 18 Uhr"),
    *(" Mo-Fr 8-17", " Lu-Ve 9h-18h", " пн-пт 9-18", " 9時-17時", " 24h", " 7j/7", " 24*7"),
    *(" 12.03.2024", " 12/03/2024", " 2024-03-12", " 03/2024", " (2019)", " bis 31.12."),
    *(" 12 Mar 2024", " KW 12", " Q1/24", " 14 ct/Min", " $5.00", " £1.50/min", " 50 %"),
    *(" 15 Kč", " 100円", " Zimmer 12", " Raum 2.04", " Apt 4B", " № 12", " 2. OG", " 12/F"),
    *(" 2 этаж", " 3楼", " ext. 12", " (ext. 12)", " x12", " DW 12", " доб. 12", " 内線12"),
    *(" ramal 12", " wew. 12", " mellék 12", " toestel 12", " dahili 12", " (123)", " (12345)"),
    *(" (12/13)", " 📱 2", " 🕗 8", " ✓2", " → 2", " ★ 5", " 3 x läuten", " 2 kg", " 1/2", " 1½"),
    *(" 1 von 2", " PIN 1234", " 10115 Berlin", " ID: 12345", " SIM2", " Prio 1", " Team 2"),
)
BEFORE = (
    *("#1 ", "* ", "Tel# ", "Nr. 1: ", "№1: ", "Tel 1: ", "Phone2: ", "Zi. 204: ", "☎ 2: "),
    *("8:00-12:00 ", "Mo-Fr 8-17: ", "ab 18 Uhr: ", "after 6pm: ", "12.03.2024 ", "2x klingeln: "),
    *("0,14 €/Min: ", "1. Stock: ", "24/7: ", "Notfall 24h: ", "ID 12345: ", "📞 "),
)


@pytest.mark.parametrize("place, line, numbers", NUMBERS)
@pytest.mark.parametrize("beside", [*BEHIND, *BEFORE], ids=ascii)
def test_whatever_stands_beside_a_number_is_reported_and_not_dialled(
    place: str, line: str, numbers: tuple[str, ...], beside: str
) -> None:
    plan = DialPlan(region=place, outside_line=line)
    for number in numbers:
        alone = dial(number, plan, limit=LIMIT)
        raw = number + beside if beside in BEHIND else beside + number
        result = dial(raw, plan, limit=LIMIT)
        assert alone.number and result.number in (alone.number, ""), (raw, result)
        assert result.warning or not any(map(str.isdigit, beside)), (raw, result)


@pytest.mark.parametrize("sign", [":", "_", "'", "!", "=", "%", "☎", "?"])
def test_a_sign_that_is_no_separator_is_never_left_out_in_silence(sign: str) -> None:
    assert ParsedNumber("030123456", warnings=(BETWEEN,)) == parse_number(f"030{sign}123456")
    assert () == parse_number(f"030 123456{sign}").warnings
