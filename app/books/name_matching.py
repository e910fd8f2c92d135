"""Compare names to find out whether they may belong to the same person.

Names go together if their words are the same in any order ("Smith, Ann"). An initial
may stand for a word ("A. Smith"), and one may hold all words of the other ("Ann", "Ann
Smith", "Dr. Ann M. Smith"). A match is no proof of the same person. `merge` also
requires a shared number or e-mail address.
"""

from collections import Counter
from dataclasses import dataclass

from app.model.names import NameOrder, display_name, fold
from connectors.contact import Contact

_WORDS = (
    "dr prof professor mr mrs ms miss mx sir herr frau hr fr ing dipl med mba phd md esq "
    "mme mlle sra srta dona sig dott dottssa avv dhr mevr bc mgr mudr judr phdr"
)
# Titles do not count in a comparison.
_TITLES = frozenset(_WORDS.split())
# "jr", "II" and the like tell father from son, so they must be the same in both names.
_GENERATIONS = frozenset(("jr", "junior", "sr", "senior", "ii", "iii", "iv"))
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


@dataclass(frozen=True, slots=True)
class NameWords:
    """A name split into words for comparison.

    `text` holds the words in alphabetical order, so that equal texts mean equal names.
    `given` is the given name, "" if the source does not separate it. `is_organization`
    is whether the name is that of an organisation.
    """

    text: str
    given: str
    is_organization: bool

    def __bool__(self) -> bool:
        return bool(self.text)


def name_words(contact: Contact) -> NameWords:
    """Return the words by which a contact is compared, empty without a name."""
    parts = [word for word in map(_spelling, fold(_full_name(contact)).split()) if word]
    telling = [word for word in parts if word not in _TITLES] or parts
    organization = not (
        contact.name.strip() or contact.given_name.strip() or contact.family_name.strip()
    )
    return NameWords(" ".join(sorted(telling)), _spelling(fold(contact.given_name)), organization)


def _full_name(contact: Contact) -> str:
    return contact.name.strip() or display_name(contact, NameOrder.FIRST_LAST)


def _spelling(word: str) -> str:
    """Return a word in the spelling that "Müller", "Mueller" and "Muller" share."""
    for two, one in _UMLAUTS:
        word = word.replace(two, one)
    return word


def compatible(one: NameWords, other: NameWords) -> bool:
    """Return whether two names may belong to the same person or organisation."""
    if not one.text or not other.text:
        return False
    if one.text == other.text:
        return True
    if one.is_organization != other.is_organization:
        return False
    short, long = sorted((one.text.split(), other.text.split()), key=len)
    if _GENERATIONS.intersection(short) != _GENERATIONS.intersection(long):
        return False
    return _contained(short, long) or _written_together(short, long)


def _contained(short: list[str], long: list[str]) -> bool:
    """Return whether each word of `short` matches a different word of `long`.

    Two words match if they are equal or one is the initial of the other. At least one
    must be equal and longer than an initial.
    """
    left, others = list(long), list[str]()
    for word in short:
        if word in left:
            left.remove(word)
        else:
            others.append(word)
    if all(len(word) == 1 and word.isascii() for word in Counter(short) - Counter(others)):
        return False
    for word in others:
        found = next(
            (
                other
                for other in left
                if (len(word) == 1 or len(other) == 1) and word[0] == other[0]
            ),
            None,
        )
        if found is None:
            return False
        left.remove(found)
    return True


def _written_together(short: list[str], long: list[str]) -> bool:
    """Return whether the one word of `short` is the two of `long` joined.

    "山田太郎" and "太郎 山田" are an example.
    """
    return len(short) == 1 and len(long) == 2 and short[0] in (long[0] + long[1], long[1] + long[0])
