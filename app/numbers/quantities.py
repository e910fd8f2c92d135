"""Find dates, times, amounts and places in a number's field.

They are no part of a telephone number.
"""

import re
from itertools import pairwise

import msgspec

from app.numbers import words
from app.numbers.folding import CURRENCY
from app.numbers.splitter import WHOLE, count
from app.numbers.tokens import CHARACTERS, DAY, DIGITS, MONTH, TO, YEAR, compile_shape, read_tokens

_MIN_DIGITS = 3  # behind a date or time, fewer digits are no number
_ANY = "[nmyikf]"
_SPAN = f"[nkc]<U>?A?(?:{TO}[nkc]<U>?A?)?"
_HOURS = f"(?:{_SPAN}|[iZ]-[iZ])"
_ALONE_BEFORE, _ALONE_BEHIND = "(?<![nmyikfDcZ+])(?<![nmyikfDcZ+][-./])", "(?![-./]?[nmyikfcDZ])"
# By their unit or form alone, whatever follows.
_SURE = (
    "H",
    f"(?:{_ALONE_BEFORE}|(?<=^[iy]))(?:<W>[.,]*)?D(?:-D)?<V>?(?:,?c(?:-c)?)?<U>?",
    f"(?:n[.o]?{TO})?n[.o]?<Q>*<M>[.,]*<Q>*(?:y|'[nm])?",
    "(?:y[.]?)?<M>[.,]*<Q>*(?:n[.o]?,?)?y|y[.]?<M>n[.]?",
    "n(?:[.o]|-L)<P>",
    f"{_ALONE_BEFORE}[nm]<P>",
    f"(?:[nk]{TO})?[nkc]A<V>?",
    f"(?:[nk]-[nk](?:[,/&+|]|<R>)+)+[nk]{TO}[nk]<U>",
    f"<C>{_ANY}",
    f"(?:[nmkf]{TO}|[yi]{TO}(?=[yi]))?{_ANY}<T>+<V>?",
    f"(?:[nmkc]{TO})?[nmfkc][.]?<U>+<V>?",
    f"{_ALONE_BEFORE}(?:{_ANY}{TO})?(?:[nmi]i|{_ANY}),?-?[%$]",
    f"[$](?:[nmi]i(?![nmyik])|{_ANY})(?:,?-)?",
    f"(?:[nk]{TO})?c(?:{TO}[cnk])?",
)
_MAYBE = (
    (
        f"(?:<W>[.]?(?:{TO}<WB>[.]?|,<WB>[.]?)*|<IW>{TO}<IW>)[:,(]*<B>*{_HOURS}(?:[,/&|+(]*<B>"
        f"*{_SPAN}|[,/&|+(]+<B>*[iZ]-[iZ])*"
    ),
    f"<B>+[.:,']*<Q>*(?:[nmkf](?:[-/.]?y)?|y)(?:{TO}(?:[nmk]|y))?<V>?",
    "<M>[.,]*<Q>*n[.o]?",
    f"{_ALONE_BEFORE}[nyk](?:<R>[nyk]|(?:'<ANY>)?<V>)",
    f"{_ALONE_BEFORE}(?:k-[kn]|n-[kn])",
    f"{_ALONE_BEFORE}n(?:o|[.](?=<ANY>))<P>?",
    "(?<=[nmyiZe])[(]-?f[)]",
    "<P>[.:]?[nm]",
    "<S>[.]?(?:L{1,3},?)?[nm]",
    f"{_ALONE_BEFORE}[nmi],?L{{0,3}}<S>|{_ALONE_BEFORE}[nmi]L{{1,3}}<Y>(?=[.,]|$)",
    "<X>(?:[.:-]*<ANY>){0,2}[.:]*[nmiyZ](?:[/.-]?[nmiy])*",
)


