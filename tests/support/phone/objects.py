"""What a strict phone has understood: the five objects that a directory gateway sends.

Law of this file: values only. It knows neither XML nor HTTP, and judges nothing.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SoftKey:
    """A key below the display: its label, its place and the URI behind it."""

    name: str
    position: int
    url: str


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of a menu. `number` is what it dials by itself, "" where it opens a page."""

    name: str
    url: str

    @property
    def number(self) -> str:
        return self.url.removeprefix("Dial:") if self.url.startswith("Dial:") else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a directory."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form."""

    label: str
    parameter: str
    flags: str
    value: str


@dataclass(frozen=True, slots=True)
class MenuObject:
    """CiscoIPPhoneMenu. `stands_for_list`: its items dial (rule 48), so it is a page of a list and not a way to one."""

    title: str
    prompt: str
    softkeys: tuple[SoftKey, ...]
    items: tuple[MenuItem, ...]

    @property
    def stands_for_list(self) -> bool:
        return any(item.number for item in self.items)


@dataclass(frozen=True, slots=True)
class DirectoryObject:
    """CiscoIPPhoneDirectory."""

    title: str
    prompt: str
    softkeys: tuple[SoftKey, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class TextObject:
    """CiscoIPPhoneText."""

    title: str
    prompt: str
    softkeys: tuple[SoftKey, ...]
    text: str


@dataclass(frozen=True, slots=True)
class InputObject:
    """CiscoIPPhoneInput."""

    title: str
    prompt: str
    softkeys: tuple[SoftKey, ...]
    url: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ExecuteObject:
    """CiscoIPPhoneExecute with the one number that it dials."""

    number: str


PhoneObject = MenuObject | DirectoryObject | TextObject | InputObject | ExecuteObject


def softkeys_of(screen: PhoneObject) -> tuple[SoftKey, ...]:
    """The page's own softkeys; an Execute has none."""
    return () if isinstance(screen, ExecuteObject) else screen.softkeys


def softkey_named(screen: PhoneObject, name: str) -> SoftKey | None:
    """The page's own softkey with this label."""
    return next((key for key in softkeys_of(screen) if key.name == name), None)
