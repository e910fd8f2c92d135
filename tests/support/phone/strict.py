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
