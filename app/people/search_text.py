"""Make the text that a contact is found by, and the condition for what was typed."""

import re
from collections.abc import Iterable

from app.model.names import fold
from app.search.terms import DIALLED, ascii_digits
from app.search.transliteration import consonants, is_latin, transliterate
from connectors.contact import Contact

MAX_TYPED = 100
"""How many characters of a typed text count."""

_KEYS = {
    "2": "2abc",
    "3": "3def",
    "4": "4ghi",
    "5": "5jkl",
    "6": "6mno",
    "7": "7pqrs",
    "8": "8tuv",
    "9": "9wxyz",
}
"""ITU-T E.161; 0 and 1 have no letters."""
_OTHER_BYTES = bytes(code for code in range(128) if chr(code) not in DIALLED | {"\n"})
_PART_OF_NUMBER = re.compile(r"[0-9*#+()/.\-]*[0-9*#][0-9*#+()/.\-]*")


def search_text(words: str, contact: Contact) -> str:
    """Return the folded words that a contact is found by, each after a space.

    `words` are those that phones find it by (`app.search.terms.index_words`).
    """
    if contact.title or contact.emails or contact.groups:
        more = fold(" ".join((contact.title, *contact.emails, *contact.groups)))
        return f" {words} {more}"
    return f" {words}"


def search_digits(contact: Contact, dialled: Iterable[str]) -> str:
    """Return the digits of a contact's numbers as written, and as dialled, in lines.

    A dialled number that is part of a line has none of its own.
    """
    found = _digits("\n".join([number.value for number in contact.numbers]))
    for number in dialled:
        if number not in found:
            found = f"{found}\n{number}"
    return found


def _digits(text: str) -> str:
    """Return the digits, *, # and line feeds of a text."""
    # Bytes are translated in two thirds of the time of text.
    plain = text if text.isascii() else ascii_digits(text)
    return plain.encode("ascii", "ignore").translate(None, _OTHER_BYTES).decode("ascii")


def condition(typed: str) -> tuple[str, tuple[str, ...]]:
    """Return an SQL condition on `person` for a typed text, with its parameters.

    Every word must be in a text of the contact. Digits may be in a number instead, or
    be the keys of the phone that begin a word. A contact's id matches too. Without a
    word the condition is "1".
    """
    asked = " ".join(typed[:MAX_TYPED].split())
    if not asked:
        return "1", ()
    number, words = _split(asked)
    parts = [_keys(number)] if number else []
    parts += [_word(word, piece) for piece in words for word in fold(piece).split()]
    if not parts:
        return "id = ?", (asked,)
    every = " AND ".join(f"({' OR '.join(either)})" for either, _ in parts)
    return f"{every} OR id = ?", (*(value for _, values in parts for value in values), asked)


def _split(asked: str) -> tuple[str, list[str]]:
    """Return the digits of the words that are parts of a number, and the other words."""
    digits, words = "", []
    for word in ascii_digits(asked).split():
        if _PART_OF_NUMBER.fullmatch(word):
            digits += _digits(word)
        else:
            words.append(word)
    return digits, words


def _keys(digits: str) -> tuple[list[str], list[str]]:
    either, values = ["instr(digits, ?)", "instr(text, ?)"], [digits, f" {digits}"]
    if all(digit in _KEYS for digit in digits):
        either.append("text GLOB ?")
        values.append(f"* {''.join(f'[{_KEYS[digit]}]' for digit in digits)}*")
    return either, values


def _word(word: str, piece: str) -> tuple[list[str], list[str]]:
    """Return the alternatives for a folded word of a typed piece."""
    found = [word]
    if not piece.isascii() and not is_latin(piece) and (latin := transliterate(piece)):
        found.append(latin.replace(" ", ""))
    if word.isascii() and (letters := consonants(word)):
        # Names of scripts without vowels are indexed by their consonants too.
        found.append(f" ~{letters}")
    return ["instr(text, ?)"] * len(found), found
