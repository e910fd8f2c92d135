"""What a phone can show: screens, the limits that a format sets for them, and how text is fitted to a width.

Law of this file: it knows screens and text. It knows no vendor, no contact, no source and no URL: a screen names another one
by its path below the profile ("staff/k3/1.xml"), and a format is handed a function that makes links.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

Link = Callable[[str], str]
"""Turns a path of ours ("staff/k3/1.xml") into the absolute URL that a phone requests."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one screen of a phone family holds; lengths in characters. Only formats make one.

    `link` is the longest path of ours, its query included, behind the longest base address.
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
    """How one phone of a family wants its screens: what its request's headers told.

    `charset` is the encoding of the bytes; `keys` the layout of softkeys ("" for none of ours); `directories` whether it can show
    a directory at all; `prompts` whether it shows a prompt beside the title; `forms` whether it can show a form.
    """

    charset: str = "utf-8"
    keys: str = ""
    directories: bool = True
    prompts: bool = True
    forms: bool = True


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


class Row(msgspec.Struct, frozen=True, gc=False):
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
    """A sentence for the person with the handset. `search` is the path of the form to go back to, or None where there is none."""

    title: str
    text: str
    softkeys: bool = True
    search: str | None = None


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
    softkeys: bool = True


Screen = Menu | Page | Message | Dial | SearchForm


class ScreenError(ValueError):
    """A screen cannot be shown within a format's limits; the text says which limit and by how much, never whose name."""
