"""Limits of Cisco phones as the strict phone knows them, and how it notes a breach.

The numbers are copied from the facts about the phones, not imported from
`app.phones.cisco`: the strict phone must not repeat a fault of the renderer. XSI in
these comments is Cisco's "Unified IP Phone Services Application Development Notes",
XSD its schema CiscoIPPhone.xsd 3.3.4. Rules are numbered as in docs/phone-rules.md.
"""

from dataclasses import dataclass, field

# Rule 25: lengths in characters, before escaping (XSD).
TITLE_LIMIT = 32
PROMPT_LIMIT = 32
ENTRY_NAME_LIMIT = 32
NUMBER_LIMIT = 32
KEY_NAME_LIMIT = 32
FIELD_LIMIT = 32
ITEM_NAME_LIMIT = 64
TEXT_LIMIT = 4000
# Rule 24: a menu item may have two line breaks, which make three lines (XSI, "XML Objects").
ITEM_BREAK_LIMIT = 2
# Rule 26: counts on a page. A 78xx shows "XML parsing error" for more than 32 entries.
ENTRY_LIMIT = 32
ITEM_LIMIT = 100
INPUT_LIMIT = 5
SOFTKEY_LIMIT = 8
KEY_LIMIT = 32
EXECUTE_LIMIT = 3
# Rule 35: the last position of a softkey (XSD; current phones have 16, XSI).
POSITION_LIMIT = 8
# Rule 9: a URL in a page has 256 characters (XSD), one in a SEP file 255. A 69xx refuses a file
# name over 127 (XSI).
URL_LIMIT = 255
PATH_LIMIT = 127
# Rule 14: a 69xx shows "Data too large!" for more than 196608 bytes (XSI). Below 32 KiB nothing is
# known to fail.
PAGE_LIMIT = 32 * 1024
HARD_PAGE_LIMIT = 196608
# Rule 45: what is dialled (XSI, "Internal URI Features").
DIALLED = frozenset("0123456789*#")
# Rule 42: an Expires on or before the first day of 1970 is not understood by an 8800 (XSI).
FIRST_EXPIRES_YEAR = 1970
# Rule 50: the InputFlags of the schema; P hides what is typed.
INPUT_FLAGS = frozenset({"A", "T", "N", "E", "U", "L", "AP", "TP", "NP", "EP", "UP", "LP", "PA"})


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach of a rule.

    `problem` says what is wrong and where on the page. It holds no text of the page,
    so that it may be logged; `found` is that text, "" if there is none. An `is_remark`
    breach is one that phones are known to put up with.
    """

    rule: int
    problem: str
    found: str = ""
    is_remark: bool = False


class UnreadablePage(Exception):
    """A page of which nothing more can be read. The breaches have been noted."""


@dataclass(slots=True)
class Breaches:
    """The breaches of a page, in the order in which they were found."""

    noted: list[Breach] = field(default_factory=list)

    def add(self, rule: int, problem: str, found: str = "") -> None:
        """Note a breach that a phone may refuse the page for."""
        self.noted.append(Breach(rule, problem, found))

    def remark(self, rule: int, problem: str, found: str = "") -> None:
        """Note a breach that phones are known to put up with."""
        self.noted.append(Breach(rule, problem, found, is_remark=True))

    def stop(self, rule: int, problem: str, found: str = "") -> UnreadablePage:
        """Note a breach after which nothing more can be read, and return the exception."""
        self.add(rule, problem, found)
        return UnreadablePage(problem)
