"""Check one complete response: headers, page, and how the two fit together.

Rules 15, 25, 28 to 30, 39, 42, 43 and 48 apply here.
"""

from collections import Counter
from dataclasses import dataclass

from app.phones.cisco_rules import Breach, Breaches, UnreadablePage
from app.phones.strict.models import Model
from app.phones.strict.objects import (
    DirectoryObject,
    ExecuteObject,
    InputObject,
    MenuObject,
    PhoneObject,
    TextObject,
    softkey_named,
    softkeys_of,
)
from app.phones.strict.response import Answer, Envelope, check_response
from app.phones.strict.schema import read_object
from app.phones.strict.softkeys import check_softkeys

_CALL_LISTS = frozenset({"missed calls", "received calls", "placed calls"})


@dataclass(frozen=True, slots=True)
class Setting:
    """The model of the phone, and what is known of the settings of the server.

    `softkeys` is whether pages should have softkeys of their own, None if that is not
    known. `plus` allows `+` in numbers and `pauses` allows `,`.
    """

    model: Model
    softkeys: bool | None = True
    plus: bool = False
    pauses: bool = False

    @property
    def dialled(self) -> str:
        """Return the characters of numbers beyond 0-9 * #."""
        return ("+" if self.plus else "") + ("," if self.pauses else "")


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page as the phone understood it.

    `next` and `previous` are URLs or "". `refresh` is the URL of its Refresh header.
    """

    url: str
    screen: PhoneObject
    refresh: str
    expired: bool
    answer: Answer

    @property
    def next(self) -> str:
        """Return the URL of the page after this one."""
        return self._link("Next") or self.refresh

    @property
    def previous(self) -> str:
        """Return the URL of the page before this one."""
        return self._link("Previous")

    @property
    def is_list(self) -> bool:
        """Return whether this is a page of rows.

        That is a Directory, or a Menu that stands for one.
        """
        return isinstance(self.screen, DirectoryObject) or (
            isinstance(self.screen, MenuObject) and self.screen.stands_for_list
        )

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return (name, number) of each row of a list, top to bottom."""
        if isinstance(self.screen, DirectoryObject):
            return tuple((entry.name, entry.number) for entry in self.screen.entries)
        if isinstance(self.screen, MenuObject):
            return tuple((item.name, item.number) for item in self.screen.items if item.number)
        return ()

    def _link(self, name: str) -> str:
        key = softkey_named(self.screen, name)
        return key.url if key is not None else ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a phone makes of a response.

    `page` is None if it cannot be read.
    """

    page: OpenedPage | None
    breaches: tuple[Breach, ...]


def judge(answer: Answer, url: str, setting: Setting, root: bool = False) -> Verdict:
    """Return the page in `answer` as the phone understands it, and all breaches.

    `root` means that it came for the directoryURL.
    """
    breaches = Breaches()
    page = None
    try:
        envelope = check_response(answer, setting.model, breaches)
        screen = read_object(answer.body, envelope.charset, breaches, setting.dialled)
        if screen is not None:
            page = OpenedPage(url, screen, envelope.refresh, envelope.expired, answer)
            check_page(page, setting, breaches, root)
            _check_envelope(page, envelope, breaches)
    except UnreadablePage:
        pass  # the breach that stopped the reading is noted
    return Verdict(page, tuple(breaches.noted))


def check_page(page: OpenedPage, setting: Setting, breaches: Breaches, root: bool = False) -> None:
    """Note the breaches of a page that was read, without its headers."""
    _check_kind(page, setting, root, breaches)
    _check_lines(page, setting, breaches)
    check_softkeys(page.screen, setting.model, setting.softkeys, breaches)


def _check_envelope(page: OpenedPage, envelope: Envelope, breaches: Breaches) -> None:
    transient = isinstance(page.screen, TextObject | ExecuteObject)
    if transient and not envelope.expired:
        # An Expires that is no date of the past has been noted.
        if not page.answer.all("expires"):
            breaches.remark(42, "a message or a dial page has no Expires")
    elif envelope.expired and not transient:
        breaches.remark(42, "a page that Exit returns to has an Expires")
    if envelope.refresh and (not page.is_list or softkeys_of(page.screen)):
        breaches.remark(39, "a Refresh on a page that is no list or has softkeys")


def _check_kind(page: OpenedPage, setting: Setting, root: bool, breaches: Breaches) -> None:
    screen = page.screen
    if root and not isinstance(screen, MenuObject):
        found = f"CiscoIPPhone{type(screen).__name__.removesuffix('Object')}"
        breaches.add(30, f"directoryURL gets a {found}, not a menu")
    if isinstance(screen, MenuObject):
        if not screen.items:
            (breaches.add if root else breaches.remark)(30 if root else 28, "the menu is empty")
        if root and any(item.name.lower() in _CALL_LISTS for item in screen.items):
            breaches.remark(30, "the menu for directoryURL lists the phone's own call lists")
        if page.is_list and not all(item.number for item in screen.items):
            breaches.remark(48, "a menu mixes numbers to dial with pages to open")
    elif isinstance(screen, DirectoryObject):
        if not screen.entries:
            breaches.remark(28, "the directory is empty")
        if not setting.model.has_directory:
            breaches.add(48, f"{setting.model.name} accepts no CiscoIPPhoneDirectory")


def _check_lines(page: OpenedPage, setting: Setting, breaches: Breaches) -> None:
    screen = page.screen
    if isinstance(screen, ExecuteObject):
        return
    if isinstance(screen, MenuObject | DirectoryObject) and not screen.title:
        breaches.remark(29, "a menu or directory has no Title")
    if isinstance(screen, TextObject) and not (screen.title and screen.text.strip()):
        breaches.remark(15, "a message has no Title or no Text")
    if screen.prompt and setting.model.is_cp69:
        breaches.remark(29, "a 69xx shows the Prompt in place of the Title", screen.prompt)
    names = Counter(name for name, _ in page.rows)
    if isinstance(screen, InputObject):
        names = Counter(field.parameter for field in screen.fields)
    # Rows of a page that differ never look the same.
    twins = [name for name, count in names.items() if count > 1]
    if twins:
        breaches.remark(25, f"{len(twins)} names stand more than once on the page", twins[0])
