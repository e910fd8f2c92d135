"""Guesses the encoding of a text that is not UTF-8 and has no mark: a list of names is short, and holds few words.

Law of this file: bytes in, the name of an encoding out; every byte can be decoded with it. It knows alphabets and no
CSV.

charset-normalizer (3.5) judges prose well, but for a list of names it often sees no difference between Windows' code
pages and takes the first by alphabet ("Muńoz" for "Muñoz", cp1250 for cp1252). So the alphabets of the languages are
asked first, and a letter counts only where it may stand: not a Greek one in a Latin word ("Groί" for "Groß"), no capital
behind a small one (KOI8 read as Windows-1251), no symbol inside a word, no small letter alone ("Meier ñ privat" for a dash).

1. The encoding wins under which nearly all letters belong to one language. Of equals the first in the table wins; the
   narrower stand first: Hebrew would fit Cyrillic, not the reverse.
2. Else names are of several languages: the encoding wins under which nearly all letters belong to its languages together,
   Windows' Western one unless another has a language that fits clearly better.
3. Else charset-normalizer decides, where what it takes is the more plausible text; cp1252 where not.
"""

import re
from collections.abc import Iterator
from functools import cache

_WESTERN = "äöüß|äåöé|æøåé|àâæçéèêëîïôœùûüÿ|áéíóúüñªº|ãõáâàçéêíóôúüªº|àèéìíîòóùú|áéëïíóöü|àçèéíïòóúü"
_CENTRAL = "ąćęłńóśźż|áčďéěíňóřšťúůýž|áäčďéíĺľňóôŕšťúýž|áéíóöőúüű|čćđšž|ăâîşţ"
_ALPHABETS = (
    ("cp1252", _WESTERN),
    ("cp1250", _CENTRAL),
    ("iso8859_2", _CENTRAL),
    ("cp1254", "âçğıîöşüİ"),
    ("cp1252", "áæéíðóöþúý"),
    ("cp1257", "ąčęėįšųūž|āčēģīķļņšūž|äõöüšž"),
    ("cp1255", "אבגדהוזחטיךכלםמןנסעףפץצקרשת"),
    ("mac_roman", _WESTERN),
    ("cp850", _WESTERN),
    ("cp852", _CENTRAL),
    ("cp1253", "α-ωάέήίόύώϊϋ"),
    ("cp1251", "а-яёґєіїђјљњћџў"),
    ("koi8_r", "а-яё"),
    ("cp1256", "ء-يپچژگ"),
    ("cp932", "ぁ-ヿ一-鿿々"),
    ("cp949", "가-힣"),
    ("gb18030", "一-鿿"),
    ("big5", "一-鿿"),
    ("cp874", "ก-ฺ฿-๛"),
)
_NEUTRAL = frozenset("\xa0’‘“”„–—…€°·«»©®™§´º、。・（）")
_NEVER_INSIDE = frozenset("“”„…€«»©®™§")
_RUN = re.compile("[A-Za-z\x80-\U0010ffff]+")
_NOT_LATIN, _WIDE = "\u0250", "\u3000"
_ENOUGH = 0.9
_FAVOUR = 0.15
_SAMPLE = 1 << 16


