"""The objects that a phone displays, as it reads them from a response."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SoftKey:
    """A softkey: its label, its position (from 1) and its URI."""

    label: str
    position: int
    uri: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a menu or directory, and the URI that choosing it opens or dials."""

    name: str
    uri: str


@dataclass(frozen=True, slots=True)
class InputField:
    """A field of a form. `flags` begin with the kind of text (XSI: A, T, N, E, U, L)."""

    label: str
    parameter: str
    flags: str
    value: str


@dataclass(frozen=True, slots=True)
class PhoneScreen:
    """What every screen has."""

    title: str
    prompt: str
    softkeys: tuple[SoftKey, ...]


@dataclass(frozen=True, slots=True)
class PhoneMenu(PhoneScreen):
    """CiscoIPPhoneMenu."""

    rows: tuple[ListRow, ...]


@dataclass(frozen=True, slots=True)
class PhoneDirectory(PhoneScreen):
    """CiscoIPPhoneDirectory. The URI of each row is `Dial:` and its number."""

    rows: tuple[ListRow, ...]


@dataclass(frozen=True, slots=True)
class PhoneText(PhoneScreen):
    """CiscoIPPhoneText, or a text that is not XML."""

    text: str


@dataclass(frozen=True, slots=True)
class PhoneForm(PhoneScreen):
    """CiscoIPPhoneInput."""

    url: str
    fields: tuple[InputField, ...]


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """CiscoIPPhoneExecute with a number to dial."""

    number: str


@dataclass(frozen=True, slots=True)
class PhoneFault:
    """A response that the phone does not accept, with the text shown and the reason."""

    shown: str
    reason: str


PhoneObject = PhoneMenu | PhoneDirectory | PhoneText | PhoneForm | PhoneCall


class PhoneError(ValueError):
    """The phone does not accept a response, and shows an error in its place.

    `shown` is the text of the error. The message of the exception is the reason.
    """

    def __init__(self, shown: str, reason: str) -> None:
        super().__init__(reason)
        self.shown = shown