_SURE_SHAPE = compile_shape(
    f"{'|'.join(_SURE)}|(?:{'|'.join(_MAYBE)})(?=[-:,;|.]*[(]?[+Z])"
    f"|k(?=[-:,;|.]*[(]?[+Z])|<W>[.]?(?:{TO}<WB>[.]?)?[:,(]*<B>*[nkc]<U>?A?{TO}[nkc]<U>"
    f"?A?(?=[-:,;|.]*[(]?n?i)"
)
_SHAPE = compile_shape(f"{'|'.join(_SURE)}|(?:{'|'.join(_MAYBE)}){_ALONE_BEHIND}")
_PLAIN_KINDS = frozenset("nmyiZeL,;()[]+-/|*#&'").union(
    sign for names, sign in CHARACTERS.items() if names == "E"
)
"""A shape of these alone holds no quantity."""
_BY_FORM = (
    re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{2}|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{2}"),
    re.compile(r"-?[0-9]{1,3}\.[0-9]{4,}[,;] *-?[0-9]{1,3}\.[0-9]{4,}"),  # degrees
    re.compile(r"(?:.*[^\w])?[A-Z]{2}[0-9]{2}(?: ?[0-9]{4}){3}.*"),  # an IBAN
    re.compile(r"(?=[0-9.]*\.[0-9]\.)[1-9][0-9]{0,2}(?:\.[0-9]{1,3}){3}"),  # an IPv4 address
)
_DECIMAL = re.compile(r"[-<>=~ ]*[0-9]{1,2}(?:,[0-9]{1,2}|(?<![0-9][0-9])\.[0-9]{1,2}|\.[0-9]) *")
_ZEROS = re.compile(r"[1-9][0-9]*[.,]00?")
_BARE = re.compile("[-0-9 .()/+]*")
_INSIDE = re.compile("[1-9][0-9]{2,3} ")  # an extension, and no area code
_RANGE = re.compile(r"[ (\[]*([0-9]{1,2}) ?(?:-|~|\.\.) ?([0-9]{1,2})[ )\]]*")
_HOURS_OF_DAY, _NOON, _MIN_START = 24, 12, 6
_INSIDE_AND_HOURS = re.compile(
    r"([1-9][0-9]{2,3}) (?:[(\[] ?)?(?:0?[6-9]|1[0-9]) ?- ?(?:1[0-9]|2[0-4])[ )\]]*"
)
_RANGE_BEFORE = re.compile("n-n[(]?[Z+]")
_TIME = "[0-5][05]"
# "0900-1700", "800-1600", "2024-2025": a number in some regions.
_HOURS_ALONE = re.compile(
    rf"[ (\[]*(?:(?:[01][0-9]|2[0-3]){_TIME} ?- ?(?:[01][0-9]|2[0-4]){_TIME}|{YEAR} ?- ?{YEAR}"
    r"|[6-9][03]0 ?- ?(?:1[2-9]|2[0-2])[03]0)"
    r"(?<!00000000) ?(?:uhr|h|hrs?|hours)?[ )\]]*",
    re.IGNORECASE,
)
_HOUR = r"(?:[01]?[0-9]|2[0-4])(?:[.:][0-5][0-9])?"
_SPAN_ALONE = rf"{_HOUR} ?(?:-|~|\.\.) ?{_HOUR}"
_SPANS_ALONE = re.compile(
    rf"[ (\[]*{_SPAN_ALONE}(?:(?: ?(?:[,;/&+|]|und|and|et|y|e|i|и) ?| ){_SPAN_ALONE})+[ )\]]*"
)
_BEHIND_AREA = re.compile(
    rf"\(?0[0-9]{{1,4}}\)? ?(?:{DAY}(?P<sign>[./-]){MONTH}(?P=sign){YEAR}"
    rf"|{YEAR}-{MONTH}-{DAY})"
)
"""An area code and a date, which would be a number as well: nobody knows."""
_PAIRS = re.compile(r" *[0-9]{2}([.-])[0-9]{2}\1[0-9]{2} *")


# A whole number that is the first thing with digits, as in most texts: no quantity stands before
# it.
_NUMBER_FIRST = re.compile(
    r"[^0-9+]*(?:\+ ?\(?[0-9](?:["
    rf" )/-]*[0-9]){{6}}|(?!{YEAR}[-/]|[0-9]{{4}}-[0-9]{{4}}(?![0-9]))[0-9]{{3}}(?:["
    r" )/-]*[0-9]){4}"
    rf"|(?![0-9]{{2}}[./-]{YEAR})0[0-9]{{1,3}}[ )/-]*[0-9]{{3}}(?:[ )/-]*[0-9]){{2}}"
    rf"|\([0-9]{{1,5}}\) ?[0-9]{{3}}(?:[ -]?[0-9]){{3}}"
    rf"|(?<![{CURRENCY}$])(?<![{CURRENCY}$] )[1-9][0-9]? [1-9][0-9]{{2}}(?:[ -]?[0-9]){{4}})"
)


