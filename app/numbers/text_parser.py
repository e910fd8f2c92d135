"""Parse a written number that is not plain.

It handles scripts, separators, letters, pauses, extensions and tel: URIs. Characters
keep their order, and what is left out is reported.
"""

# - `tel:+49-89-555;ext=109` holds an extension (RFC 3966). A number without + is put behind its
#   `;phone-context=+49-89`, as libphonenumber does. The RFC itself only says that the context tells
#   where the number is valid.
# - No country code begins with 0 (E.164). "+0049 89 ..." and "+089 ..." are written by people who
#   take + for an ornament.
# - Spreadsheets turn 491234567890 into 4.9123E+11, mark text by an apostrophe ('0123), and make
#   fractions of numbers (49123.0).

import re
from urllib.parse import unquote

from app.numbers.beginnings import without_head
from app.numbers.endings import without_tail
from app.numbers.folding import ANOTHER, CURRENCY, fold, has_footnote
from app.numbers.letters import LETTER, LETTERS, spell
from app.numbers.parsed_number import (
    ADDRESS,
    BETWEEN,
    DAMAGED,
    MAYBE_DATE,
    NO_NUMBER,
    ONE_PLUS,
    PLUS,
    PLUS_BETWEEN,
    QUANTITY,
    REMARK,
    SEVERAL,
    TOO_LONG,
    WORDS,
    ParsedNumber,
)
from app.numbers.quantities import has_number_form, without_quantities
from app.numbers.region_plan import EMERGENCY_ANYWHERE
from app.numbers.remarks import without_remarks
from app.numbers.signs import (
    FRACTION,
    STARS,
    without_early_pauses,
    without_fraction,
    without_places,
)
from app.numbers.splitter import (
    HOURS,
    WHOLE,
    count,
    end_of_first,
    mark_at_blank,
    mark_numbers,
)
from app.numbers.suffixes import EXTENSION_LABEL, split_extension, split_pause, split_sign
from app.numbers.trunk_zero import without_trunk_zero
from app.numbers.validity import is_foreign

_MAX_TEXT = 256  # characters, separators counted once; a number and its remark stay far below
_DAMAGE = re.compile(
    r"[+-]?(?:[0-9]+[.,][0-9]+[eE][+-]?|[0-9]+[eE][+-])[0-9]+|['’‘`][+0-9].*", re.DOTALL
)
_CONTEXT = re.compile(r";\s*phone-context=", re.IGNORECASE)
_URI = re.compile(r"(?:tel|callto|phone|sips?):(?://)?", re.IGNORECASE)
_SEPARATORS = re.compile(r"[^0-9+*#()\[\]/,;|&a-zA-Z\x80-\U0010ffff]+")
_SPELT = re.compile(r"(?<=[0-9])-(?=[A-Z]{2})")  # "555-HELP"
_START = re.compile(r"[0-9]|(?<=[*#])[a-zA-Z]|(?<=[*#] )[a-zA-Z]")
_SUM = re.compile(r"[0-9]+ ?\+ ?[0-9]{1,3} ?")
_LETTER_AS_DIGIT = re.compile(r"(?<![^\W\d_])[OoIl][0-9]\Z")  # "O30 123456"
# A North American number has ten digits, the first and the fourth of them from 2 to 9 (NANPA).
_TEN_DIGITS = r"[2-9](?:[^0-9]?[0-9]){2}[^0-9]{0,3}[2-9](?:[^0-9]?[0-9]){6}(?![0-9]| [0-9])"
_ONE_PLUS = re.compile(rf"1 ?\+ ?(?=\(? ?(?:{_TEN_DIGITS}|8(?:00|33|44|55|66|77|88)[) ]*[a-zA-Z]))")
_CODE_AND_PLUS = re.compile(r"(?:7|[2-9][0-9]) ?\+")  # "86+138 ...", "7+495 ..."
_REPEATED = re.compile(r"([ \t._-])\1+")
_BETWEEN = re.compile(rf"[0-9][^\w{CURRENCY}]*[:!?%=<>'\"@_{{}}\\{ANOTHER}]+[^\w{CURRENCY}]*[0-9]")


def parse_text(raw: str) -> ParsedNumber:
    """Return what is written in `raw`, any text at all.

    Takes time linear in its length, and never raises.
    """
    text = raw.strip()
    if _DAMAGE.fullmatch(text):
        return ParsedNumber("", refused=DAMAGED)
    extension = ""
    if (uri := _URI.match(text)) or (";" in text and _CONTEXT.search(text)):
        text, extension = _read_uri(text[uri.end() if uri else 0 :])
    elif "@" in text:
        return ParsedNumber("", refused=ADDRESS)
    warnings = [REMARK] if has_footnote(text) else []
    text = fold(text).strip(" ")
    if len(text) > _MAX_TEXT:
        text = _REPEATED.sub(r"\1", text)
    if len(text) <= 4 * _MAX_TEXT:
        beside = without_quantities(text)
        if beside.is_all:
            return (
                ParsedNumber("".join(re.findall("[0-9]", text)), warnings=(MAYBE_DATE,))
                if has_number_form(text)
                else ParsedNumber("", refused=QUANTITY)
            )
        if beside.found:
            warnings.append(REMARK)
        text = _bare(beside.text, warnings)
    text = _SEPARATORS.sub(" ", _SPELT.sub("", text).replace(CURRENCY, " "))
    if len(text) > _MAX_TEXT:
        return ParsedNumber("", refused=TOO_LONG if count(text) else NO_NUMBER)
    return _read_folded(text, extension, warnings)


