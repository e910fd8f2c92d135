"""Several numbers in one field: where the first one ends.

Law of this file: it knows what people put between numbers (words, slashes, commas, dashes, brackets), and no region.

Fact: no part of a country and area code is longer than 3 and 5 digits in the plans that are written with a slash ("02405/5550").
"""

import re
from itertools import pairwise

BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]?")
WHOLE = 7
"""A bracket behind so many digits holds no part of the number: another number, or a remark."""

HOURS = re.compile(r"[ (\[]*(?<![0-9])(?:(?:24|7)/(?:24|7)|24 ?h)(?![0-9a-z])", re.IGNORECASE)
"""Behind a whole number: round the clock."""

FULL = 9
"""A dash without spaces parts numbers of so many digits."""

_ANOTHER = 6
_UNSIGNED = re.compile(r"[^*#a-zA-Z]*(?![*#])")
_PARTED = re.compile(r" ?- ?(?=\(?[+0])")
_ENDING = re.compile(r" ?[,;~] ?(?=- ?[0-9]{1,5}(?![0-9]))")
_TILDE = re.compile(r" ?~ ?-?")
_AND = re.compile(r"[|&]|(?<= )(?:or|oder|ou|and|und|bzw)(?= )", re.IGNORECASE)


def count(text: str) -> int:
    """Return how many digits a text holds."""
    return sum(map(str.isdigit, text))


def parted(text: str) -> str:
    """Return a folded text with "|" for the dashes, commas and wavy dashes that part two numbers, or a number and a second ending."""
    if "-" in text:
        text = _PARTED.sub(_part, text)
        text = _ENDING.sub(lambda ending: "|" if count(text[: ending.start()]) >= WHOLE else ending[0], text)
    return _TILDE.sub(_tilde, text) if "~" in text else text


def _part(dash: re.Match[str]) -> str:
    """Return what stands for a dash: one between two whole numbers parts them."""
    before, behind = count(dash.string[: dash.start()]), count(dash.string[dash.end() :])
    fewest = (WHOLE, WHOLE) if dash[0].startswith(" ") and dash[0].endswith(" ") else (FULL, FULL)
    return "|" if before >= fewest[0] and behind >= fewest[1] else dash[0]


def _tilde(tilde: re.Match[str]) -> str:
    """Return what stands for a wavy dash: a range or an extension behind a whole number, else a hyphen."""
    if count(tilde.string[: tilde.start()]) < WHOLE:
        return "-"
    return "|" if "-" in tilde[0] or not tilde[0].startswith(" ") else " x "


def end_of_first(text: str) -> int:
    """Return where the first of several numbers ends; the text's length where there is but one."""
    ends = [len(text)]
    ends.extend(mark.start() for mark in _AND.finditer(text) if count(text[: mark.start()]))
    if text[0] not in "*#" and (plus := text.find("+", 1)) > 0 and count(text[:plus]):
        ends.append(plus)
    ends.extend(part.start() for part in BRACKETED.finditer(text) if count(part[0]) >= _ANOTHER and count(text[: part.start()]) >= WHOLE)
    ends.extend(hours.start() for hours in HOURS.finditer(text) if count(text[: hours.start()]) >= WHOLE)
    ends.extend(part.start() for part in BRACKETED.finditer(text) if _is_followed_by_another(part, text))
    if (separator := re.search(r"[,;]", text)) and _is_number_behind(separator, text):
        ends.append(separator.start())
    slashes = [at for at, character in enumerate(text) if character == "/"]
    ends.extend(at for at in slashes if parts_numbers(text[:at], text[at + 1 :], at == slashes[0]))
    ends.extend(at for first, at in pairwise(slashes) if _is_second_ending(text[:first], text[first + 1 : at], text[at + 1 :]))
    return min(ends)


def _is_number_behind(separator: re.Match[str], text: str) -> bool:
    """Tell whether a whole number follows a comma, or another extension ("1001, 1002").

    What is dialled after a pause is shorter, or holds # or *. Two commas are a pause of twice the length.
    """
    rest = text[separator.end() :]
    behind = re.split(r"[,;]", rest, maxsplit=1)[0]
    number = _UNSIGNED.match(behind)
    if number is None:
        return False
    found, before = count(number[0]), count(text[: separator.start()])
    return found >= WHOLE or (rest.startswith(" ") and number[0] == behind and 3 <= found == before < WHOLE)


def _is_second_ending(head: str, middle: str, rest: str) -> bool:
    """Tell whether the second of two slashes parts "0241/555-12/13", and is none of the separators in "212/555/0107"."""
    before = count(head) + count(middle)
    if before < WHOLE or not 0 < count(rest) <= 3:
        return False
    last = count(re.split(r"[ -]", middle)[-1])
    return count(rest) <= last and (last != count(middle) or count(middle) >= 5)


def _is_followed_by_another(part: re.Match[str], text: str) -> bool:
    """Tell whether a part in brackets stands between two whole numbers: "089 5550109 (home) 0170 5550114"."""
    rest = text[part.end() :].lstrip()
    return count(text[: part.start()]) >= WHOLE and rest.startswith(("0", "+")) and count(rest) >= _ANOTHER


def parts_numbers(head: str, rest: str, is_first: bool) -> bool:
    """Tell a slash between numbers ("0895550109 / 0895550110", "1001/1002") from one behind an area code ("089/5550109")."""
    before, behind = count(head), count(rest)
    bare = "".join(re.findall("[0-9+]", head))
    longest_code = 8 if bare.startswith("+") else 10 if bare.startswith("00") else 6
    if before > longest_code:
        return is_first or not rest[:1].isdigit() or before > longest_code + 4
    if before >= 5 and behind >= 6 and rest.lstrip(" (").startswith("+" if bare.startswith(("+", "00")) else ("+", "0")):
        return True
    return is_first and not bare.startswith(("+", "0")) and 0 < behind <= max(before, 4)
