"""Several numbers in one field: where the first one ends.

Law of this file: it knows what people put between numbers (words, slashes, commas, brackets), and neither turns nor drops a character.

Fact: no part of a country and area code is longer than 3 and 5 digits in the plans that are written with a slash ("02405/5550").
"""

import re

BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]?")
WHOLE = 7
"""A bracket behind so many digits holds no part of the number: another number, or a remark."""

HOURS = re.compile(r"[ (\[]*(?<![0-9])(?:(?:24|7)/(?:24|7)|24 ?h)(?![0-9a-z])", re.IGNORECASE)
"""Behind a whole number: round the clock."""

_ANOTHER = 6
_AND = re.compile(r"[|&]|(?<= )(?:or|oder|ou|and|und|bzw)(?= )", re.IGNORECASE)


def count(text: str) -> int:
    """Return how many digits a text holds."""
    return sum(map(str.isdigit, text))


def end_of_first(text: str) -> int:
    """Return where the first of several numbers ends; the text's length where there is but one."""
    ends = [len(text)]
    ends.extend(mark.start() for mark in _AND.finditer(text) if count(text[: mark.start()]))
    if text[0] not in "*#" and (plus := text.find("+", 1)) > 0 and count(text[:plus]):
        ends.append(plus)
    ends.extend(part.start() for part in BRACKETED.finditer(text) if count(part[0]) >= _ANOTHER and count(text[: part.start()]) >= WHOLE)
    ends.extend(hours.start() for hours in HOURS.finditer(text) if count(text[: hours.start()]) >= WHOLE)
    ends.extend(part.start() for part in BRACKETED.finditer(text) if _is_followed_by_another(part, text))
    if separator := re.search(r"[,;]", text):
        rest = text[separator.end() :]
        number = count(rest) >= 7 and not re.search(r"[*#,;a-zA-Z]", rest)
        if number and rest.startswith((" ", "+", "0")):
            ends.append(separator.start())
    slashes = [at for at, character in enumerate(text) if character == "/"]
    ends.extend(at for at in slashes if parts_numbers(text[:at], text[at + 1 :], at == slashes[0]))
    return min(ends)


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
    if before >= 5 and behind >= 6 and rest.lstrip(" (").startswith(("+", "0")):
        return True
    return is_first and not bare.startswith(("+", "0")) and 0 < behind <= max(before, 4)
