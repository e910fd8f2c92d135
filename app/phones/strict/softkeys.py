"""Check which softkeys a page shows, and at which positions.

Rules 34 to 40 and 48 apply here. `labels` says how a softkey is recognised.
"""

from app.phones.cisco_rules import Breaches
from app.phones.strict.labels import LINKS, english_label
from app.phones.strict.models import Model
from app.phones.strict.objects import (
    DirectoryObject,
    ExecuteObject,
    InputObject,
    MenuObject,
    PhoneObject,
    SoftKey,
)
from app.phones.strict.uris import is_http

# The set that a page with softkeys of its own has (rule 34), because a single SoftKeyItem removes
# all of the phone's own.
_COMPLETE = {
    "CiscoIPPhoneMenu": frozenset({"Select", "Exit"}),
    "CiscoIPPhoneDirectory": frozenset({"Dial", "EditDial", "Exit"}),
    "CiscoIPPhoneText": frozenset({"Exit"}),
    "CiscoIPPhoneInput": frozenset({"Submit", "<<", "Cancel"}),
}
# The actions of phones (XSI, "Internal URI Features"). Dial and EditDial act in a Directory alone.
_ACTIONS = frozenset(
    {"Back", "Cancel", "Exit", "Next", "Select", "Submit", "Update", "Dial", "EditDial", "<<"}
)
_DIRECTORY_ACTIONS = frozenset({"Dial", "EditDial"})
_FORM_79 = {"Submit": 1, "<<": 2, "Cancel": 3}
_FORM_NEW = {"Cancel": 1, "Submit": 2, "<<": 3}


# The layouts that are accepted:
# - Directory: Exit 1, Dial 2, Next 3, Previous 4, EditDial 5; on CP-79 Dial 1, Next 2, Exit 3,
#   Previous 4, EditDial 5. Without Next, EditDial takes its position, else without Previous that
#   one's. Search follows without a gap.
# - Menu: softkeys of its own only if it stands for a list of several pages. Select and Exit are
#   where rule 36 puts them, Next and Previous in the free positions after that.
# - Text: Exit, and Search if the text came from a search. Of these two, Exit is the first, on CP-79
#   the second. Rules 35 (no gap) and 36 (CP-79: Exit 3) contradict each other for a lone Exit, so
#   either position is accepted.
# - Input: on other phones than CP-79 Cisco documents the set, and that Cancel may come first. So
#   both orders are accepted.
def check_softkeys(
    screen: PhoneObject, model: Model, is_on: bool | None, breaches: Breaches
) -> None:
    """Note how the softkeys of `screen` differ from those of `model`.

    `is_on` is whether the page should have softkeys of its own, None if that is not
    known.
    """
    if isinstance(screen, ExecuteObject):
        return
    keys, kind = screen.softkeys, _kind(screen)
    if keys and not model.has_softkeys:
        rule = 40 if model.name.startswith("CP-8875") else 39
        breaches.add(rule, f"{model.name} does not know the {len(keys)} softkeys", _shown(keys))
        return
    if keys and is_on is False and not isinstance(screen, InputObject):
        breaches.remark(34, "softkeys are off, but the page has some", _shown(keys))
        return
    if not keys:
        if is_on and model.has_softkeys and not isinstance(screen, MenuObject | InputObject):
            breaches.remark(34, f"a {kind} without its softkeys")
        return
    before = len(breaches.noted)
    positions = {_action(key, kind, breaches): key.position for key in keys}
    taken = [key.position for key in keys if key.position]
    if len(set(taken)) < len(taken):
        breaches.add(35, "two softkeys stand at the same position", _shown(keys))
    elif len(positions) < len(keys):
        breaches.remark(35, "two softkeys do the same", _shown(keys))
    _check_set(screen, set(positions), breaches)
    if len(breaches.noted) > before or len(taken) < len(keys):
        return
    accepted = _layouts(screen, model, positions)
    if positions not in accepted:
        gaps = set(range(1, min(len(keys), 4) + 1)) - set(positions.values())
        wanted = ", ".join(f"{name} {position}" for name, position in accepted[0].items())
        who = model.name or "a phone"
        breaches.remark(35 if gaps else 36, f"{who} has the softkeys {wanted}", _shown(keys))


