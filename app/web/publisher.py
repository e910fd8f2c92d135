"""Answer phone paths with rendered screens from the current generation.

The publisher polls the state directory once a second and before it renders a cache
miss. It alone builds links; they name the version that they were made from. Cache keys
begin with the version and the notes that a screen was rendered from, so entries never
need invalidation.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from cachetools import LRUCache

from app.generation.reader import Generation
from app.languages.catalogue import words
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
from app.state.file_state import file_state
from app.state.status import STATUS_FILE, Status, read_status
from app.web.access import SelectedProfile
from app.web.generations import OpenGenerations
from app.web.stale_notes import stale_notes

POLL_SECONDS = 1.0
MISS_POLL_SECONDS = 0.05
SCREENS_SHARE = 0.75
"""The part of `cache_size` for rendered screens; the rest is for `ResponseCache`."""
_OVERHEAD = 1000  # bytes of a cache entry beside its body
_log = Log("publisher")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response with status 200.

    `headers` include content type and length. `head` is the same headers in the form in
    which they are sent. `edition` is what it was made from, None if it must not be
    cached.
    """

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    head: bytes
    edition: object = None


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
        self._clock = clock
        self._cache: LRUCache[object, Answer] = LRUCache(
            int(settings.cache_bytes * SCREENS_SHARE),
            getsizeof=lambda answer: len(answer.body) + _OVERHEAD,
        )
        self._generations = OpenGenerations(settings.state_dir, settings.fingerprint, former)
        self._polled = 0.0
        self._status_state: object = None
        self._epoch: tuple[str, tuple[tuple[str, datetime], ...]] = ("", ())
        self.status = Status()
        self.hits = self.misses = 0
        self.poll()

    @property
    def generation(self) -> Generation | None:
        """The current generation; None while the configuration has none."""
        return self._generations.current

    def close(self) -> None:
        """Close all open generations; the publisher must not be used afterwards."""
        self._generations.close()

    def cached_bytes(self) -> int:
        """Return the size of the cached answers in bytes."""
        return int(self._cache.currsize)

    def edition(self) -> object:
        """Return what screens are made from at present: the generation and the notes."""
        # Each request from the cache of responses calls this, so it is no further call.
        if time.monotonic() - self._polled > POLL_SECONDS:
            self.poll()
        return self._epoch

    def poll(self) -> None:
        """Switch to a new generation and a new status, if there are any.

        Never raises. A file that cannot be read leaves the state as it is.
        """
        self._polled = time.monotonic()
        self._generations.poll()
        state = file_state(self._settings.state_dir / STATUS_FILE)
        if state != self._status_state:
            self._status_state = state
            self.status = read_status(self._settings.state_dir)
        self._epoch = (
            self.generation.version if self.generation is not None else "",
            stale_notes(self._settings, self.status, self._clock()),
        )

    def _poll_if_due(self, interval: float) -> None:
        if time.monotonic() - self._polled > interval:
            self.poll()

    def read_current(self, read: Callable[[Generation], str]) -> str:
        """Return the result of `read` on the current generation.

        Returns "" if there is no generation or if it cannot be read. Never raises.
        """
        self._poll_if_due(POLL_SECONDS)
        try:
            return read(self.generation) if self.generation is not None else ""
        except Exception as error:
            self._generations.discard(self._epoch[0], error)
            return ""

    def answer(
        self,
        selected: SelectedProfile,
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
        self._poll_if_due(POLL_SECONDS)
        try:
            answer = self._cache[self._key(selected, path, query, dialect, base)]
        except KeyError:
            self.misses += 1
        else:
            self.hits += 1
            return answer
        self._poll_if_due(MISS_POLL_SECONDS)
        return self._render_path(selected, path, query, dialect, base)

    def _key(
        self, selected: SelectedProfile, path: str, query: Query | None, dialect: Dialect, base: str
    ) -> object:
        return (self._epoch, selected.profile.name, selected.prefix, path, query, dialect, base)

    def _render_path(
        self, selected: SelectedProfile, path: str, query: Query | None, dialect: Dialect, base: str
    ) -> Answer:
        link = _link(f"{base}/{selected.prefix}", dialect.link_language)
        target = parse_path(path, query)
        generation = self._generation_for(target)
        try:
            screen = self._screen(selected, target, generation, dialect)
            # Messages are not cached, because their cause may be gone at the next key press.
            edition = self._epoch if isinstance(screen, Page | Menu | SearchForm) else None
            answer = _render(selected, screen, link, dialect, edition)
        except ScreenError as error:
            _log.error("screen_not_shown", profile=selected.profile.name, error=str(error))
        except Exception as error:
            # With a row that holds no text (a damaged record), SQLite does not raise, but the
            # code that handles the row does.
            if generation is not None:
                self._generations.discard(generation.version, error)
            self.poll()
        else:
            if edition is not None:
                self._cache[self._key(selected, path, query, dialect, base)] = answer
            return answer
        try:
            screen = self._screen(selected, target, self.generation, dialect)
            return _render(selected, screen, link, dialect)
        except Exception:
            return _render(selected, _fallback_screen(selected, path, dialect), link, dialect)

    def _generation_for(self, target: Target | None) -> Generation | None:
        """Return the generation that a link was made from, else the current one."""
        current = self.generation
        version = target.version if target is not None else ""
        if not version or (current is not None and version == current.version):
            return current
        return self._generations.open(version) or self.generation

    def _screen(
        self,
        selected: SelectedProfile,
        target: Target | None,
        generation: Generation | None,
        dialect: Dialect,
    ) -> Screen:
        limits = FORMATS[selected.profile.format].LIMITS
        if dialect.link_language:
            limits = replace(limits, link=limits.link - len(f"&lang={dialect.link_language}"))
        tree = Tree(selected.profile, limits, generation, self._epoch[1], dialect.language)
        return tree.screen(target)


def _link(start: str, language: str) -> Link:
    """Return the function that makes links; they carry a language if it is not ""."""
    if not language:
        return start.__add__
    return lambda path: f"{start}{path}{'&' if '?' in path else '?'}lang={language}"


def _render(
    selected: SelectedProfile,
    screen: Screen,
    link: Link,
    dialect: Dialect,
    edition: object = None,
) -> Answer:
    family = FORMATS[selected.profile.format]
    body = family.render(screen, link, dialect)
    headers = (
        (b"content-type", f"{family.MEDIA_TYPE}; charset={dialect.charset}".encode("ascii")),
        (b"content-length", str(len(body)).encode("ascii")),
        *(
            (name.lower().encode("ascii"), value.encode("latin-1"))
            for name, value in family.headers(screen, link, dialect)
        ),
    )
    head = b"".join(b"%s: %s\r\n" % header for header in headers)
    return Answer(headers, body, head, edition)


def _fallback_screen(selected: SelectedProfile, path: str, dialect: Dialect) -> Screen:
    profile, gettext = selected.profile, words(dialect.language).gettext
    title = profile.title or gettext("Directory")
    if path == MENU:
        return Menu(title, (MenuItem(gettext("Not available, try again"), MENU),))
    text = gettext("This page cannot be shown now. Please try again in a minute.")
    return Message(title, text, profile.softkeys)
