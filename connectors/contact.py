"""Values that every connector brings: contacts and their phone numbers.

Law of this file: it knows what a contact is, and nothing of where it came from, how a phone shows it or how it is dialled.
Values are as the source wrote them; absent is "" or an empty tuple, never None.
"""

import re
import unicodedata
from enum import StrEnum

import msgspec

LABEL_SEPARATOR = "; "
"""Stands between the words of a label where a source gives a number several."""

_NOT_AVAILABLE = re.compile(r"#?[nN] ?/ ?[aA]\.?|n\. ?a\.?")
# "N.A." in capitals stays: in the Netherlands given names are written as initials.
_PLACEHOLDER = re.compile(rf"[-\u2010-\u2015\u2212\u2796._?\u2026/()]+,?|,|(?:{_NOT_AVAILABLE.pattern}),?")

_LETTER_DASHES = "\u30fc\uff70\u3161"
"""Letters of Japanese and Korean that look like a dash and are typed for one. No name is made of them alone."""


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


def without_placeholders(text: str) -> str:
    """Return a name or a part of one without what stands for "nothing" in a mandatory field: "Anna -" is "Anna", "N/A" is "".

    A text without a letter, a digit and a picture (an emoji) is empty. At the ends of a longer one, words of dashes, dots and question
    marks go, and "N/A". Every connector reads names, organisations, departments and titles with it.
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
