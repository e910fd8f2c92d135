"""The ways in which people write a number, and the exchanges that dial it.

`SPELLINGS` maps a name to a way of writing. `rows` yields every number in a spelling,
for every exchange.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from app.numbers.dial_plan import DialPlan
from app.numbers.dialling import DialResult, dial
from tests.support.number_exchange import Exchange, trunk

_EUROPE = "DE AT CH FR IT ES PT NL BE GB IE DK SE NO FI PL CZ SK HU RO BG GR TR RU UA"
_ELSEWHERE = "US CA MX BR AR CL CO JP CN KR HK SG IN AU NZ ZA IL AE"
REGIONS = tuple(f"{_EUROPE} {_ELSEWHERE}".split(" "))
HOUSES = [
    ("DE", "0"),
    ("US", "9"),
    ("GB", "9"),
    ("HU", "0"),
    ("RU", "9"),
    ("IT", "0"),
    ("JP", "0"),
    ("BR", "0"),
    ("IN", "0"),
    ("SG", "9"),
]
_DIALLED_BUT_NOT_WRITTEN = {"US", "CA", "BR"}
"""Where the national form is written without the trunk prefix."""

WIDE = str.maketrans("0123456789+-() ", "０１２３４５６７８９＋－（）　")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")


@dataclass(frozen=True, slots=True)
class Example:
    """A number and its parts.

    `significant` is the number without country code and trunk prefix, `groups` are its
    parts. `home` are the parts of what is dialled in its own country, the trunk prefix
    included.
    """

    region: str
    whole: str
    code: str
    significant: str
    groups: tuple[str, ...]
    national: str
    home: tuple[str, ...]
    trunk: str

    @property
    def area(self) -> str:
        return self.groups[0]

    @property
    def rest(self) -> str:
        return " ".join(self.groups[1:])

    @property
    def is_toll_free(self) -> bool:
        found = phonenumbers.parse(self.whole)
        return phonenumbers.number_type(found) == PhoneNumberType.TOLL_FREE

    @property
    def has_trunk(self) -> bool:
        return self.trunk != "" and "".join(self.home) == self.trunk + self.significant


def example(whole: str, region: str) -> Example:
    """Return the parts of a number that is given with +."""
    found = phonenumbers.parse(whole)
    before = trunk(region)
    national = phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL)
    home = re.findall("[0-9]+", national)
    if home[0] == before:
        home[:2] = ["".join(home[:2])]
    elif region in _DIALLED_BUT_NOT_WRITTEN and not home[0].startswith(before):
        home[0] = before + home[0]
    return Example(
        region=region,
        whole=whole,
        code=str(found.country_code),
        significant=phonenumbers.national_significant_number(found),
        groups=tuple(
            re.findall("[0-9]+", phonenumbers.format_number(found, PhoneNumberFormat.INTERNATIONAL))
        )[1:],
        national=national,
        home=tuple(home),
        trunk=before,
    )


Way = Callable[[Example, Exchange], str]

# With the country code: one meaning everywhere.
WHOLE: dict[str, Way] = {
    "+ blanks": lambda n, x: f"+{n.code} {n.area} {n.rest}",
    "+ digits": lambda n, x: n.whole,
    "+ hyphens": lambda n, x: f"+{n.code}-{'-'.join(n.groups)}",
    "+ dots": lambda n, x: f"+{n.code}.{'.'.join(n.groups)}",
    "+ brackets": lambda n, x: f"+{n.code} ({n.area}) {n.rest}",
    "+ slash": lambda n, x: f"+{n.code} {n.area}/{''.join(n.groups[1:])}",
    "+ (trunk)": lambda n, x: f"+{n.code} ({n.trunk}){n.area} {n.rest}" if n.trunk == "0" else "",
    "+ trunk": lambda n, x: f"+{n.code} {n.trunk}{n.area} {n.rest}" if n.trunk == "0" else "",
    "+ trunk in brackets": lambda n, x: (
        f"+{n.code} ({n.trunk}{n.area}) {n.rest}" if n.trunk == "0" else ""
    ),
    "(+ code)": lambda n, x: f"(+{n.code}) {n.area} {n.rest}",
    "+ (code)": lambda n, x: f"+({n.code}) {n.area} {n.rest}",
    "+ full width": lambda n, x: f"+{n.code} {n.area} {n.rest}".translate(WIDE),
    "+ Arabic digits": lambda n, x: f"+{n.code} {n.area} {n.rest}".translate(ARABIC),
    "+ Devanagari digits": lambda n, x: f"+{n.code} {n.area} {n.rest}".translate(DEVANAGARI),
    "+ U+30FC": lambda n, x: f"+{n.code}ー{'ー'.join(n.groups)}",
    "+ U+2011": lambda n, x: f"+{n.code}‑{'‑'.join(n.groups)}",  # a hyphen that does not break
    "+ U+2212": lambda n, x: f"+{n.code}−{'−'.join(n.groups)}",  # the minus sign
    "+ U+00A0": lambda n, x: f"+{n.code}\u00a0{n.area}\u00a0{n.rest}",
    "+ U+202A": (
        lambda n, x: f"\u202a+{n.code} {n.area} {n.rest}\u202c"
    ),  # as copied from contact pages
    "+ label": lambda n, x: f"Tel.: +{n.code} {n.area} {n.rest}",
    "+ ext.": lambda n, x: f"+{n.code} {n.area} {n.rest} ext. 12",
    "+ x": lambda n, x: f"+{n.code} {n.area} {n.rest} x12",
    "+ U+00D7": lambda n, x: f"+{n.code} {n.area} {n.rest} × 12",
    "+ ;ext=": lambda n, x: f"{n.whole};ext=12",
    "+ pause": lambda n, x: f"{n.whole},,12#",
    "+ remark": lambda n, x: f"+{n.code} {n.area} {n.rest} (Anna)",
    "+ hours": lambda n, x: f"+{n.code} {n.area} {n.rest} (8-17)",
    "+ price": lambda n, x: f"+{n.code} {n.area} {n.rest} (0,14 €/Min.)",
    "+ another": lambda n, x: f"+{n.code} {n.area} {n.rest} / +{n.code} {n.area} {n.rest[:-1]}9",
    "+ ,another": lambda n, x: f"{n.whole},{n.whole[:-1]}9",
    "tel:": lambda n, x: f"tel:+{n.code}-{'-'.join(n.groups)}",
    "tel: context": lambda n, x: f"tel:{n.significant};phone-context=+{n.code}",
    "tel: context and trunk": lambda n, x: f"tel:{''.join(n.home)};phone-context=+{n.code}",
    "00 blanks": lambda n, x: f"00 {n.code} {n.area} {n.rest}",
    "00 digits": lambda n, x: f"00{n.code}{n.significant}",
    "00 hyphens": lambda n, x: f"00-{n.code}-{'-'.join(n.groups)}",
    "00 brackets": lambda n, x: f"(00{n.code}) {n.area} {n.rest}",
    "00 (trunk)": lambda n, x: (
        f"00{n.code} ({n.trunk}) {n.area} {n.rest}" if n.trunk == "0" else ""
    ),
    "00 price": lambda n, x: f"00{n.code}{n.significant} (0,14 €/Min.)",
    "prefix blanks": lambda n, x: f"{x.international} {n.code} {n.area} {n.rest}",
    "prefix digits": lambda n, x: f"{x.international}{n.code}{n.significant}",
    "code (trunk)": lambda n, x: f"{n.code} ({n.trunk}){n.area} {n.rest}" if n.trunk == "0" else "",
}

# With the country code, but nothing before it.
BARE: dict[str, Way] = {
    "code blanks": lambda n, x: f"{n.code} {n.area} {n.rest}",
    "code digits": lambda n, x: f"{n.code}{n.significant}",
    "code hyphens": lambda n, x: f"{n.code}-{'-'.join(n.groups)}",
    "code brackets": lambda n, x: f"({n.code}) {n.area} {n.rest}",
    "code .0": lambda n, x: f"{n.code}{n.significant}.0",
}

# As in the number's own country.
NATIONAL: dict[str, Way] = {
    "national": lambda n, x: n.national,
    "national digits": lambda n, x: "".join(n.home),
    "national hyphens": lambda n, x: "-".join(n.home),
    "national dots": lambda n, x: ".".join(n.home),
    "national brackets": lambda n, x: f"({n.home[0]}) {' '.join(n.home[1:])}",
    "national slash": lambda n, x: f"{n.home[0]}/{''.join(n.home[1:])}",
    "national full width": lambda n, x: "-".join(n.home).translate(WIDE),
    "national U+30FC": lambda n, x: "ー".join(n.home),
    "national Arabic digits": lambda n, x: " ".join(n.home).translate(ARABIC),
    "national ext.": lambda n, x: f"{' '.join(n.home)} ext. 12",
    "national remark": lambda n, x: f"{' '.join(n.home)} (Anna)",
    "national price": lambda n, x: f"{' '.join(n.home)} (0,14 €/Min.)",
    "national another": lambda n, x: f"{' '.join(n.home)} / {' '.join(n.home)[:-1]}9",
    "national ,another": lambda n, x: f"{''.join(n.home)},{''.join(n.home)[:-1]}9",
    "national tel:": lambda n, x: f"tel:{''.join(n.home)}",
    "+ national": lambda n, x: f"+{' '.join(n.home)}" if n.has_trunk else "",
}

# As in the number's own country, without the trunk prefix.
SHORT: dict[str, Way] = {
    "short": lambda n, x: " ".join(n.groups) if n.has_trunk else "",
    "short digits": lambda n, x: n.significant if n.has_trunk else "",
    "short brackets": lambda n, x: f"({n.area}) {n.rest}" if n.has_trunk else "",
}

SPELLINGS = WHOLE | BARE | NATIONAL | SHORT
_ABROAD = {
    "national",
    "national digits",
    "national brackets",
    "short digits",
    "short brackets",
    "+ national",
}
"""Those of a foreign country's national spellings that are tried at an exchange elsewhere."""


