"""Screens that a phone can show, and the limits that a phone family sets for them.

A screen refers to another one by its path below the profile ("staff/k3/1.xml"). A
format gets a function that turns such a path into a URL.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from app.languages.catalogue import ENGLISH

Link = Callable[[str], str]
"""Turns a path such as "staff/k3/1.xml" into the absolute URL that a phone requests."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one screen of a phone family holds; lengths are in characters.

    `link` is the maximum length of a path with its query, behind the longest
    `base_url`.
    """

    page_rows: int
    menu_items: int
    title: int
    row_name: int
    number: int
    item_name: int
    text: int
    base_url: int
    link: int


class Dialect(msgspec.Struct, frozen=True, cache_hash=True):
    """How one phone of a family wants its screens, according to its request headers.

    `charset` is the encoding of the bytes. `keys` is the layout of softkeys ("" for
    none). `directories` is whether it can show a directory, `forms` whether it can show
    a form. `prompts` is whether it shows a prompt beside the title. `language` is that
    of the gateway's own words. `link_language` is what links carry so that the next
    request gets this language too, "" if its headers are enough.
    """

    charset: str = "utf-8"
    keys: str = ""
    directories: bool = True
    prompts: bool = True
    forms: bool = True
    language: str = ENGLISH
    link_language: str = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of a menu, with its label and the path of the screen that it opens."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A list of items that each open another screen."""

    title: str
    items: tuple[MenuItem, ...]
    prompt: str = ""


class Row(msgspec.Struct, frozen=True, gc=False):
    """A line of a page, with the name shown and the number that the phone dials.

    Names are unique among neighbours.
    """

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows.

    `next`, `previous` and `search` are paths, or None if there is no such screen.
    """

    title: str
    rows: tuple[Row, ...]
    prompt: str = ""
    next: str | None = None
    previous: str | None = None
    search: str | None = None
    softkeys: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """A text for the person at the phone.

    `search` is the path of the search form to return to, or None if there is none.
    """

    title: str
    text: str
    softkeys: bool = True
    search: str | None = None


@dataclass(frozen=True, slots=True)
class Dial:
    """An instruction to the phone to dial a number at once."""

    number: str


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a search form.

    `keypad` asks for digits instead of letters. `value` is filled in beforehand.
    """

    label: str
    parameter: str
    keypad: bool
    value: str = ""


@dataclass(frozen=True, slots=True)
class SearchForm:
    """A form for a search query, which is sent to the screen at `path`."""

    title: str
    prompt: str
    path: str
    fields: tuple[Field, ...]
    softkeys: bool = True


Screen = Menu | Page | Message | Dial | SearchForm


class ScreenError(ValueError):
    """A screen exceeds a limit of the format.

    The text names the limit and the excess, and never a contact.
    """
