"""Prices, hours, footnotes and remarks beside a number, which are not dialled."""

import re

from app.numbers.folding import CURRENCY
from app.numbers.letters import LETTER
from app.numbers.splitter import BRACKETED, WHOLE, count

_SIGN = rf"[{CURRENCY}$]"
_WORD = r"(?:EUR|Euros?|cts?|cents?|CHF|USD|GBP|Rappen|Cent[sy]?|pence)(?![^\W\d_])\.?"
_OTHER = (
    r"(?:kr|SEK|NOK|DKK|Fr|Rp|p|z\u0142|zl|PLN|K\u010d|Kc|CZK|Ft|HUF|lei|\u0440\u0443\u0431|"
    r"\u5186|\u5143)(?![^\W\d_])\.?"
)
_AMOUNT = r"[0-9]{1,3}(?:[.,][0-9]{1,3})?"
_PER = (
    r"(?:/|per|pro|je|par|por|al|\u0437\u0430|za) ?(?:a |la |der"
    r" )?(?:min|anruf|call|appel|llamada|sms|sek|sec|stk)"
)
# German law makes firms write the price behind every 0180 and 0900 number (TKG, paragraph 109); so
# do others by habit.
_PRICE = re.compile(
    r"(?:^|(?<=[ (\[,;:=/-]))(?:(?:ab|from|nur|only|max|zzgl)\.?)? ?"
    rf"(?:(?:{_SIGN}|{_WORD}) ?{_AMOUNT}|{_AMOUNT} ?(?:{_SIGN}|{_WORD})(?! ?[0-9])"
    rf"|{_AMOUNT} ?{_OTHER} ?{_PER}|[0-9]{{1,3}},[0-9]{{1,3}} ?{_OTHER}|{_AMOUNT} ?{_PER})",
    re.IGNORECASE,
)
_MONEY = re.compile(rf"{_SIGN}|(?<![^\W\d_]){_WORD}|{_PER}", re.IGNORECASE)
_HINT = re.compile(
    rf"{_SIGN}|[0-9] ?(?:/ ?)?(?!ext|x"
    r" ?[0-9])[^\W\d_][^\W_]|[^\W\d_]/|(?:eur|chf|usd|gbp|ct|cent|rappen|pence)[a-z]* ?[0-9]",
    re.IGNORECASE,
)
_SHORT = 4
_RANGE = re.compile(
    r"[(\[] ?[0-9]{1,2}(?:[.:]?[0-9]{2})? ?- ?[0-9]{1,2}(?:[.:]?[0-9]{2})? ?[)\]]?"
)  # opening hours: "(8-17)"

