"""Implement the command `export`, which writes a profile's pages as static files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.cli.local_data import with_contacts, with_generation
from app.cli.selection import find_profile
from app.cli.terminal import progress_line
from app.export.folder import CannotExport, Exported, open_folder
from app.export.pages import StaticPages, unread_books
from app.export.server_config import apache_config, nginx_config
from app.generation.reader import Generation
from app.languages.catalogue import ENGLISH, readable_language
from app.model.profile import SEARCH, Profile
from app.model.screens import Dialect
from app.model.text import plural
from app.navigation.tree import DIRECTORY, MENU
from app.phones.registry import FORMATS
from app.phones.strict.models import find_model
from app.settings.loader import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported, as the options say; a language of "" is the profile's.

    `base_url` is valid and has no slash at its end.
    """

    base_url: str
    profile: str | None
    model: str
    charset: str
    language: str


def export_lines(
    settings: Settings, folder: Path, wanted: Wanted, warn: Callable[[str], None]
) -> Iterator[str]:
    """Write the files, and yield what was done and what to do next.

    Raises CannotExport if nothing was
    written; SettingsError, StoreError, BuildError or BrokenGeneration if there is no
    directory to write.
    """
    profile = find_profile(settings, wanted.profile)
    dialect = _dialect(profile, wanted)
    content_type = f"{FORMATS[profile.format].MEDIA_TYPE}; charset={dialect.charset}"
    base_url = wanted.base_url
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


def _dialect(profile: Profile, wanted: Wanted) -> Dialect:
    """Return the dialect of all pages.

    A static server sees no headers, so those of the model decide once and for all.
    """
    sent = find_model(wanted.model, wanted.charset).headers
    dialect = FORMATS[profile.format].dialect({name.lower(): value for name, value in sent})
    language = wanted.language or profile.language or ENGLISH
    return msgspec.structs.replace(dialect, language=readable_language(language, dialect.charset))


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
