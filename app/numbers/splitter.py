"""Several numbers in one field: where the first one ends.

It knows what people put between numbers (words, slashes, commas, dashes, brackets,
arrows, blanks), and no region.
"""

import re
from itertools import pairwise

from app.numbers.folding import ANOTHER, DOT

BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]?")
WHOLE = 7
"""A bracket behind so many digits holds no part of the number: another number, or a
remark.
"""

HOURS = re.compile(r"[ (\[]*(?<![0-9])(?:(?:24|7)/(?:24|7)|24 ?h)(?![0-9a-z])", re.IGNORECASE)
"""Behind a whole number: round the clock."""

FULL = 9
"""A dash without spaces parts numbers of so many digits."""

_WITHOUT_DIGITS = str.maketrans("", "", "0123456789")
_ANOTHER = 6
MAX_DIGITS = 15
"""No number has more digits with its country code (E.164)."""

_UNSIGNED = re.compile(r"[^*#a-zA-Z]*(?![*#])")
_DASH = re.compile(r"- ?\(?[+0]")
_PARTED = re.compile(r" ?- ?(?=\(?[+0])")
_ENDING = re.compile(r" ?[,;~] ?(?=- ?[0-9]{1,5}(?![0-9]))")
_MARK = re.compile(
    rf" *(?:[{ANOTHER}{DOT}\t\\<>=]|--|\.\.)(?:[{ANOTHER}{DOT}\t\\<>="
    rf" .-]*[{ANOTHER}{DOT}\t\\<>=.-])? *|-+> *"
)
_ARROW = re.compile(rf"[{ANOTHER}\\<>=]")
_MARK_IN_ASCII = re.compile(r"[\t\\<>=]|--|\.\.")
_BLANK = re.compile(r"(?<=[0-9)\].]) +(?=[(\[]*\+?[0-9])")
_RUN = re.compile(r"[+(\[]*[0-9][0-9 ()\[\]./-]*")
_AREA = re.compile(r"[(\[]*(0[0-9]{2,5})(?![0-9])")
_TILDE = re.compile(r" ?~ ?-?")
_SEPARATOR = re.compile(r"[,;]")
_BAR = re.compile(r"[|&]")
_AND = re.compile(r" (?:or|oder|ou|and|und|bzw)(?= )", re.IGNORECASE)


def count(text: str) -> int:
    """Return how many digits a folded text holds."""
    return len(text) - len(text.translate(_WITHOUT_DIGITS))


def mark_numbers(text: str) -> str:
    """Return a folded text with "|" for signs between two numbers.

    The signs are dashes, commas, arrows and dots. They may also stand between a number
    and a second ending.
    """
    if not text.isascii() or _MARK_IN_ASCII.search(text):
        text = _MARK.sub(_mark_sign, text)
    if "-" in text:
        if _DASH.search(text):
            text = _PARTED.sub(_mark_dash, text)
        if "," in text or ";" in text or "~" in text:
            text = _ENDING.sub(
                lambda ending: "|" if count(text[: ending.start()]) >= WHOLE else ending[0], text
            )
    return _TILDE.sub(_mark_tilde, text) if "~" in text else text


def _mark_dash(dash: re.Match[str]) -> str:
    """Return what stands for a dash: one between two whole numbers parts them."""
    before, behind = count(dash.string[: dash.start()]), count(dash.string[dash.end() :])
    fewest = (WHOLE, WHOLE) if dash[0].startswith(" ") and dash[0].endswith(" ") else (FULL, FULL)
    return "|" if before >= fewest[0] and behind >= fewest[1] else dash[0]


def _mark_sign(mark: re.Match[str]) -> str:
    """Return what stands for an arrow, a dot, a tab or a doubled dash.

    Behind a complete number another one follows.
    """
    text, sign = mark.string, mark[0].strip(" ")
    if text[: mark.start()][-1:].isalpha():
        return mark[0]  # ";ext=12"
    before, rest = count(text[: mark.start()]), text[mark.end() :]
    behind = count(rest)
    other = "-" if "-" in sign else " "
    if before < WHOLE or not behind:
        return mark[0] if _ARROW.search(sign) else other
    if ANOTHER in sign or "->" in sign or "=>" in sign:
        return "|"
    # The same sign before shows that it parts groups: "0151 . 1234 . 5678".
    is_first = sign[0] not in text[: mark.start()]
    is_another = behind >= _ANOTHER and rest.lstrip("([ ")[:1] in ("0", "+")
    return "|" if is_another or (is_first and (behind >= WHOLE or before >= FULL)) else other


def _mark_tilde(tilde: re.Match[str]) -> str:
    """Return what stands for a wavy dash.

    It is a range or an extension behind a complete number, else a hyphen.
    """
    if count(tilde.string[: tilde.start()]) < WHOLE:
        return "-"
    return "|" if "-" in tilde[0] or not tilde[0].startswith(" ") else " x "


