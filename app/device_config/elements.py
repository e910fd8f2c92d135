"""The elements of a file, with their lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Element:
    """An element with its own text, without that of its children.

    `line` counts from 1.
    """

    name: str
    line: int
    attributes: tuple[tuple[str, str], ...] = ()
    children: "list[Element]" = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text without space around it."""
        return "".join(self.texts).strip()

    def attribute(self, name: str) -> str | None:
        """Return the value of an attribute, whatever the case of its name."""
        found = (value for key, value in self.attributes if key.lower() == name.lower())
        return next(found, None)

    def walk(self) -> "Iterator[Element]":
        """Yield the element and all elements in it, in the order of the file."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))

    def all(self, name: str) -> "tuple[Element, ...]":
        """Return the elements of this name in it."""
        return tuple(element for element in self.walk() if element.name == name)

    def first(self, name: str) -> "Element | None":
        """Return the first element of this name in it, or None."""
        return next((element for element in self.walk() if element.name == name), None)