def guess(data: bytes) -> str:
    """Return the encoding that the bytes most probably have; one that can decode all of them, if need be Latin-1."""
    telling = _telling(data)
    fits = [(encoding, *_fit(telling, encoding, alphabets)) for encoding, alphabets in _ALPHABETS]
    clear = max(fits, key=lambda fit: fit[1])
    mixed = [fit for fit in fits if fit[2] >= _ENOUGH]
    # Lists of names of several languages come from Windows, if it can be.
    mixed = [fit for fit in mixed if fit[0].startswith("cp125")] or mixed
    if clear[1] >= _ENOUGH:
        likely = clear[0]
    elif mixed:
        # What belongs to none of the languages counts double against an encoding: "Wa³êsa".
        likely = max(mixed, key=lambda fit: fit[1] + 2 * fit[2] + (_FAVOUR if fit[0] == "cp1252" else 0.0))[0]
    else:
        likely = _by_frequency(telling)
    for encoding in (likely, "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def is_clear(data: bytes) -> bool:
    """Tell whether under some encoding nearly all letters belong to one language."""
    telling = _telling(data)
    return any(_fit(telling, encoding, alphabets)[0] >= _ENOUGH for encoding, alphabets in _ALPHABETS)


def _telling(data: bytes) -> bytes:
    """The lines that hold more than ASCII, as many as make a good sample."""
    lines: list[bytes] = []
    size = 0
    for line in data.splitlines():
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"\n".join(lines)


def _fit(data: bytes, encoding: str, alphabets: str) -> tuple[float, float]:
    """The parts of all letters beyond ASCII that the best of some languages uses, and all of them together, from 0 to 1."""
    try:
        judged = list(_judged(data.decode(encoding)))
    except UnicodeDecodeError:
        return 0.0, 0.0
    if not judged:
        # Dashes and quotation marks alone: no language, and nothing against it.
        return 0.0, 1.0
    likely = [char for char, plausible in judged if plausible]
    best = max(sum(char in language for char in likely) for language in _letters(alphabets))
    every = frozenset().union(*(language for other, words in _ALPHABETS if other == encoding for language in _letters(words)))
    return best / len(judged), sum(char in every for char in likely) / len(judged)


def _judged(text: str) -> Iterator[tuple[str, bool]]:
    """Give each character beyond ASCII that tells something, and whether it may stand where it stands."""
    for run in _RUN.findall(text):
        if run.isascii():
            continue
        foreign_word = len(run) > 2 and not any(char.isascii() for char in run)
        for before, char, after in zip(f" {run}", run, f"{run} "[1:], strict=False):
            if char.isascii():
                continue
            if char not in _NEUTRAL:
                yield char, _may_stand(before, char, after) and not (foreign_word and char < _NOT_LATIN)
            elif before.isalpha() and ((char in _NEVER_INSIDE and after.isalpha()) or (char == "·" and (before + after).lower() != "ll")):
                yield char, False


def _may_stand(before: str, char: str, after: str) -> bool:
    near = [other for other in (before, after) if other.isascii() and other.isalpha()]
    if char.isupper() and before.islower():
        return False
    # "Lebœuf", or else the ś of "Leśniak"; "Vŕba", or else the à of "Solà".
    if char in "œŒ":
        return after.lower() in ("u", "i")
    if char == "ŕ":
        return after.isalpha()
    if char < _NOT_LATIN:
        return not char.islower() or before.isalpha() or after.isalpha()
    if char < _WIDE:
        return not near
    # "ABC株式会社" is a company; a Han character beside a small letter is none.
    return len(near) < 2 and not any(other.islower() for other in near)


@cache
def _letters(alphabets: str) -> tuple[frozenset[str], ...]:
    found: list[frozenset[str]] = []
    for alphabet in alphabets.split("|"):
        letters = set(alphabet)
        for first, dash, last in zip(alphabet, alphabet[1:], alphabet[2:], strict=False):
            if dash == "-":
                letters.update(chr(code) for code in range(ord(first), ord(last) + 1))
        found.append(frozenset(letters | {char.upper() for char in letters}))
    return tuple(found)


def _by_frequency(data: bytes) -> str:
    from charset_normalizer import from_bytes

    found = from_bytes(data, preemptive_behaviour=False).best()
    return found.encoding if found is not None and _plausible(data, found.encoding) > _plausible(data, "cp1252") else "cp1252"


def _plausible(data: bytes, encoding: str) -> float:
    """The part of the characters beyond ASCII that are letters where letters may stand."""
    try:
        judged = list(_judged(data.decode(encoding)))
    except UnicodeDecodeError:
        return 0.0
    return sum(plausible and char.isalpha() for char, plausible in judged) / len(judged) if judged else 1.0
