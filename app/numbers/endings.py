"""Find where a written number ends, and what stands after it.

Hours, dates, shares and counted things stand there, and extensions in brackets. Texts
are folded. Nothing here knows a region: a part that may belong to the number stays with
it unless its form is that of something else, and `stems` lets a region choose.
"""

import re
from collections.abc import Iterator

from app.numbers import words
from app.numbers.folding import CURRENCY, SYMBOL, fold
from app.numbers.letters import LETTER
from app.numbers.splitter import MAX_DIGITS, WHOLE, count

_COUNTABLE = words.UNITS | words.MONTHS | words.CURRENCIES
_PART = re.compile(r"[^ \t]+")
_STOP = re.compile(r"[,;|&]")
_DIGITS = re.compile(r"[(\[/-]*[0-9]+(?:[-/]+[0-9]+|\)[0-9]+)*[)\]/-]*|[0-9]{3,}[.]+")
_DIGITS_AND_SIGNS = re.compile(r"([0-9]+)[^0-9\w(]+(?<![-/)])")
_SHORT_AND_WORD = re.compile(r"[0-9]{1,2}(?:[^\W\d_]|[*#])|[0-9]{3,4}(?![xX])[^\W\d_]")
# "123456-8:00", "123456:5".
_INNER_SIGN = re.compile(
    r"(?:[-/][0-9]{1,2})?[^\w .()\[\]/+*#,;|&-]+(?=[0-9])(?![0-9]+[.][0-9]{3})"
)
# "9-17" and "0900-1700", but not "01-09": these are the last digits of a number.
_TIME = "[012][0-9][0-5][05]"
_HOURS = re.compile(rf"(0?[6-9]|1[0-9]|{_TIME}) ?- ?(1[0-9]|2[0-4]|{_TIME})(?![0-9]| ?-)")
_OFFICE_HOURS = re.compile(r"(?:[6-9]|1[0-2]) ?- ?[1-8](?![0-9]| ?-)")  # "9-5"
_OTHERS = (
    re.compile(r"[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{2}){1,2}|[0-9]{1,2}/(?:19|20)[0-9]{2}"),
    re.compile(r"(?:19|20)[0-9]{2}[/-][0-9]{1,2}(?:[/-][0-9]{1,2})?"),
    re.compile(r"[1-9]/[1-9]|50/50"),
    re.compile(r"\([0-9]+[/-][0-9]+\)"),
)
_MONTH_AND_YEAR = re.compile(r"(?:0[1-9]|1[0-2])/2[0-9]")  # a second ending has fewer digits
_COUNTED = re.compile(rf"([^\W\d_]+)(?P<extension>[.:# ]*[0-9])?|[{SYMBOL}%$={CURRENCY}]")
_MIN_GROUP = 3
_MAX_COUNT = 5  # digits: a postal code
_BRACKETED = re.compile(
    r"( ?)[(\[] ?(-?)([0-9](?: ?[0-9]){0,4})"
    r"(?: ?[)\]]?[ .]*\Z|(?<=[0-9]{3}) ?[)\]](?= *[^\W\d_/(\[+0]))"
    r"|( ?)[(\[] ?(-?)([0-9]{3,5}) ?[)\]](?= *[/(\[+0])"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_PLUS = re.compile(r"\( ?\+|\+|00")
_RUN_AT_END = re.compile(r"\+?[(\[]?[0-9][0-9 ()\[\]./-]*\Z")
_BLANKS = str.maketrans("-./", "   ")


def without_tail(text: str) -> tuple[str, bool]:
    """Return a text without what follows its first number, and whether anything did.

    An extension in brackets becomes one behind an x.
    """
    first = re.search("[0-9+]", text)
    if first is None or re.search(r"[*#]", text[: first.start()]):
        return text, False
    stop = _STOP.search(text, first.start())
    end = stop.start() if stop else len(text)
    if bracketed := _BRACKETED.search(text[:end]):
        blank, dash, digits = (group for group in bracketed.groups() if group is not None)
        digits = digits.replace(" ", "")
        head, rest = text[: bracketed.start()], text[bracketed.end() :]
        if count(head) >= (WHOLE if blank else WHOLE + 1) and digits.strip("0"):
            if _YEAR.fullmatch(digits) or (len(digits) < 3 and not dash):
                return head + rest, True
            return f"{head} x{digits}{rest}", False
    start = _start_of_tail(text, first.start(), end)
    if start == end:
        return text, False
    behind = f"|{text[start:]}" if count(text[start:]) >= WHOLE else ""
    return text[:start].rstrip(" (-/") + behind, True


def _start_of_tail(text: str, start: int, end: int) -> int:
    """Return where what is none of the number begins, `end` if it is all of it."""
    least = WHOLE + 2 if _PLUS.match(text, start) else WHOLE
    before, last = 0, ""
    for part in _PART.finditer(text, start, end):
        digits = count(part[0])
        if before >= least:
            if part[0][0] in "+#*" or (not digits and LETTER.search(part[0])):
                break
            if digits and LETTER.match(part[0]):
                break
            is_symbol = not digits and SYMBOL in part[0]
            if is_symbol or (digits and _is_apart(text[part.start() : end], last, before)):
                return part.start()
        if before + digits > least and (sign := _INNER_SIGN.search(part[0])):
            at = part.start() + sign.start()
            if count(text[start:at]) >= least:
                return at
        before += digits
        last = re.split("[-/]", part[0])[-1] if digits else last
    return end


def _is_apart(rest: str, last: str, before: int) -> bool:
    """Return True if the part with digits at the head of `rest` is none of the number.

    `before` digits stand before it, the last of them in the group `last`. Groups of a
    number are about as long as each other: "555 01 09 Anna", but "123456 3 rings".
    """
    part, length = rest.split(" ", 1)[0], count(last)
    if signs := _DIGITS_AND_SIGNS.fullmatch(part):
        # "1." and "12." are of a list, but "08-524 816 37." ends a sentence.
        return len(signs[1]) <= min(2, length - len(signs[1]))
    if not _DIGITS.fullmatch(part):
        return _SHORT_AND_WORD.match(part) is not None or not LETTER.search(part)
    if before > WHOLE and (hours := _HOURS.match(rest)) and int(hours[1]) < int(hours[2]):
        return True
    if before > WHOLE and length >= _MIN_GROUP and _OFFICE_HOURS.match(rest):
        return True
    if any(form.fullmatch(part) for form in _OTHERS):
        return True
    if length >= _MAX_COUNT and _MONTH_AND_YEAR.fullmatch(part):
        return True
    counted = _COUNTED.match(rest[len(part) :].lstrip(" "))
    if counted is None or not part.isdigit() or len(part) > _MAX_COUNT:
        return False
    word = (counted[1] or "").lower()
    if counted["extension"] and word in words.EXTENSIONS:
        return False
    if len(part) <= 2 < length and (not word or word in _COUNTABLE):
        return True
    return length >= min(3 + len(part), 6)


def stems(raw: str) -> Iterator[tuple[str, str]]:
    """Yield the number in a text with fewer and fewer last digits, and those digits.

    It is for a number with more digits than its country allows.
    """
    text = fold(raw[: 4 * MAX_DIGITS])
    for group in reversed(list(re.finditer("[0-9]+", text))):
        head = text[: group.end()]
        if WHOLE <= count(head) <= MAX_DIGITS + 2 and (run := _RUN_AT_END.search(head)):
            behind = re.search("[0-9]+", text[group.end() :])
            yield run[0].translate(_BLANKS), behind[0] if behind else ""
