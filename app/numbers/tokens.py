"""Read a folded text as a row of tokens, with a character for the kind of each.

A kind of number is a letter: n and m have one or two digits, y is a year, Z begins like
a telephone number. A word is a private character for the set of classes that it is in.
"""

import re

from app.numbers import words
from app.numbers.folding import CURRENCY

YEAR = r"(?:19|20)[0-9]{2}"
DAY, MONTH = r"(?:0?[1-9]|[12][0-9]|3[01])", r"(?:0?[1-9]|1[0-2])"
_DATES = (
    rf"{DAY}(?P<a>[./-]) ?{MONTH}(?P=a) ?(?:{YEAR}|[0-9]{{2}})",
    rf"{MONTH}(?P<b>[./-]) ?{DAY}(?P=b) ?(?:{YEAR}|[0-9]{{2}})",
    rf"{YEAR}(?P<c>[./-]) ?{MONTH}(?P=c) ?{DAY}",
    rf"[0-9]{{2}}/{MONTH}/{DAY}",
    rf"{MONTH}[./]{YEAR}",
    rf"{YEAR}-(?:0[1-9]|1[0-2])",
    rf"{DAY}\.{MONTH}\.",
)
# The zero tells "12/03" from two extensions ("12/13").
_DAY_AND_MONTH = rf"(?:{DAY}/0[1-9]|0[1-9]/{DAY})(?![0-9]|[ ./-]+[0-9])"
_CLOCK = r"(?:[01]?[0-9]|2[0-4])"
# One alternative for each kind of token; its name is the kind.
_TOKEN = re.compile(
    r"(?P<always>(?<![0-9])(?:24/7|7/24)(?![0-9]))"
    rf"|(?P<date>(?:(?:{'|'.join(_DATES)})\.?(?![0-9]|[./-][0-9])|{DAY}\.{MONTH}\.(?=-)"
    rf"|{_DAY_AND_MONTH}))(?:T(?=[0-9]))?"
    rf"|(?P<clock>{_CLOCK}(?::[0-5][0-9]){{1,2}}(?:\.[0-9]+)?(?:Z"
    rf"|[+-][0-9]{{2}}:[0-9]{{2}})?(?!:?[0-9])|{_CLOCK}h[0-5][0-9](?![0-9a-z]))"
    rf"|(?P<half>{_CLOCK}\.[0-5][0-9](?![0-9.]))"
    r"|(?P<thousands>[0-9]{1,3}(?:[.,'][0-9]{3})+(?:[.,][0-9]{2})?(?![0-9]|[.,][0-9]))"
    r"|(?P<decimal>[0-9]{1,4}[.,][0-9]{1,2}(?![0-9]|[.,][0-9]))"
    rf"|(?P<small>(?:[0-2]?[0-9]|3[01])(?![0-9]))|(?P<two>[0-9]{{2}}(?![0-9]))|(?P<year>"
    rf"{YEAR}(?![0-9]))"
    r"|(?P<code>(?:0[0-9]+|1?8(?:00|33|44|55|66|77|88)|1?900|1300)(?![0-9]))|(?P<number>[0-9]+)"
    r"|(?P<ordinal>(?<=[0-9])(?:st|nd|rd|th|ers?|i?[e\u00e8]re|i?[e\u00e8]me|e|a|o)(?![^\W_]))"
    r"|(?P<noon>[ap]\.? ?m\b\.?)"
    r"|(?P<word>o'clock|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
    r"|(?:(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])[^\W\d_])+)"
    r"|(?P<sign>[^\w\s])",
    re.IGNORECASE,
)
_KINDS = {
    "always": "H",
    "date": "D",
    "clock": "c",
    "half": "k",
    "decimal": "f",
    "small": "n",
    "two": "m",
    "year": "y",
    "number": "i",
    "code": "Z",
    "thousands": "i",
    "ordinal": "o",
}
DIGITS = frozenset("HDckfnmyiZ")
_SIGNS = {"%": "%", CURRENCY: "$", "$": "$", "~": "-"}
_CLASSES = {
    "E": words.EXTENSIONS,
    "U": words.UNITS,
    "N": words.NAMES,
    "V": words.BEHIND_TIME,
    "B": words.BEFORE,
    "R": words.RANGES,
    "Q": words.PARTICLES,
    "W": words.WEEKDAYS,
    "I": words.INITIALS,
    "M": words.MONTHS,
    "P": words.PLACES,
    "S": words.STREETS,
    "Y": words.STREETS_BEHIND,
    "X": words.REFERENCES,
    "C": words.CURRENCIES,
}
_FIRST = 0xE000  # a private character stands for each set of classes that a word has
_WORDS = {
    word: "".join(name for name, words in _CLASSES.items() if word in words)
    for word in frozenset().union(*_CLASSES.values())
}
_SETS = sorted(set(_WORDS.values()))
CHARACTERS = {names: chr(_FIRST + place) for place, names in enumerate(_SETS)}
_OTHER_WORD = "L"
TO = "(?:[-/]|<R>)"
"""What stands between two ends of a range."""


def compile_shape(pattern: str) -> re.Pattern[str]:
    """Return a pattern of shapes, with all sets of a class in place of its name.

    For "<UV>" it has the characters of all sets that hold one of the classes. "<T>" are
    units that are no names, "<ANY>" words of any kind.
    """

    def characters(found: re.Match[str]) -> str:
        if found[1] == "ANY":
            return f"[{''.join(CHARACTERS.values())}{_OTHER_WORD}]"
        sets = (
            names
            for names in _SETS
            if set(names) & set(found[1]) or (found[1] == "T" and "U" in names and "N" not in names)
        )
        return f"[{''.join(CHARACTERS[names] for names in sets)}]"

    return re.compile(re.sub("<([A-Z]+)>", characters, pattern))


_EXTENSION = compile_shape(f"<E>[.:-]?([nmyi])(?!{TO}|A)")


def read_tokens(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the kinds of a text's tokens, a character for each, and their positions."""
    shape, places = [], []
    for token in _TOKEN.finditer(text):
        shape.append(_kind(token))
        places.append(token.span())
    whole = "".join(shape)
    return _EXTENSION.sub(lambda found: found[0][:-1] + "e", whole), places


def _kind(token: re.Match[str]) -> str:
    name = token.lastgroup or ""
    if kind := _KINDS.get(name):
        return kind
    if name == "noon":
        return "A" if _is_noon(token) else _OTHER_WORD
    if name == "sign":
        return _SIGNS.get(token[0], token[0])
    word = token[0].lower()
    if word in _WORDS:
        return CHARACTERS[_WORDS[word]]
    if len(word) > 4 and word.endswith(words.STREET_ENDINGS):
        return CHARACTERS["S"]
    return CHARACTERS["P"] if word.endswith(words.PLACE_ENDINGS) else _OTHER_WORD


def _is_noon(token: re.Match[str]) -> bool:
    """Tell "9 am" from "12 am Empfang" (German: at the)."""
    behind = token.string[token.end() :].lstrip(" ")
    return not (token[0].lower() == "am" and behind[:1].isalpha()) or behind[:3].lower() in (
        "to ",
        "unt",
        "til",
        "onl",
        "est",
        "pst",
        "cet",
        "gmt",
    )
