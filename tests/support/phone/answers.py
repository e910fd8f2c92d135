"""Check the status line and the headers of an HTTP response.

Rules 1 to 3, 5, 7, 9 to 11, 14, 15, 39, 42 and 43 of `rules.md` apply here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tests.support.phone.addresses import check_url
from tests.support.phone.models import Model
from tests.support.phone.refusal import PhoneRefuses

PAGE_BYTES = 32 * 1024
_CONTENT_TYPE = re.compile(r'text/xml; ?charset=("?)([A-Za-z0-9._-]+)\1', re.IGNORECASE)
_REFRESH = re.compile(r"(\d+); ?url=(\S+)", re.IGNORECASE)
# RFC 9110 section 5.6.7: the date format of Expires.
_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
_FORBIDDEN = (
    ("transfer-encoding", 5),
    ("content-encoding", 5),
    ("set-cookie", 10),
    ("location", 7),
    ("www-authenticate", 11),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A received response; `headers` are in order, with names in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of the header `name` (lower case)."""
        return tuple(value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers say about the page.

    `refresh` is the URL of the next page, or "". `expired` means that Expires is in the
    past.
    """

    charset: str
    refresh: str
    expired: bool


def check_answer(answer: Answer, model: Model, url: str) -> Envelope:
    """Return what the headers say if the phone `model` accepts them.

    Raises PhoneRefuses if it does not.
    """

    def refuse(rule: int, why: str) -> PhoneRefuses:
        return PhoneRefuses(rule, url, why)

    if 300 <= answer.status < 400:
        raise refuse(7, f"the answer is a redirect ({answer.status})")
    if answer.status == 401:
        raise refuse(11, "the answer asks for a password")
    if answer.status != 200:
        raise refuse(15, f"the status is {answer.status}")
    for name, rule in _FORBIDDEN:
        if answer.all(name):
            raise refuse(rule, f"the answer has the header {name}: {answer.all(name)[0]}")
    if answer.all("content-length") != (str(len(answer.body)),):
        raise refuse(
            5,
            f"Content-Length {answer.all('content-length')} for a body of {len(answer.body)} bytes",
        )
    if len(answer.body) >= PAGE_BYTES:
        raise refuse(14, f"the page has {len(answer.body)} bytes, not less than {PAGE_BYTES}")
    return Envelope(
        _charset(answer, model, refuse), _refresh(answer, url, refuse), _expired(answer, refuse)
    )


def wanted_charsets(accept_charset: str) -> frozenset[str]:
    """Return the charsets of which the response has one (rule 3).

    They are the better of utf-8 and iso-8859-1, or both if the phone prefers neither.
    """
    weights: dict[str, float] = {}
    for part in accept_charset.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next(
            (piece.removeprefix("q=") for piece in parameters if piece.startswith("q=")), "1"
        )
        if name in {"utf-8", "iso-8859-1"}:
            weights[name] = float(weight)
    best = max(weights.values(), default=0.0)
    return frozenset(name for name, weight in weights.items() if weight == best > 0) or frozenset(
        {"utf-8"}
    )


def _charset(answer: Answer, model: Model, refuse: Callable[[int, str], PhoneRefuses]) -> str:
    given = answer.all("content-type")
    if len(given) != 1 or given[0].split(";")[0].strip().lower() != "text/xml":
        raise refuse(1, f"the Content-Type is {given}")
    found = _CONTENT_TYPE.fullmatch(given[0])
    if found is None:
        raise refuse(2, f"the Content-Type has no plain charset: {given[0]!r}")
    charset = found.group(2).lower()
    wanted = wanted_charsets(model.header("Accept-Charset"))
    if charset not in wanted:
        raise refuse(3, f"the charset is {charset}, the phone asked for {sorted(wanted)}")
    return charset


def _refresh(answer: Answer, url: str, refuse: Callable[[int, str], PhoneRefuses]) -> str:
    given = answer.all("refresh")
    if not given:
        return ""
    found = _REFRESH.fullmatch(given[0])
    if len(given) != 1 or found is None:
        raise refuse(39, f"the Refresh is not `0; url=...`: {given}")
    if int(found.group(1)) > 0:
        raise refuse(43, f"the page reloads itself: Refresh: {given[0]}")
    return check_url(found.group(2), "the Refresh", url)


def _expired(answer: Answer, refuse: Callable[[int, str], PhoneRefuses]) -> bool:
    given = answer.all("expires")
    if not given:
        return False
    if len(given) != 1 or _DATE.fullmatch(given[0]) is None:
        raise refuse(42, f"Expires is no HTTP date: {given}")
    try:
        moment = parsedate_to_datetime(given[0])
    except ValueError as error:
        raise refuse(42, f"Expires is no date: {given[0]!r}") from error
    if not datetime(1970, 1, 2, tzinfo=UTC) <= moment < datetime.now(UTC):
        raise refuse(42, f"Expires is not between 1970-01-02 and now: {given[0]!r}")
    return True
