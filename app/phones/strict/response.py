"""Check the status line and the headers of an HTTP response.

Rules 1 to 3, 5 to 7, 9 to 11, 14, 15, 39, 42 and 43 apply here.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from app.phones.cisco_rules import FIRST_EXPIRES_YEAR, HARD_PAGE_LIMIT, PAGE_LIMIT, Breaches
from app.phones.strict.models import Model
from app.phones.strict.uris import check_url

_CONTENT_TYPE = re.compile(r'[^;]*; ?charset=("?)([A-Za-z0-9._-]+)\1', re.IGNORECASE)
_REFRESH = re.compile(r"(\d{1,9}); ?url=(\S+)", re.IGNORECASE)
# RFC 9110 section 5.6.7: the date format of Expires.
_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
# Without a charset a phone takes that of its user locale. Nothing is known of that here.
_ASSUMED = "utf-8"
_FORBIDDEN = (
    ("location", 7),
    ("www-authenticate", 11),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A received response; `headers` are in order, with names in lower case.

    `stays_open` means that the server kept a connection open that it was to close.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    stays_open: bool = False

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


def check_response(answer: Answer, model: Model, breaches: Breaches) -> Envelope:
    """Return what the headers say to the phone `model`, and note what it refuses.

    Raises UnreadablePage if there is no page.
    """
    if 300 <= answer.status < 400:
        raise breaches.stop(7, f"the answer is a redirect ({answer.status})")
    if answer.status == 401:
        raise breaches.stop(11, "the answer asks for a password")
    if answer.status != 200:
        raise breaches.stop(15, f"the status is {answer.status}")
    for name, rule in _FORBIDDEN:
        if answer.all(name):
            breaches.add(rule, f"the answer has the header {name}", answer.all(name)[0])
    if answer.all("content-encoding"):
        raise breaches.stop(5, "the page is compressed", answer.all("content-encoding")[0])
    if answer.stays_open:
        breaches.add(6, "the server keeps the connection open, though the phone says close")
    if answer.all("set-cookie"):
        breaches.remark(10, "the answer sets a cookie")
    size = len(answer.body)
    if size > HARD_PAGE_LIMIT:
        raise breaches.stop(14, f"the page has more than {HARD_PAGE_LIMIT} bytes")
    lengths = answer.all("content-length")
    if answer.all("transfer-encoding"):
        breaches.add(5, "the page comes in chunks", answer.all("transfer-encoding")[0])
    elif lengths != (str(size),):
        given = " and ".join(lengths) or "missing"
        breaches.add(5, f"Content-Length is {given}, and the body has {size} bytes")
    if size >= PAGE_LIMIT:
        breaches.remark(14, f"the page has {size} bytes, not less than {PAGE_LIMIT}")
    return Envelope(
        _charset(answer, model, breaches), _refresh(answer, breaches), _expired(answer, breaches)
    )


def wanted_charsets(accept_charset: str) -> frozenset[str]:
    """Return the charsets of which the response has one (rule 3).

    They are the better of utf-8 and iso-8859-1, or both if the phone prefers neither.
    """
    weights = _weights(accept_charset)
    best = max(weights.values(), default=0.0)
    return frozenset(name for name, weight in weights.items() if weight == best > 0) or frozenset(
        {"utf-8"}
    )


def _weights(accept_charset: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in accept_charset.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next(
            (piece.removeprefix("q=") for piece in parameters if piece.startswith("q=")), "1"
        )
        if name in {"utf-8", "iso-8859-1"}:
            weights[name] = float(weight)
    return weights


def _charset(answer: Answer, model: Model, breaches: Breaches) -> str:
    given = answer.all("content-type")
    kind = given[0].split(";")[0].strip().lower() if given else ""
    if len(given) != 1 or kind != "text/xml":
        breaches.add(1, "the Content-Type is not one text/xml", ", ".join(given) or "none")
    found = _CONTENT_TYPE.fullmatch(given[0]) if given else None
    if found is None:
        breaches.add(2, "the Content-Type has no plain charset", ", ".join(given) or "none")
        return _ASSUMED
    charset = found.group(2).lower()
    accept = model.header("Accept-Charset")
    wanted = wanted_charsets(accept)
    if charset not in wanted:
        asked = " or ".join(sorted(wanted))
        note = breaches.remark if charset in _weights(accept) else breaches.add
        note(3, f"the charset is {charset}, the phone asked for {asked}")
    return charset


def _refresh(answer: Answer, breaches: Breaches) -> str:
    given = answer.all("refresh")
    if not given:
        return ""
    found = _REFRESH.fullmatch(given[0])
    if len(given) != 1 or found is None:
        breaches.add(39, "the Refresh is not `0; url=...`", ", ".join(given))
        return ""
    if int(found.group(1)) > 0:
        breaches.remark(43, f"the page reloads itself after {found.group(1)} seconds")
    check_url(found.group(2), "the Refresh", breaches)
    return found.group(2)


def _expired(answer: Answer, breaches: Breaches) -> bool:
    given = answer.all("expires")
    if not given:
        return False
    try:
        moment = parsedate_to_datetime(given[0])
    except ValueError:
        moment = None
    if len(given) != 1 or _DATE.fullmatch(given[0]) is None or moment is None:
        breaches.remark(42, "Expires is no date of HTTP", ", ".join(given))
        return False
    first = datetime(FIRST_EXPIRES_YEAR, 1, 2, tzinfo=UTC)
    if not first <= moment < datetime.now(UTC):
        breaches.remark(42, "Expires is not between 1970-01-02 and now", given[0])
        return False
    return True
