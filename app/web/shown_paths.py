"""Show the path of a request in a log, without what its client may have put there.

A part of a path is shown if it is a word of the gateway or of its configuration. So no
name or number of a person stands in the log, whatever a client requests.
"""

import re
from functools import lru_cache
from urllib.parse import unquote

from app.generation.files import is_version
from app.navigation.tree import ROOT_NAMES
from app.settings.loader import Settings
from app.web.lookup_path import LOOKUP
from app.web.static_files import FILES

HIDDEN = "..."
"""What is shown instead of another part."""
_OPERATORS_WORDS = (
    "- docs openapi.json healthy ready status metrics held accept refresh people person phone setup"
    " file check login logout static"
)
_WORDS = frozenset(("", "p", LOOKUP[1:], *ROOT_NAMES, *_OPERATORS_WORDS.split(), *FILES))
_ROWS = re.compile(r"[0-9]{1,7}(-[0-9]{1,7})?\Z")
_MAX_CACHED = 1_000
_MAX_SHOWN = 100


class ShownPaths:
    """The paths of the requests to one configuration, as logs show them."""

    def __init__(self, settings: Settings) -> None:
        books = {book.name for profile in settings.profiles for book in profile.books}
        dials = {dial.name for profile in settings.profiles for dial in profile.dials}
        profiles = {profile.name for profile in settings.profiles}
        self._words = _WORDS | books | dials | profiles
        self._lists = books | dials | frozenset(ROOT_NAMES)
        self._cached = lru_cache(_MAX_CACHED)(self._show)

    def show(self, target: bytes) -> str:
        """Return the path of a request's target, which may have a query."""
        return self._cached(target.partition(b"?")[0])[:_MAX_SHOWN]

    def _show(self, path: bytes) -> str:
        parts = unquote(path.decode("latin-1")).split("/")
        before = zip(("", "", *parts), ("", *parts), parts, strict=False)
        return "/".join(self._part(*three) for three in before)

    def _part(self, of: str, before: str, part: str) -> str:
        name = part.removesuffix(".xml")
        # The version of a generation may look like a name, so it is hidden. Behind it, in a list,
        # digits are rows; elsewhere they may be a number.
        is_row = of in self._lists and is_version(before) and _ROWS.match(name)
        if name in self._words or is_row:
            return part
        return HIDDEN + part[len(name) :]
