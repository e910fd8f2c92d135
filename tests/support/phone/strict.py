"""A strict Cisco phone, which refuses what any phone might refuse.

Example: `with Phone(CP_7821) as phone: walk(phone, "http://127.0.0.1:8080/menu.xml",
directories=True)`. A broken rule raises a PhoneRefuses that names it.
`read_object(body, charset, url)` checks a page without HTTP, for golden files. The
rules are those of `app.phones.strict`; here the first breach is raised.
"""

from app.phones.strict.judge import OpenedPage, Setting
from app.phones.strict.models import (
    CP_860,
    CP_6945,
    CP_7821,
    CP_7921G,
    CP_7940G,
    CP_7942G,
    CP_7965G,
    CP_8845,
    CP_8875,
    CURL,
    DP_9841,
    MODELS,
    Model,
)
from app.phones.strict.objects import (
    DirectoryObject,
    Entry,
    ExecuteObject,
    Field,
    InputObject,
    MenuItem,
    MenuObject,
    PhoneObject,
    SoftKey,
    TextObject,
)
from app.phones.strict.response import Answer
from tests.support.phone.browser import DEVICE, Phone
from tests.support.phone.refusal import PhoneRefuses, judge, read_object
from tests.support.phone.walk import Walk, walk

EACH_CHARSET_AND_LAYOUT = tuple(
    model.in_charset(charset)
    for model in (CP_7821, CP_7965G)
    for charset in ("utf-8", "iso-8859-1")
)
"""Two models that lay out softkeys differently, each in both charsets."""

# Where each of the 52 rules of docs/phone-rules.md is checked:
#
# - judged on every answer: 1, 2, 3, 5, 7, 9, 10, 11, 14, 15 (status 200, Title, Text, Exit), 22,
#   23, 24, 25, 26 (counts; the cap is 32), 27, 28, 29, 30 (menu, not empty, no call lists), 34 to
#   43, 45, 46 (empty or too long), 47, 48, 49 (no method="post"), 50; 16 as far as links and
#   fields may not use `name` and `locale`
# - judged by the phone that asks: 6 (HTTP/1.0 and Connection: close), 12 (header names in lower
#   case, Display with spaces), 13 (`twice`), 31 and 32 (`directories=True`, or any root by its URL)
# - judged by a walk: 26 (none lost, none twice), 38 (Next and Previous agree with each other and
#   with the menus), 7 and 15 (dead links)
# - not visible from a phone, so for the server's own tests: 4 (which letters replace others; a walk
#   in ISO-8859-1 shows that the page is there), 8 (hosts and base URL), 16 to 21 (what requests may
#   contain), 33 (the cnf lines), 46 (counting), 49 (POST accepted), 52 (golden files)
# - void by the design: 44 (one row per number), 51 (out of scope)
#
# Stricter than the rules, on purpose: only double quotes and single blanks inside tags; no stray
# white space in lines (unknown on the phones); no attribute but those of ExecuteItem;
# links without fragments and user names.
#
# If the rules leave a choice, both are accepted: charsets of equal weight, a lone Exit on CP-79 at
# 1 or 3, a form's softkeys on other phones with Cancel or with Submit first, and a form without
# softkeys. A phone cannot see a wrong charset that is valid as bytes (UTF-8 called ISO-8859-1):
# compare the rows of a walk.

__all__ = [
    "CP_860",
    "CP_6945",
    "CP_7821",
    "CP_7921G",
    "CP_7940G",
    "CP_7942G",
    "CP_7965G",
    "CP_8845",
    "CP_8875",
    "CURL",
    "DEVICE",
    "DP_9841",
    "EACH_CHARSET_AND_LAYOUT",
    "MODELS",
    "Answer",
    "DirectoryObject",
    "Entry",
    "ExecuteObject",
    "Field",
    "InputObject",
    "MenuItem",
    "MenuObject",
    "Model",
    "OpenedPage",
    "Phone",
    "PhoneObject",
    "PhoneRefuses",
    "Setting",
    "SoftKey",
    "TextObject",
    "Walk",
    "judge",
    "read_object",
    "walk",
]
