"""The properties of one card, by name."""

from collections.abc import Iterable, Iterator, Sequence

from connectors.contact import without_placeholders
from connectors.vcard.content_line import PropertyHead
from connectors.vcard.lines import Property, split_value, unescape

_NONE = (PropertyHead(""), "")


class Properties:
    """The properties of one card, by name in lower case."""

    __slots__ = ("_by_name",)

    def __init__(self, properties: Iterable[Property]) -> None:
        self._by_name: dict[str, list[Property]] = {}
        for item in properties:
            self._by_name.setdefault(item[0].name, []).append(item)

    def all(self, name: str) -> Sequence[Property]:
        """Return all properties of a name, in order."""
        return self._by_name.get(name, ())

    def text(self, name: str) -> str:
        """Return the text of the first property of a name, or ""."""
        found = self._by_name.get(name)
        return unescape(found[0][1]) if found else ""

    def preferred(self, name: str) -> Property:
        """Return the preferred property of a name, the first of equals.

        One without a value is returned only if there is no other.
        """
        found = self._by_name.get(name, ())
        if len(found) == 1:
            return found[0]
        return min(
            (item for item in found if without_placeholders(item[1])),
            key=lambda item: item[0].pref,
            default=_NONE,
        )

    def values(self, name: str, separator: str = "") -> Iterator[str]:
        """Yield the texts of all properties of a name, split at a given `separator`."""
        for _, value in self.all(name):
            for part in split_value(value, separator) if separator else (unescape(value),):
                if part:
                    yield part
