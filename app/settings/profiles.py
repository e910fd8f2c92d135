"""Make books, dial items and profiles from a valid file, and check their references."""

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
    for key, name in [
        *(("books", name) for name in file.books),
        *(("dial", name) for name in file.dial),
    ]:
        if name in RESERVED:
            problems.append(
                f"[{key}.{name}]: books and dial items cannot bear this name; the gateway has a"
                " page of its own under it."
            )
    for name in file.dial:
        if any(book.name == name for book in books):
            problems.append(f"dial.{name}: there is a book of this name. Give one of them another.")
    sections = dict(file.profiles) or {DEFAULT: ProfileSection()}
    sections.setdefault(DEFAULT, ProfileSection())
    _double("devices", sections, problems)
    problems += [f"numbers.{problem}" for problem in plan_problems(_plan(file.numbers))]
    return tuple(
        _profile(name, section, file, books, dials, problems) for name, section in sections.items()
    )


def _double(key: str, sections: dict[str, ProfileSection], problems: list[str]) -> None:
    seen: dict[str, str] = {}
    for name, section in sections.items():
        for device in section.devices:
            if device in seen:
                problems.append(
                    f"profiles.{name}.{key}: {device} stands in profiles.{seen[device]} too. Keep"
                    " one."
                )
            seen[device] = name


def _books(file: GatewayFile, sources: tuple[str, ...], problems: list[str]) -> tuple[Book, ...]:
    limit = FORMATS["cisco"].LIMITS.title
    if not file.books:
        for source in sources:
            if source in RESERVED:
                taken = ", ".join(RESERVED)
                remedy = "Rename the source, or add a [books.NAME] section."
                problems.append(
                    f"sources.{source}: its book would bear a name that is taken ({taken})."
                    f" {remedy}"
                )
        return tuple(
            Book(source, source.replace("_", " ").replace("-", " ").capitalize()[:limit], (source,))
            for source in sources
        )
    for name, section in file.books.items():
        for source in section.sources:
            if source not in sources:
                known = ", ".join(sources) or "none"
                problems.append(
                    f'books.{name}.sources: there is no source "{source}". There are: {known}.'
                )
    return tuple(
        Book(
            name=name,
            title=section.title or name.replace("_", " ").replace("-", " ").capitalize(),
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


def _plan(*parts: NumbersSection) -> DialPlan:
    return DialPlan(
        **{
            name: value
            for part in parts
            for name, value in part.model_dump().items()
            if value is not None
        }
    )


def _profile(
    name: str,
    section: ProfileSection,
    file: GatewayFile,
    books: tuple[Book, ...],
    dials: tuple[DialItem, ...],
    problems: list[str],
) -> Profile:
    key = f"profiles.{name}"
    known = {book.name: book for book in books} | {item.name: item for item in dials}
    usual = (*(book.name for book in books), SEARCH, *(item.name for item in dials))
    menu = section.menu if section.menu is not None else usual
    for word in menu:
        if word != SEARCH and word not in known:
            problems.append(
                f'{key}.menu: there is no book or dial item "{word}". There are:'
                f" {', '.join((*known, SEARCH))}."
            )
    if not menu:
        problems.append(f"{key}.menu: must not be empty: a phone shows no empty menu.")
    limits = FORMATS[section.format].LIMITS
    if len(menu) > limits.menu_items:
        problems.append(
            f"{key}.menu: {len(menu)} items; a phone shows {limits.menu_items} at most."
        )
    if section.comfort > limits.menu_items:
        problems.append(
            f"{key}.comfort = {section.comfort}: a phone's menu has {limits.menu_items} items at"
            " most."
        )
    if (
        section.restricted
        and not section.networks
        and not any(problem.startswith(f"{key}.networks") for problem in problems)
    ):
        problems.append(f"{key}.restricted: nobody could open it. Add networks = [...] too.")
    plan, everybodys = _plan(file.numbers, section.numbers), plan_problems(_plan(file.numbers))
    problems += [
        f"{key}.numbers.{problem}" for problem in plan_problems(plan) if problem not in everybodys
    ]
    return Profile(
        name=name,
        title=section.title or file.title,
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
