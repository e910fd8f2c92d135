"""Turn LDAP entries into contacts."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from connectors.base import Skipped
from connectors.contact import Contact, NumberKind, PhoneNumber, without_placeholders
from connectors.ldap.ber import Entry
from connectors.ldap.dn import leaf_name, parent_of, units
from connectors.ldap.presets import Attributes, response_name

GroupsFrom = Literal["memberOf", "ou"]

NO_ID = "an entry without the attribute that identifies it (attributes.id)"
NO_CONTENT = "no name and no number"
NOT_TEXT = "a value that is not text"
SAME_ID = "an id that another entry has as well (attributes.id)"
MEMBER_OF = "memberof"


@dataclass(frozen=True, slots=True)
class EntryResult:
    """Result of one entry: a contact or None, and the values that could not be read."""

    contact: Contact | None
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class EntryReader:
    """Turns entries into contacts, by a mapping of attributes."""

    attributes: Attributes
    groups_from: GroupsFrom

    @cached_property
    def requested(self) -> tuple[str, ...]:
        """Return the attributes that a search must request, in lower case.

        "cn" brings "cn;lang-ja" too (RFC 4512, section 2.5.2).
        """
        bases = [name.partition(";")[0].lower() for _, name in self.attributes.all_names()]
        return tuple(dict.fromkeys(bases if self.groups_from == "ou" else [*bases, MEMBER_OF]))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Return the attributes that identify an entry, the preferred one first.

        They are in lower case.
        """
        return tuple(response_name(name) for name in self.attributes.id)

    def key(self, entry: Entry) -> str:
        """Return the id of an entry, or "" if it has none."""
        for name in self.ids:
            for value in entry.values.get(name, ()):
                # objectGUID is written as Windows writes it: the first three groups have their
                # bytes reversed (MS-DTYP 2.3.4.2).
                if name == "objectguid" and len(value) == 16:
                    return str(uuid.UUID(bytes_le=value))
                text = _text(value)
                if text:
                    return text
        return ""

    def read(self, entry: Entry) -> EntryResult:
        """Return the contact of an entry that has an id.

        The result has no contact if the entry has neither a name nor a number.
        """
        key = self.key(entry)
        damaged: list[bool] = []
        fields = {field: self._first(entry, names, damaged) for field, names in self._texts}
        numbers = tuple(
            PhoneNumber(text, kind, label)
            for kind, label, name in self._numbers
            for text in _texts(_values(entry, name), damaged)
        )
        contact = Contact(
            id=key,
            emails=tuple(
                text for name in self._emails for text in _texts(_values(entry, name), damaged)
            ),
            groups=self._groups(entry),
            numbers=numbers,
            **fields,
        )
        skipped = (Skipped(NOT_TEXT, f"entry {key}"),) if damaged else ()
        if not numbers and not any(fields[field] for field in _NAMING):
            return EntryResult(None, (*skipped, Skipped(NO_CONTENT, f"entry {key}")))
        return EntryResult(contact, skipped)

    def unnamed(self, entry: Entry) -> Skipped:
        """Return the report of an entry without an id.

        It names the parent, because the entry's own name is that of a person.
        """
        return Skipped(NO_ID, f"under {parent_of(entry.dn)}")

    def _first(self, entry: Entry, names: tuple[str, ...], damaged: list[bool]) -> str:
        for name in names:
            for text in _texts(_values(entry, name), damaged):
                if found := without_placeholders(text):
                    return found
        return ""

    def _groups(self, entry: Entry) -> tuple[str, ...]:
        if self.groups_from == "ou":
            return units(entry.dn)
        # memberOf names the groups of an entry (memberOf overlay, Active Directory).
        found = (
            leaf_name(value.decode(errors="replace")) for value in entry.values.get(MEMBER_OF, ())
        )
        return tuple(dict.fromkeys(name for name in found if name))

    @cached_property
    def _emails(self) -> tuple[str, ...]:
        return tuple(response_name(name) for name in self.attributes.emails)

    @cached_property
    def _texts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple(
            (field, tuple(response_name(name) for name in getattr(self.attributes, field)))
            for field in _TEXTS
        )

    @cached_property
    def _numbers(self) -> tuple[tuple[NumberKind, str, str], ...]:
        return tuple((kind, name, response_name(name)) for kind, name in self.attributes.numbers())


_NAMING = ("name", "given_name", "family_name", "organization")
_TEXTS = (
    *_NAMING,
    "phonetic_given_name",
    "phonetic_family_name",
    "sort_name",
    "department",
    "title",
)


def _values(entry: Entry, name: str) -> tuple[bytes, ...]:
    """Return the values of an attribute.

    If it has none without an option, those in another language are returned.
    """
    found = entry.values.get(name)
    if found is not None or not entry.tagged:
        return found or ()
    # A name in another language has an option (RFC 3866: "cn;lang-ja"), its reading a second one
    # ("sn;lang-ja;phonetic"). Without a plain value the first tagged one is taken.
    base, *options = name.split(";")
    for other in entry.values:
        other_base, *other_options = other.split(";")
        if other_base != base or not set(options) <= set(other_options):
            continue
        if "phonetic" in options or "phonetic" not in other_options:
            return entry.values[other]
    return ()


def _texts(values: tuple[bytes, ...], damaged: list[bool]) -> Iterator[str]:
    """Yield the values that are text; append to `damaged` for each other value.

    Values of one attribute are a set: their order is the server's (RFC 4511, section
    4.1.7).
    """
    for value in values:
        text = _text(value)
        if text is None:
            damaged.append(True)
        elif text:
            yield text


def _text(value: bytes) -> str | None:
    """Return a value as stripped text; None if it is not UTF-8 or holds a NUL.

    Values are UTF-8 (RFC 4517, section 3.3.6; RFC 4511, section 4.1.2).
    """
    try:
        text = value.decode().strip()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
