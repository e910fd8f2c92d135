"""Follow every link that a phone can reach, and check every response.

A page of another host is read too, because a phone would open it. Its own links are
not followed.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus, urljoin, urlsplit

from app.phone_walk.client import NoAnswer, PhoneClient
from app.phone_walk.remedies import LEFT_LINKS
from app.phones.cisco_rules import Breach
from app.phones.strict.judge import OpenedPage, Setting, judge
from app.phones.strict.objects import InputObject, MenuObject, softkeys_of
from app.phones.strict.response import Answer
from app.phones.strict.uris import is_fetchable

MAX_PAGES = 20_000
"""More pages than half a million contacts need."""
LOCALE = "English_United_States"
_MAX_HOPS = 5
_MAX_SILENT = 5
"""Requests in a row without an answer, after which the server counts as gone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach on the page of `url`; `linked_from` is a page with a link to it, or ""."""

    url: str
    breach: Breach
    linked_from: str = ""


class _BadRedirect(NoAnswer):
    """Redirects that lead to no page."""


@dataclass(slots=True)
class Progress:
    """How far a walk is: pages read, their rows, and links still to follow."""

    pages: int = 0
    rows: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Step:
    """What matters of a page for the pages around it."""

    next: str
    previous: str
    is_list: bool
    has_softkeys: bool
    rows: int


def links_of(page: OpenedPage) -> tuple[str, ...]:
    """Return the links that a phone can follow from a page, in their order."""
    links = (
        [item.url for item in page.screen.items if not item.number]
        if isinstance(page.screen, MenuObject)
        else []
    )
    links += [key.url for key in softkeys_of(page.screen)]
    links += [page.refresh] if page.refresh else []
    return tuple(dict.fromkeys(link for link in links if is_fetchable(link)))


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError:
        return location


def search_url(form: InputObject, text: str) -> str:
    """Return the URL that a phone requests if `text` is typed into each field."""
    pairs = "&".join(f"{quote_plus(field.parameter)}={quote_plus(text)}" for field in form.fields)
    return f"{form.url}{'&' if '?' in form.url else '?'}{pairs}"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a phone walks.

    `device` is its name and `locale` its user locale, which it says at first.
    `searches` are typed into each form. After `max_pages` the walk ends.
    """

    device: str
    locale: str = LOCALE
    searches: tuple[str, ...] = ()
    max_pages: int = MAX_PAGES


class Walk:
    """A walk through all pages below a directoryURL.

    `report` is called before each request.
    """

    def __init__(
        self,
        client: PhoneClient,
        setting: Setting,
        manner: Manner,
        report: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        self._client = client
        self._setting = setting
        self._manner = manner
        self._report = report
        self._waiting: deque[tuple[str, str]] = deque()
        self._known: set[str] = set()
        self._dropped = 0
        self._silent = 0
        self._steps: dict[str, _Step] = {}
        self._host: str | None = ""
        self.progress = Progress()

    def findings(self, url: str) -> Iterator[Finding]:
        """Yield what is wrong, page by page, and at last what is between pages.

        The first request has the parameters that a phone adds to a directoryURL.
        """
        self._host = urlsplit(url).hostname
        joint = "&" if "?" in url else "?"
        root = f"{url}{joint}locale={self._manner.locale}&name={self._manner.device}"
        self._add(root, "")
        while self._waiting and self._silent < _MAX_SILENT:
            page_url, linked_from = self._waiting.popleft()
            self.progress.left = len(self._waiting)
            self._report(self.progress)
            breaches = self._visit(page_url, is_root=page_url == root)
            yield from (Finding(page_url, breach, linked_from) for breach in breaches)
        if self._waiting:
            problem = f"the server no longer answers; {len(self._waiting)} links were not followed"
            yield Finding(url, Breach(7, problem))
        if self._dropped:
            problem = (
                f"the walk ended after {self._manner.max_pages} pages;"
                f" at least {self._dropped} links were not followed"
            )
            yield Finding(url, Breach(LEFT_LINKS, problem))
        yield from self._check_steps()

    def _add(self, url: str, linked_from: str) -> None:
        if url in self._known:
            return
        if len(self._known) >= self._manner.max_pages:
            self._dropped += 1
            return
        self._known.add(url)
        self._waiting.append((url, linked_from))

    def _visit(self, url: str, is_root: bool) -> list[Breach]:
        breaches: list[Breach] = []
        try:
            answer = self._get(url, breaches)
            self._silent = 0
        except NoAnswer as silence:
            is_ours = urlsplit(url).hostname == self._host
            self._silent += is_ours and not isinstance(silence, _BadRedirect)
            return [*breaches, Breach(silence.rule, silence.problem)]
        verdict = judge(answer, url, self._setting, is_root)
        self.progress.pages += 1
        if verdict.page is not None:
            self._take(verdict.page)
        return [*breaches, *verdict.breaches]

    def _get(self, url: str, breaches: list[Breach]) -> Answer:
        """Return the answer at the end of all redirects, and note the first of them."""
        hops = [url]
        answer = self._client.get(url)
        while 300 <= answer.status < 400 and answer.all("location"):
            target = _joined(hops[-1], answer.all("location")[0])
            if len(hops) == 1:
                breaches.append(Breach(7, f"the answer is a redirect ({answer.status})", target))
            if target in hops:
                raise _BadRedirect(7, "the redirects lead in a circle")
            if len(hops) > _MAX_HOPS or not is_fetchable(target):
                raise _BadRedirect(7, "the redirects lead to no page")
            hops.append(target)
            answer = self._client.get(target)
        return answer

    def _take(self, page: OpenedPage) -> None:
        self.progress.rows += len(page.rows)
        self._steps[page.url] = _Step(
            page.next, page.previous, page.is_list, bool(softkeys_of(page.screen)), hash(page.rows)
        )
        if urlsplit(page.url).hostname != self._host:
            return
        for link in links_of(page):
            self._add(link, page.url)
        if isinstance(page.screen, InputObject) and is_fetchable(page.screen.url):
            for text in self._manner.searches:
                self._add(search_url(page.screen, text), page.url)

    def _check_steps(self) -> Iterator[Finding]:
        """Yield where Next and Previous do not lead to each other (rule 38)."""
        for url, step in self._steps.items():
            following = self._steps.get(step.next)
            if following is None or not step.is_list:
                continue
            before = self._steps.get(following.previous)
            if not following.is_list:
                yield Finding(url, Breach(38, "Next leads to no list", step.next, is_remark=True))
            elif following.has_softkeys and not following.previous:
                problem = "the page comes after another one and has no Previous"
                yield Finding(step.next, Breach(38, problem, is_remark=True), url)
            elif before is not None and before.rows != step.rows:
                problem = "Previous does not lead back to the page before"
                breach = Breach(38, problem, following.previous, is_remark=True)
                yield Finding(step.next, breach, url)
        for url, count in self._circles():
            yield Finding(url, Breach(38, f"Next leads in a circle of {count} pages"))

    def _circles(self) -> Iterator[tuple[str, int]]:
        """Yield a page of each circle of Next, with its length."""
        done: set[str] = set()
        for start in self._steps:
            chain: list[str] = []
            on_chain: set[str] = set()
            at = start
            while at in self._steps and at not in done and at not in on_chain:
                chain.append(at)
                on_chain.add(at)
                at = self._steps[at].next
            if at in on_chain:
                yield at, len(chain) - chain.index(at)
            done |= on_chain
