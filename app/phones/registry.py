"""The formats of all phone families, by the word in the configuration.

To add a family, write a module with the names of `Format` and add it to `FORMATS`;
docs/writing-a-phone-format.md has an example.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from app.model.screens import Dialect, Limits, Link, Screen
from app.phones import cisco


class Format(Protocol):
    """The names that a format's module provides; `app.phones.cisco` is an example."""

    @property
    def MEDIA_TYPE(self) -> str: ...  # noqa: N802
    @property
    def LIMITS(self) -> Limits: ...  # noqa: N802
    @property
    def HEADERS(self) -> tuple[str, ...]: ...  # noqa: N802
    @property
    def VERIFY_EVERY_PAGE(self) -> tuple[Dialect, ...]: ...  # noqa: N802
    @property
    def VERIFY_SOME_PAGES(self) -> tuple[Dialect, ...]: ...  # noqa: N802

    def dialect(self, headers: Mapping[str, str]) -> Dialect:
        """Return the dialect for a phone's request headers (lower-case names)."""
        ...

    def render(self, screen: Screen, link: Link, dialect: Dialect) -> bytes:
        """Return the bytes of a screen. Raises ScreenError if it exceeds a limit."""
        ...

    def check(self, data: bytes, dialect: Dialect) -> None:
        """Raise ScreenError if a phone would refuse the bytes of a screen.

        It must not use what `render` uses, so that it finds faults of `render`.
        """
        ...

    def headers(self, screen: Screen, link: Link, dialect: Dialect) -> tuple[tuple[str, str], ...]:
        """Return the response headers that a screen needs besides type and length."""
        ...


BROWSER = "html"
"""The former format for browsers, which are sent to the phone in the console now."""

FORMATS: Mapping[str, Format] = MappingProxyType({"cisco": cisco, BROWSER: cisco})
"""The formats by their word in the configuration (`profiles.X.format`)."""
