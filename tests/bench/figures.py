"""Measured figures with their targets, and the table of them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `met` is None if there is no target."""

    bench: str
    what: str
    value: str
    target: str = ""
    met: bool | None = None


def at_most(bench: str, what: str, value: float, limit: float, unit: str = "") -> Figure:
    """Return a figure that should not be over a limit."""
    return Figure(bench, what, _text(value, unit), f"<= {_text(limit, unit)}", value <= limit)


def at_least(bench: str, what: str, value: float, limit: float, unit: str = "") -> Figure:
    """Return a figure that should not be under a limit."""
    return Figure(bench, what, _text(value, unit), f">= {_text(limit, unit)}", value >= limit)


def plain(bench: str, what: str, value: float, unit: str = "") -> Figure:
    """Return a figure without a target."""
    return Figure(bench, what, _text(value, unit))


def _text(value: float, unit: str) -> str:
    digits = 0 if value == 0 or value >= 100 else max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(digits, 3)}f}{' ' if unit not in ('', 'x') else ''}{unit}"


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a Markdown table."""
    verdict = {True: "met", False: "**missed**", None: ""}
    lines = [
        f"| {item.bench} | {item.what} | {item.value} | {item.target} | {verdict[item.met]} |"
        for item in figures
    ]
    return "\n".join(
        ("| benchmark | what | measured | target | |", "| --- | --- | --- | --- | --- |", *lines)
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share (0 to 1) of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
