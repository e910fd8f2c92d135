"""Answer phone paths with rendered screens from the current generation.

The publisher polls the `current` file once a second and before it renders a cache miss.
It keeps the last generations open, because links name the version they were made from.
It alone builds links. Cache keys begin with the version and the notes that a screen was
rendered from, so entries never need invalidation.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from cachetools import LRUCache

from app.generation.files import current_version, file_name
from app.generation.reader import BrokenGeneration, Generation
from app.logs import Log
from app.model.screens import (
    Dialect,
    Link,
    Menu,
    MenuItem,
    Message,
    Page,
    Screen,
    ScreenError,
    SearchForm,
)
from app.navigation.tree import MENU, Target, Tree, parse_path
from app.phones.registry import FORMATS
from app.search.query import Query
from app.settings.loader import Settings
from app.state import control
from app.state.status import Status
from app.state.status import read as read_status
from app.web.access import SelectedProfile

LOOK_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 0.05
MOST_OPEN = 6
BROKEN_SECONDS = 30.0
STALE_INTERVALS = 3
_OVERHEAD = 1000
_log = Log("publisher")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response with status 200.

    `headers` include content type and length. `head` is the same headers in the form in
    which they are sent.
    """

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    head: bytes


def note_since(moment: float, settings: Settings) -> str:
    """Return the note on old data, such as "as of 18 Nov 09:12".

    The time is in the configured time zone. `moment` is the time of the last successful
    fetch, in seconds since 1970.
    """
    then = (
        datetime.fromtimestamp(moment, settings.timezone)
        if settings.timezone
        else datetime.fromtimestamp(moment).astimezone()
    )
    return f"as of {then.day} {then:%b %H:%M}"


