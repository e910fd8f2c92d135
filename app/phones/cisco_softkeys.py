"""Write the softkeys of a Cisco phone's screen as XML, in the reader's language.

XSI in these comments is Cisco's "Unified IP Phone Services Application Development
Notes". Links of keys come as finished URLs.
"""

from dataclasses import dataclass
from functools import cache

from app.languages.catalogue import words
from app.model.screens import Dialect
from app.phones.cisco_charset import escape, spell
from app.phones.cisco_dialect import DIAL_FIRST

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Labels:
    """The labels of the softkeys; 8 letters fit on the phones with the narrowest ones."""

    dial: str
    edit_dial: str
    exit: str
    next: str
    previous: str
    search: str
    select: str


@cache
def _labels(language: str, charset: str) -> _Labels:
    pgettext = words(language).pgettext
    found = (
        pgettext("softkey", "Dial"),
        pgettext("softkey", "EditDial"),
        pgettext("softkey", "Exit"),
        pgettext("softkey", "Next"),
        pgettext("softkey", "Previous"),
        pgettext("softkey", "Search"),
        pgettext("softkey", "Select"),
    )
    return _Labels(*(escape(spell(label, charset)) for label in found))


def list_softkeys(
    dialect: Dialect,
    next_page: str | None,
    previous_page: str | None,
    search: str | None,
    *,
    is_menu: bool,
) -> str:
    """Return the softkeys of a list, from the URLs that exist.

    Next and Previous have fixed positions. EditDial takes the first free one. `is_menu`
    is for a list that is written as a menu, which has Select for Dial.
    """
    labels = _labels(dialect.language, dialect.charset)
    leave = (labels.exit, "SoftKey:Exit")
    dial = (labels.select, "SoftKey:Select") if is_menu else (labels.dial, "SoftKey:Dial")
    forward = (labels.next, next_page) if next_page is not None else None
    back = (labels.previous, previous_page) if previous_page is not None else None
    fixed = (
        (dial, forward, leave, back) if dialect.keys == DIAL_FIRST else (leave, dial, forward, back)
    )
    others = [] if is_menu else [(labels.edit_dial, "SoftKey:EditDial")]
    if search is not None:
        others.append((labels.search, search))
    keys: list[_Key] = []
    for key in fixed:
        if key is not None:
            keys.append(key)
        elif others:
            keys.append(others.pop(0))
    return _write(keys + others)


def message_softkeys(dialect: Dialect, search: str | None) -> str:
    """Return the softkeys of a message, from the URL of a search form if there is one."""
    labels = _labels(dialect.language, dialect.charset)
    leave = [(labels.exit, "SoftKey:Exit")]
    others = [(labels.search, search)] if search is not None else []
    return _write(others + leave if dialect.keys == DIAL_FIRST else leave + others)


def _write(keys: list[_Key]) -> str:
    # A single SoftKeyItem removes all of the phone's own softkeys (XSI).
    return "".join(
        f"<SoftKeyItem><Name>{name}</Name><Position>{position}</Position><URL>{url}</URL>"
        "</SoftKeyItem>\n"
        for position, (name, url) in enumerate(keys, 1)
    )
