"""What a phone remembers between two keys."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.phone_display.models import PhoneModel
from app.phone_display.objects import (
    InputField,
    PhoneCall,
    PhoneDirectory,
    PhoneForm,
    PhoneMenu,
    PhoneText,
    SoftKey,
)
from app.phone_display.response import LoadedPage
from app.phone_display.wrapping import wrap_text

Loader = Callable[[str], LoadedPage]
"""Loads the page at a URL, as the phone's own request would."""

MAX_HISTORY = 12
MAX_VALUE = 32


@dataclass(frozen=True, slots=True)
class PhoneState:
    """The page on the display, and where the person is on it.

    `url` is the page. Exit goes back to the last one in `history`. `cursor` is the row
    or field that is chosen, `top` the first that is shown. `softkey_set` counts the
    presses of "more". `digits` are those of a row's number so far. `values` are the
    texts in a form. `tapped` is the key that wrote the last letter. `edited` is the
    number that is edited before it is dialled, `called` the one that the phone calls.
    `left` means that the last key left the directory, so the first page is shown again.
    """

    url: str
    history: tuple[str, ...] = ()
    cursor: int = 0
    top: int = 0
    softkey_set: int = 0
    digits: str = ""
    values: tuple[str, ...] = ()
    tapped: str = ""
    edited: str | None = None
    called: str = ""
    left: bool = False

    def opened(self, url: str, page: LoadedPage) -> "PhoneState":
        """Return the state after another URL is opened from `page`."""
        # Expired pages are not put on the history (XSI, "HTTP Requests and Header Settings").
        history = self.history if page.expired else (*self.history, self.url)
        return PhoneState(url, history[-MAX_HISTORY:])

    def returned(self, home: str) -> "PhoneState":
        """Return the state after Exit.

        `home` is the page if there is nothing to return to.
        """
        if not self.history:
            return PhoneState(home, left=True)
        return PhoneState(self.history[-1], self.history[:-1])


def bounded(state: PhoneState, page: LoadedPage, model: PhoneModel) -> PhoneState:
    """Return the state with a cursor and texts that exist on the page."""
    fields = page.content.fields if isinstance(page.content, PhoneForm) else ()
    values = tuple(
        (state.values[index] if index < len(state.values) else field.value)[:MAX_VALUE]
        for index, field in enumerate(fields)
    )
    count, shown = extent(page, model)
    last_top = max(count - shown, 0)
    cursor = min(max(state.cursor, 0), max(count - 1, 0))
    top = min(max(state.top, cursor - shown + 1, 0), cursor, last_top)
    if isinstance(page.content, PhoneText):
        cursor = top = min(max(state.top, 0), last_top)
    return replace(state, cursor=cursor, top=top, values=values)


def extent(page: LoadedPage, model: PhoneModel) -> tuple[int, int]:
    """Return how many rows, fields or lines a page has, and how many the display shows."""
    match page.content:
        case PhoneMenu(rows=rows) | PhoneDirectory(rows=rows):
            return len(rows), model.rows
        case PhoneForm(fields=fields):
            # A field takes two rows: its label and its text.
            return len(fields), model.rows // 2
        case PhoneText(text=text):
            return len(wrap_text(text, model.columns)), model.rows
        case _:
            return 0, model.rows


def chosen_number(state: PhoneState, page: LoadedPage) -> str:
    """Return the number that the chosen row dials, "" if it dials none."""
    content = page.content
    if isinstance(content, PhoneCall):
        return content.number
    if isinstance(content, PhoneMenu | PhoneDirectory) and state.cursor < len(content.rows):
        uri = content.rows[state.cursor].uri
        return uri.removeprefix("Dial:") if uri.startswith("Dial:") else ""
    return ""


def displayed_page(state: PhoneState, page: LoadedPage, model: PhoneModel) -> LoadedPage:
    """Return what the display shows: the loaded page, or one of the phone's own."""
    if state.called:
        return LoadedPage(PhoneCall(state.called), expired=True)
    if state.edited is None:
        return page
    labels = ("Dial", "<<", "Cancel") if model.dial_first else ("Cancel", "Dial", "<<")
    uris = {"Dial": "SoftKey:Submit", "<<": "SoftKey:<<", "Cancel": "SoftKey:Cancel"}
    keys = tuple(SoftKey(label, place, uris[label]) for place, label in enumerate(labels, 1))
    field = InputField("Number", "number", "T", state.edited)
    return LoadedPage(PhoneForm("Edit number", "", keys, "", (field,)), expired=True)
