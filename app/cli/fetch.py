"""Implement the command `fetch`.

Nothing that it reads is stored. Its output is personal data for a terminal.
"""

from collections.abc import Callable, Iterator

import msgspec

from app.cli.reading import read_source
from app.cli.selection import find_source
from app.model.text import clean
from app.settings.loader import Settings
from connectors.contact import Contact


def fetch_lines(
    settings: Settings, name: str, *, as_json: bool, warn: Callable[[str], None]
) -> Iterator[str]:
    """Yield the contacts of a source, line by line.

    Notes and skipped items go to `warn`. Raises WrongWord if the source is unknown,
    SourceError if it cannot be read.
    """
    result = read_source(find_source(settings, name))
    for contact in result.contacts:
        yield _json(contact) if as_json else _text(contact)
    for note in result.notes:
        warn(clean(f"note: {note}"))
    for item in result.skipped:
        warn(clean(f"skipped: {item.reason} ({item.where})"))


def _json(contact: Contact) -> str:
    """Return all fields of a contact and its numbers as JSON, defaults included."""
    numbers = [msgspec.structs.asdict(number) for number in contact.numbers]
    fields = msgspec.structs.asdict(contact) | {"numbers": numbers}
    return msgspec.json.encode(fields).decode("utf-8", "replace")


def _text(contact: Contact) -> str:
    name = contact.name or f"{contact.given_name} {contact.family_name}".strip()
    numbers = ", ".join(
        f"{number.value} ({number.kind}{f': {number.label}' if number.label else ''})"
        for number in contact.numbers
    )
    columns = (name, contact.organization, numbers, ", ".join(contact.groups))
    return "\t".join(clean(text) or "-" for text in columns)
