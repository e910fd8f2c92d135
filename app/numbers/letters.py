"""Letters in a written number: digits of the keypad, or a remark."""

import re

from app.numbers.parsed_number import REMARK
from app.numbers.splitter import BRACKETED, WHOLE, count

LETTERS = "Letters were turned into keypad digits."

# A keypad letter is the digit of ITU-T E.161: ABC 2, DEF 3, GHI 4, JKL 5, MNO 6, PQRS 7, TUV 8,
# WXYZ 9.
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_MIN_SPELT = 3
_NATIONAL_IN_AMERICA = 10
LETTER = re.compile(r"[^\W\d_]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
# The North American network ignores what is dialled behind the eleventh digit, so words there are
# longer: 1-800-CONTACTS.
_TOLL_FREE = re.compile(r"(?:\+?1|(?!\+))8(?:00|33|44|55|66|77|88)[0-9]{7}")
_SPELT_HEAD = re.compile(r"[ (]*(?:\+|0|1? ?[( ]*(?:8[0-9]{2}|90[0-9])|1[38])")
_SPELT_OUT = re.compile(r"(?<=[a-zA-Z]) ?[(\[][+0-9 ]{7,}")


def spell(text: str, warnings: list[str]) -> str:
    """Return `text` with its letters as keypad digits, or without them if a remark.

    Returns "" if words stand between digits, and nobody knows which of these are the
    number.
    """
    if not LETTER.search(text):
        return text
    if twice := _SPELT_OUT.search(text):
        text = text[: twice.start()]
    bare = BRACKETED.sub(lambda found: " " if _is_remark(found, text) else found[0], text)
    if bare != text:
        warnings.append(REMARK)
        text = bare
    if foreign := _FOREIGN.search(text):
        return _around(text, foreign, warnings)
    letter = LETTER.search(text)
    if letter is None:
        return text
    before = count(text[: letter.start()]) - (2 if text.startswith("00") else 0)
    word = re.sub(r"[^a-zA-Z]", "", text)
    if not _SPELT_HEAD.match(text) and not _is_spelt(word, before, text[: letter.start()]):
        return _around(text, letter, warnings)
    # A spelt number begins with a short code (0800, 1-800); behind a whole number words are a
    # remark ("089 5550109 Anna").
    if before >= (8 if word.isupper() else 6) or before + len(word) > 15:
        warnings.append(REMARK)
        return text[: letter.start()]
    if max(map(len, re.findall("[a-zA-Z]+", text))) == 1 and len(word) < _MIN_SPELT:
        return ""  # "03O 123456", "030 12E456"
    warnings.append(LETTERS)
    spelt = text.upper().translate(_KEYPAD)
    toll_free = _TOLL_FREE.match(re.sub(r"[^0-9+]", "", spelt))
    return toll_free[0] if toll_free else spelt


def _is_spelt(word: str, before: int, head: str) -> bool:
    """Return True for a local number with letters ("555-HELP", "212 555 HELP").

    A short number and a word ("204 B", "1001-EDV") is none.
    """
    total = before + len(word)
    if not word.isupper() or total < WHOLE:
        return False
    return total == _NATIONAL_IN_AMERICA or (before <= 3 and not head.endswith(" "))


def _around(text: str, word: re.Match[str], warnings: list[str]) -> str:
    """Return the number before a word or behind it, "" if it may be either.

    An example is "Room 12 tel 089 5550109".
    """
    warnings.append(REMARK)
    head = text[: word.start()]
    tail = re.sub(r"^[^0-9+]+|[^0-9 ()+/].*", "", text[word.start() :])
    if count(head) >= WHOLE or count(text[word.start() :]) < 3:
        return head
    return (
        tail
        if count(head) <= 3
        and head[0] in "123456789"
        and tail[0:1] in "+0"
        and count(tail) >= WHOLE
        else ""
    )


def _is_remark(bracketed: re.Match[str], text: str) -> bool:
    """Return True if a part in brackets holds words beside the number: "(Anna)".

    So does "(9-17h)" behind a complete number.
    """
    has_digits = count(bracketed[0]) > 0 and count(text[: bracketed.start()]) < WHOLE
    return not has_digits and LETTER.search(bracketed[0]) is not None
