"""Follow every link that a phone can reach, and check every response.

A book is one page or a tree of menus over pages that are chained by Next. The reading
order comes from the menus and from following Next. If a page is reached both ways, both
must agree. Rules 7 (each link answers), 26 (none lost, none twice), 38 (Next and
Previous) and 39 (Refresh) apply here.
"""

from dataclasses import dataclass
from itertools import pairwise

from app.phone_walk.walk import links_of
from app.phones.strict.judge import OpenedPage
from app.phones.strict.objects import (
    ExecuteObject,
    InputObject,
    MenuObject,
    TextObject,
    softkeys_of,
)
from tests.support.phone.browser import Phone
from tests.support.phone.refusal import PhoneRefuses


@dataclass(frozen=True, slots=True)
class Walk:
    """Result of a walk.

    `rows` are (name, number) in reading order. `pages` counts the pages of rows, and
    `chains` the books that they form (pages joined by Next). `menus` counts the menus
    that lead on. `deepest` is the largest number of items chosen on the way to a page
    of rows. `dials` are (menu item, number) of dial-now items.
    """

    rows: tuple[tuple[str, str], ...]
    pages: int
    chains: int
    menus: int
    deepest: int
    dials: tuple[tuple[str, str], ...]
    messages: tuple[TextObject, ...]
    forms: tuple[InputObject, ...]


@dataclass(frozen=True, slots=True)
class _Leaf:
    url: str
    trail: tuple[str, ...]
    branch: tuple[int, ...]


def walk(phone: Phone, url: str, *, directories: bool = False) -> Walk:
    """Visit every link below `url` once.

    `directories` means that the first request is that of the Directories button. Raises
    PhoneRefuses if a rule is broken.
    """
    if directories:
        phone.press_directories(url)
        start = phone.here
    else:
        start = phone.look(url)
    seen = _visit_all(phone, start)
    leaves: list[_Leaf] = []
    dials: list[tuple[str, str]] = []
    _read_menus(seen, _Leaf(start.url, (), ()), leaves, dials)
    chains = _chains(seen, leaves, start.url)
    _check_neighbours(seen, leaves)
    pages = [seen[page] for chain in chains for page in chain]
    return Walk(
        rows=tuple(row for page in pages for row in page.rows),
        pages=len(pages),
        chains=len(chains),
        menus=sum(
            isinstance(page.screen, MenuObject) and not page.is_list for page in seen.values()
        ),
        deepest=max((len(leaf.trail) for leaf in leaves), default=0),
        dials=tuple(dials),
        messages=tuple(
            page.screen for page in seen.values() if isinstance(page.screen, TextObject)
        ),
        forms=tuple(page.screen for page in seen.values() if isinstance(page.screen, InputObject)),
    )


def _visit_all(phone: Phone, start: OpenedPage) -> dict[str, OpenedPage]:
    seen = {start.url: start}
    waiting = [start]
    while waiting:
        for link in links_of(waiting.pop()):
            if link not in seen:
                seen[link] = phone.look(link)
                waiting.append(seen[link])
    return seen


def _read_menus(
    seen: dict[str, OpenedPage], at: _Leaf, leaves: list[_Leaf], dials: list[tuple[str, str]]
) -> None:
    opened: set[str] = set()
    waiting = [at]
    while waiting:
        leaf = waiting.pop()
        page = seen[leaf.url]
        if leaf.url in leaf.trail:
            raise PhoneRefuses(26, leaf.url, "the menu leads back to itself")
        if leaf.url in opened:
            raise PhoneRefuses(26, leaf.url, "two menu items lead to the same page")
        opened.add(leaf.url)
        if page.is_list:
            leaves.append(leaf)
        elif isinstance(page.screen, MenuObject):
            below: list[_Leaf] = []
            for position, item in enumerate(page.screen.items):
                target = seen[item.url].screen
                if isinstance(target, MenuObject) or seen[item.url].is_list:
                    below.append(_Leaf(item.url, (*leaf.trail, leaf.url), (*leaf.branch, position)))
                elif isinstance(target, ExecuteObject):
                    dials.append((item.name, target.number))
                elif isinstance(target, TextObject) and leaf.trail:
                    raise PhoneRefuses(
                        26,
                        item.url,
                        f"inside a book {item.name!r} opens a message: {target.text!r}",
                    )
            waiting.extend(reversed(below))


def _chains(seen: dict[str, OpenedPage], leaves: list[_Leaf], start: str) -> list[list[str]]:
    by_menu = {leaf.url: position for position, leaf in enumerate(leaves)}
    chains: list[list[str]] = []
    done: set[str] = set()
    for leaf in leaves:
        if leaf.url in done:
            continue
        if seen[leaf.url].previous and leaf.url != start:
            raise PhoneRefuses(38, leaf.url, "the page has a Previous, but it is no page's Next")
        chain = [leaf.url]
        done.add(leaf.url)
        while next_url := seen[chain[-1]].next:
            if next_url in done:
                raise PhoneRefuses(
                    38, chain[-1], f"Next leads to a page that was read already, {next_url}"
                )
            _check_step(seen, chain[-1], next_url)
            chain.append(next_url)
            done.add(next_url)
        positions = [by_menu[url] for url in chain if url in by_menu]
        if len(positions) > 1 and positions != list(range(positions[0], positions[0] + len(chain))):
            raise PhoneRefuses(
                26,
                leaf.url,
                "the menus and Next do not lead through the same pages in the same order",
            )
        chains.append(chain)
    return chains


def _check_step(seen: dict[str, OpenedPage], url: str, next_url: str) -> None:
    page = seen[next_url]
    if not page.is_list:
        raise PhoneRefuses(38, url, f"Next leads to a {type(page.screen).__name__}, {next_url}")
    if not softkeys_of(page.screen):
        return
    if not page.previous:
        raise PhoneRefuses(38, next_url, "the page comes after another one and has no Previous")
    if seen[page.previous].rows != seen[url].rows:
        raise PhoneRefuses(38, next_url, f"Previous does not lead back to the page before, {url}")


def _check_neighbours(seen: dict[str, OpenedPage], leaves: list[_Leaf]) -> None:
    paged = {leaf.trail for leaf in leaves if seen[leaf.url].next or seen[leaf.url].previous}
    for leaf, after in pairwise(leaves):
        inside = len(leaf.branch) > 1 and leaf.branch[:1] == after.branch[:1]
        siblings = leaf.trail == after.trail and leaf.trail in paged
        if (inside or siblings) and seen[leaf.url].next != after.url:
            raise PhoneRefuses(
                26,
                leaf.url,
                f"Next does not lead to the page that the menus name next, {after.url}",
            )
