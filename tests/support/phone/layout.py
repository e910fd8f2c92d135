"""Check which softkeys a page shows, and at which positions.

Rules 34 to 40 and 48 apply here. Softkeys with a SoftKey URI are recognised by that
URI, Next, Previous and Search by these English labels.
"""

from typing import NoReturn

from tests.support.phone.addresses import is_http
from tests.support.phone.models import Model
from tests.support.phone.objects import (
    DirectoryObject,
    ExecuteObject,
    InputObject,
    MenuObject,
    PhoneObject,
    SoftKey,
)
from tests.support.phone.refusal import PhoneRefuses

_LINKS = ("Next", "Previous", "Search")
_ALLOWED = {
    "CiscoIPPhoneMenu": frozenset({"Select", "Exit"}),
    "CiscoIPPhoneDirectory": frozenset({"Dial", "EditDial", "Exit"}),
    "CiscoIPPhoneText": frozenset({"Exit"}),
    "CiscoIPPhoneInput": frozenset({"Submit", "<<", "Cancel"}),
}
_FORM_79 = {"Submit": 1, "<<": 2, "Cancel": 3}
_FORM_NEW = {"Cancel": 1, "Submit": 2, "<<": 3}


# The gateway's layouts:
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
def check_softkeys(screen: PhoneObject, model: Model, is_on: bool, url: str) -> None:
    """Check the softkeys of `screen` against those of `model`.

    `is_on` means that the profile has softkeys. Raises PhoneRefuses if they differ.
    """
    if isinstance(screen, ExecuteObject):
        return
    keys, kind = screen.softkeys, _kind(screen)

    def refuse(rule: int, why: str) -> NoReturn:
        raise PhoneRefuses(rule, url, why)

    if keys and not model.has_softkeys:
        refuse(
            40 if model.name.startswith("CP-8875") else 39,
            f"{model.name} does not know the softkeys {[key.name for key in keys]}",
        )
    if keys and not is_on and not isinstance(screen, InputObject):
        refuse(34, f"softkeys are off, but there is {keys[0].name!r}")
    if not keys:
        if is_on and model.has_softkeys and not isinstance(screen, MenuObject | InputObject):
            refuse(34, f"a {kind} without its softkeys")
        return
    positions = {_action(key, kind, url): key.position for key in keys}
    if len(positions) < len(keys) or len(set(positions.values())) < len(keys):
        refuse(35, f"two softkeys are the same or stand at the same position: {_shown(keys)}")
    _check_set(screen, set(positions), url)
    gaps = set(range(1, min(len(keys), 4) + 1)) - set(positions.values())
    accepted = _layouts(screen, model, positions)
    if positions not in accepted:
        rule = 35 if gaps else 36
        refuse(rule, f"softkeys {_shown(keys)}, where {model.name or 'a phone'} has {accepted[0]}")


def _check_set(screen: PhoneObject, names: set[str], url: str) -> None:
    kind = _kind(screen)
    if isinstance(screen, MenuObject) and not screen.stands_for_list:
        raise PhoneRefuses(34, url, "a menu that stands for no list has softkeys of its own")
    missing = _ALLOWED[kind] - names
    if missing:
        raise PhoneRefuses(34, url, f"a {kind} with softkeys, but without {sorted(missing)}")
    if isinstance(screen, MenuObject) and not names & {"Next", "Previous"}:
        raise PhoneRefuses(34, url, "a menu of one page has softkeys of its own")


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
    return positions | _filled(positions, _LINKS, names)


def _filled(positions: dict[str, int], wishes: tuple[str, ...], names: set[str]) -> dict[str, int]:
    free = (position for position in range(1, 9) if position not in positions.values())
    return dict(zip((name for name in wishes if name in names), free, strict=False))


def _action(key: SoftKey, kind: str, url: str) -> str:
    if is_http(key.url):
        links = {
            "CiscoIPPhoneDirectory": _LINKS,
            "CiscoIPPhoneMenu": _LINKS,
            "CiscoIPPhoneText": ("Search",),
        }.get(kind, ())
        if key.name not in links:
            raise PhoneRefuses(34, url, f"{key.name!r} is not a softkey of a {kind}")
        return key.name
    action = key.url.removeprefix("SoftKey:")
    if action in {"Next", "Previous"} or key.name in {"Next", "Previous"}:
        raise PhoneRefuses(38, url, f"softkey {key.name!r} is {key.url!r} and no explicit URL")
    if action not in _ALLOWED[kind]:
        raise PhoneRefuses(37, url, f"{key.url!r} does not belong in a {kind}")
    return action


def _kind(screen: PhoneObject) -> str:
    return f"CiscoIPPhone{type(screen).__name__.removesuffix('Object')}"


def _shown(keys: tuple[SoftKey, ...]) -> dict[str, int]:
    return {key.name: key.position for key in keys}