def _bare(text: str, warnings: list[str]) -> str:
    """Return a folded text without what stands beside its number.

    A "|" follows the first of several numbers.
    """
    whole = without_fraction(text)
    if whole != text:
        warnings.append(FRACTION)
    text = without_head(whole)
    is_listed = text != whole
    text, has_stars = without_places(text)
    if has_stars:
        warnings.append(STARS)
    text, has_remarks = without_remarks(mark_numbers(text), EXTENSION_LABEL)
    text, has_tail = without_tail(text)
    if is_listed or has_remarks or has_tail:
        warnings.append(REMARK)
    if not warnings and _BETWEEN.search(text):
        warnings.append(BETWEEN)
    return mark_at_blank(text)


def _plus_of_a_country(digits: str, warnings: list[str]) -> str:
    if not digits.startswith("+0"):
        return digits
    warnings.append(PLUS)
    return digits[1:]


def _read_uri(text: str) -> tuple[str, str]:
    number, *parameters = unquote(text).split(";")
    named = {
        name.strip().lower(): value
        for name, _, value in (parameter.partition("=") for parameter in parameters)
    }
    context = named.get("phone-context", "").partition("@")[0].strip()
    number = number.partition("@")[0].strip()
    # An emergency number is one wherever it is valid.
    if context.startswith("+") and not number.startswith("+") and number not in EMERGENCY_ANYWHERE:
        number = f"{context} {number}"
    return number, "".join(re.findall("[0-9]", fold(named.get("ext", ""))))


def _read_folded(text: str, extension: str, warnings: list[str]) -> ParsedNumber:
    start = _START.search(text)
    if start is None:
        return ParsedNumber("", refused=NO_NUMBER)
    before = text[: start.start()].rstrip("+*#([ ")
    if _LETTER_AS_DIGIT.search(text, 0, start.end()):
        return ParsedNumber("", refused=WORDS)
    if LETTER.search(before):
        warnings.append(REMARK)
    text = text[len(before) :].lstrip("([ ")
    if _CODE_AND_PLUS.match(text) and is_foreign(re.sub("[^0-9]", "", text), ""):
        return ParsedNumber("", refused=PLUS_BETWEEN)
    if one := _ONE_PLUS.match(text):
        text = "+1 " + text[one.end() :]
        warnings.append(ONE_PLUS)
    else:
        early = without_early_pauses(text)
        if early.refused:
            return ParsedNumber("", refused=early.refused)
        text = early.text
        warnings += early.warnings
    end = end_of_first(text)
    is_between = text[0] in "+0" or text.count("+") > 1 or _SUM.fullmatch(text)
    if text[end : end + 1] == "+" and is_between and count(text[:end]) < WHOLE - 1:
        return ParsedNumber("", refused=PLUS_BETWEEN)
    if HOURS.match(text, end):
        warnings.append(REMARK)
    elif count(text[end:]):
        warnings.append(SEVERAL)
    elif LETTER.search(text, end):
        warnings.append(REMARK)
    text = text[:end]
    text, labelled = split_extension(text)
    text, pause = split_pause(text, warnings)
    text, behind = split_sign(text, warnings)
    extension = behind or labelled or extension
    text = spell(without_trunk_zero(text), warnings)
    if not text:
        return ParsedNumber("", refused=WORDS)
    digits = _plus_of_a_country(
        re.sub(r"^\++(?=[*#+])", "", re.sub(r"[^0-9*#+]", "", text)), warnings
    )
    if "*" in digits or "#" in digits:
        # A remark may have stood among its first digits.
        digits, behind = split_sign(_without_spelt_stars(digits, warnings), warnings)
        extension = behind or extension
    if not count(digits):
        return ParsedNumber("", refused=NO_NUMBER)
    return ParsedNumber(digits, extension, pause, tuple(warnings))


def _without_spelt_stars(digits: str, warnings: list[str]) -> str:
    """Return digits without a carrier's place that letters hid ("0*2 FLOWERS")."""
    bare, has_stars = without_places(digits) if LETTERS in warnings else (digits, False)
    if has_stars:
        warnings.append(STARS)
    return bare.replace(" ", "")
