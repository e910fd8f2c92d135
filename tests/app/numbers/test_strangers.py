"""Numbers of strangers' address books are dialled rightly, or reported without entry."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.numbers import identity, international_prefix, parsed_number, refusals
from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import DialResult, dial
from app.numbers.numbering_plans import region
from app.numbers.parser import parse_number
from app.numbers.region_plan import EMERGENCY_ANYWHERE
from tests.support.offline_gateway import configured, write_people
from tests.support.servers.gateway import run

LIMIT = 32

# region | outside line | written | dialled ("-": nothing) | "odd" if reported. Spaces in what is
# dialled are for reading.
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
ALONE = """
DE | 0 | nach 18 Uhr | - | odd
DE | 0 | 12.03.2024 | - | odd
DE | 0 | 2024-03-12 | - | odd
DE | 0 | bis 17h | - | odd
DE | 0 | 1. Stock | - | odd
DE | 0 | 3 Monate | - | odd
DE | 0 | Mo-Fr 8-12 | - | odd
DE | 0 | 0,5 | - | odd
DE | 0 | 1,5 | - | odd
DE | 0 | 0.5 | - | odd
US | 9 | after 6 pm | - | odd
DE | 0 | 24/7 | - | odd
DE | 0 | TBD 2025 | - | odd
DE | 0 | 12.3.24 | - | odd
DE | 0 | 12/2024 | - | odd
DE | 0 | 03/2024 | - | odd
DE | 0 | 2024-03 | - | odd
DE | 0 | 5 % | - | odd
DE | 0 | 20 € | - | odd
DE | 0 | 18:00 | - | odd
DE | 0 | 9:00-17:00 | - | odd
DE | 0 | 8.30-12 | - | odd
DE | 0 | 2 Personen | - | odd
DE | 0 | seit 2019 | - | odd
DE | 0 | KW 12 | - | odd
DE | 0 | KW 12/2024 | - | odd
DE | 0 | 2. OG | - | odd
DE | 0 | 2x klingeln | - | odd
DE | 0 | Platz 5 | - | odd
DE | 0 | 2024-03-12T10:00:00 | - | odd
DE | 0 | 12.03.2024 10:00 | - | odd
DE | 0 | geb. 12.03.1985 | - | odd
US | 9 | 10 a.m. | - | odd
DE | 0 | nach 18 h | - | odd
DE | 0 | vor 12 Uhr | - | odd
DE | 0 | Montag 9 Uhr | - | odd
DE | 0 | Mo 14-16 | - | odd
DE | 0 | Mo, Mi 9-12 Uhr | - | odd
DE | 0 | Mo-Fr 8-12, 14-18 | - | odd
DE | 0 | Mo-Do 8:00-12:00 und 13:00-17:00 | - | odd
DE | 0 | Di + Do 9-12 | - | odd
DE | 0 | ab 01.05.2025 | - | odd
DE | 0 | bis 31.12. | - | odd
DE | 0 | 3. Etage | - | odd
DE | 0 | EG 2 | - | odd
DE | 0 | 2 Jahre | - | odd
DE | 0 | 100 % | - | odd
DE | 0 | 12 Stunden | - | odd
DE | 0 | 30 Minuten | - | odd
DE | 0 | 3,50 € | - | odd
DE | 0 | 1.000 € | - | odd
DE | 0 | 20,- € | - | odd
DE | 0 | ca. 15 Uhr | - | odd
DE | 0 | Frühjahr 2025 | - | odd
DE | 0 | Stand 03/2024 | - | odd
DE | 0 | 12.03. | - | odd
DE | 0 | 12.3. | - | odd
DE | 0 | 1.1.2024 | - | odd
DE | 0 | 01-02-2024 | - | odd
DE | 0 | 01/02/2024 | - | odd
DE | 0 | 2024/03/12 | - | odd
DE | 0 | 2024.03.12 | - | odd
DE | 0 | 12. 3. 2024 | - | odd
DE | 0 | 12-03-24 | - | odd
DE | 0 | 12.03.24 | - | odd
DE | 0 | 12. Mai | - | odd
DE | 0 | Mai 2024 | - | odd
DE | 0 | Hauptstr. 12 | - | odd
DE | 0 | Musterstraße 5 | - | odd
DE | 0 | Gebäude 3 | - | odd
US | 9 | until 5 | - | odd
US | 9 | from 9 to 5 | - | odd
US | 9 | 9 to 5 | - | odd
US | 9 | 9am-5pm | - | odd
US | 9 | 9 am - 5 pm | - | odd
US | 9 | Mon-Fri 9-5 | - | odd
US | 9 | Mon-Fri 9am-5pm | - | odd
US | 9 | 3 months | - | odd
US | 9 | 5 days | - | odd
US | 9 | March 12, 2024 | - | odd
US | 9 | March 12 | - | odd
US | 9 | 12 March 2024 | - | odd
US | 9 | Mar 12 2024 | - | odd
US | 9 | 03/12/24 | - | odd
US | 9 | 12/31/2024 | - | odd
US | 9 | 12-31-2024 | - | odd
US | 9 | 12-31-24 | - | odd
US | 9 | 2024-3-2 | - | odd
US | 9 | Q1 2025 | - | odd
US | 9 | week 12 | - | odd
US | 9 | TBA 2026 | - | odd
US | 9 | $20 | - | odd
US | 9 | $5.00 | - | odd
US | 9 | 50% | - | odd
US | 9 | 1st floor | - | odd
US | 9 | 3rd | - | odd
US | 9 | bldg 4 | - | odd
US | 9 | 12 Main Street | - | odd
US | 9 | since 2010 | - | odd
US | 9 | 5 p.m. | - | odd
US | 9 | 6 PM EST | - | odd
US | 9 | 24 hours | - | odd
US | 9 | 24h | - | odd
US | 9 | 7 days | - | odd
US | 9 | 10:30 | - | odd
US | 9 | 10:30 am | - | odd
US | 9 | 3 rings | - | odd
FR | 0 | après 18h | - | odd
FR | 0 | après 18 h | - | odd
FR | 0 | 18h30 | - | odd
FR | 0 | de 9h à 17h | - | odd
FR | 0 | de 9 à 17 | - | odd
FR | 0 | lun-ven 9-12 | - | odd
FR | 0 | lundi 9h | - | odd
FR | 0 | 2e étage | - | odd
FR | 0 | 2ème étage | - | odd
FR | 0 | 1er étage | - | odd
FR | 0 | 3 mois | - | odd
FR | 0 | 12 mars 2024 | - | odd
FR | 0 | 1er mars | - | odd
FR | 0 | 12/03/2024 | - | odd
FR | 0 | 12/03/24 | - | odd
FR | 0 | depuis 2019 | - | odd
FR | 0 | 20 euros | - | odd
ES | 0 | después de las 18 | - | odd
ES | 0 | 3 meses | - | odd
ES | 0 | 2º piso | - | odd
ES | 0 | piso 2 | - | odd
ES | 0 | de lunes a viernes 9-17 | - | odd
ES | 0 | 12 de marzo de 2024 | - | odd
IT | 0 | dopo le 18 | - | odd
IT | 0 | 3 mesi | - | odd
IT | 0 | 2° piano | - | odd
IT | 0 | ore 18 | - | odd
IT | 0 | 12 marzo 2024 | - | odd
IT | 0 | 0,5 | - | odd
NL | 0 | na 18 uur | - | odd
NL | 0 | 3 maanden | - | odd
NL | 0 | 2e verdieping | - | odd
PL | 0 | po 18 | - | odd
PL | 0 | po godz. 18 | - | odd
PL | 0 | 3 miesiące | - | odd
PL | 0 | 2 piętro | - | odd
PL | 0 | 12 marca 2024 | - | odd
CZ | 0 | po 18 hod | - | odd
CZ | 0 | 3 měsíce | - | odd
CZ | 0 | 2. patro | - | odd
SE | 0 | efter kl 18 | - | odd
SE | 0 | efter kl. 18 | - | odd
SE | 0 | 3 månader | - | odd
SE | 0 | våning 2 | - | odd
DK | 0 | 2. sal | - | odd
FI | 0 | klo 18 jälkeen | - | odd
HU | 0 | 18 óra után | - | odd
HU | 0 | 2. emelet | - | odd
HU | 0 | 2024. 03. 12. | - | odd
HU | 0 | 2024. március 12. | - | odd
RO | 0 | după ora 18 | - | odd
RU | 9 | после 18 | - | odd
RU | 9 | после 18:00 | - | odd
RU | 9 | с 9 до 18 | - | odd
RU | 9 | 3 месяца | - | odd
RU | 9 | 2 этаж | - | odd
RU | 9 | 2-й этаж | - | odd
RU | 9 | 12 марта 2024 | - | odd
RU | 9 | Пн-Пт 9-18 | - | odd
RU | 9 | 12.03.2024 г. | - | odd
GR | 0 | μετά τις 18 | - | odd
GR | 0 | 3 μήνες | - | odd
TR | 0 | saat 18 | - | odd
TR | 0 | 3 ay | - | odd
TR | 0 | 2. kat | - | odd
TR | 0 | 18'den sonra | - | odd
UA | 0 | після 18 | - | odd
JP | 0 | 18時以降 | - | odd
JP | 0 | 午後6時 | - | odd
JP | 0 | 2階 | - | odd
JP | 0 | 3ヶ月 | - | odd
JP | 0 | 2024年3月12日 | - | odd
JP | 0 | 月-金 9-17 | - | odd
JP | 0 | 平日9時～17時 | - | odd
CN | 0 | 下午6点 | - | odd
CN | 0 | 18点以后 | - | odd
CN | 0 | 3个月 | - | odd
CN | 0 | 2楼 | - | odd
CN | 0 | 周一至周五 9:00-17:00 | - | odd
KR | 0 | 18시 이후 | - | odd
KR | 0 | 3개월 | - | odd
KR | 0 | 2층 | - | odd
KR | 0 | 월-금 9-18시 | - | odd
IL | 0 | אחרי 18 | - | odd
IL | 0 | 3 חודשים | - | odd
AE | 0 | بعد 18 | - | odd
AE | 0 | الطابق 2 | - | odd
AE | 0 | ٣ أشهر | - | odd
IN | 0 | 18 बजे के बाद | - | odd
VN | 0 | sau 18 giờ | - | odd
TH | 0 | หลัง 18 | - | odd
ID | 0 | setelah jam 18 | - | odd
DE | 0 | erst ab 17:30 | - | odd
DE | 0 | vormittags bis 12 | - | odd
DE | 0 | nur Di 14-16 Uhr | - | odd
DE | 0 | Dienstags 10-12 | - | odd
DE | 0 | täglich 9-18 | - | odd
DE | 0 | werktags 8:00 - 16:00 | - | odd
DE | 0 | Urlaub bis 15.8. | - | odd
DE | 0 | Urlaub 1.-15. August | - | odd
DE | 0 | vom 1.3. bis 5.3. | - | odd
DE | 0 | 01.03.-05.03.2024 | - | odd
DE | 0 | 12.03.2024 - 15.03.2024 | - | odd
DE | 0 | 10-12h | - | odd
DE | 0 | 8-12 + 14-17 Uhr | - | odd
DE | 0 | halb 9 | - | odd
DE | 0 | 2 Std. | - | odd
DE | 0 | 90 Min | - | odd
DE | 0 | 6 Wochen | - | odd
DE | 0 | 1,5 Std | - | odd
DE | 0 | 1/2 Tag | - | odd
DE | 0 | 20% | - | odd
DE | 0 | ca. 50 EUR | - | odd
DE | 0 | EUR 49,90 | - | odd
DE | 0 | 49,90 | - | odd
DE | 0 | 3.OG | - | odd
DE | 0 | 3 OG links | - | odd
DE | 0 | 2. Etage rechts | - | odd
DE | 0 | UG 1 | - | odd
DE | 0 | Kellergeschoss 1 | - | odd
DE | 0 | im 3. Stock | - | odd
DE | 0 | Jahrgang 1985 | - | odd
DE | 0 | Jg. 1985 | - | odd
DE | 0 | geb 1985 | - | odd
DE | 0 | seit 1.1.2020 | - | odd
DE | 0 | in Rente seit 2021 | - | odd
DE | 0 | ausgeschieden 2022 | - | odd
DE | 0 | ausgeschieden zum 31.12.2023 | - | odd
DE | 0 | Ende 2025 | - | odd
DE | 0 | 2. Quartal | - | odd
DE | 0 | Q2/2025 | - | odd
DE | 0 | Version 2 | - | odd
DE | 0 | Mi. 12-14 | - | odd
US | 9 | weekdays 9-5 | - | odd
US | 9 | M-F 8am to 5pm | - | odd
US | 9 | Mon. - Fri. 8:30 - 5:00 | - | odd
US | 9 | M–F 9–5 | - | odd
US | 9 | 9 a.m. to 5 p.m. EST | - | odd
US | 9 | before 5pm | - | odd
US | 9 | 5pm | - | odd
US | 9 | by 5 PM | - | odd
US | 9 | 12 noon | - | odd
US | 9 | Jan 5th | - | odd
US | 9 | 5th of May | - | odd
US | 9 | May 5 | - | odd
US | 9 | 05/06 | - | odd
US | 9 | 1/2/2024 3:30 PM | - | odd
US | 9 | 2 weeks | - | odd
US | 9 | 30 days notice | - | odd
US | 9 | 10 years | - | odd
US | 9 | FY2024 | - | odd
US | 9 | FY 24 | - | odd
US | 9 | Class of 1999 | - | odd
US | 9 | est. 1999 | - | odd
US | 9 | $1,200 | - | odd
US | 9 | $1.5M | - | odd
US | 9 | 10-15 min | - | odd
US | 9 | floor 12 | - | odd
US | 9 | Bldg. 4 | - | odd
US | 9 | Building 12B | - | odd
US | 9 | 123 Main St | - | odd
US | 9 | 123 Main St. | - | odd
US | 9 | PO Box 123 | - | odd
US | 9 | ZIP 90210 | - | odd
FR | 0 | à partir de 18h | - | odd
FR | 0 | jusqu'à 17h30 | - | odd
FR | 0 | avant 9h | - | odd
FR | 0 | le matin 8h-12h | - | odd
FR | 0 | mercredi après-midi 14h | - | odd
FR | 0 | du 1er au 15 août | - | odd
FR | 0 | le 12/03 | - | odd
FR | 0 | 12 mars | - | odd
FR | 0 | bât. B 2e | - | odd
FR | 0 | 2 ans | - | odd
FR | 0 | 15 jours | - | odd
FR | 0 | 1,50 € | - | odd
ES | 0 | a partir de las 6 | - | odd
ES | 0 | lunes a viernes de 9 a 14 | - | odd
ES | 0 | hasta las 14:00 | - | odd
ES | 0 | 15 días | - | odd
ES | 0 | 3er piso | - | odd
ES | 0 | 1ª planta | - | odd
IT | 0 | dalle 9 alle 18 | - | odd
IT | 0 | lun-ven 9-18 | - | odd
IT | 0 | 1° piano | - | odd
NL | 0 | ma-vr 9-17 | - | odd
NL | 0 | na 18u | - | odd
NL | 0 | 1e etage | - | odd
SE | 0 | mån-fre 8-17 | - | odd
SE | 0 | efter 18 | - | odd
PL | 0 | pn-pt 8-16 | - | odd
PL | 0 | od 8 do 16 | - | odd
RU | 9 | пн-пт с 9 до 18 | - | odd
RU | 9 | с 9:00 до 18:00 | - | odd
RU | 9 | до 18 | - | odd
RU | 9 | 2 года | - | odd
CZ | 0 | po-pá 8-16 | - | odd
CZ | 0 | od 8 do 16 | - | odd
JP | 0 | 午前9時～午後5時 | - | odd
JP | 0 | 平日 9:00-17:00 | - | odd
JP | 0 | 令和6年 | - | odd
KR | 0 | 평일 9-18 | - | odd
"""
BESIDE = """
DE | 0 | Raum 1204 | 1204 | odd
DE | 0 | Ext 204 | 204 | odd
DE | 0 | App. 12 | 12 | odd
DE | 0 | 204 (Anna) | 204 | odd
DE | 0 | 112 | 112 |
DE | 0 | 1204 | 1204 |
DE | 0 | 204 bis 17 Uhr | 204 | odd
DE | 0 | 204, 9-17 Uhr | 204 | odd
US | 9 | 1234 9am-5pm | 1234 | odd
DE | 0 | nach 18 Uhr 204 | 204 | odd
DE | 0 | nach 18 Uhr 089 5550109 | 00895550109 | odd
DE | 0 | 12.03.2024 089 5550109 | 00895550109 | odd
DE | 0 | 18:00-20:00 089 5550109 | 00895550109 | odd
DE | 0 | 20240312 | 020240312 | odd
FR | 0 | 12.34.56.78 | 12345678 | odd
FR | 0 | 12/34/56/78 | 12345678 | odd
DE | 0 | 030.123.456 | 0030123456 |
DE | 0 | 12 am Empfang | 12 | odd
US | 9 | 1-800-MINUTES | 918006468837 | odd
US | 9 | 1-800-DOLLARS | 918003655277 | odd
DE | 0 | 204 Mo-Fr | 204 | odd
DE | 0 | Mo-Fr 204 | 204 | odd
DE | 0 | 204 ab 18 Uhr | 204 | odd
DE | 0 | 204 nach 17h | 204 | odd
DE | 0 | 1204 3. Stock | 1204 | odd
DE | 0 | 3. Stock, App. 204 | 204 | odd
DE | 0 | Durchwahl 12 (bis 17 Uhr) | 12 | odd
DE | 0 | DW 12 | 12 | odd
DE | 0 | App 1204 Mo-Fr 9-17 | 1204 | odd
DE | 0 | Tel. 204 | 204 | odd
DE | 0 | intern 204 | 204 | odd
DE | 0 | Kurzwahl 12 | 12 | odd
DE | 0 | 110 | 110 |
DE | 0 | 112 Feuerwehr | 112 | odd
DE | 0 | 116117 | 116117 |
DE | 0 | 5550109 | 05550109 | odd
DE | 0 | 12 34 56 | 0123456 | odd
DE | 0 | Anna 12 34 56 | 0123456 | odd
DE | 0 | Fr. Maier 204 | 204 | odd
DE | 0 | Frau Mai 204 | 204 | odd
DE | 0 | Jan 204 | 204 | odd
DE | 0 | Max 1204 | 1204 | odd
DE | 0 | Haus 1204 | 1204 | odd
DE | 0 | A 204 | 204 | odd
DE | 0 | 12 Anna | 12 | odd
DE | 0 | 1001/1002 | 1001 | odd
DE | 0 | 2001/2002 | 2001 | odd
DE | 0 | 1001, 1002 | 1001 | odd
DE | 0 | 0151 12.03.2024 | - | odd
FR | 0 | Fr 01 42 68 53 00 | 00142685300 | odd
FR | 0 | dès 01 42 68 53 00 | 00142685300 | odd
FR | 0 | mar 01 42 68 53 00 | 00142685300 | odd
FR | 0 | 01 42 68 53 00 | 00142685300 |
FR | 0 | 01.42.12.03.20 | 00142120320 |
FR | 0 | poste 12 | 12 | odd
FR | 0 | 12.34 | 1234 |
LU | 0 | 22-12-24 | 0221224 | odd
LU | 0 | 26.12.24 | 0261224 | odd
UA | 0 | 22-12-24 | 0221224 | odd
RU | 9 | 22-12-24 | 221224 | odd
DK | 0 | 24 12 20 24 | 024122024 |
DK | 0 | 24.12.20.24 | 024122024 |
DE | 0 | 089/12.03.24 | 0089120324 |
DE | 0 | 08912-03-24 | 0089120324 |
DE | 0 | (089) 12-03-24 | 0089120324 |
DE | 0 | 089 12-03-24 | 0089120324 |
DE | 0 | +49 89 12-03-24 | 0089120324 |
DE | 0 | 030 2024 | 00302024 |
DE | 0 | 030 1.2.2024 | - | odd
US | 9 | 212-555-0107 | 912125550107 |
US | 9 | 555-2024 | 95552024 | odd
US | 9 | 1-800-2024 | 18002024 | odd
DE | 0 | 0800 24 7 | 00800247 |
DE | 0 | 1.Stock/Zi.204 | 204 | odd
DE | 0 | Nr. 204 | 204 | odd
DE | 0 | Apparat 204 | 204 | odd
DE | 0 | NSt. 204 | 204 | odd
DE | 0 | Büro 204 | 204 | odd
DE | 0 | Zentrale: 100 | 100 | odd
DE | 0 | Pforte 12 | 12 | odd
DE | 0 | Notruf 112 | 112 | odd
DE | 0 | 204 (Büro) | 204 | odd
DE | 0 | 204 (2. Stock) | 204 | odd
DE | 0 | 204 / 2. Stock | 204 | odd
DE | 0 | 204 - 2. OG | 204 | odd
DE | 0 | 204 24h | 204 | odd
DE | 0 | 204 24/7 | 204 | odd
DE | 0 | 204 seit 2019 | 204 | odd
DE | 0 | 204 (seit 12.03.2024) | 204 | odd
DE | 0 | 204 12.03.2024 | 204 | odd
DE | 0 | So 204 | 204 | odd
US | 9 | 3rd Floor, Suite 200 | 200 | odd
US | 9 | Suite 200 | 200 | odd
US | 9 | Rm 204 | 204 | odd
US | 9 | Desk 12 | 12 | odd
US | 9 | Cube 204 | 204 | odd
US | 9 | x204 | 204 | odd
US | 9 | ext. 12 | 12 | odd
US | 9 | #204 | #204 |
US | 9 | 204 after 5pm | 204 | odd
US | 9 | 204 until 6 | 204 | odd
US | 9 | 555-0107 after 5pm | 95550107 | odd
US | 9 | after 5pm 555-0107 | 95550107 | odd
US | 9 | after 5pm: 212-555-0107 | 912125550107 | odd
US | 9 | call after 6 pm 212-555-0107 | 912125550107 | odd
US | 9 | 212-555-0107 after 6 | 912125550107 | odd
US | 9 | 6-7 pm: 212-555-0107 | 912125550107 | odd
FR | 0 | poste 204 | 204 | odd
FR | 0 | bureau 204 | 204 | odd
IT | 0 | interno 12 | 12 | odd
PL | 0 | pokój 204 | 204 | odd
RU | 9 | каб. 204 | 204 | odd
RU | 9 | доб. 204 | 204 | odd
JP | 0 | 内線204 | 204 | odd
KR | 0 | 내선 204 | 204 | odd
CN | 0 | 转204 | 204 | odd
CN | 0 | 分机204 | 204 | odd
"""


def table(text: str) -> list[tuple[DialPlan, str, str, bool]]:
    found = []
    for row in text.strip("\n").splitlines():
        place, line, raw, number, odd = (cell.strip(" ") for cell in row.split("|"))
        found.append(
            (
                DialPlan(region=place, outside_line=line),
                raw,
                number.replace(" ", "").strip("-"),
                odd == "odd",
            )
        )
    return found


ROWS = [
    row
    for text in (
        EMERGENCY,
        LIKE_THE_LINE,
        LOST_PLUS,
        ZEROS,
        HYPHENS,
        REMARKS,
        PLUS_TRUNK,
        FORMER,
        SEVERAL,
        ALONE,
        BESIDE,
    )
    for row in table(text)
]


@pytest.mark.parametrize(
    "plan, raw, number, is_odd",
    ROWS,
    ids=lambda value: (
        f"{value.region}-{value.outside_line}" if isinstance(value, DialPlan) else ascii(value)
    ),
)
def test_strangers_numbers(plan: DialPlan, raw: str, number: str, is_odd: bool) -> None:
    result = dial(raw, plan, limit=LIMIT)
    assert (number, is_odd) == (result.number, bool(result.warning)), result


REGIONS = st.sampled_from(
    ["", "DE", "US", "GB", "FR", "IT", "HU", "RU", "AU", "BR", "IN", "ES", "NO", "JP"]
)
LINES = st.sampled_from(["", "0", "9", "1", "0,"])
DIGITS = st.text("0123456789", max_size=12)
HEADS = st.sampled_from(
    ["", "+", "00", "0", "112", "911", "110", "1", "+1", "+49", "91-11-", "#31#", "*67", "(11) "]
)


def has_emergency_prefix(number: str, place: str) -> bool:
    home = region(place) if place else None
    heads = [number[:length] for length in range(1, 6)]
    return not is_emergency(number, place) and any(
        head in EMERGENCY_ANYWHERE
        or (home is not None and home.emergency.fullmatch(head) is not None)
        for head in heads
    )


def is_emergency(number: str, place: str) -> bool:
    return number in EMERGENCY_ANYWHERE or (
        place != "" and region(place).emergency.fullmatch(number) is not None
    )


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
    raw: str,
    place: str,
    line: str,
    rewrite: tuple[tuple[str, str], ...],
    canonical: str,
    allow_plus: bool,
) -> None:
    plan = DialPlan(
        region=place, outside_line=line, rewrite=rewrite, allow_pause=True, allow_plus=allow_plus
    )
    result = dial(raw, plan, canonical, limit=LIMIT)
    keys, outside = result.number.replace(",", ""), line.replace(",", "")
    rule = result.rule
    if rule in ("none", "emergency", "extension"):
        assert len(keys) <= max(plan.extension_digits, 6)
        return
    if not keys.startswith(("*", "#")):
        head = outside + region(place).international if place and rule == "international" else ""
        assert not has_emergency_prefix(keys, place) or has_emergency_prefix(head + "0", place)
        assert not (place and outside and keys.startswith(outside)) or not has_emergency_prefix(
            keys.removeprefix(outside), place
        )
    if place and outside and rule in ("cleaned", "short number", "service code"):
        assert not keys.startswith(outside)


def test_what_was_unclear_and_dangerous_is_dialled_in_the_sources_canonical_form() -> None:
    plan = DialPlan(region="US", outside_line="9")
    expected = DialResult(
        "9011911123456789",
        "international",
        "What is written was unclear: the source's canonical form is dialled.",
    )
    assert expected == dial("91-11-2345-6789", plan, "+911123456789", limit=LIMIT)


WRITTEN_ALONE = [
    cell.strip(" ") for row in ALONE.strip("\n").splitlines() for cell in row.split("|")[2:3]
]


@pytest.mark.parametrize("raw", WRITTEN_ALONE)
@pytest.mark.parametrize("place, line", [("DE", "0"), ("US", "9"), ("FR", ""), ("", "")])
def test_a_date_a_time_an_amount_or_a_place_is_no_number_in_any_region(
    raw: str, place: str, line: str
) -> None:
    plan = DialPlan(region=place, outside_line=line)
    found = dial(raw, plan, "+12125550107", limit=LIMIT)
    assert DialResult("", "none", parsed_number.QUANTITY) == found
    assert raw == "0.5" or "1204" == dial(f"1204 ({raw})", plan, limit=LIMIT).number


@pytest.mark.parametrize(
    "raw", ["0", "00", "(0)", "0.", "Tel. 0", "+0", "0 0", "0;5", "0,,5", "0,500"]
)
def test_the_outside_line_alone_is_never_dialled(raw: str) -> None:
    plan = DialPlan(region="DE", outside_line="0")
    assert DialResult("", "none", refusals.BARE_LINE) == dial(raw, plan, limit=LIMIT)
    rewritten = DialPlan(
        region="DE", outside_line="0", rewrite=(("^204$", "0"),), extension_digits=2
    )
    assert refusals.BARE_LINE == dial("204", rewritten, limit=LIMIT).warning


def test_the_operators_zero_is_dialled_where_it_is_no_outside_line() -> None:
    for plan in (DialPlan(), DialPlan(region="DE"), DialPlan(region="US", outside_line="9")):
        assert DialResult("0", "extension") == dial("0", plan, limit=LIMIT)
    assert "999" == dial("999", DialPlan(region="GB", outside_line="9"), limit=LIMIT).number


@pytest.mark.parametrize(
    "raw",
    [
        "+49+30+5550101",
        "+49+305550101",
        "+1+212+5550107",
        "0049+30+5550101",
        "030+5550101",
        "49+30+5550101",
        "+49 30 +5550101",
    ],
)
def test_a_plus_between_digits_has_a_sentence_of_its_own(raw: str) -> None:
    assert DialResult("", "none", parsed_number.PLUS_BETWEEN) == dial(
        raw, DialPlan(region="DE", outside_line="0"), limit=LIMIT
    )


QUANTITIES = st.sampled_from(
    [
        "nach 18 Uhr",
        "9am-5pm",
        "12.03.2024",
        "2024-03-12",
        "18:00",
        "3 mois",
        "2 этаж",
        "50%",
        "$5.00",
        "18時",
        "12. Mai",
    ]
)


@given(
    QUANTITIES,
    st.sampled_from(["", " ", ", ", ": ", "\n"]),
    st.sampled_from(["089 5550109", "+49 89 5550109", "0049 89 5550109", "(089) 5550109"]),
)
def test_what_stands_before_a_whole_number_is_never_dialled_with_it(
    quantity: str, between: str, number: str
) -> None:
    result = dial(
        f"{quantity}{between or ' '}{number}", DialPlan(region="DE", outside_line="0"), limit=LIMIT
    )
    assert result.number in ("00895550109", "")
    assert result.warning


@pytest.mark.parametrize(
    "plan, raw, odd",
    [
        (DialPlan(region="US", outside_line="9"), "112 555 0107", refusals.LIKE_EMERGENCY),
        (DialPlan(region="CH", outside_line="0"), "021 234 56 78 0", refusals.LIKE_LINE),
        (DialPlan(region="NO", outside_line="0"), "911 23 456", refusals.AROUND),
        (DialPlan(region="US"), "91 22 2345 6789", identity.FOREIGN),
        (
            DialPlan(region="JP", outside_line="0"),
            "00 7 812 555 01 23",
            international_prefix.AMBIGUOUS,
        ),
        (DialPlan(region="SG"), "001 43 1 5550123", international_prefix.PREFIX),
        (
            DialPlan(region="HK", outside_line="0"),
            "0081 90 1234 5678",
            international_prefix.CARRIER,
        ),
        (
            DialPlan(region="JP", outside_line="0"),
            "0049 30 5550113",
            international_prefix.DOUBLE_ZERO,
        ),
        (DialPlan(region="RU", outside_line="0"), "+8 (495) 123-45-67", identity.PLUS_TRUNK),
        (DialPlan(region="PL", outside_line="0"), "0 22 123 45 67", identity.FORMER),
        (DialPlan(region="US"), "1+212-555-0107", parsed_number.ONE_PLUS),
        (DialPlan(region="JP"), "03 あ 3123 4567", parsed_number.WORDS),
    ],
)
def test_what_is_doubtful_has_a_sentence_of_its_own(plan: DialPlan, raw: str, odd: str) -> None:
    assert odd == dial(raw, plan, limit=LIMIT).warning


def test_a_second_number_behind_a_comma_is_no_pause() -> None:
    plan = DialPlan(region="DE", outside_line="0", allow_pause=True)
    assert "00895550109" == dial("089 5550109,01705550114", plan, limit=LIMIT).number
    assert "00895550109" == dial("089 5550109, 0170 5550114, 030 5550113", plan, limit=LIMIT).number
    assert "00895550109,,12345678#" == dial("089 5550109,,12345678#", plan, limit=LIMIT).number
    assert "00895550109,12" == dial("089 5550109,12", plan, limit=LIMIT).number
    assert "008912345" == dial("089 123-45, -46", plan, limit=LIMIT).number


@pytest.mark.parametrize(
    "raw", ["089 555-0 × 123", "089 555-0000 ~ 123", "089 555-0 х123", "089 555-0 (分机 123)"]
)
def test_an_extension_sign_of_another_script_gives_the_extension_of_the_site(raw: str) -> None:
    plan = DialPlan(region="DE", outside_line="0", own_prefixes=("+4989555",))
    assert DialResult("123", "own prefix") == dial(raw, plan, limit=LIMIT)


def test_check_counts_extensions_that_begin_like_an_emergency_number(tmp_path: Path) -> None:
    people = [
        ("Ann", "1120"),
        ("Bob", "1125"),
        ("Cora", "+49 89 555-1101"),
        ("Dora", "2001"),
        ("Eve", "112"),
        ("Fay", "1120"),
    ]
    write_people(
        tmp_path / "contacts.csv", [{"Name": name, "Work Phone": raw} for name, raw in people]
    )
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
    sentence = (
        "begin like an emergency number: a telephone system that connects after three digits"
        " calls the emergency services."
    )
    assert f"profile default: 3 extensions {sentence}\n" in checked
    assert "profile five: 1 extension begins like" in checked
    assert f"  3: {refusals.LIKE_EMERGENCY}\n" in checked
    assert (
        'dial.desk.number = "91-11-2345-6789" cannot be dialled in profile default.'
        f" {identity.FOREIGN}\n" in checked
    )
    listed = run("numbers", cwd=tmp_path)
    assert "Ann\twork\t1120\t1120\textension\n" in listed.stdout
    assert f"3 extensions {sentence}" in listed.stderr


@pytest.mark.parametrize(
    "unit",
    [
        "~",
        "~1",
        "-0",
        "- 1",
        ",1",
        ", 1",
        "(1€",
        "€1",
        "1 ct ",
        "/min",
        "0xx1",
        "ー",
        "×1",
        "1+2",
        ";phone-context=",
    ],
)
@pytest.mark.parametrize("head", ["", "089 5550109", "tel:"])
def test_hostile_text_takes_linear_time(head: str, unit: str) -> None:
    # Anything quadratic would take minutes here, and meet the timeout of the suite.
    assert len(parse_number(head + unit * 100_000).digits) <= 256
