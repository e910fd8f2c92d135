"""Parse a page into the object that a phone displays, and check it against the schema.

Order, lengths and counts are those of CiscoIPPhone.xsd 3.3.4, as a phone with the
strict parser of firmware 8.3(2) and later enforces them. They stand here a second time,
so that the display does not repeat a fault of `app.phones.cisco`.
"""

from collections.abc import Callable
from typing import TypeVar

from app.phone_display.objects import (
    InputField,
    ListRow,
    PhoneCall,
    PhoneDirectory,
    PhoneError,
    PhoneForm,
    PhoneMenu,
    PhoneObject,
    PhoneText,
    SoftKey,
)
from app.phone_display.tokens import Tag, refuse, split_tags

_LINE = 32
_MENU_NAME = 64
_TEXT = 4000
_URL = 256
_MENU_ITEMS = 100
# A 78xx refuses a directory of more entries with "XML parsing error" (seen on a CP-7821).
_ENTRIES = 32
_FIELDS = 5
_SOFTKEYS = 8
_EXECUTE_ITEMS = 3
_FLAGS = frozenset({"A", "T", "N", "E", "U", "L"})
_Part = TypeVar("_Part")


def parse_object(body: bytes, charset: str) -> PhoneObject:
    """Return the object in a page. Raises PhoneError if a phone does not accept it."""
    return _Page(split_tags(body, charset)).object()


