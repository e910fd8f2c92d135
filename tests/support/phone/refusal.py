"""The strict phone as an exception: the first breach of a response is raised."""

from app.phones.cisco_rules import Breach, Breaches, UnreadablePage
from app.phones.strict import judge as strict
from app.phones.strict.judge import OpenedPage, Setting
from app.phones.strict.objects import PhoneObject
from app.phones.strict.response import Answer
from app.phones.strict.schema import read_object as read_strictly


class PhoneRefuses(Exception):
    """A response broke rule `rule` of docs/phone-rules.md.

    `url` is the request, `why` a sentence about the cause.
    """

    def __init__(self, rule: int, url: str, why: str) -> None:
        super().__init__(rule, url, why)
        self.rule = rule
        self.url = url
        self.why = why

    def __str__(self) -> str:
        return f"rule {self.rule}: {self.why} ({self.url})"


def judge(answer: Answer, url: str, setting: Setting, root: bool = False) -> OpenedPage:
    """Return the page in `answer`; raise PhoneRefuses for its first breach."""
    verdict = strict.judge(answer, url, setting, root)
    _raise_first(verdict.breaches, url)
    assert verdict.page is not None
    return verdict.page


def read_object(body: bytes, charset: str, url: str, dialled: str = "") -> PhoneObject:
    """Return the object in `body`; raise PhoneRefuses for its first breach."""
    breaches, screen = Breaches(), None
    try:
        screen = read_strictly(body, charset, breaches, dialled)
    except UnreadablePage:
        assert breaches.noted
    _raise_first(tuple(breaches.noted), url)
    assert screen is not None
    return screen


def _raise_first(breaches: tuple[Breach, ...], url: str) -> None:
    for breach in breaches:
        found = f": {breach.found!r}" if breach.found else ""
        raise PhoneRefuses(breach.rule, url, breach.problem + found)