class Publisher:
    """Renders and caches screens for phones, in the event loop's thread only."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float] = time.time,
        former: tuple[str, ...] = (),
    ) -> None:
        """Open the current generation.

        `former` are the fingerprints of the configurations before reloads. Their
        generations are served until one of this configuration exists.
        """
        self._settings = settings
        self._former = former
        self._clock = clock
        self._folder = settings.state_dir
        self._cache: LRUCache[object, Answer] = LRUCache(
            settings.cache_bytes, getsizeof=lambda answer: len(answer.body) + _OVERHEAD
        )
        self._open: LRUCache[str, Generation] = _Opened(MOST_OPEN)
        self._broken: dict[str, float] = {}
        self._looked = 0.0
        self._status_mark: object = None
        self._epoch: tuple[str, tuple[tuple[str, str], ...]] = ("", ())
        self.generation: Generation | None = None
        self.status = Status()
        self.hits = self.misses = 0
        self.poll()

    def close(self) -> None:
        """Close all open generations; the publisher must not be used afterwards."""
        self.generation = None
        self._open.clear()

    def cached_bytes(self) -> int:
        """Return the size of the cached answers in bytes."""
        return int(self._cache.currsize)

    def poll(self) -> None:
        """Switch to a new generation and a new status, if there are any.

        Never raises. A file that cannot be read leaves the state as it is.
        """
        self._looked = time.monotonic()
        version = current_version(self._folder)
        if self.generation is None or (version is not None and self.generation.version != version):
            found = (
                self._open_generation(version) if version is not None else None
            ) or self._newest_except(version)
            if found is not None:
                self.generation = found
        try:
            read = (self._folder / "status.json").stat()
            mark: object = (read.st_mtime_ns, read.st_ino)
        except OSError:
            mark = None
        if mark != self._status_mark:
            self._status_mark, self.status = mark, read_status(self._folder)
        self._epoch = (
            self.generation.version if self.generation is not None else "",
            self._notes(),
        )

    def _notes(self) -> tuple[tuple[str, str], ...]:
        now = self._clock()
        since = {
            name: source.last_success
            for name, source in self.status.sources.items()
            if source.last_success is not None
            and now - source.last_success > STALE_INTERVALS * source.refresh
        }
        books = {book.name: book for profile in self._settings.profiles for book in profile.books}
        return tuple(
            (
                book.name,
                note_since(
                    min(since[name] for name in book.sources if name in since), self._settings
                ),
            )
            for book in books.values()
            if not since.keys().isdisjoint(book.sources)
        )

    def _open_generation(self, version: str) -> Generation | None:
        """Return a generation of the current configuration, or None.

        After a reload it may be of a former one. It comes from the open ones or from
        disk. Returns None if it is missing, damaged or of another configuration.
        """
        found = self._open.get(version)
        if (
            found is not None
            or time.monotonic() - self._broken.get(version, -BROKEN_SECONDS) < BROKEN_SECONDS
        ):
            return found
        try:
            found = Generation(self._folder / file_name(version))
        except BrokenGeneration as error:
            if (self._folder / file_name(version)).exists():
                self._discard(version, error)
            return None
        if found.fingerprint == self._settings.fingerprint:
            self._former = ()
        elif found.fingerprint not in self._former:
            found.close()
            return None
        if self.generation is not None:
            # This marks the current generation as just used, so that another one is closed.
            self._open.get(self.generation.version)
        self._open[version] = found
        return found

    def _newest_except(self, version: str | None) -> Generation | None:
        """Return the newest usable generation other than `version`, or None."""
        with suppress(OSError):
            names = sorted((path.name for path in self._folder.glob("gen-*.sqlite")), reverse=True)
            return next(
                (
                    found
                    for name in names
                    if name[4:-7] != version
                    and (found := self._open_generation(name[4:-7])) is not None
                ),
                None,
            )
        return None

    def _discard(self, version: str, error: Exception) -> None:
        if version not in self._broken:
            # The text of any other exception may contain a name or a number.
            text = (
                str(error)
                if isinstance(error, BrokenGeneration)
                else f"{type(error).__name__} while a screen was made"
            )
            _log.error(
                "generation_damaged",
                version=version,
                error=text,
                remedy="it is rebuilt by the builder",
            )
        self._broken[version] = time.monotonic()
        if self.generation is not None and self.generation.version == version:
            self.generation = None
        opened = self._open.pop(version, None)
        if opened is not None:
            opened.close()
        with suppress(OSError):
            control.send(self._folder, control.REBUILD)

    def read_current(self, reading: Callable[[Generation], str]) -> str:
        """Return the result of `reading` on the current generation.

        Returns "" if there is no generation or if it cannot be read. Never raises.
        """
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self.poll()
        try:
            return reading(self.generation) if self.generation is not None else ""
        except Exception as error:
            self._discard(self._epoch[0], error)
            return ""

    def answer(
        self,
        choice: SelectedProfile,
        path: str,
        dialect: Dialect,
        base: str,
        query: Query | None = None,
    ) -> Answer:
        """Return the rendered screen at `path`, relative to the profile's prefix.

        Links in the screen begin with `base` ("http://host:port"). `query` is the text
        entered, on the path of a search. Never raises. An error becomes a Message, or a
        Menu on the root path, where phones accept only a menu.
        """
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self.poll()
        key = self._key(choice, path, query, dialect, base)
        try:
            found = self._cache[key]
        except KeyError:
            self.misses += 1
        else:
            self.hits += 1
            return found
        if time.monotonic() - self._looked > LOOK_AGAIN_SECONDS:
            self.poll()
        return self._make(choice, path, query, dialect, base)

    def _key(
        self, choice: SelectedProfile, path: str, query: Query | None, dialect: Dialect, base: str
    ) -> object:
        return (self._epoch, choice.profile.name, choice.prefix, path, query, dialect, base)

    def _make(
        self, choice: SelectedProfile, path: str, query: Query | None, dialect: Dialect, base: str
    ) -> Answer:
        root = f"{base}/{choice.prefix}"
        link: Link = root.__add__
        asked = parse_path(path, query)
        generation = self._generation_for(asked)
        try:
            screen = self._screen(choice, asked, generation)
            made = self._rendered(choice, screen, link, dialect)
            # Messages are not cached, because their cause may be gone at the next key press.
            if isinstance(screen, Page | Menu | SearchForm):
                self._cache[self._key(choice, path, query, dialect, base)] = made
            return made
        except ScreenError as error:
            _log.error("screen_not_shown", profile=choice.profile.name, error=str(error))
        except Exception as error:
            # With a row that holds no text (a damaged record), SQLite does not raise, but the
            # code that handles the row does.
            if generation is not None:
                self._discard(generation.version, error)
            self.poll()
        try:
            return self._rendered(
                choice, self._screen(choice, asked, self.generation), link, dialect
            )
        except Exception:
            return self._rendered(choice, self._fallback_screen(choice, path), link, dialect)

    def _fallback_screen(self, choice: SelectedProfile, path: str) -> Screen:
        title = choice.profile.title
        if path == MENU:
            return Menu(title, (MenuItem("Not available, try again", MENU),))
        return Message(
            title,
            "This page cannot be shown now. Please try again in a minute.",
            choice.profile.softkeys,
        )

    def _generation_for(self, asked: Target | None) -> Generation | None:
        """Return the generation that a link was made from, else the current."""
        if (
            asked is not None
            and asked.version
            and (self.generation is None or asked.version != self.generation.version)
        ):
            return self._open_generation(asked.version) or self.generation
        return self.generation

    def _screen(
        self, choice: SelectedProfile, asked: Target | None, generation: Generation | None
    ) -> Screen:
        limits = FORMATS[choice.profile.format].LIMITS
        return Tree(choice.profile, limits, generation, self._epoch[1]).screen(asked)

    def _rendered(
        self, choice: SelectedProfile, screen: Screen, link: Link, dialect: Dialect
    ) -> Answer:
        format = FORMATS[choice.profile.format]  # noqa: A001
        body = format.render(screen, link, dialect)
        own = (
            (name.lower().encode("ascii"), value.encode("latin-1"))
            for name, value in format.headers(screen, link, dialect)
        )
        kind = f"{format.MEDIA_TYPE}; charset={dialect.charset}".encode("ascii")
        headers = (
            (b"content-type", kind),
            (b"content-length", str(len(body)).encode("ascii")),
            *own,
        )
        return Answer(headers, body, b"".join(b"%s: %s\r\n" % header for header in headers))


class _Opened(LRUCache[str, Generation]):
    """Open generations by version; the least recently used is closed if too many."""

    def popitem(self) -> tuple[str, Generation]:
        version, generation = super().popitem()
        generation.close()
        return version, generation
