"""The objects that a phone shows, as a strict phone understood them."""

from dataclasses import dataclass

from app.phones.strict.labels import english_label


@dataclass(frozen=True, slots=True)
class SoftKey:
    """A softkey: its label, its position and its URI."""

    name: str
    position: int
    url: str


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of a menu."""

    name: str
    url: str

    @property
    def number(self) -> str:
        """Return the number that the item itself dials, or "" if it opens a page."""
        return self.url.removeprefix("Dial:") if self.url.startswith("Dial:") else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a directory."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Field:
    """One input field of a form."""

    label: str
    parameter: str
    flags: str
    value: str


@dataclass(frozen=True, slots=True)
class MenuObject:
    """CiscoIPPhoneMenu."""

    title: str
    prompt: str
    softkeys: tuple[SoftKey, ...]
    items: tuple[MenuItem, ...]

    @property
    def stands_for_list(self) -> bool:
        """Return whether its items dial (rule 48).

        It is then a page of a list, and not a way to one.
        """
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
    """Return the page's own softkeys; an Execute has none."""
    return () if isinstance(screen, ExecuteObject) else screen.softkeys


def softkey_named(screen: PhoneObject, name: str) -> SoftKey | None:
    """Return the page's own softkey with this English label, or None."""
    keys = softkeys_of(screen)
    return next((key for key in keys if name in (key.name, english_label(key.name))), None)
