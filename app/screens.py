"""What a phone can show: screens, and the limits that a format sets for them.

Law of this file: it knows screens and how text is fitted to a width. It knows no vendor, no contact, no source and no URL:
a screen names another one by its path below the profile ("staff/k3/1.xml"), and a format is handed a function that makes links.
"""

from collections.abc import Callable
from dataclasses import dataclass

Link = Callable[[str], str]
"""Turns a path of ours ("staff/k3/1.xml") into the absolute URL that a phone requests."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one screen of a phone family holds; lengths in characters. Only formats make one."""

    page_rows: int
    menu_items: int
    title: int
    row_name: int
    number: int
    item_name: int
    text: int
    base_url: int


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of a menu: its label and the path of the screen that it opens."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A list of ways to go."""

    title: str
    items: tuple[MenuItem, ...]
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page: a name, unique among its neighbours, and what the phone dials."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a book. `next`, `previous` and `search` are paths, or None where there is nothing to go to."""

    title: str
    rows: tuple[Row, ...]
    prompt: str = ""
    next: str | None = None
    previous: str | None = None
    search: str | None = None
    softkeys: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for the person with the handset."""

    title: str
    text: str
    softkeys: bool = True


@dataclass(frozen=True, slots=True)
class Dial:
    """Dials a number at once."""

    number: str


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a search form. `keypad` asks for digits instead of letters; `value` is filled in already."""

    label: str
    parameter: str
    keypad: bool
    value: str = ""


@dataclass(frozen=True, slots=True)
class SearchForm:
    """Asks for what to look for, and sends it to the screen at `path`."""

    title: str
    prompt: str
    path: str
    fields: tuple[Field, ...]


Screen = Menu | Page | Message | Dial | SearchForm