@dataclass(frozen=True, slots=True)
class Row:
    """A number, written in one way, for one exchange."""

    number: Example
    spelling: str
    exchange: Exchange
    text: str

    @property
    def is_at_home(self) -> bool:
        return self.number.code == self.exchange.code

    @property
    def must_have_an_entry(self) -> bool:
        """Whether the number must become an entry.

        It begins with + or 00 and a country code, or in its own country with the trunk
        zero.
        """
        is_whole = self.text.startswith(("+", "00")) and self.spelling in WHOLE
        return is_whole or (self.is_at_home and self.text.startswith(("+", "0")))

    def dialled(self) -> DialResult:
        return dial(
            self.text,
            DialPlan(region=self.exchange.region, outside_line=self.exchange.line),
            limit=32,
        )


def rows(spelling: str, examples: tuple[Example, ...]) -> Iterator[Row]:
    """Yield every row of a spelling.

    Each number is read by each site, with and without an outside line, and by one in
    its country.
    """
    for number in examples:
        for exchange in _exchanges(spelling, number):
            if text := SPELLINGS[spelling](number, exchange):
                yield Row(number, spelling, exchange, text)


def _exchanges(spelling: str, number: Example) -> Iterator[Exchange]:
    for line in ("0", "9", ""):
        yield Exchange(number.region, line)
    is_tried_abroad = spelling in WHOLE or spelling in BARE or spelling in _ABROAD
    for region, line in HOUSES if is_tried_abroad and not number.is_toll_free else ():
        if region != number.region:
            yield Exchange(region, line)
            yield Exchange(region, "")
