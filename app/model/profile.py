"""Books and profiles: what a person opens, and how a group of phones sees it.

Law of this file: values only, as the configuration means them. It knows no source's contents, no screen and no file.
"""

from dataclasses import dataclass, field

from app.model.names import NameOrder, SortBy
from app.numbers.dial_plan import DialPlan
from connectors.contact import NumberKind

USUAL_KINDS = tuple(kind for kind in NumberKind if kind not in (NumberKind.FAX, NumberKind.PAGER))
"""Which numbers a book lists where nothing else is said: all but those that nobody talks to."""

DEFAULT = "default"
"""The profile of phones that nothing else is said of."""

SEARCH = "search"
"""The word for the search form in a profile's menu."""


@dataclass(frozen=True, slots=True)
class Book:
    """What a person opens: a title, the sources it is made of, and what of them it leaves out.

    `groups`: only contacts in one of these; `kinds`: which numbers, in which order (none said: `USUAL_KINDS`,
    in the source's order); `exclude`: patterns (regular expressions, case
    ignored) of names or numbers; `private_label`: numbers under this label of the source are left out ("" for none).
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
    """A menu item that dials at once; `number` is as configured, before any dial plan."""

    name: str
    title: str
    number: str


@dataclass(frozen=True, slots=True)
class Profile:
    """How a group of phones sees the directory.

    `menu` holds names of books and dial items, and "search", in the order of the root menu; `books` and `dials` are those that its
    phones may open. `devices` are SEP names, `networks` CIDR texts, whose phones get this profile without asking for it.
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
    language: str = "en"
    format: str = "cisco"
    devices: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    restricted: bool = False

    def book(self, name: str) -> Book | None:
        """Return the book of this name, or None where this profile has none."""
        return next((book for book in self.books if book.name == name), None)

    def dial(self, name: str) -> DialItem | None:
        """Return the dial-now item of this name, or None where this profile has none."""
        return next((item for item in self.dials if item.name == name), None)
