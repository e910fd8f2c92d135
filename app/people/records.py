"""The records of a people file: what each profile makes of each contact.

Records name contacts by source and id, and books by name. So a record stays valid when
others change.
"""

import msgspec

UNDIALABLE = "a number of somebody listed that cannot be dialled"
"""The reason for a number without a row of a contact that is listed."""


DUPLICATE_ROW = "listed once instead of twice: same name and number"
"""The reason for a row that a book has already. Somebody is listed under it."""


class DialledNumber(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a profile's phones dial for a number, "" if nothing.

    `rule` names the rule. `odd` is what an administrator should look at, or "".
    """

    number: str
    rule: str
    odd: str = ""


class OwnNumber(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A number of a book that is not one of the contact itself, as it stands there.

    It comes from a merged contact, or has a book's private label.
    """

    value: str
    kind: str
    label: str
    dialled: DialledNumber


class BookRecord(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a book makes of a contact.

    `reason` is why it is not listed, "" if it is. `number_reasons` tell why a number
    has no row, in the order of the numbers; the tuple is empty if all have one. `parts`
    are the contacts that are one person with it, as (source, id), and `merged_by` is
    the reason. The first part has the numbers. `numbers` are set if they are not those
    of the contact, and so are `name` and `heading` then (see `ProfileRecord`).
    """

    book: str
    reason: str = ""
    number_reasons: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    merged_by: str = ""
    name: str = ""
    heading: str = ""
    numbers: tuple[OwnNumber, ...] = ()


class ProfileRecord(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a profile makes of a contact.

    `numbers` are parallel to the numbers of the contact. `name` is the name of its
    first row and `heading` the text that it is filed under, both "" if it has no row.
    """

    numbers: tuple[DialledNumber, ...]
    books: tuple[BookRecord, ...]
    name: str = ""
    heading: str = ""
