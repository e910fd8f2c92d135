"""Implement the command `export`, which writes a profile's pages as static files."""

from collections.abc import Callable, Iterator
from pathlib import Path

from app.cli.local_data import with_contacts, with_generation
from app.cli.selection import find_profile
from app.cli.terminal import progress_line
from app.export.folder import CannotExport, Exported, open_folder
from app.export.pages import StaticPages, unread_books
from app.export.server_config import apache_config, nginx_config
from app.generation.reader import Generation
from app.model.profile import SEARCH, Profile
from app.model.screens import Dialect
from app.model.text import plural
from app.navigation.tree import DIRECTORY, MENU
from app.phones.registry import FORMATS
from app.phones.strict.models import find_model
from app.settings.loader import Settings


def export_lines(
    settings: Settings,
    folder: Path,
    base_url: str,
    profile_name: str | None,
    model: str,
    charset: str,
    warn: Callable[[str], None],
) -> Iterator[str]:
    """Write the files, and yield what was done and what to do next.

    `base_url` is valid and has no slash at its end. Raises CannotExport if nothing was
    written; SettingsError, StoreError, BuildError or BrokenGeneration if there is no
    directory to write.
    """
    profile = find_profile(settings, profile_name)
    family = FORMATS[profile.format]
    # A static server sees no headers, so those of the model decide once and for all.
    sent = find_model(model, charset).headers
    dialect = family.dialect({name.lower(): value for name, value in sent})
    content_type = f"{family.MEDIA_TYPE}; charset={dialect.charset}"
    folder = folder.absolute()
    with (
        open_folder(folder) as place,
        with_contacts(settings) as there,
        with_generation(there) as generation,
    ):
        _refuse_unread(profile, generation)
        pages = _Pages(profile, generation, dialect, base_url)
        done = place.write(pages.files())
        nginx = place.write_own("nginx.conf", nginx_config(folder, base_url, content_type))
        apache = place.write_own("apache.conf", apache_config(folder, base_url, content_type))
    yield f"{folder}: {plural(done.total, 'file')}, {_changes(done)}."
    yield f"Directory key of the phones: {base_url}/{MENU}"
    yield f"A line key: {base_url}/{DIRECTORY}"
    yield f"For nginx: include {nginx};"
    yield f"For Apache: Include {apache}"
    for sentence in _warnings(profile, pages.without_next):
        warn(sentence)


class _Pages:
    """The files of a profile; `without_next` counts pages that lead to no next one."""

    def __init__(
        self, profile: Profile, generation: Generation, dialect: Dialect, base_url: str
    ) -> None:
        self._pages = StaticPages(profile, generation, dialect, base_url)
        self.without_next = 0

    def files(self) -> Iterator[tuple[str, bytes]]:
        with progress_line() as draw:
            for count, page in enumerate(self._pages.pages()):
                if draw is not None:
                    draw(f"{count:,} pages written")
                self.without_next += page.wants_refresh
                yield page.path, page.data


def _refuse_unread(profile: Profile, generation: Generation) -> None:
    unread = unread_books(profile, generation)
    if unread:
        raise CannotExport(
            f"no source of {', '.join(unread)} has been read yet, so nothing was changed. See:"
            " directory-gateway check"
        )


def _changes(done: Exported) -> str:
    counts = (
        (done.new, "new"),
        (done.changed, "changed"),
        (done.unchanged, "unchanged"),
        (done.deleted, "deleted"),
    )
    return ", ".join(f"{count:,} {word}" for count, word in counts)


def _warnings(profile: Profile, without_next: int) -> Iterator[str]:
    if SEARCH in profile.menu:
        yield "Search is left out, with its softkeys: static files cannot search."
    if profile.restricted:
        yield (
            f"Profile {profile.name} is restricted, but files are not: the web server must allow"
            " its networks alone."
        )
    if without_next:
        yield (
            f"{plural(without_next, 'page')} have no Next: this model has no softkeys for it. The"
            " menus lead to every page."
        )
