"""Table of connectors and the loader of their classes.

Nothing is imported until it is loaded. Third parties add connectors through the
entry-point group `directory_gateway.connectors` (name = the word, value =
module:Class).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points

from connectors.base import Connector

ENTRY_POINT_GROUP = "directory_gateway.connectors"


@dataclass(frozen=True, slots=True)
class BuiltinConnector:
    """A connector that ships with the gateway.

    `word` is its name in the configuration and `target` is "module:Class".
    `install_hint` is shown if a package is missing.
    """

    word: str
    target: str
    install_hint: str


CONNECTORS: tuple[BuiltinConnector, ...] = (
    BuiltinConnector(
        "csv", "connectors.csv.connector:CsvConnector", "Reinstall directory-gateway."
    ),
    BuiltinConnector(
        "ldap",
        "connectors.ldap.connector:LdapConnector",
        "Reinstall directory-gateway, which needs ldap3.",
    ),
    BuiltinConnector(
        "google",
        "connectors.google.connector:GoogleConnector",
        "Reinstall directory-gateway, which needs google-api-python-client.",
    ),
    BuiltinConnector(
        "vcard", "connectors.vcard.connector:VcardConnector", "Reinstall directory-gateway."
    ),
    BuiltinConnector(
        "carddav",
        "connectors.carddav.connector:CardDavConnector",
        "Reinstall directory-gateway, which needs httpx.",
    ),
)


class UnknownConnector(LookupError):
    """The configuration names a connector that is neither built in nor installed.

    `known` holds the words that exist.
    """

    def __init__(self, word: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no connector {word!r}")
        self.known = known


class BrokenConnector(ImportError):
    """A connector exists but cannot be loaded; the text says what to install."""


def known_words() -> tuple[str, ...]:
    """Return the words of all connectors: built-in ones, then installed ones sorted."""
    extra = sorted(point.name for point in entry_points(group=ENTRY_POINT_GROUP))
    return (*(item.word for item in CONNECTORS), *extra)


def load(word: str, table: Iterable[BuiltinConnector] = CONNECTORS) -> type[Connector]:
    """Return the connector class for a configuration word.

    Raises UnknownConnector if no such connector exists, and BrokenConnector if its
    module cannot be imported or holds no Connector.
    """
    for item in table:
        if item.word == word:
            return _import(word, item.target, item.install_hint)
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if point.name == word:
            return _import(word, point.value, f"Reinstall the package that provides {point.value}.")
    raise UnknownConnector(word, known_words())


def _import(word: str, target: str, advice: str) -> type[Connector]:
    module, _, name = target.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise BrokenConnector(f"connector {word!r} cannot be loaded ({error}). {advice}") from error
    if not (isinstance(found, type) and issubclass(found, Connector)):
        raise BrokenConnector(
            f"connector {word!r}: {target} is not a connectors.base.Connector. {advice}"
        )
    return found
