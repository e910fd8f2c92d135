"""What each key of a phone does."""

from dataclasses import dataclass, replace
from urllib.parse import quote_plus

from app.phone_display.models import PhoneModel
from app.phone_display.objects import PhoneDirectory, PhoneForm, PhoneMenu, PhoneText
from app.phone_display.response import LoadedPage
from app.phone_display.softkeys import END_CALL, MORE, shown_softkeys
from app.phone_display.state import (
    MAX_VALUE,
    Loader,
    PhoneState,
    bounded,
    chosen_number,
    displayed_page,
    extent,
)

KEYPAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
# ITU-T E.161 places the letters. Signs differ between firmwares.
LETTERS = ("", "abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz", "", "", "")
"""The letters on each key of `KEYPAD`."""

SOFTKEYS = ("soft1", "soft2", "soft3", "soft4")

_WRITES = {key: letters + key for key, letters in zip(KEYPAD, LETTERS, strict=True)}
_WRITES |= {"1": ".1", "0": " 0"}
_DIGIT_FLAGS = ("T", "N")
_STEPS = {"up": -1, "down": 1}


def press(
    key: str, state: PhoneState, load: Loader, model: PhoneModel, home: str
) -> tuple[PhoneState, LoadedPage]:
    """Return the state after a key is pressed, and the page that is then loaded.

    `key` is a key of `KEYPAD`, an arrow (up, down, left, right), select, back,
    directory, or soft1 to soft4. Any other one does nothing. `home` is the page of the
    key directory.
    """
    page = load(state.url)
    before = replace(bounded(state, page, model), left=False)
    after = _Press(before, page, model, home).state_after(key)
    if after.url == before.url:
        return bounded(after, page, model), page
    opened = load(after.url)
    return bounded(after, opened, model), opened


@dataclass(frozen=True, slots=True)
class _Press:
    state: PhoneState
    page: LoadedPage
    model: PhoneModel
    home: str

    def state_after(self, key: str) -> PhoneState:
        if key == "directory":
            return PhoneState(self.home)
        if key in SOFTKEYS:
            return self._softkey(key)
        if key == "back":
            return self._leave()
        if self.state.called:
            return self.state
        if key == "select":
            return self._select()
        if key in _STEPS:
            return self._move(_STEPS[key])
        if key == "right":
            return replace(self.state, tapped="")
        if key == "left":
            return self._delete()
        return self._keypad(key) if key in _WRITES else self.state

    def _softkey(self, key: str) -> PhoneState:
        shown = displayed_page(self.state, self.page, self.model)
        keys = shown_softkeys(shown, self.model, self.state.softkey_set)
        found = dict(zip(SOFTKEYS, keys, strict=True)).get(key)
        return self._act(found.uri) if found is not None else self.state

    def _act(self, uri: str) -> PhoneState:
        state = self.state
        match uri:
            case "SoftKey:Exit" | "SoftKey:Cancel" | "SoftKey:Back":
                return self._leave()
            case "SoftKey:Select" | "SoftKey:Submit":
                return self._select()
            case "SoftKey:Dial":
                return replace(state, called=chosen_number(state, self.page))
            case "SoftKey:EditDial":
                return replace(state, edited=chosen_number(state, self.page), tapped="")
            case "SoftKey:<<":
                return self._delete()
            case "SoftKey:Next" if self.page.refresh:
                return state.opened(self.page.refresh, self.page)
        if uri == MORE:
            return replace(state, softkey_set=state.softkey_set + 1)
        if uri == END_CALL:
            return self._leave()
        return self._open(uri)

    def _open(self, uri: str) -> PhoneState:
        if uri.startswith("Dial:"):
            return replace(self.state, called=uri.removeprefix("Dial:"))
        if uri.startswith("EditDial:"):
            return replace(self.state, edited=uri.removeprefix("EditDial:"), tapped="")
        if uri.lower().startswith(("http://", "https://")):
            return self.state.opened(uri, self.page)
        return self.state

    def _leave(self) -> PhoneState:
        if self.state.called or self.state.edited is not None:
            return replace(self.state, called="", edited=None, tapped="")
        return self.state.returned(self.home)

    def _select(self) -> PhoneState:
        state = self.state
        if state.called:
            return state
        if state.edited is not None:
            return replace(state, called=state.edited, edited=None)
        match self.page.content:
            case PhoneMenu(rows=rows) | PhoneDirectory(rows=rows) if rows:
                return self._open(rows[state.cursor].uri)
            case PhoneForm() as form:
                return state.opened(_submitted(form, state.values), self.page)
        return state

    def _move(self, step: int) -> PhoneState:
        if self.state.edited is not None:
            return self.state
        moved = replace(self.state, digits="", tapped="")
        if isinstance(self.page.content, PhoneText):
            return replace(moved, top=self.state.top + step)
        count, _ = extent(self.page, self.model)
        return replace(moved, cursor=(self.state.cursor + step) % count if count else 0)

    def _keypad(self, key: str) -> PhoneState:
        form = self.page.content
        if self.state.edited is not None or isinstance(form, PhoneForm):
            is_digits = self.state.edited is not None or (
                isinstance(form, PhoneForm) and form.fields[self.state.cursor].flags in _DIGIT_FLAGS
            )
            return self._type(key, key if is_digits else _WRITES[key])
        return self._choose(key) if key.isdigit() else self.state

    def _choose(self, digit: str) -> PhoneState:
        """Choose a row by its number.

        A menu opens it as soon as no further digit can follow.
        """
        content = self.page.content
        if not isinstance(content, PhoneMenu | PhoneDirectory):
            return self.state
        rows = content.rows
        digits = next(
            (
                typed
                for typed in (self.state.digits + digit, digit)
                if typed[0] != "0" and int(typed) <= len(rows)
            ),
            "",
        )
        if not digits:
            return replace(self.state, digits="")
        chosen = replace(self.state, cursor=int(digits) - 1, digits=digits)
        if int(digits) * 10 <= len(rows):
            return chosen
        if isinstance(content, PhoneDirectory):
            return replace(chosen, digits="")
        return replace(self, state=replace(chosen, digits=""))._select()

    def _type(self, key: str, writes: str) -> PhoneState:
        """Write a letter. The same key again writes its next letter in place of it."""
        text = self._text()
        if len(writes) > 1 and self.state.tapped == key and text and text[-1] in writes:
            text = text[:-1] + writes[(writes.index(text[-1]) + 1) % len(writes)]
        else:
            text = (text + writes[0])[:MAX_VALUE]
        return self._with_text(text, key if len(writes) > 1 else "")

    def _delete(self) -> PhoneState:
        return self._with_text(self._text()[:-1], "")

    def _text(self) -> str:
        state = self.state
        if state.edited is not None:
            return state.edited
        return state.values[state.cursor] if state.values else ""

    def _with_text(self, text: str, tapped: str) -> PhoneState:
        state = self.state
        if state.edited is not None:
            return replace(state, edited=text, tapped=tapped)
        if not state.values:
            return state
        values = list(state.values)
        values[state.cursor] = text
        return replace(state, values=tuple(values), tapped=tapped)


def _submitted(form: PhoneForm, values: tuple[str, ...]) -> str:
    # The phone sends a GET with the fields and leaves out blank ones (seen in a server's log).
    pairs = [
        f"{field.parameter}={quote_plus(value)}"
        for field, value in zip(form.fields, values, strict=True)
        if value
    ]
    joint = "&" if "?" in form.url else "?"
    return f"{form.url}{joint}{'&'.join(pairs)}" if pairs else form.url
