"""Give each contact of a CSV source an id that stays the same.

An id is the file's own if a column holds one. Otherwise it is a digest of what names
the row: name, given and family name, organisation, or else the numbers. So an id stays
when rows move or numbers change. Equal ids get a counter.
"""

from hashlib import blake2b

from connectors.contact import PhoneNumber


class ContactIds:
    """The ids that were given to the contacts of all files of a source."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add(self, own: str, names: tuple[str, ...], numbers: tuple[PhoneNumber, ...]) -> str:
        """Return the id of the next contact; `own` is the file's own id or ""."""
        if own:
            return self._unique(own)
        text = "\x1f".join(names if any(names) else (number.value for number in numbers))
        return self._unique(blake2b(text.encode("utf-8"), digest_size=8).hexdigest())

    def _unique(self, key: str) -> str:
        count = self._counts.get(key, 0) + 1
        self._counts[key] = count
        if count == 1:
            return key
        while (numbered := f"{key}#{count}") in self._counts:
            count += 1
        self._counts[key] = count
        self._counts[numbered] = 1
        return numbered
