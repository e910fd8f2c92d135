"""Find the softkeys of a page: its own ones, else those of the phone."""

from app.phone_display.models import PhoneModel
from app.phone_display.objects import (
    PhoneCall,
    PhoneDirectory,
    PhoneFault,
    PhoneForm,
    PhoneMenu,
    PhoneText,
    SoftKey,
)
from app.phone_display.response import LoadedPage

SLOTS = 4
MORE = "more:"
"""The URI of the key that shows the further softkeys."""
END_CALL = "end:"
"""The URI of the key that ends a call."""

_UPDATE, _NEXT = ("Update", "SoftKey:Update"), ("Next", "SoftKey:Next")
_EXIT, _SELECT = ("Exit", "SoftKey:Exit"), ("Select", "SoftKey:Select")
_DIAL, _EDIT_DIAL = ("Dial", "SoftKey:Dial"), ("EditDial", "SoftKey:EditDial")
_SUBMIT, _DELETE, _CANCEL = (
    ("Submit", "SoftKey:Submit"),
    ("<<", "SoftKey:<<"),
    ("Cancel", "SoftKey:Cancel"),
)
_NONE = ("", "")


def shown_softkeys(
    page: LoadedPage, model: PhoneModel, more_presses: int
) -> tuple[SoftKey | None, ...]:
    """Return the four softkeys that are shown after some presses of "more"."""
    keys = {key.position: key for key in _softkeys(page, model)}
    last = max(keys, default=0)
    if last <= SLOTS:
        return tuple(keys.get(position) for position in range(1, SLOTS + 1))
    per_set = SLOTS - 1
    sets = -(-last // per_set)
    first = more_presses % sets * per_set + 1
    more = SoftKey("more" if model.dial_first else "More", SLOTS, MORE)
    return (*(keys.get(first + offset) for offset in range(per_set)), more)


def _softkeys(page: LoadedPage, model: PhoneModel) -> tuple[SoftKey, ...]:
    # One SoftKeyItem removes all of the phone's own softkeys (XSI).
    own = getattr(page.content, "softkeys", ())
    defaults = enumerate(_default_keys(page, model), 1)
    return own or tuple(SoftKey(label, place, uri) for place, (label, uri) in defaults if uri)


def _default_keys(page: LoadedPage, model: PhoneModel) -> list[tuple[str, str]]:
    # The sets and their order: XSI, "Internal URI Features" and "XML Objects". A page with a
    # Refresh gets Next, others Update.
    further = _NEXT if page.refresh else _UPDATE
    match page.content:
        case PhoneMenu():
            return [_SELECT, _NONE, _EXIT] if model.dial_first else [_EXIT, _SELECT]
        case PhoneDirectory():
            if model.dial_first:
                return [_DIAL, _EDIT_DIAL, _EXIT, further]
            return [_EXIT, _DIAL, further, _EDIT_DIAL]
        case PhoneText():
            return [further, _NONE, _EXIT] if model.dial_first else [_EXIT, further]
        case PhoneForm():
            return [_SUBMIT, _DELETE, _CANCEL] if model.dial_first else [_CANCEL, _SUBMIT, _DELETE]
        case PhoneCall():
            return [_NONE, ("End call", END_CALL)]
        case PhoneFault():
            return [_NONE, _NONE, _EXIT] if model.dial_first else [_EXIT]
