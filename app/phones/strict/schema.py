"""Check the elements of a page against the schema, and make its object of them.

Lengths, counts and order are those of CiscoIPPhone.xsd 3.3.4. Rules 22 to 28, 35, 37,
41, 45 to 47, 49 and 50 apply here.
"""

import re
from dataclasses import dataclass

from app.phones.cisco_rules import (
    ENTRY_LIMIT,
    ENTRY_NAME_LIMIT,
    EXECUTE_LIMIT,
    FIELD_LIMIT,
    INPUT_FLAGS,
    INPUT_LIMIT,
    ITEM_BREAK_LIMIT,
    ITEM_LIMIT,
    ITEM_NAME_LIMIT,
    KEY_LIMIT,
    KEY_NAME_LIMIT,
    POSITION_LIMIT,
    PROMPT_LIMIT,
    SOFTKEY_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Breaches,
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
from app.phones.strict.tokens import Element, read_tree
from app.phones.strict.uris import check_number, check_url


@dataclass(frozen=True, slots=True)
class _Part:
    """How often a child may stand in an element, and the rule if it is missing."""

    name: str
    most: int = 1
    missing: int = 0


_HEAD = (
    _Part("Title"),
    _Part("Prompt"),
    _Part("SoftKeyItem", SOFTKEY_LIMIT),
    _Part("KeyItem", KEY_LIMIT),
)
_CONTENT = {
    "CiscoIPPhoneMenu": (*_HEAD, _Part("MenuItem", ITEM_LIMIT)),
    "CiscoIPPhoneDirectory": (*_HEAD, _Part("DirectoryEntry", ENTRY_LIMIT)),
    "CiscoIPPhoneText": (*_HEAD, _Part("Text", missing=22)),
    "CiscoIPPhoneInput": (
        *_HEAD,
        _Part("URL", missing=22),
        _Part("InputItem", INPUT_LIMIT, missing=22),
    ),
    "CiscoIPPhoneExecute": (_Part("ExecuteItem", EXECUTE_LIMIT, missing=47),),
    "SoftKeyItem": (
        _Part("Name", missing=27),
        _Part("Position", missing=35),
        _Part("URL", missing=22),
        _Part("URLDown"),
    ),
    "KeyItem": (_Part("Key", missing=22), _Part("URL"), _Part("URLDown")),
    "MenuItem": (_Part("Name", missing=27), _Part("URL", missing=22)),
    "DirectoryEntry": (_Part("Name", missing=27), _Part("Telephone", missing=46)),
    "InputItem": (
        _Part("DisplayName"),
        _Part("QueryStringParam", missing=22),
        _Part("InputFlags", missing=22),
        _Part("DefaultValue"),
    ),
}
_ONE_OF_EACH = {name: [part.name for part in parts] for name, parts in _CONTENT.items()}
_ROOTS = frozenset(name for name in _CONTENT if name.startswith("CiscoIPPhone"))
# Objects that some models have, and that a directory does not need (XSI, "XML Objects").
_OTHER_ROOTS = frozenset(
    f"CiscoIPPhone{name}"
    for name in (
        *("IconMenu", "IconFileMenu", "GraphicMenu", "GraphicFileMenu"),
        *("Image", "ImageFile", "Status", "StatusFile", "Response", "Error"),
    )
)
_KNOWN = frozenset(_CONTENT) | {part.name for parts in _CONTENT.values() for part in parts}
_PARAMETER = re.compile(rf"[A-Za-z0-9_.-]{{1,{FIELD_LIMIT}}}")
_POSITION = re.compile(f"[1-{POSITION_LIMIT}]")
_PRIORITIES = ("0", "1", "2")
_STRAY_SPACE = re.compile(r"\A\s|\s\s|[\t\r\n]|\s\Z")


def read_object(
    body: bytes, charset: str, breaches: Breaches, dialled: str = ""
) -> PhoneObject | None:
    """Return the object in a page, or None if it is one that only some models have.

    `dialled` holds the characters that a number may have beyond 0-9 * #. Raises
    UnreadablePage if nothing can be read.
    """
    root = read_tree(body, charset, breaches)
    if root.name in _OTHER_ROOTS:
        breaches.remark(23, f"<{root.name}> is an object that only some models have")
        return None
    if root.name not in _ROOTS:
        raise breaches.stop(23, f"<{root.name}> is no object of a phone")
    return _Reader(breaches, dialled).read(root)


class _Reader:
    def __init__(self, breaches: Breaches, dialled: str) -> None:
        self._breaches = breaches
        self._dialled = dialled

    def read(self, root: Element) -> PhoneObject:
        self._check_children(root, root.name)
        if root.name == "CiscoIPPhoneExecute":
            return self._execute(root)
        title = self._line(root, "Title", TITLE_LIMIT, root.name)
        prompt = self._line(root, "Prompt", PROMPT_LIMIT, root.name)
        keys = tuple(self._softkey(*one) for one in _numbered(root, "SoftKeyItem"))
        if root.name == "CiscoIPPhoneMenu":
            items = tuple(self._menu_item(*one) for one in _numbered(root, "MenuItem"))
            return MenuObject(title, prompt, keys, items)
        if root.name == "CiscoIPPhoneDirectory":
            entries = tuple(self._entry(*one) for one in _numbered(root, "DirectoryEntry"))
            return DirectoryObject(title, prompt, keys, entries)
        if root.name == "CiscoIPPhoneText":
            return TextObject(title, prompt, keys, self._leaf(root, "Text", TEXT_LIMIT, root.name))
        address = self._leaf(root, "URL", None, root.name)
        check_url(address, "the form", self._breaches)
        fields = tuple(self._field(*one) for one in _numbered(root, "InputItem"))
        return InputObject(title, prompt, keys, address, fields)

    def _softkey(self, item: Element, where: str) -> SoftKey:
        self._check_children(item, where)
        name = self._name(item, KEY_NAME_LIMIT, where)
        position = self._leaf(item, "Position", None, where)
        if _child(item, "Position") is not None and _POSITION.fullmatch(position) is None:
            self._breaches.add(35, f"{where} is not at a position from 1 to 8", position)
        address = self._leaf(item, "URL", None, where)
        if _child(item, "URLDown") is not None:
            self._breaches.add(37, f"{where} has a URLDown")
        if not address.startswith("SoftKey:"):
            check_url(address, where, self._breaches)
        return SoftKey(name, int(position) if position.isdecimal() else 0, address)

    def _menu_item(self, item: Element, where: str) -> MenuItem:
        self._check_children(item, where)
        name = self._name(item, ITEM_NAME_LIMIT, where, ITEM_BREAK_LIMIT)
        address = self._leaf(item, "URL", None, where)
        if address.startswith("SoftKey:"):
            self._breaches.add(37, f"{where} is an action of a softkey", address)
        elif address.startswith("Dial:"):
            check_number(address.removeprefix("Dial:"), self._dialled, where, self._breaches)
        elif _child(item, "URL") is not None:
            check_url(address, where, self._breaches)
        return MenuItem(name, address)

    def _entry(self, item: Element, where: str) -> Entry:
        self._check_children(item, where)
        name = self._name(item, ENTRY_NAME_LIMIT, where)
        number = self._leaf(item, "Telephone", None, where)
        if _child(item, "Telephone") is not None:
            check_number(number, self._dialled, where, self._breaches)
        return Entry(name, number)

    def _field(self, item: Element, where: str) -> Field:
        self._check_children(item, where)
        label = self._line(item, "DisplayName", FIELD_LIMIT, where)
        parameter = self._leaf(item, "QueryStringParam", None, where)
        flags = self._leaf(item, "InputFlags", None, where)
        if not label:
            self._breaches.add(27, f"{where} has no DisplayName")
        if parameter in {"name", "locale"}:
            self._breaches.add(16, f"{where} uses a parameter of the phone itself", parameter)
        elif _child(item, "QueryStringParam") is not None and not _PARAMETER.fullmatch(parameter):
            self._breaches.add(22, f"{where} has no valid QueryStringParam", parameter)
        if _child(item, "InputFlags") is not None and flags not in INPUT_FLAGS:
            self._breaches.add(50, f"{where} has InputFlags that no phone knows", flags)
        elif flags not in ("A", "T", ""):
            self._breaches.remark(50, f"{where} has other InputFlags than A and T", flags)
        return Field(label, parameter, flags, self._line(item, "DefaultValue", FIELD_LIMIT, where))

    def _execute(self, root: Element) -> ExecuteObject:
        numbers = []
        for item, where in _numbered(root, "ExecuteItem"):
            given = dict(item.attributes)
            action = given.get("URL", "")
            if action.startswith("SoftKey:"):
                self._breaches.add(37, f"{where} is an action of a softkey", action)
            elif set(given) - {"Priority", "URL"} or given.get("Priority", "0") not in _PRIORITIES:
                self._breaches.add(22, f"{where} has attributes that the schema does not know")
            elif not action.startswith("Dial:") or given.get("Priority") != "0":
                self._breaches.remark(47, f"{where} does not dial at once", action)
            if action.startswith("Dial:"):
                number = action.removeprefix("Dial:")
                check_number(number, self._dialled, where, self._breaches)
                numbers.append(number)
        count = len([child for child in root.children if child.name == "ExecuteItem"])
        if count > 1:
            self._breaches.remark(47, f"{count} ExecuteItems where one dials")
        return ExecuteObject(numbers[0] if numbers else "")

    def _check_children(self, parent: Element, where: str) -> None:
        parts = _CONTENT[parent.name]
        self._check_form(parent, where)
        if parent.is_short:
            self._breaches.add(22, f"{where} is empty")
            return
        if parent.has_stray or parent.text.strip():
            self._breaches.add(22, f"{where} has text outside its elements", parent.text.strip())
        names = [child.name for child in parent.children]
        if names == _ONE_OF_EACH[parent.name]:
            return  # as in most rows
        order = {part.name: number for number, part in enumerate(parts)}
        last = 0
        for name in names:
            if name not in _KNOWN:
                self._breaches.add(23, f"{where} has an unknown element", name)
            elif name not in order:
                self._breaches.add(22, f"{where} must not hold a {name}")
            elif order[name] < last:
                self._breaches.add(22, f"{where} has a {name} in the wrong order")
            else:
                last = order[name]
        for part in parts:
            count = names.count(part.name)
            if count > part.most:
                rule = 26 if part.most > 1 else 22
                self._breaches.add(rule, f"{where} has {count} {part.name}, more than {part.most}")
            elif not count and part.missing:
                self._breaches.add(part.missing, f"{where} has no {part.name}")

    def _check_form(self, element: Element, where: str) -> None:
        for name, _ in element.attributes:
            if element.name != "ExecuteItem":
                rule = 49 if name == "method" else 23
                self._breaches.add(rule, f"{where} has the attribute {name} in {element.name}")

    def _leaf(self, parent: Element, name: str, most: int | None, where: str) -> str:
        child = _child(parent, name)
        if child is None:
            return ""
        self._check_form(child, where)
        if child.children:
            self._breaches.add(23, f"{where} has elements inside its {name}")
        if most is not None and len(child.text) > most:
            self._breaches.add(
                25, f"{where} has a {name} of {len(child.text)} characters, more than {most}"
            )
        return child.text

    def _name(self, parent: Element, most: int, where: str, breaks: int = 0) -> str:
        name = self._line(parent, "Name", most, where, breaks)
        if not name and _child(parent, "Name") is not None:
            self._breaches.add(27, f"{where} has an empty Name")
        return name

    def _line(self, parent: Element, name: str, most: int, where: str, breaks: int = 0) -> str:
        text = self._leaf(parent, name, most, where)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if breaks else [text]
        if len(lines) > breaks + 1:
            self._breaches.add(24, f"{where} has a {name} of {len(lines)} lines")
        if text.isspace():
            self._breaches.add(27, f"{where} has a {name} of white space only")
        elif any(map(_STRAY_SPACE.search, lines)):
            self._breaches.remark(24, f"{where} has a {name} with stray white space", text)
        return text


def _child(parent: Element, name: str) -> Element | None:
    for child in parent.children:
        if child.name == name:
            return child
    return None


def _numbered(parent: Element, name: str) -> list[tuple[Element, str]]:
    found = [child for child in parent.children if child.name == name]
    return [(child, f"{name} {number}") for number, child in enumerate(found, start=1)]
