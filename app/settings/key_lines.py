"""Find the lines of a TOML file's keys, for messages about their values.

The file is cut into its statements, each of which tomllib parses alone. So strings of
several lines, dotted and quoted keys and inline tables are read as TOML defines them.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

# What may end a value of several lines: an array, a string, and in TOML 1.1 an inline table.
_MAY_END = re.compile(r"\]|\}|\"\"\"|'''")
_KEY_CHARACTER = re.compile(r"[A-Za-z0-9_-]")
MAX_ITEM_LINES = 1000
"""Arrays of more lines count as one place."""


def with_lines(problems: Iterable[str], text: str, *, by_line: bool = False) -> tuple[str, ...]:
    """Return problems of a valid TOML file, with the line before each.

    A problem begins with its key. If the file lacks this key, the line is that of the
    section or list that lacks it. A problem without such a key stays as it is; with
    `by_line` it comes last.
    """
    lines = key_lines(text)
    found = [(_line_of(problem, lines), problem) for problem in problems]
    if by_line:
        found.sort(key=lambda item: item[0] or sys.maxsize)
    return tuple(f"line {line}: {problem}" if line else problem for line, problem in found)


def _line_of(problem: str, lines: dict[str, int]) -> int:
    words = problem.removeprefix("[")
    ends = (at for at in range(len(words), 0, -1) if not _KEY_CHARACTER.match(words[at : at + 1]))
    return next((lines[words[:end]] for end in ends if words[:end] in lines), 0)


def key_lines(text: str) -> dict[str, int]:
    """Return the line of each key and list item, counted from 1.

    Keys are written as in problems: "sources.staff.path", "access.networks, item 2".
    """
    found = _Found()
    for line, statement in _statements(text):
        if statement[0].lstrip().startswith("["):
            found.add_header(line, tomllib.loads(statement[0]))
        else:
            found.add_values(line, statement)
    return found.lines


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line's number and the lines of each statement."""
    statement: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not statement and not line.partition("#")[0].strip():
            continue
        statement.append(line)
        if len(statement) > 1 and not _MAY_END.search(line):
            continue
        if _parse(statement) is not None:
            yield number - len(statement) + 1, statement
            statement = []


def _parse(lines: list[str], end: str = "") -> dict[str, Any] | None:
    try:
        return tomllib.loads("\n".join(lines) + end)
    except tomllib.TOMLDecodeError:
        return None


@dataclass(slots=True)
class _Found:
    """The lines of the keys so far.

    `items` counts the items of each array of tables. `header` is the last header.
    """

    lines: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    header: str = ""

    def add_header(self, line: int, parsed: dict[str, Any]) -> None:
        self.header, value = "", parsed
        while value:
            (name, inner), *_ = value.items()
            self.header = _join(self.header, name)
            self.lines.setdefault(self.header, line)
            if isinstance(inner, list):
                self.items[self.header] = self.items.get(self.header, 0) + 1
                value = {}
            else:
                value = inner
            if self.header in self.items:
                self.header = _item(self.header, self.items[self.header])
                self.lines.setdefault(self.header, line)

    def add_values(self, line: int, statement: list[str]) -> None:
        parsed = _parse(statement)
        self._add_table(self.header, parsed or {}, line)
        if not 1 < len(statement) <= MAX_ITEM_LINES:
            return
        # An array of several lines: each of its first lines with a closing bracket has so many
        # items.
        for length in range(len(statement), 0, -1):
            key, items = _list_in(self.header, _parse(statement[:length], "\n]") or {})
            for number in range(1, items + 1):
                self.lines[_item(key, number)] = line + length - 1

    def _add_table(self, above: str, table: dict[str, Any], line: int) -> None:
        for name, value in table.items():
            self._add(_join(above, name), value, line)

    def _add(self, key: str, value: object, line: int) -> None:
        self.lines.setdefault(key, line)
        if isinstance(value, dict):
            self._add_table(key, value, line)
        elif isinstance(value, list):
            for number, item in enumerate(value, 1):
                self._add(_item(key, number), item, line)


def _list_in(above: str, parsed: dict[str, Any]) -> tuple[str, int]:
    """Return the key of the list that a statement sets, and its length, or 0."""
    key: str = above
    value: object = parsed
    while isinstance(value, dict) and len(value) == 1:
        (name, value), *_ = value.items()
        key = _join(key, name)
    return key, len(value) if isinstance(value, list) else 0


def _join(above: str, name: str) -> str:
    return f"{above}.{name}" if above else name


def _item(key: str, number: int) -> str:
    return f"{key}, item {number}"