_CLOSING = re.compile(r"[)\]}>]")
_DIGIT_BEFORE_WORD = re.compile(r" [0-9]{1,2}(?:[.:][0-9]{2})?(?:\. ?| ?/?)(?:-|[^\W\d_])")
_FOOTNOTE = re.compile(
    r" ?[(\[{<] ?\*?[1-9][0-9]?[.)*]?(?:, ?[1-9][0-9]?)* ?[)\]}>]| \*?[1-9]\.?\)"
)
_ALONE = (
    r"(?:0[.,][0-9]{2}|(?<=[0-9]{4} )[1-9][.,][0-9]{2})(?: ?[/-] ?[0-9][.,][0-9]{2})*(?![0-9.,]|["
    r" -]?[1-9][0-9]{1,4}(?![0-9]))"
)
_AMOUNT_ALONE = re.compile(
    r" ?[(\[] ?[0-9]{1,3}[.,][0-9]{1,3}(?: ?[/-] ?[0-9]{1,3}[.,][0-9]{1,3})* ?[)\]]|["
    rf" :,]+(?:[-=] ?)?{_ALONE}"
)
_HOUR = r"(?:[01]?[0-9]|2[0-4])(?:[.:][0-9]{2})?"
_OCLOCK = (
    r"(?:uhr|hrs?|h(?:[0-9]{2})?|[ap]\.?"
    r" ?m\.?|o'clock|heures|horas|\u0447\u0430\u0441\u043e\u0432|\u6642|\u65f6)(?![^\W\d_])"
)
_HOURS = (
    rf"{_HOUR} ?(?:{_OCLOCK} ?)?(?:(?:-|bis|to|until|till|\u00e0|a) ?{_HOUR} ?)?(?<=[0-9"
    rf" ]){_OCLOCK}|{_HOUR} ?{_OCLOCK}"
)
_FLOOR = r"\u968e|\u697c|\u6a13"
_ORDINAL = (
    r"[1-9][0-9]?(?:(?:st|nd|rd|th|ers?|i?[e\u00e8]re|i?[e\u00e8]me|e|a|o|x(?!"
    rf" ?[0-9])|/F)(?![^\W\d_])|{_FLOOR})"
)
_COUNTED = (
    r"[1-9]\. ?(?=[^\W\d_])|(?<=[0-9]{4} )[1-9][0-9]\. ?(?=[^\W\d_])|(?<=[0-9]{4} )[1-9]"
    r" (?=[^\W\d_]{3})"
)
# "2. Stock", "2nd floor", "9-17 Uhr": digits that belong to the word behind them.
_BEFORE_WORD = re.compile(
    rf"(?:(?<=[0-9)\]])[ ,;]*(?: -)? )(?:{_HOURS}|{_ORDINAL}|{_COUNTED})", re.IGNORECASE
)
_NEXT_LISTED = re.compile(r" [1-9][0-9]?[.):] +(?=[(\[]?(?:\+|0))")


def without_remarks(text: str, extension: re.Pattern[str]) -> tuple[str, bool]:
    """Return a folded text without prices and remarks in brackets; whether it had any.

    What `extension` matches in brackets is no remark, nor is another number.
    """
    bare = text
    if "(" in text or "[" in text:
        bare = BRACKETED.sub(lambda found: " " if _is_remark(found, extension) else found[0], bare)
    for price in _PRICE.finditer(bare) if _HINT.search(bare) else ():
        if count(bare[: price.start()]) >= WHOLE - 1:
            behind = bare[price.end() :]
            bare = bare[: price.start()].rstrip("(,;:=-[ ") + (
                "|" + behind if count(behind) >= WHOLE else ""
            )
            break
    if _CLOSING.search(bare):
        bare = _without(_FOOTNOTE, bare)
    if "," in bare or "." in bare:
        bare = _without(_AMOUNT_ALONE, bare)
    if _DIGIT_BEFORE_WORD.search(bare):
        bare = _without(_BEFORE_WORD, bare)
    bare = _without(_NEXT_LISTED, bare)
    return bare, bare != text


def _without(remark: re.Pattern[str], text: str) -> str:
    """Return a text that ends before the first such remark behind a complete number.

    Another number behind it stays.
    """
    for found in remark.finditer(text):
        if count(text[: found.start()]) >= WHOLE and _is_end(found):
            behind = text[found.end() :]
            return text[: found.start()] + ("|" + behind if count(behind) >= WHOLE else " ")
    return text


def _is_end(found: re.Match[str]) -> bool:
    """Return True if nothing of the number can follow a footnote or remark."""
    part, behind = found[0].strip(" "), found.string[found.end() :]
    if (
        part.endswith(")")
        and "(" not in part
        and found.string.count("(") >= found.string.count(")")
    ):
        return False
    return (
        part[0] not in "([{<"
        or not count(behind)
        or behind.lstrip("([ ")[:1] in ("0", "+")
        or LETTER.search(behind) is not None
    )


def _is_remark(bracketed: re.Match[str], extension: re.Pattern[str]) -> bool:
    part = bracketed[0]
    if bracketed.start() < 3 or not (digits := count(part)):
        return False
    if (before := count(bracketed.string[: bracketed.start()])) < 3 or extension.search(part):
        return False
    if before >= WHOLE - 1 and _MONEY.search(part):
        return True
    if before >= WHOLE and _RANGE.fullmatch(part):
        return True
    return digits < (WHOLE - 1 if before >= WHOLE else _SHORT) and LETTER.search(part) is not None
