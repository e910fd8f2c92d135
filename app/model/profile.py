"""Books, dial items and profiles, as the configuration defines them."""

from dataclasses import dataclass, field

from app.model.names import NameOrder, SortBy
from app.numbers.dial_plan import DialPlan
from connectors.contact import NumberKind

USUAL_KINDS = tuple(kind for kind in NumberKind if kind not in (NumberKind.FAX, NumberKind.PAGER))
"""The kinds of numbers that a book lists by default, which leave out fax and pager."""

DEFAULT = "default"
"""The profile of phones that no other profile names."""

SEARCH = "search"
"""The word that stands for the search form in a profile's menu."""


@dataclass(frozen=True, slots=True)
class Book:
    """A directory with a title, made from one or more sources and filtered.

    If `groups` is set, only contacts in one of them are listed. `kinds` are the kinds
    of numbers listed, in this order. If empty, `USUAL_KINDS` are listed in the source's
    order. `exclude` holds regular expressions for names or numbers, case ignored.
    Numbers with the source's label `private_label` are left out ("" for none).
    """

    name: str
    title: str
    sources: tuple[str, ...]
    groups: tuple[str, ...] = ()
    exclude_groups: tuple[str, ...] = ()
    kinds: tuple[NumberKind, ...] = ()
    exclude: tuple[str, ...] = ()
    private_label: str = ""
    merge: bool = True


@dataclass(frozen=True, slots=True)
class DialItem:
    """A menu item that dials a number when selected.

    `number` is as configured, before the dial plan is applied.
    """

    name: str
    title: str
    number: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The view of the directory that a group of phones gets.

    `menu` holds names of books and dial items, and "search", in the order of the root
    menu. `books` and `dials` are those that its phones may open. Phones with a SEP name
    in `devices` or an address in `networks` (CIDR) get this profile without asking for
    it. `title` is "" if the file has none; phones then show a word of their language.
    `language` is "" if each phone's own one decides.
    """

    name: str
    title: str
    books: tuple[Book, ...]
    dials: tuple[DialItem, ...] = ()
    menu: tuple[str, ...] = ()
    plan: DialPlan = field(default_factory=DialPlan)
    name_order: NameOrder = NameOrder.FIRST_LAST
    sort_by: SortBy = SortBy.LAST
    softkeys: bool = True
    comfort: int = 30
    language: str = ""
    format: str = "cisco"
    devices: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    restricted: bool = False

    def book(self, name: str) -> Book | None:
        """Return the book of this name, or None if this profile has none."""
        return next((book for book in self.books if book.name == name), None)

    def dial(self, name: str) -> DialItem | None:
        """Return the dial-now item of this name, or None if this profile has none."""
        return next((item for item in self.dials if item.name == name), None)
