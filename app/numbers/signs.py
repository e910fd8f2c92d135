"""Signs among the digits of a written number that are not dialled.

Fractions that a spreadsheet made, the places that people leave for a carrier's digits,
and commas that part the area code.
"""

import re

import msgspec

from app.numbers.splitter import WHOLE, count

FRACTION = "A spreadsheet made a fraction of it: leading zeros may be missing."
STARS = "A * or # between its digits was left out."
SEPARATOR = "A comma or pause stands near its beginning: it was left out."
COMMA = "A comma or pause near its beginning may part two numbers: it is not dialled."
LINE = "An outside line that is written before it was left out."

_FRACTION = re.compile(
    r"(?<![0-9])(?<![0-9][.,])([0-9]{6,})\.0+(?![0-9]| ?[.,-] ?[0-9]| [0-9]{1,4}(?![0-9]))"
)
_SHORT_FRACTION = re.compile(
    r"([1-9][0-9]*(?=[.,]00?\Z)|[1-9][0-9]{3,})[.,]0+|(\+?[0-9]{6,})[.,]0+"
)
# Brazilians write "(0xx11) 4999-1234": whoever dials chooses a carrier. Poland had such digits
# until 2010 ("0*22 ...").
_PLACE = re.compile(
    r"(?<![0-9a-z])[0o] ?[-(+]? ?(?:xx|op|operadora|prestadora) ?[-)+]? ?(?=[(\[]? ?[1-9][0-9])",
    re.IGNORECASE,
)
_LINES = re.compile(r"(?<![0-9a-z])0 ?(?:--|__) ?(?=[1-9][0-9][ )\]])", re.IGNORECASE)
_BEFORE_AREA = re.compile(r"([(\[]) ?\*{1,3} ?(?=[1-9][0-9] ?[)\]])")
_STARS = re.compile(r" ?-? ?[*#]+ ?-? ?(?=[0-9a-zA-Z(\[])")
_CUT_OFF = 6

_MARK = r"(?:[,;]|(?<![^\W\d_])[pw](?![^\W\d_]))"
_EARLY = re.compile(
    rf"([+(\[ ]*[0-9](?:[ ()\[\]/-]*[0-9]){{0,7}}[ )\]/.-]*){_MARK}[ /.-]*(?=[+(\[]? ?[0-9])",
    re.IGNORECASE,
)
_OUTSIDE_LINE = re.compile(
    rf"[0-9]{{1,2}} ?(?:{_MARK} ?(?=[+0-9(])|(?=\+))|0(?:[)\]] ?| ?[-/] ?| )(?=[(\[]?0)",
    re.IGNORECASE,
)
# In Russia 8 gives the tone of the long-distance exchange, and 10 behind it that of the
# international one ("8~10 49 ...").
_HINT = re.compile(r"[,;pw+~]|8 ?-|^0[ )\]/-]", re.IGNORECASE)
_RUSSIAN = re.compile(rf"8 ?(?:{_MARK}|[~-]) ?10(?![0-9])[ ,;-]*(?=[1-9])", re.IGNORECASE)
_MAX_CODE, _MAX_AREA = 8, 5
_SHORT_GROUPS = re.compile(r" [0-9]{2,3} ?$")
_SHORT_GROUP = re.compile(r"[0-9]{2,4}(?![0-9])")
_WORD_MARK = re.compile(r"[*#]|[,;] ?[,;]")


class Parted(msgspec.Struct, frozen=True, gc=False):
    """A text without the pauses near its beginning, and warnings of what was left out.

    `refused` means that their meaning is not known.
    """

    text: str
    warnings: tuple[str, ...] = ()
    refused: str = ""


def without_fraction(text: str) -> str:
    """Return a folded text without the ".0" behind whole numbers ("+4915112345678.0")."""
    if whole := _SHORT_FRACTION.fullmatch(text):
        return whole[1] or whole[2]
    return _FRACTION.sub(r"\1", text) if ".0" in text else text


def without_places(text: str) -> tuple[str, bool]:
    """Return a folded text without places for a carrier's digits; whether it had stars.

    Examples are "(0xx11)", "(0**11)" and "0*22". A code that begins or ends with a star
    or hash, and a short one, is none of these.
    """
    if "xx" in (lower := text.lower()) or "op" in lower or "adora" in lower:
        text = _PLACE.sub("0", text)
    elif "--" in text or "__" in text:
        text = _LINES.sub("0", text)
    if "*" not in text and "#" not in text:
        return text, False
    bare = _BEFORE_AREA.sub(r"\g<1>0", text) if count(text) > WHOLE else text
    first = re.search(r"[*#]", bare)
    if first is None or bare.rstrip(" )]")[-1:] in ("*", "#"):
        return bare, bare != text
    head = bare[: first.start()].strip("([ ")
    if (
        head[:1] in ("0", "+")
        and 1 <= count(head) <= _CUT_OFF
        and sum(map(str.isalnum, bare[first.end() :])) >= _CUT_OFF
    ):
        bare = _STARS.sub(" ", bare)
    return bare, bare != text


def without_early_pauses(text: str) -> Parted:
    """Return a text without pauses behind an outside line or an area code.

    Examples are "030,123456" and "8w10 49 ...". Double commas, and stars and hashes,
    are what a phone shall dial.
    """
    if not _HINT.search(text):
        return Parted(text)
    warnings: list[str] = []
    if (russian := _RUSSIAN.match(text)) and count(text) >= WHOLE + 3:
        warnings += [SEPARATOR] if russian[0][1:].lstrip(" ")[0] not in "~-" else []
        text = "810 " + text[russian.end() :]
    elif (outside := _OUTSIDE_LINE.match(text)) and count(text[outside.end() :]) >= 6:
        text = text[outside.end() :]
        warnings.append(LINE)
    is_outside = bool(warnings)
    while (early := _EARLY.match(text)) and not _WORD_MARK.search(text):
        head, rest = early[1], text[early.end() :]
        before, behind = count(head), count(rest)
        is_abroad = head.startswith(("+", "00", "810"))
        if not (
            is_outside or is_abroad or ")" in head or "]" in head or (head[0] == "0" and before > 1)
        ):
            is_two = before == 3 and behind >= _CUT_OFF and not early[0].endswith(" ")
            return Parted(text, tuple(warnings), COMMA if is_two else "")
        if before > (_MAX_CODE if is_abroad else _MAX_AREA) and not (
            warnings and _SHORT_GROUPS.search(head) and _SHORT_GROUP.match(rest)
        ):
            break
        if before + behind < WHOLE or (
            rest.lstrip("([ ")[0] in "+0" and before > 1 and behind >= WHOLE
        ):
            return Parted(text, tuple(warnings), COMMA if before <= 4 and head[0] != "+" else "")
        text = f"{head} {rest}"
        warnings.append(SEPARATOR)
    return Parted(text, tuple(dict.fromkeys(warnings)))
