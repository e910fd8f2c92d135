"""Contacts and phone numbers, the values that every connector returns.

Values are as the source wrote them. An absent value is "" or an empty tuple, never
None.
"""

import re
import unicodedata
from enum import StrEnum

import msgspec

LABEL_SEPARATOR = "; "
"""Separates the words of a label if a source gives a number several."""

# Databases write (null), [null] and \\N for no value. "Null" alone is a family name.
_NOT_AVAILABLE = re.compile(
    r"#?[nN] ?/ ?[aA]\.?|n\. ?a\.?|\((?i:null|none)\)|\[(?i:null|none)\]|<(?i:null|none)>|\\N"
)
# "N.A." in capitals stays: in the Netherlands given names are written as initials.
_PLACEHOLDER = re.compile(
    rf"[-\u2010-\u2015\u2212\u2796._?\u2026/()]+,?|,|(?:{_NOT_AVAILABLE.pattern}),?"
)

_LETTER_DASHES = "\u30fc\uff70\u3161"
"""Japanese and Korean letters that look like a dash and are typed as one.

No name consists of them alone.
"""


class NumberKind(StrEnum):
    """Kind of a number. The source's own word for it is kept as the label."""

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

    `value` is the text as the source wrote it. `label` is the source's own word for its
    kind ("Büro", "iPhone"). `canonical` is the source's own E.164 form
    ("+49895550109"), if it has one.
    """

    value: str
    kind: NumberKind = NumberKind.OTHER
    label: str = ""
    canonical: str = ""


class Contact(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """A person or a place as one source describes it.

    `id` is unique and stable within its source. `name` is the name as the source
    displays it, or "" if it displays none. `sort_name` is the name by which the source
    sorts it. `numbers` are complete and in the source's order.

    A contact holds only strings and tuples of strings, so it can be in no cycle.
    `gc=False` keeps a million of them away from the garbage collector.
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


def without_placeholders(text: str) -> str:
    """Return a name or a part of one without placeholders for "nothing".

    "Anna -" is "Anna", "N/A" is "". A text without a letter, a digit or a picture (an
    emoji) is empty. At the ends of a longer text, "N/A" and words of dashes, dots and
    question marks are removed. Every connector applies it to names, organisations,
    departments and titles.
    """
    if not text or text.isalpha():
        return text if text.isascii() or text.strip(_LETTER_DASHES) else ""
    if text[:1].isalnum() and text[-1:].isalnum() and "/" not in text and text[1:2] != ".":
        return text
    if _NOT_AVAILABLE.fullmatch(text.strip()) or not any(map(_means_something, text)):
        return ""
    words = text.split()
    count = len(words)
    while words and _PLACEHOLDER.fullmatch(words[0]):
        del words[0]
    while words and _PLACEHOLDER.fullmatch(words[-1]):
        del words[-1]
    return text if len(words) == count else " ".join(words).rstrip(",")


def _means_something(char: str) -> bool:
    return char.isalnum() or (unicodedata.category(char) == "So" and char != "\u2796")