class Beside(msgspec.Struct, frozen=True, gc=False):
    """A text without dates, times, amounts and places, and whether there were any.

    `is_all` means that the text holds nothing else.
    """

    text: str
    found: bool = False
    is_all: bool = False


def has_number_form(text: str) -> bool:
    """Return True if a date or hours may be a number in groups of as many digits.

    Examples are "22-12-24" and "2200-2330".
    """
    return _PAIRS.fullmatch(text) is not None or _HOURS_ALONE.fullmatch(text) is not None


def without_quantities(text: str) -> Beside:
    """Return a folded text without dates, times, amounts and places.

    From a text with a whole number only those before it are taken; `remarks`
    knows those behind it.
    """
    if _HOURS_ALONE.fullmatch(text) or _is_range(text):
        return Beside(text, found=True, is_all=True)
    if inside := _INSIDE_AND_HOURS.fullmatch(text):
        return Beside(inside[1], found=True)
    if (first := _NUMBER_FIRST.match(text)) and not _has_reference(first[0]):
        return Beside(text)
    if any(form.fullmatch(text) for form in _BY_FORM):
        return Beside(text, found=True, is_all=True)
    if _DECIMAL.fullmatch(text) and not _ZEROS.fullmatch(text):
        return Beside(text, found=True, is_all=True)
    shape, places = read_tokens(text)
    if _BEHIND_AREA.fullmatch(text):
        return Beside(text, found=True, is_all=True)
    if _PLAIN_KINDS.issuperset(shape) and not _RANGE_BEFORE.match(shape):
        return Beside(text)
    spans = [
        (places[found.start()][0], places[found.end() - 1][1])
        for found in _SHAPE.finditer(shape)
        if DIGITS & set(found[0])
    ]
    if not spans:
        return _before_number(text, shape, places) if count(text) > WHOLE else Beside(text)
    if _BARE.fullmatch(text) and _is_inside(text, spans[0][0]):
        return Beside(text)
    rest = _blank_out(text, spans)
    digits = count(rest)
    if digits >= WHOLE:
        return _before_number(text, shape, places)
    if digits and (digits >= _MIN_DIGITS or count(text[: spans[0][0]]) or "e" in shape):
        return Beside(rest, found=True)
    return Beside(rest, found=True, is_all=True)


def _has_reference(text: str) -> bool:
    """Return True if a label says that what follows is no telephone number ("IBAN")."""
    return not words.REFERENCES.isdisjoint(re.findall(r"[^\W\d_]+", text.lower()))


def _is_range(text: str) -> bool:
    """Return True if a text is hours, or other numbers from and to ("9-17")."""
    if _SPANS_ALONE.fullmatch(text):
        return True
    found = _RANGE.fullmatch(text)
    if found is None:
        return False
    start, end = int(found[1]), int(found[2])
    is_afternoon = found[2] == str(end) and end < _MIN_START <= start <= _NOON  # "9-5"
    return start < end <= _HOURS_OF_DAY or is_afternoon


def _is_inside(text: str, start: int) -> bool:
    """Return True if digits before a date may be one number with it.

    The text has no words then. A date in brackets is apart.
    """
    before = text[:start]
    is_apart = (
        text[-1] == ")" or text[start:] in ("24/7", "7/24") or _INSIDE.fullmatch(before) is not None
    )
    return "+" in before or (count(before) > 0 and not is_apart)


def _before_number(text: str, shape: str, places: list[tuple[int, int]]) -> Beside:
    """Return a text without the quantities that stand before all other digits."""
    end = 0
    for found in _SURE_SHAPE.finditer(shape):
        if not DIGITS & set(found[0]) or DIGITS & set(shape[end : found.start()]):
            continue
        end = found.end()
    return (
        Beside(text[places[end - 1][1] :].lstrip(" ,;:.|-/)"), found=True) if end else Beside(text)
    )


def _blank_out(text: str, spans: list[tuple[int, int]]) -> str:
    kept = [text[end:start] for (_, end), (start, _) in pairwise([(0, 0), *spans, (len(text), 0)])]
    return " ".join(kept)
