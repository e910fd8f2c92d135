"""Check one complete response: headers, page, and how the two fit together.

Rules 15, 25, 28 to 30, 39, 42, 43 and 48 apply here.
"""

from collections import Counter
from dataclasses import dataclass

from tests.support.phone.answers import Answer, check_answer
from tests.support.phone.grammar import read_object
from tests.support.phone.layout import check_softkeys
from tests.support.phone.models import Model
from tests.support.phone.objects import (
    DirectoryObject,
    ExecuteObject,
    InputObject,
    MenuObject,
    PhoneObject,
    TextObject,
    softkey_named,
    softkeys_of,
)
from tests.support.phone.refusal import PhoneRefuses

_CALL_LISTS = frozenset({"missed calls", "received calls", "placed calls"})


@dataclass(frozen=True, slots=True)
class Setting:
    """The model of the phone, and the settings of the gateway's profile.

    `softkeys` are on, `plus` allows `+` in numbers and `pauses` allows `,`.
    """

    model: Model
    softkeys: bool = True
    plus: bool = False
    pauses: bool = False

    @property
    def dialled(self) -> str:
        return ("+" if self.plus else "") + ("," if self.pauses else "")


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that the phone accepted.

    `next` and `previous` are URLs or "". `refresh` is the URL of its Refresh header.
    """

    url: str
    screen: PhoneObject
    refresh: str
    expired: bool
    answer: Answer

    @property
    def next(self) -> str:
        return self._link("Next") or self.refresh

    @property
    def previous(self) -> str:
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


def judge(answer: Answer, url: str, setting: Setting, root: bool = False) -> Seen:
    """Return the page in `answer` as the phone understood it.

    `root` means that it came for the directoryURL. Raises PhoneRefuses if a rule is
    broken.
    """
    envelope = check_answer(answer, setting.model, url)
    screen = read_object(answer.body, envelope.charset, url, setting.dialled)
    seen = Seen(url, screen, envelope.refresh, envelope.expired, answer)
    _check_kind(seen, setting, root)
    _check_lines(seen, setting)
    check_softkeys(screen, setting.model, setting.softkeys, url)
    transient = isinstance(screen, TextObject | ExecuteObject)
    if transient != envelope.expired:
        raise PhoneRefuses(
            42,
            url,
            (
                "a transient page has no Expires"
                if transient
                else "a page that Exit returns to has an Expires"
            ),
        )
    # Design, section 6: where no softkeys are sent and there is a next page, the answer carries
    # `Refresh: 0; url=<next>`.
    if envelope.refresh and (not seen.is_list or softkeys_of(screen)):
        raise PhoneRefuses(39, url, "a Refresh on a page that is no list or has softkeys")
    return seen


def _check_kind(seen: Seen, setting: Setting, root: bool) -> None:
    screen, url = seen.screen, seen.url
    if root and not isinstance(screen, MenuObject):
        raise PhoneRefuses(30, url, f"directoryURL gets a {type(screen).__name__}, not a menu")
    if isinstance(screen, MenuObject):
        if not screen.items:
            raise PhoneRefuses(30 if root else 28, url, "the menu is empty")
        if root and any(item.name.lower() in _CALL_LISTS for item in screen.items):
            raise PhoneRefuses(
                30, url, "the menu for directoryURL lists the phone's own call lists"
            )
        if seen.is_list and not all(item.number for item in screen.items):
            raise PhoneRefuses(48, url, "a menu mixes numbers to dial with pages to open")
    elif isinstance(screen, DirectoryObject):
        if not screen.entries:
            raise PhoneRefuses(28, url, "the directory is empty")
        if not setting.model.has_directory:
            raise PhoneRefuses(48, url, f"{setting.model.name} accepts no CiscoIPPhoneDirectory")
    elif isinstance(screen, InputObject) and not screen.fields:
        raise PhoneRefuses(22, url, "the form has no field")


def _check_lines(seen: Seen, setting: Setting) -> None:
    screen, url = seen.screen, seen.url
    if isinstance(screen, ExecuteObject):
        return
    if isinstance(screen, MenuObject | DirectoryObject) and not screen.title:
        raise PhoneRefuses(29, url, "a menu or directory has no Title")
    if isinstance(screen, TextObject) and not (screen.title and screen.text.strip()):
        raise PhoneRefuses(15, url, "a message has no Title or no Text")
    if screen.prompt and setting.model.is_cp69:
        raise PhoneRefuses(
            29, url, f"a 69xx would show the Prompt {screen.prompt!r} in place of the Title"
        )
    names = Counter(name for name, _ in seen.rows)
    if isinstance(screen, InputObject):
        names = Counter(field.parameter for field in screen.fields)
    # Design, section 6: rows of a page that differ never look the same.
    twins = [name for name, count in names.items() if count > 1]
    if twins:
        raise PhoneRefuses(25, url, f"{twins[0]!r} stands more than once on the page")