def end_of_first(text: str) -> int:
    """Return where the first of several numbers ends, the text's length if only one."""
    ends = [len(text)]
    if "|" in text or "&" in text:
        ends.extend(mark.start() for mark in _BAR.finditer(text) if count(text[: mark.start()]))
    if (word := _AND.search(text)) and count(text[: word.start()]):
        ends.append(word.start())
    if text[0] not in "*#" and (plus := text.find("+", 1)) > 0 and count(text[:plus]):
        ends.append(plus)
    for part in BRACKETED.finditer(text) if "(" in text or "[" in text else ():
        if count(text[: part.start()]) >= WHOLE and (
            count(part[0]) >= _ANOTHER or _is_followed_by_another(part, text)
        ):
            ends.append(part.start())
    if "/" in text or "24" in text:
        ends.extend(
            hours.start() for hours in HOURS.finditer(text) if count(text[: hours.start()]) >= WHOLE
        )
    if (separator := _SEPARATOR.search(text)) and _is_number_behind(separator, text):
        ends.append(separator.start())
    if "/" in text:
        slashes = [at for at, character in enumerate(text) if character == "/"]
        ends.extend(
            at for at in slashes if is_between_numbers(text[:at], text[at + 1 :], at == slashes[0])
        )
        ends.extend(
            at
            for first, at in pairwise(slashes)
            if _is_second_ending(text[:first], text[first + 1 : at], text[at + 1 :])
        )
    return min(ends)


def mark_at_blank(text: str) -> str:
    """Return a folded text with "|" for a blank that alone separates two numbers."""
    run = _RUN.search(text)
    if run is None or not (blank := _blank_between(run[0])):
        return text
    return f"{text[: run.start() + blank]}|{text[run.start() + blank :]}"


def _blank_between(text: str) -> int:
    """Return where a blank alone parts two numbers, 0 if none does.

    It does if both together have more digits than a number, or the second begins with
    the same area code ("089 555 089 556").
    """
    total = count(text)
    if total < 2 * _ANOTHER:
        return 0
    area = _AREA.match(text)
    is_too_long, is_whole = (
        total > MAX_DIGITS + (2 if text.startswith("00") else 0),
        text.lstrip("([")[0] in "0+" and "/" not in text,
    )
    zero = before = last = 0
    for blank in _BLANK.finditer(text):
        before += count(text[last : blank.start()])
        last, rest = blank.start(), text[blank.end() :]
        if before < _ANOTHER or total - before < _ANOTHER:
            continue
        if area and (again := _AREA.match(rest)) and again[1] == area[1]:
            return last
        if (
            before >= WHOLE
            and 2 * before == total
            and (is_too_long or text.count(" ") == 1)
            and _shape(text[:last]) == _shape(rest)
        ):
            return last
        if (
            not zero
            and before >= WHOLE
            and is_too_long
            and is_whole
            and rest.lstrip("([")[0] in "0+"
        ):
            zero = last
    return zero


def _shape(text: str) -> str:
    return re.sub("[0-9]", "0", text.strip("([ "))


def _is_number_behind(separator: re.Match[str], text: str) -> bool:
    """Return True if a complete number follows a comma, or an extension ("1001, 1002").

    What is dialled after a pause is shorter, or holds # or *. Two commas are a pause of
    twice the length.
    """
    rest = text[separator.end() :]
    behind = re.split(r"[,;]", rest, maxsplit=1)[0]
    number = _UNSIGNED.match(behind)
    if number is None:
        return False
    found, before = count(number[0]), count(text[: separator.start()])
    return found >= WHOLE or (
        rest.startswith(" ") and number[0] == behind and 3 <= found == before < WHOLE
    )


def _is_second_ending(head: str, middle: str, rest: str) -> bool:
    """Return True if the second of two slashes separates an ending ("0241/555-12/13").

    The slashes in "212/555/0107" are separators of one number.
    """
    before = count(head) + count(middle)
    if before < WHOLE or not 0 < count(rest) <= 3:
        return False
    last = count(re.split(r"[ -]", middle)[-1])
    return count(rest) <= last and (last != count(middle) or count(middle) >= 5)


def _is_followed_by_another(part: re.Match[str], text: str) -> bool:
    """Return True if another number follows a part in brackets.

    An example is "089 5550109 (home) 0170 5550114".
    """
    rest = text[part.end() :].lstrip()
    return rest.startswith(("0", "+")) and count(rest) >= _ANOTHER


def is_between_numbers(head: str, rest: str, is_first: bool) -> bool:
    """Return True for a slash between numbers ("0895550109 / 0895550110", "1001/1002").

    A slash behind an area code ("089/5550109") is none.
    """
    before, behind = count(head), count(rest)
    bare = "".join(re.findall("[0-9+]", head))
    longest_code = 8 if bare.startswith("+") else 10 if bare.startswith("00") else 6
    if before > longest_code:
        return is_first or not rest[:1].isdigit() or before > longest_code + 4
    if (
        before >= 5
        and behind >= 6
        and rest.lstrip(" (").startswith("+" if bare.startswith(("+", "00")) else ("+", "0"))
    ):
        return True
    return is_first and not bare.startswith(("+", "0")) and 0 < behind <= max(before, 4)
