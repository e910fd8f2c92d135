"""Formats: one module for each family of phones.

Law of this package: a format knows its family's limits and how to write a screen for it; it imports `app.model.screens` and nothing else
of ours. To add a family, write a module with the names of `Format`, add it to `FORMATS`, and one class to `tests/phones/`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from app.model.screens import Dialect, Limits, Link, Screen
from app.phones import cisco, html


class Format(Protocol):
    """What a format's module provides; see `cisco.py` for the meaning of each name."""

    @property
    def MEDIA_TYPE(self) -> str: ...  # noqa: N802
    @property
    def LIMITS(self) -> Limits: ...  # noqa: N802
    @property
    def HEADERS(self) -> tuple[str, ...]: ...  # noqa: N802
    @property
    def PROOF_EVERYWHERE(self) -> tuple[Dialect, ...]: ...  # noqa: N802
    @property
    def PROOF_SOMEWHERE(self) -> tuple[Dialect, ...]: ...  # noqa: N802

    def dialect(self, headers: Mapping[str, str]) -> Dialect:
        """Return how the phone that sent these headers (lower-case names) wants its screens."""
        ...

    def render(self, screen: Screen, link: Link, dialect: Dialect) -> bytes:
        """Return the bytes of a screen. Raises ScreenError where it breaks a limit."""
        ...

    def headers(self, screen: Screen, link: Link, dialect: Dialect) -> tuple[tuple[str, str], ...]:
        """Return the response headers that a screen needs besides type and length."""
        ...


FORMATS: Mapping[str, Format] = MappingProxyType({"cisco": cisco, "html": html})
"""The word in the configuration (`profiles.X.format`) and the module it stands for."""
