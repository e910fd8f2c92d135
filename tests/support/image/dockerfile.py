"""Read a Dockerfile into stages and instructions."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

_VARIABLE = re.compile(r"\$\{?(\w+)\}?")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its word, its options (`--from=builder`), and the rest."""

    word: str
    options: tuple[str, ...]
    rest: str

    def option(self, name: str) -> str:
        """Return the value of an option, or ""."""
        start = f"--{name}="
        return next((text[len(start) :] for text in self.options if text.startswith(start)), "")

    def words(self) -> tuple[str, ...] | None:
        """Return the words of a JSON list (exec form), or None for a line of the shell."""
        return tuple(json.loads(self.rest)) if self.rest.startswith("[") else None

    def pairs(self) -> dict[str, str]:
        """Return the KEY=value pairs of ENV or LABEL."""
        return dict(word.split("=", 1) for word in shlex.split(self.rest))


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM with its instructions."""

    name: str
    base: str
    instructions: tuple[Instruction, ...]

    def last(self, word: str) -> Instruction:
        """Return the last instruction of this word; raise StopIteration without one."""
        return next(item for item in reversed(self.instructions) if item.word == word)


def read(path: Path) -> tuple[Stage, ...]:
    """Return the stages of a Dockerfile, with ARG before FROM filled in."""
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for item in _instructions(path.read_text(encoding="utf-8")):
        if item.word == "ARG" and not stages:
            name, _, value = item.rest.partition("=")
            arguments[name] = value
        elif item.word == "FROM":
            base, _, name = item.rest.partition(" AS ")
            filled = _VARIABLE.sub(lambda match: arguments[match[1]], base)
            stages.append(Stage(name.strip(), filled.strip(), ()))
        else:
            last = stages[-1]
            stages[-1] = Stage(last.name, last.base, (*last.instructions, item))
    return tuple(stages)


def _instructions(text: str) -> list[Instruction]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found = []
    for line in filter(str.strip, joined.splitlines()):
        word, *rest = line.strip().split(" ")
        options = []
        while rest and (rest[0].startswith("--") or not rest[0]):
            options.append(rest.pop(0))
        found.append(Instruction(word, tuple(options), " ".join(rest)))
    return found
