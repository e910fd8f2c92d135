"""Values that every connector brings: contacts and their phone numbers.

Law of this file: it knows what a contact is, and nothing of where it came from, how a phone shows it or how it is dialled.
Values are as the source wrote them; absent is "" or an empty tuple, never None.
"""

from enum import StrEnum

import msgspec


class NumberKind(StrEnum):
    """What a number is for. A source's own word for it is kept beside it, as the label."""

    WORK = "work"
    MOBILE = "mobile"
    HOME = "home"
    MAIN = "main"
    FAX = "fax"
    PAGER = "pager"
    INTERNAL = "internal"
    OTHER = "other"


class PhoneNumber(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One number of a contact.

    `value` is the text as the source wrote it; `label` the source's own word for its kind ("Büro", "iPhone");
    `canonical` the source's own E.164 form ("+49895550109") where it gives one.
    """

    value: str
    kind: NumberKind = NumberKind.OTHER
    label: str = ""
    canonical: str = ""


class Contact(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """A person or a place, as one source tells of it.

    `id` is unique and stable within its source. `name` is the name as the source displays it ("" where it shows none),
    `sort_name` the name by which the source files it. `numbers` are in the source's order, none left out.

    `gc=False`: a contact holds strings and tuples of strings only, so it can be in no cycle, and a million of them cost the
    garbage collector nothing.
    """

    id: str
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    phonetic_given_name: str = ""
    phonetic_family_name: str = ""
    sort_name: str = ""
    organization: str = ""
    department: str = ""
    title: str = ""
    emails: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    numbers: tuple[PhoneNumber, ...] = ()
