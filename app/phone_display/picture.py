"""Describe what stands on a display, for drawing."""

from dataclasses import dataclass

from app.phone_display.models import PhoneModel
from app.phone_display.objects import (
    PhoneCall,
    PhoneDirectory,
    PhoneFault,
    PhoneForm,
    PhoneMenu,
    PhoneText,
)
from app.phone_display.response import LoadedPage
from app.phone_display.softkeys import shown_softkeys
from app.phone_display.state import PhoneState, displayed_page, extent
from app.phone_display.wrapping import wrap_text


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A line of a list or text; `number` is that of a row, 0 in a text."""

    number: int
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class PictureField:
    """A field of a form; `index` counts all fields of the form from 0."""

    index: int
    label: str
    value: str
    digits: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """What stands on a display.

    `kind` is list, text, form, call or fault. `lines` and `fields` are those that fit.
    `above` and `below` tell whether there are more. `softkeys` are the four labels, ""
    for none. `reason` says why the phone does not accept a page.
    """

    kind: str
    title: str
    prompt: str
    softkeys: tuple[str, ...]
    lines: tuple[PictureLine, ...] = ()
    fields: tuple[PictureField, ...] = ()
    above: bool = False
    below: bool = False
    reason: str = ""


def describe_display(state: PhoneState, loaded: LoadedPage, model: PhoneModel) -> Picture:
    """Return what a display shows in a state that is bounded to the loaded page."""
    page = displayed_page(state, loaded, model)
    softkeys = tuple(
        key.label if key else "" for key in shown_softkeys(page, model, state.softkey_set)
    )
    count, room = extent(page, model)
    top = state.top if page is loaded else 0
    part = slice(top, top + room)
    above, below = top > 0, top + room < count
    match page.content:
        case (
            PhoneMenu(title=title, prompt=prompt, rows=rows)
            | PhoneDirectory(title=title, prompt=prompt, rows=rows)
        ):
            lines = tuple(
                PictureLine(number, " ".join(row.name.split("\n")), number == state.cursor + 1)
                for number, row in enumerate(rows[part], top + 1)
            )
            return Picture("list", title, prompt, softkeys, lines, (), above, below)
        case PhoneText(title=title, prompt=prompt, text=text):
            lines = tuple(PictureLine(0, line) for line in wrap_text(text, model.columns)[part])
            return Picture("text", title, prompt, softkeys, lines, (), above, below)
        case PhoneForm(title=title, prompt=prompt, fields=fields):
            cursor = state.cursor if page is loaded else 0
            shown = tuple(
                PictureField(
                    index,
                    field.label,
                    state.values[index] if page is loaded else field.value,
                    field.flags in ("T", "N"),
                    index == cursor,
                )
                for index, field in enumerate(fields)
            )
            return Picture("form", title, prompt, softkeys, (), shown[part], above, below)
        case PhoneCall(number=number):
            return Picture("call", "Calling", "", softkeys, (PictureLine(0, number),))
        case PhoneFault(shown=text, reason=reason):
            lines = tuple(PictureLine(0, line) for line in wrap_text(text, model.columns))
            return Picture("fault", "", "", softkeys, lines, reason=reason)
