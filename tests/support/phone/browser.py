"""A phone's browser over real sockets, which checks every response.

Rules 5, 6, 7, 13, 39 and 42 apply here.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import quote, quote_plus

from app.phone_walk.client import NoAnswer, PhoneClient
from app.phone_walk.walk import LOCALE
from app.phones.strict.judge import OpenedPage, Setting
from app.phones.strict.models import Model
from app.phones.strict.objects import (
    ExecuteObject,
    InputObject,
    MenuItem,
    MenuObject,
    PhoneObject,
    softkey_named,
    softkeys_of,
)
from app.phones.strict.response import Answer
from tests.support.patience import PATIENCE
from tests.support.phone.refusal import PhoneRefuses, judge

DEVICE = "SEP001122334455"


class Phone:
    """A phone of `model` (`models` says what it sends).

    `softkeys`, `plus` and `pauses` are settings of the gateway's profile. `keep_alive`
    uses one connection for all requests of an HTTP/1.1 model (close() it, or use
    `with`). `twice` sends every GET twice, as a 7965 was seen to do, and compares the
    responses.
    """

    def __init__(
        self,
        model: Model,
        *,
        softkeys: bool = True,
        plus: bool = False,
        pauses: bool = False,
        keep_alive: bool = False,
        twice: bool = False,
        device: str = DEVICE,
        timeout: float = PATIENCE,
    ) -> None:
        self.setting = Setting(model, softkeys=softkeys, plus=plus, pauses=pauses)
        self._client = PhoneClient(model, keep_alive=keep_alive, timeout=timeout)
        self._twice = twice
        self._device = device
        self._here: OpenedPage | None = None
        self._history: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the kept connection, if there is one."""
        self._client.close()

    @property
    def requests(self) -> int:
        """Return how many requests were sent."""
        return self._client.requests

    @property
    def here(self) -> OpenedPage:
        """Return the page on the display.

        Raises LookupError if no page was opened yet.
        """
        if self._here is None:
            raise LookupError("the phone has not opened anything yet")
        return self._here

    def press_directories(self, url: str) -> PhoneObject:
        """Press the Directories button with `url` as directoryURL; return the menu.

        Raises PhoneRefuses if a rule is broken.
        """
        self._history.clear()
        joint = "&" if "?" in url else "?"
        # Section 6: the phone adds locale and name to the first request, and only to it.
        return self._open(f"{url}{joint}locale={LOCALE}&name={self._device}", root=True)

    def get(self, url: str) -> PhoneObject:
        """Open the absolute `url` and return its object.

        Raises PhoneRefuses if a rule is broken.
        """
        return self._open(url)

    def look(self, url: str) -> OpenedPage:
        """Return the page at the absolute `url` without displaying it.

        Raises PhoneRefuses if a rule is broken.
        """
        return self._fetch(url)

    def choose(self, item: MenuItem | str) -> PhoneObject:
        """Return what a menu item opens or dials.

        Raises LookupError if the display has no such item.
        """
        screen = self.here.screen
        if not isinstance(screen, MenuObject):
            raise LookupError("there is no menu on the display")
        chosen = next((other for other in screen.items if item in (other, other.name)), None)
        if chosen is None:
            raise LookupError(f"no menu item {item!r} on the display")
        return ExecuteObject(chosen.number) if chosen.number else self._open(chosen.url)

    def softkey(self, name: str) -> PhoneObject:
        """Press a softkey by its name, and return the page that it opens.

        Exit opens the last page that was not expired. Next is the phone's own for a
        Refresh. Raises LookupError if the softkey opens nothing.
        """
        key = softkey_named(self.here.screen, name)
        if name == "Next" and not softkeys_of(self.here.screen) and self.here.refresh:
            return self._open(self.here.refresh)
        if key is None:
            raise LookupError(f"no softkey {name!r} on the display")
        if key.url == "SoftKey:Exit":
            return self._back()
        if key.url.startswith("SoftKey:"):
            raise LookupError(f"softkey {name!r} opens no page")
        return self._open(key.url)

    def submit(
        self,
        form: InputObject,
        values: Mapping[str, str],
        *,
        plus: bool = True,
        encoding: str = "utf-8",
    ) -> PhoneObject:
        """Send a form with `values` (parameter to text); return the page that it opens.

        `plus`: a space is sent as `+`, else as `%20`. Raises LookupError if the form
        lacks a field.
        """
        known = {field.parameter for field in form.fields}
        if not known >= set(values):
            raise LookupError(f"the form has no field {sorted(set(values) - known)}")
        escape = quote_plus if plus else quote
        # Section 5: submission is a GET with the fields, blank ones left out.
        pairs = [
            f"{field.parameter}={escape(values[field.parameter], encoding=encoding)}"
            for field in form.fields
            if values.get(field.parameter)
        ]
        joint = "&" if "?" in form.url else "?"
        return self._open(form.url + joint + "&".join(pairs) if pairs else form.url)

    def _open(self, url: str, root: bool = False) -> PhoneObject:
        if self._here is not None and not self._here.expired:
            self._history.append(self._here.url)
        self._here = self._fetch(url, root)
        return self._here.screen

    def _back(self) -> PhoneObject:
        if not self._history:
            raise LookupError("there is nothing to go back to")
        self._here = self._fetch(self._history.pop())
        return self._here.screen

    def _fetch(self, url: str, root: bool = False) -> OpenedPage:
        answer = self._ask(url)
        if self._twice and (again := self._ask(url)).body != answer.body:
            raise PhoneRefuses(
                13,
                url,
                f"the same GET gave {len(answer.body)} and then {len(again.body)} other bytes",
            )
        return judge(answer, url, self.setting, root)

    def _ask(self, url: str) -> Answer:
        if not url.startswith("http://"):
            raise PhoneRefuses(9, url, "the tests' phone can only open http URLs")
        try:
            return self._client.get(url)
        except NoAnswer as silence:
            raise PhoneRefuses(silence.rule, url, silence.problem) from silence
