"""Find what a source skipped of one contact."""

import re
from collections.abc import Iterable

from connectors.base import Skipped


def skipped_parts(skipped: Iterable[Skipped], place: str, key: str) -> tuple[str, ...]:
    """Return the skipped items of a contact as text.

    They are at its `place` in the source ("contacts.csv line 12"), or name its id.
    `Skipped.where` begins with the line, or names the card or entry.
    """
    pattern = re.compile(
        rf"^{re.escape(place)}\b" if place else rf"\b(card|entry) {re.escape(key)}(?= |$)"
    )
    return tuple(f"{item.reason} ({item.where})" for item in skipped if pattern.search(item.where))