class _Page:
    def __init__(self, tags: list[Tag]) -> None:
        self._tags = tags
        self._next = 0

    def object(self) -> PhoneObject:
        roots: dict[str, Callable[[], PhoneObject]] = {
            "CiscoIPPhoneMenu": self._menu,
            "CiscoIPPhoneDirectory": self._directory,
            "CiscoIPPhoneText": self._text,
            "CiscoIPPhoneInput": self._form,
            "CiscoIPPhoneExecute": self._call,
        }
        root = self._tags[0].name if self._tags else ""
        if root not in roots and root.startswith("CiscoIPPhone"):
            raise PhoneError("XML Error [5]", f"This display does not draw <{root}>.")
        if root not in roots:
            raise refuse(f"<{root}> is not an object of the phone.")
        self._open(root)
        found = roots[root]()
        self._close(root)
        if self._next < len(self._tags):
            raise refuse(f"<{self._tags[self._next].name}> stands behind the object.")
        return found

    def _head(self) -> tuple[str, str, tuple[SoftKey, ...]]:
        title = self._optional("Title")
        prompt = self._optional("Prompt")
        keys = self._repeated("SoftKeyItem", _SOFTKEYS, self._softkey)
        if len({key.position for key in keys}) < len(keys):
            raise refuse("Two softkeys have the same Position.")
        return title, prompt, keys

    def _menu(self) -> PhoneMenu:
        return PhoneMenu(*self._head(), self._repeated("MenuItem", _MENU_ITEMS, self._menu_item))

    def _directory(self) -> PhoneDirectory:
        return PhoneDirectory(
            *self._head(), self._repeated("DirectoryEntry", _ENTRIES, self._entry)
        )

    def _text(self) -> PhoneText:
        return PhoneText(*self._head(), self._value("Text", _TEXT))

    def _form(self) -> PhoneForm:
        title, prompt, keys = self._head()
        url = self._value("URL", _URL)
        fields = self._repeated("InputItem", _FIELDS, self._field)
        if not url or not fields:
            raise refuse("A form needs a URL and a field.")
        return PhoneForm(title, prompt, keys, url, fields)

    def _call(self) -> PhoneCall:
        uris: list[str] = []
        while self._is("ExecuteItem"):
            values = dict(self._tags[self._next].attributes)
            if "URL" not in values or not set(values) <= {"URL", "Priority"}:
                raise refuse("An ExecuteItem needs the attribute URL.")
            if values.get("Priority", "0") not in ("0", "1", "2"):
                raise refuse("The Priority of an ExecuteItem is 0, 1 or 2.")
            self._value("ExecuteItem", 0, attributes=True)
            uris.append(values["URL"])
        if not 1 <= len(uris) <= _EXECUTE_ITEMS:
            raise refuse(f"An Execute holds 1 to {_EXECUTE_ITEMS} items, not {len(uris)}.")
        # SoftKey URIs are not allowed inside Execute (XSI, "Internal URI Features"). The gateway
        # uses Execute to dial, so the display knows no other action.
        numbers = [uri.removeprefix("Dial:") for uri in uris if uri.startswith("Dial:")]
        if len(uris) != len(numbers) or len(numbers) != 1 or not numbers[0]:
            raise refuse("This display executes one URI, a Dial: with a number.")
        return PhoneCall(numbers[0])

    def _softkey(self) -> SoftKey:
        label = self._value("Name", _LINE)
        position = self._value("Position")
        if not (len(position) == 1 and position in "12345678"):
            raise refuse(f"The softkey {label!r} has the Position {position!r}, not 1 to 8.")
        uri = self._value("URL", _URL)
        if self._is("URLDown"):
            self._value("URLDown", _URL)
        return SoftKey(label, int(position), uri)

    def _menu_item(self) -> ListRow:
        # Two line breaks make three lines (XSI, "XML Objects").
        name = self._value("Name", _MENU_NAME)
        if name.count("\n") > 2:
            raise refuse(f"The Name of a menu item has {name.count(chr(10)) + 1} lines, not 3.")
        return ListRow(name, self._value("URL", _URL))

    def _entry(self) -> ListRow:
        return ListRow(self._value("Name", _LINE), f"Dial:{self._value('Telephone', _LINE)}")

    def _field(self) -> InputField:
        label = self._value("DisplayName", _LINE)
        parameter = self._value("QueryStringParam", _LINE)
        flags = self._value("InputFlags")
        if not parameter:
            raise refuse(f"The field {label!r} has no QueryStringParam.")
        if flags.replace("P", "", 1) not in _FLAGS:
            raise refuse(f"The field {label!r} has the InputFlags {flags!r}.")
        return InputField(label, parameter, flags.replace("P", ""), self._optional("DefaultValue"))

    def _repeated(self, name: str, most: int, read: Callable[[], _Part]) -> tuple[_Part, ...]:
        found: list[_Part] = []
        while self._is(name):
            self._open(name)
            found.append(read())
            self._close(name)
        if len(found) > most:
            raise refuse(f"The page has {len(found)} of <{name}>, more than {most}.")
        return tuple(found)

    def _optional(self, name: str) -> str:
        return self._value(name, _LINE) if self._is(name) else ""

    def _value(self, name: str, most: int = _LINE, *, attributes: bool = False) -> str:
        tag = self._step(name, ("open", "empty"))
        if tag.attributes and not attributes:
            raise refuse(f"<{name}> has the attribute {tag.attributes[0][0]!r}.")
        if tag.kind == "empty":
            return ""
        if len(tag.text) > most:
            raise refuse(f"<{name}> has {len(tag.text)} characters, more than {most}.")
        self._step(name, ("close",))
        return tag.text

    def _is(self, name: str) -> bool:
        if self._next == len(self._tags):
            return False
        tag = self._tags[self._next]
        return tag.name == name and tag.kind != "close"

    def _open(self, name: str) -> None:
        tag = self._step(name, ("open",))
        if tag.attributes:
            raise refuse(f"<{name}> has the attribute {tag.attributes[0][0]!r}.")
        if tag.text.strip():
            raise refuse(f"Text stands in <{name}>: {tag.text.strip()[:30]!r}.")

    def _close(self, name: str) -> None:
        self._step(name, ("close",))

    def _step(self, name: str, kinds: tuple[str, ...]) -> Tag:
        if self._next == len(self._tags):
            raise refuse(f"The page ends where <{name}> should stand.")
        tag = self._tags[self._next]
        if tag.name != name or tag.kind not in kinds:
            slash = "/" if tag.kind == "close" else ""
            raise refuse(f"<{slash}{tag.name}> stands where <{name}> should.")
        self._next += 1
        return tag
