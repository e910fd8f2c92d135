"""Find where a written number begins: list numbers, labels and places stand before it.

Texts are folded. Nothing here knows a region, so digits that may be an area code or a
country code stay with the number.
"""

import re

import msgspec

from app.numbers.folding import SYMBOL, fold
from app.numbers.numbering_plans import split_country_code
from app.numbers.splitter import WHOLE, count

_WORD = rf"(?:[^\W\d_]|{SYMBOL})"
# "Nr. 1 030 123456", "Room 2.04: 089 5550109", "#1 030 123456", "1. 030 123456", "(1) 030 123456".
_HEAD = re.compile(
    rf"(?:(?P<label>[^0-9+]*{_WORD}[^0-9+]*?)"
    r"|(?P<hash>[#*]+) ?(?=[1-9][0-9]?[ .:)/-])|(?=[1-9(\[{<]))(?P<bracket>[(\[{<]?)"
    r"(?P<digits>[1-9]/[1-9](?=[ :])|[1-9][0-9]{0,5}(?:[./-][0-9]{1,4}(?=:))?)(?![0-9])"
    r"(?P<sign>[ )\]}>.:=_/-]*)(?=[(\[ ]*(?P<start>\+|0?[0-9]))"
)
_INNER = r"[^0-9+*#|,;&/]"
# "9-17 +49 30 123456", "1. Wahl +49 30 123456"; but "9 +49 ..." is an outside line.
_BEFORE_PLUS = re.compile(
    rf"(?![0-9]{{1,2}} *\+){_INNER}*[1-9](?:{_INNER}*[0-9]){{0,5}}{_INNER}*"
    r"(?<=[ :)])(?=[(]?\+[^+]*\Z)"
)
# "10115 Berlin, 030 123456", "Berlin 10115, 030 123456".
_POSTAL = re.compile(
    r"(?:[^0-9+*#]*[^\W\d_]{3}[ -]+[1-9][0-9]{4,5}"
    r"|[^0-9+*#]{0,2}[1-9][0-9]{4,5} +[^\W\d_]{3}[^0-9+*#]*)[ ,;:]+(?=[(]?[0+])"
)
# "Suite 200, 212-555-0107", "Zi. 12 030 123456".
_ROOM = re.compile(
    r"(?:[^0-9+*#]*[^\w])?(?:suite|ste|room|rm|apt|unit|office|zimmer|zi|raum|b\u00fcro|bureau"
    r"|sala|aula|"
    r"oficina|ufficio|stanza|kamer|rum|pok\u00f3j|pok|szoba|oda|\u043a\u0430\u0431"
    r"|\u043e\u0444\u0438\u0441)"
    r"[.:]? ?[1-9][0-9]{0,4}[a-z]?[ ,;:]+(?=[(]?[0-9+])",
    re.IGNORECASE,
)
# "# 030 123456", "#030 123456": service codes begin otherwise.
_ORNAMENT = re.compile(
    r"[^0-9+*#]*[*#]+ +(?=[(\[+]*[0-9])|[*#](?=\(?(?:\+|0[0-9]{1,5}[ )/-])[^*#]*\Z)"
)
# "0800-1600 030 123456"
_TIME = "(?:0[5-9]|1[0-9]|2[0-4])[0-5][05]"
_TIMES = re.compile(
    rf"[ (\[]*{_TIME} ?- ?{_TIME}(?: ?(?:h|hrs?|uhr))?[ )\],:;]+(?=[(\[]*[+0-9])", re.IGNORECASE
)
# "Nr. 2 347 ...", "(2) 212-555-0107", "9-17 416-555-0107", "PLZ 10115 347 ...", "9 (21) 3482-7163".
_DOUBTFUL = re.compile(
    r"[ (\[]*(?:(?P<range>(?:0?[6-9]|1[0-9]) ?- ?(?:1[0-9]|2[0-4]|[1-8])(?![0-9]))"
    r"|(?P<bracketed>\( ?[2-69] ?\))|(?P<line>9)(?=[ -])"
    r"|[^0-9+*#]*(?:(?P<listed>(?<![^\W\d_])(?:nr|no|n|num)\b[^0-9+*#]*|#)[1-9][0-9]?"
    r"|[^\W\d_][^0-9+*#]*(?:[2-69]|[1-9][0-9]{3,4}|(?:0?[6-9]|1[0-9]) ?- ?(?:1[0-9]|2[0-4]))))"
    r"(?![0-9])[ )\]}>.:=_-]+(?=[(\[]*[+0-9])",
    re.IGNORECASE,
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_MAX_LISTED = 20
_MAX_TEXT = 64
_MIN_BEHIND_BRACKET = 9  # fewer follow an area code: "(2) 9876 5432"
_MIN_DIGITS = 3
_NEVER_BEFORE_ZERO = frozenset({"1", "7"})  # numbers of these countries do not begin with 0


def without_head(text: str) -> str:
    """Return a text without what stands before its number.

    That is the number of a list, a label with digits, or a place. It is easier to tell
    before a number that has its trunk zero or a +.
    """
    if (ornament := _ORNAMENT.match(text)) and count(text) >= WHOLE:
        text = text[ornament.end() :]
    for place in (_TIMES, _BEFORE_PLUS, _POSTAL, _ROOM):
        if (found := place.match(text)) and count(text[found.end() :]) >= WHOLE:
            return text[found.end() :]
    head = _HEAD.match(text)
    if head is None or not _is_apart(head):
        return text
    return text[head.end() :].lstrip(" ")


class Later(msgspec.Struct, frozen=True, gc=False):
    """What follows digits that may not belong to a number.

    `is_line` means that they may be an outside line, `is_listed` that their label or
    bracket shows that they count numbers.
    """

    text: str
    is_line: bool
    is_listed: bool


def without_doubtful_head(raw: str) -> Later | None:
    """Return a number without hours, list number, year or postal code, or None.

    They may be the first digits of the number too, so the caller compares the two.
    """
    text = fold(raw[:_MAX_TEXT])
    head = _DOUBTFUL.match(text)
    behind = count(text[head.end() :]) if head else 0
    if head is None or behind < WHOLE or (head["bracketed"] and behind < _MIN_BEHIND_BRACKET):
        return None
    is_listed = bool(head["listed"] or head["bracketed"])
    return Later(text[head.end() :], head["line"] is not None, is_listed)


def _is_apart(head: re.Match[str]) -> bool:
    """Return True if digits before a number are none of its own.

    It is easier to tell before a number that has its trunk zero or a +.
    """
    digits, sign = head["digits"], head["sign"]
    behind = count(head.string[head.end() :])
    if head["label"] is not None and ": " in sign:
        return behind >= _MIN_DIGITS
    if behind < WHOLE or not sign:
        return False
    if not digits.isdigit():
        return " " in sign or ":" in sign
    is_complete = head["start"][0] in "+0"
    is_code = split_country_code(digits)[1] == "" and not (
        is_complete and digits in _NEVER_BEFORE_ZERO
    )
    has_hash = "#" in (head["label"] or head["hash"] or "")
    is_marked = not set(":)]}>=_").isdisjoint(sign) or ". " in sign or has_hash
    if is_code and not is_marked:
        return False
    if head["label"] is not None:
        is_counted = len(digits) == 1 and not is_code and behind > WHOLE + 1
        return is_complete or ":" in sign or is_counted or (has_hash and behind > WHOLE)
    is_listed = int(digits) <= _MAX_LISTED
    is_round = head["bracket"] == "("
    if not is_complete:
        return is_marked and is_listed and not is_round and behind > WHOLE
    if is_code:
        return is_marked and is_listed and not is_round
    if is_round:
        return is_listed or _YEAR.fullmatch(digits) is not None
    # "9-0151 12345678"; but "7-095 ..." is how Moscow was written.
    is_tight = sign in ("-", ".") and (len(digits) > 1 or digits == "7")
    return is_marked or (behind > WHOLE + 1 and sign != "/" and not is_tight)
