"""Show the first people of a directory as a phone will show them."""

from collections.abc import Iterator, Mapping

from app.build.once import temporary_build
from app.cli.show import render_path
from app.phone_display.objects import ListRow, PhoneDirectory, PhoneMenu, PhoneObject, PhoneText
from app.phone_display.parser import parse_object
from app.refresh.refresher import FetchResult
from app.settings.loader import Settings

MAX_PEOPLE = 5

_MODEL, _CHARSET = "CP-7821", "utf-8"
_MAX_DEPTH = 8


def first_people(settings: Settings, fetched: Mapping[str, FetchResult]) -> Iterator[str]:
    """Yield the lines of the first page of the directory, as a 78xx shows it.

    `fetched` holds what each source has given. The page is built and rendered as it is
    for phones. Raises BuildError, StoreError or SettingsError if that fails.
    """
    with temporary_build(settings, fetched=fetched) as there:
        screen = _first_list(there)
    if isinstance(screen, PhoneDirectory) and screen.rows:
        rows = _of_first_people(screen.rows)
        width = max(len(row.name) for row in rows)
        yield f"  {screen.title}"
        for number, row in enumerate(rows, 1):
            yield f"  {number}  {row.name.ljust(width)}  {row.uri.removeprefix('Dial:')}"
    else:
        if isinstance(screen, PhoneText):
            yield f"  {screen.title}: {screen.text}"
        yield "  Nobody is shown: no contact has a number that can be dialled."


def _of_first_people(rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
    """Return the rows of the first `MAX_PEOPLE` names, with all their numbers."""
    names: list[str] = []
    for position, row in enumerate(rows):
        # A note in brackets follows the name: the kind of a further number, or a department.
        name = row.name.partition(" (")[0]
        if name not in names:
            if len(names) == MAX_PEOPLE:
                return rows[:position]
            names.append(name)
    return rows


def _first_list(settings: Settings) -> PhoneObject:
    """Return the first page with people; large books have menus above it."""
    path = "/directory.xml"
    for _ in range(_MAX_DEPTH):
        body, _ = render_path(settings, path, None, _MODEL, _CHARSET)
        screen = parse_object(body, _CHARSET)
        if not isinstance(screen, PhoneMenu) or not screen.rows:
            break
        path = screen.rows[0].uri
    return screen