def _check_set(screen: PhoneObject, names: set[str], breaches: Breaches) -> None:
    kind = _kind(screen)
    if isinstance(screen, MenuObject) and not screen.stands_for_list:
        if names != _COMPLETE[kind]:
            breaches.remark(34, "a menu that stands for no list has softkeys of its own")
        return
    missing = sorted(_COMPLETE[kind] - names)
    if missing:
        breaches.remark(34, f"a {kind} with softkeys, but without {', '.join(missing)}")
    elif isinstance(screen, MenuObject) and not names & {"Next", "Previous"}:
        breaches.remark(34, "a menu of one page has softkeys of its own")


def _layouts(screen: PhoneObject, model: Model, positions: dict[str, int]) -> list[dict[str, int]]:
    if isinstance(screen, DirectoryObject):
        return [_directory(model.is_cp79, set(positions))]
    if isinstance(screen, MenuObject):
        return [_list_menu(model.is_cp79, set(positions))]
    if isinstance(screen, InputObject):
        return [_FORM_79] if model.is_cp79 else [_FORM_NEW, _FORM_79]
    if "Search" in positions:
        return [{"Search": 1, "Exit": 2}] if model.is_cp79 else [{"Exit": 1, "Search": 2}]
    return [{"Exit": 1}, {"Exit": 3}] if model.is_cp79 else [{"Exit": 1}]


def _directory(is_cp79: bool, names: set[str]) -> dict[str, int]:
    order = (
        ("Dial", "Next", "Exit", "Previous", "EditDial")
        if is_cp79
        else ("Exit", "Dial", "Next", "Previous", "EditDial")
    )
    positions = {name: position for position, name in enumerate(order, start=1)}
    gap = next((name for name in ("Next", "Previous") if name not in names), None)
    if gap is not None:
        positions["EditDial"] = positions[gap]
    positions = {name: position for name, position in positions.items() if name in names}
    return positions | _filled(positions, ("Search",), names)


def _list_menu(is_cp79: bool, names: set[str]) -> dict[str, int]:
    positions = {"Select": 1, "Exit": 3} if is_cp79 else {"Exit": 1, "Select": 2}
    return positions | _filled(positions, LINKS, names)


def _filled(positions: dict[str, int], wishes: tuple[str, ...], names: set[str]) -> dict[str, int]:
    free = (position for position in range(1, 9) if position not in positions.values())
    return dict(zip((name for name in wishes if name in names), free, strict=False))


def _action(key: SoftKey, kind: str, breaches: Breaches) -> str:
    """Return what a softkey does, and note if it has no place on a `kind` of page."""
    name = english_label(key.name)
    if not key.url.startswith("SoftKey:"):
        links = {
            "CiscoIPPhoneDirectory": LINKS,
            "CiscoIPPhoneMenu": LINKS,
            "CiscoIPPhoneText": ("Search",),
        }.get(kind, ())
        if is_http(key.url) and name not in links:
            breaches.remark(34, f"a softkey of its own in a {kind}", key.name)
        return name
    action = key.url.removeprefix("SoftKey:")
    if action in {"Next", "Previous"} or name in {"Next", "Previous"}:
        breaches.remark(38, f"{key.url} where the link to a page should stand", key.name)
    elif action not in _ACTIONS or (action in _DIRECTORY_ACTIONS - _COMPLETE[kind]):
        breaches.add(37, f"{key.url} does nothing in a {kind}", key.name)
    elif action not in _COMPLETE[kind]:
        breaches.remark(37, f"{key.url} is not among the actions of a {kind}", key.name)
    return action


def _kind(screen: PhoneObject) -> str:
    return f"CiscoIPPhone{type(screen).__name__.removesuffix('Object')}"


def _shown(keys: tuple[SoftKey, ...]) -> str:
    return ", ".join(f"{key.name} {key.position}" for key in keys)
