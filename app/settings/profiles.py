"""Make books, dial items and profiles from a valid file, and check their references."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.model.profile import DEFAULT, SEARCH, Book, DialItem, Profile
from app.numbers.dial_plan import DialPlan
from app.numbers.dial_plan import problems as plan_problems
from app.phones.registry import FORMATS
from app.settings.schema import GatewayFile, NumbersSection, ProfileSection

RESERVED = ("menu", "directory", "search", "lookup", "p")


def make_profiles(
    file: GatewayFile, sources: tuple[str, ...], problems: list[str]
) -> tuple[Profile, ...]:
    """Return all profiles, `default` included; add problems to `problems`."""
    books = _books(file, sources, problems)
    dials = tuple(
        DialItem(name, section.title, section.number) for name, section in file.dial.items()
    )
    problems += _name_conflicts(file, books)
    sections = {**file.profiles}
    sections.setdefault(DEFAULT, ProfileSection())
    problems += _repeated_devices(sections)
    problems += [f"numbers.{problem}" for problem in plan_problems(_plan(file.numbers))]
    return tuple(
        _profile(name, section, file, books, dials, problems) for name, section in sections.items()
    )


def _name_conflicts(file: GatewayFile, books: tuple[Book, ...]) -> Iterator[str]:
    for key, names in (("books", file.books), ("dial", file.dial)):
        for name in names:
            if name in RESERVED:
                yield (
                    f"[{key}.{name}]: this name is reserved for a page of the gateway. Choose"
                    " another name."
                )
    for book in books:
        if book.name in file.dial:
            yield f"dial.{book.name}: there is a book of this name. Rename one of them."


def _repeated_devices(sections: Mapping[str, ProfileSection]) -> Iterator[str]:
    profiles: dict[str, str] = {}
    for name, section in sections.items():
        for device in section.devices:
            if device in profiles:
                yield (
                    f"profiles.{name}.devices: {device} stands in profiles.{profiles[device]} too."
                    " Keep one."
                )
            profiles[device] = name


def _books(file: GatewayFile, sources: tuple[str, ...], problems: list[str]) -> tuple[Book, ...]:
    if not file.books:
        return _books_of_sources(sources, problems)
    known = ", ".join(sources) or "none"
    problems += (
        f'books.{name}.sources: there is no source "{source}". There are: {known}.'
        for name, section in file.books.items()
        for source in section.sources
        if source not in sources
    )
    return tuple(
        Book(
            name=name,
            title=section.title or _title(name),
            sources=tuple(dict.fromkeys(section.sources)),
            groups=section.groups,
            exclude_groups=section.exclude_groups,
            kinds=section.kinds,
            exclude=section.exclude,
            private_label=section.private_label,
            merge=section.merge,
        )
        for name, section in file.books.items()
    )


def _books_of_sources(sources: tuple[str, ...], problems: list[str]) -> tuple[Book, ...]:
    """Return a book for each source, for a file without [books.NAME] sections."""
    taken = ", ".join(RESERVED)
    problems += (
        f"sources.{source}: its book would have a reserved name ({taken}). Rename the source,"
        " or add a [books.NAME] section."
        for source in sources
        if source in RESERVED
    )
    limit = FORMATS["cisco"].LIMITS.title
    return tuple(Book(source, _title(source)[:limit], (source,)) for source in sources)


def _title(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def _plan(*sections: NumbersSection) -> DialPlan:
    """Return the dial plan of sections; a later one overrides an earlier one."""
    values: dict[str, Any] = {}
    for section in sections:
        values |= section.model_dump(exclude_none=True)
    return DialPlan(**values)


def _profile(
    name: str,
    section: ProfileSection,
    file: GatewayFile,
    books: tuple[Book, ...],
    dials: tuple[DialItem, ...],
    problems: list[str],
) -> Profile:
    key = f"profiles.{name}"
    default_menu = (*(book.name for book in books), SEARCH, *(item.name for item in dials))
    menu = section.menu if section.menu is not None else default_menu
    problems += (f"{key}.{problem}" for problem in _menu_problems(section, menu, books, dials))
    if (
        section.restricted
        and not section.networks
        and not any(problem.startswith(f"{key}.networks") for problem in problems)
    ):
        problems.append(f"{key}.restricted: no phone could open it. Add networks = [...] too.")
    plan, everybodys = _plan(file.numbers, section.numbers), plan_problems(_plan(file.numbers))
    problems += (
        f"{key}.numbers.{problem}" for problem in plan_problems(plan) if problem not in everybodys
    )
    return Profile(
        name=name,
        title=section.title or (file.title if "title" in file.model_fields_set else ""),
        books=tuple(book for book in books if book.name in menu),
        dials=tuple(item for item in dials if item.name in menu),
        menu=tuple(dict.fromkeys(menu)),
        plan=plan,
        name_order=section.name_order,
        sort_by=section.sort_by,
        softkeys=section.softkeys,
        comfort=section.comfort,
        language=section.language,
        format=section.format,
        devices=section.devices,
        networks=section.networks,
        restricted=section.restricted,
    )


def _menu_problems(
    section: ProfileSection,
    menu: tuple[str, ...],
    books: tuple[Book, ...],
    dials: tuple[DialItem, ...],
) -> Iterator[str]:
    """Yield the problems of a profile's menu, each without the profile's key."""
    names = (*(book.name for book in books), *(item.name for item in dials), SEARCH)
    known = tuple(dict.fromkeys(names))
    for word in menu:
        if word not in known:
            yield f'menu: there is no book or dial item "{word}". There are: {", ".join(known)}.'
    if not menu:
        yield "menu: must not be empty: a phone shows no empty menu."
    limit = FORMATS[section.format].LIMITS.menu_items
    if len(menu) > limit:
        yield f"menu: {len(menu)} items; a phone shows {limit} at most."
    if section.comfort > limit:
        yield f"comfort = {section.comfort}: a phone's menu has {limit} items at most."
