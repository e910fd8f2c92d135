"""Parse the tags of one page into an object, and check them against the schema.

Lengths, counts and order come from CiscoIPPhone.xsd 3.3.4. Rules 22 to 28, 37,
41, 45 to 47, 49 and 50 apply here. Lengths are characters before escaping.
"""

import re
from collections.abc import Callable
from typing import NoReturn, TypeVar

from tests.support.phone.addresses import check_number, check_url
from tests.support.phone.objects import (
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
from tests.support.phone.refusal import PhoneRefuses
from tests.support.phone.tokens import Tag, tokenize, unescape

_ROOTS = frozenset(
    {
        "CiscoIPPhoneMenu",
        "CiscoIPPhoneDirectory",
        "CiscoIPPhoneText",
        "CiscoIPPhoneInput",
        "CiscoIPPhoneExecute",
    }
)
_LEAVES = frozenset({"Title", "Prompt", "Name", "URL", "URLDown", "Position", "Telephone", "Text"})
_FIELDS = frozenset({"DisplayName", "QueryStringParam", "InputFlags", "DefaultValue"})
_GROUPS = frozenset(
    {"SoftKeyItem", "KeyItem", "MenuItem", "DirectoryEntry", "InputItem", "ExecuteItem"}
)
_KNOWN = _ROOTS | _LEAVES | _FIELDS | _GROUPS
_FLAGS = frozenset({"A", "T"})
_PARAMETER = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_DOUBLE_SPACE = re.compile(r"\s\s")
_WHITE = " \t\r\n"
_Item = TypeVar("_Item")


def read_object(body: bytes, charset: str, url: str, dialled: str = "") -> PhoneObject:
    """Return the object in `body`.

    `dialled` holds the characters that a number may have beyond 0-9 * #. Raises
    PhoneRefuses if a rule is broken.
    """
    return _Page(tokenize(body, charset, url), url, dialled).read()


class _Page:
    def __init__(self, tags: list[Tag], url: str, dialled: str) -> None:
        self._tags = tags
        self._at = 0
        self._url = url
        self._dialled = dialled

    def read(self) -> PhoneObject:
        root = self._tags[0] if self._tags else self._refuse(22, "there is no element")
        if root.name not in _ROOTS:
            self._refuse(23, f"unknown object <{root.name}>")
        self._enter(root.name)
        screen = (
            self._execute() if root.name == "CiscoIPPhoneExecute" else self._displayable(root.name)
        )
        self._close(root.name)
        if self._at != len(self._tags):
            self._refuse(22, "something follows the object")
        return screen

    def _displayable(self, root: str) -> PhoneObject:
        title = self._line("Title", 32) if self._is("Title") else ""
        prompt = self._line("Prompt", 32) if self._is("Prompt") else ""
        softkeys = self._many("SoftKeyItem", 8, self._softkey)
        if root == "CiscoIPPhoneMenu":
            return MenuObject(title, prompt, softkeys, self._many("MenuItem", 100, self._menu_item))
        if root == "CiscoIPPhoneDirectory":
            return DirectoryObject(
                title, prompt, softkeys, self._many("DirectoryEntry", 32, self._entry)
            )
        if root == "CiscoIPPhoneText":
            return TextObject(title, prompt, softkeys, self._leaf("Text", 4000))
        address = check_url(self._leaf("URL"), "the Input's URL", self._url)
        return InputObject(
            title, prompt, softkeys, address, self._many("InputItem", 5, self._field)
        )

    def _softkey(self) -> SoftKey:
        name = self._name(32)
        if not self._is("Position"):
            self._refuse(35, f"softkey {name!r} has no Position")
        position = self._leaf("Position")
        if re.fullmatch("[1-8]", position) is None:
            self._refuse(35, f"softkey {name!r} is at position {position!r}")
        address = self._leaf("URL")
        if self._is("URLDown"):
            self._refuse(37, f"softkey {name!r} has a URLDown")
        if not address.startswith("SoftKey:"):
            check_url(address, f"softkey {name!r}", self._url)
        return SoftKey(name, int(position), address)

    def _menu_item(self) -> MenuItem:
        name = self._name(64, breaks=2)
        address = self._leaf("URL")
        if address.startswith("SoftKey:"):
            self._refuse(37, f"menu item {name!r} is the softkey action {address!r}")
        if address.startswith("Dial:"):
            check_number(
                address.removeprefix("Dial:"), self._dialled, f"the number of {name!r}", self._url
            )
        else:
            check_url(address, f"menu item {name!r}", self._url)
        return MenuItem(name, address)

    def _entry(self) -> Entry:
        name = self._name(32)
        if not self._is("Telephone"):
            self._refuse(46, f"{name!r} has no Telephone")
        return Entry(
            name,
            check_number(
                self._leaf("Telephone", 32), self._dialled, f"the Telephone of {name!r}", self._url
            ),
        )

    def _field(self) -> Field:
        label, parameter, flags = (
            self._line("DisplayName", 32),
            self._leaf("QueryStringParam", 32),
            self._leaf("InputFlags"),
        )
        if not label:
            self._refuse(27, "an InputItem has no DisplayName")
        if parameter in {"name", "locale"}:
            self._refuse(16, f"the field {parameter!r} is the phone's own")
        if _PARAMETER.fullmatch(parameter) is None:
            self._refuse(22, f"{parameter!r} is no QueryStringParam")
        if flags not in _FLAGS:
            self._refuse(50, f"a search form has the InputFlags A and T, not {flags!r}")
        return Field(label, parameter, flags, self._line("DefaultValue", 32))

    def _execute(self) -> ExecuteObject:
        numbers = []
        while self._is("ExecuteItem"):
            tag = self._tags[self._at]
            given = dict(tag.attributes)
            action = given.get("URL", "")
            if action.startswith("SoftKey:"):
                self._refuse(37, "a SoftKey URI stands inside an Execute")
            if (
                set(given) != {"Priority", "URL"}
                or given["Priority"] != "0"
                or not action.startswith("Dial:")
            ):
                self._refuse(47, f"an ExecuteItem with {given!r}")
            numbers.append(
                check_number(
                    action.removeprefix("Dial:"),
                    self._dialled,
                    "the number of the Execute",
                    self._url,
                )
            )
            self._leaf("ExecuteItem", 0)
        if len(numbers) != 1:
            self._refuse(47, f"an Execute with {len(numbers)} ExecuteItems")
        return ExecuteObject(numbers[0])

    def _many(self, name: str, most: int, one: Callable[[], _Item]) -> tuple[_Item, ...]:
        found: list[_Item] = []
        while self._is(name):
            self._enter(name)
            found.append(one())
            self._close(name)
        if len(found) > most:
            self._refuse(26, f"{len(found)} {name}, more than {most}")
        return tuple(found)

    def _name(self, most: int, breaks: int = 0) -> str:
        if not self._is("Name"):
            self._refuse(27, "a line or softkey has no Name")
        name = self._line("Name", most, breaks)
        return name or self._refuse(27, "a Name is empty")

    def _line(self, name: str, most: int, breaks: int = 0) -> str:
        text = self._leaf(name, most)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if breaks else [text]
        if len(lines) > breaks + 1:
            self._refuse(24, f"{name} has {len(lines)} lines: {text!r}")
        for line in lines:
            if line and line.isspace() and len(lines) == 1:
                self._refuse(27, f"{name} is nothing but white space: {text!r}")
            if (
                line != line.strip()
                or _DOUBLE_SPACE.search(line)
                or not {"\t", "\r", "\n"}.isdisjoint(line)
            ):
                self._refuse(24, f"{name} has stray white space: {text!r}")
        return text

    def _leaf(self, name: str, most: int | None = None) -> str:
        tag = self._open(name)
        if tag.kind == "/":
            self._blank(tag)
            return ""
        text = unescape(tag.text)
        if most is not None and len(text) > most:
            self._refuse(25, f"{name} has {len(text)} characters, more than {most}")
        self._close(name)
        return text

    def _is(self, name: str) -> bool:
        return (
            self._at < len(self._tags)
            and self._tags[self._at].name == name
            and self._tags[self._at].kind != ">"
        )

    def _open(self, name: str) -> Tag:
        tag = self._step(name, ("<", "/"))
        if tag.attributes and name != "ExecuteItem":
            attribute = tag.attributes[0][0]
            self._refuse(
                49 if attribute == "method" else 23, f"<{name}> has the attribute {attribute!r}"
            )
        return tag

    def _enter(self, name: str) -> None:
        tag = self._open(name)
        if tag.kind == "/":
            self._refuse(22, f"<{name}/> holds nothing")
        self._blank(tag)

    def _close(self, name: str) -> None:
        self._blank(self._step(name, (">",)))

    def _step(self, name: str, kinds: tuple[str, ...]) -> Tag:
        if self._at == len(self._tags):
            self._refuse(22, f"the page ends where {name} should stand")
        tag = self._tags[self._at]
        if tag.name not in _KNOWN:
            self._refuse(23, f"unknown tag <{tag.name}>")
        if tag.name != name or tag.kind not in kinds:
            self._refuse(22, f"{tag.kind}{tag.name} stands where {kinds[0]}{name} should")
        self._at += 1
        return tag

    def _blank(self, tag: Tag) -> None:
        if tag.text.strip(_WHITE):
            self._refuse(22, f"text outside the elements: {tag.text.strip()[:30]!r}")

    def _refuse(self, rule: int, why: str) -> NoReturn:
        raise PhoneRefuses(rule, self._url, why)
