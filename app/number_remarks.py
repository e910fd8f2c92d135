"""Prices and remarks in brackets behind a number, which are not dialled."""

import re

from app.number_fold import CURRENCY
from app.number_several import BRACKETED, WHOLE, count

_LETTER = re.compile(r"[^\W\d_]")
_SIGN = rf"[{CURRENCY}$]"
_WORD = r"(?:EUR|Euros?|cts?|cents?|CHF|USD|GBP|Rappen|Cent[sy]?|pence)(?![^\W\d_])\.?"
_OTHER = r"(?:kr|SEK|NOK|DKK|Fr|Rp|p|z\u0142|zl|PLN|K\u010d|Kc|CZK|Ft|HUF|lei|\u0440\u0443\u0431|\u5186|\u5143)(?![^\W\d_])\.?"
_AMOUNT = r"[0-9]{1,3}(?:[.,][0-9]{1,3})?"
_PER = r"(?:/|per|pro|je|par|por|al|\u0437\u0430|za) ?(?:a |la |der )?(?:min|anruf|call|appel|llamada|sms|sek|sec|stk)"
# German law makes firms write the price behind every 0180 and 0900 number (TKG, paragraph 109); so do others by habit.
_PRICE = re.compile(
    r"(?:^|(?<=[ (\[,;:=/-]))(?:(?:ab|from|nur|only|max|zzgl)\.?)? ?"
    rf"(?:(?:{_SIGN}|{_WORD}) ?{_AMOUNT}|{_AMOUNT} ?(?:{_SIGN}(?! ?[0-9])|{_WORD})"
    rf"|{_AMOUNT} ?{_OTHER} ?{_PER}|[0-9]{{1,3}},[0-9]{{1,3}} ?{_OTHER}|{_AMOUNT} ?{_PER})",
    re.IGNORECASE,
)
_MONEY = re.compile(rf"{_SIGN}|(?<![^\W\d_]){_WORD}|{_PER}", re.IGNORECASE)
_HINT = re.compile(rf"{_SIGN}|[0-9] ?(?:/ ?)?[^\W\d_][^\W_]|(?:eur|chf|usd|gbp|ct|cent|rappen|pence)[a-z]* ?[0-9]", re.IGNORECASE)
_SHORT = 4
_RANGE = re.compile(r"[(\[] ?[0-9]{1,2}(?:[.:]?[0-9]{2})? ?- ?[0-9]{1,2}(?:[.:]?[0-9]{2})? ?[)\]]?")  # opening hours: "(8-17)"


def without_remarks(text: str, extension: re.Pattern[str]) -> tuple[str, bool]:
    """Return a folded text without prices and brackets that hold a remark, and whether there were any.

    What `extension` matches in brackets is none, and another number in brackets neither.
    """
    bare = text
    if "(" in text or "[" in text:
        bare = BRACKETED.sub(lambda found: " " if _is_remark(found, extension) else found[0], bare)
    for price in _PRICE.finditer(bare) if _HINT.search(bare) else ():
        if count(bare[: price.start()]) >= WHOLE - 1:
            behind = bare[price.end() :]
            bare = bare[: price.start()].rstrip("(,;:=-[ ") + ("|" + behind if count(behind) >= WHOLE else "")
            break
    return bare, bare != text


def _is_remark(bracketed: re.Match[str], extension: re.Pattern[str]) -> bool:
    part = bracketed[0]
    digits = count(part)
    if not digits or (before := count(bracketed.string[: bracketed.start()])) < 3 or extension.search(part):
        return False
    if before >= WHOLE - 1 and _MONEY.search(part):
        return True
    if before >= WHOLE and _RANGE.fullmatch(part):
        return True
    return digits < (WHOLE - 1 if before >= WHOLE else _SHORT) and _LETTER.search(part) is not None
