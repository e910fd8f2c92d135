"""Guesses the encoding of a text that is not UTF-8 and has no mark: a list of names is short, and holds few words.

Law of this file: bytes in, the name of an encoding out; every byte can be decoded with it. It knows alphabets and no
CSV.

charset-normalizer (3.5) judges prose well, but for a list of names it often sees no difference between Windows' code
pages and takes the first by alphabet ("Muńoz" for "Muñoz", cp1250 for cp1252). So the alphabets of the languages are
asked first: the encoding wins under which nearly all letters belong to one language and no capital follows a small
letter (as in KOI8 read as Windows-1251). Of equals the first in the table wins; the narrower stand first: Hebrew would
fit Cyrillic, not the reverse. Where no alphabet fits, charset-normalizer decides.
"""

from functools import cache

_WESTERN = "äöüß|äåöé|æøåé|àâæçéèêëîïôœùûüÿ|áéíóúüñªº|ãõáâàçéêíóôúüªº|àèéìíîòóùú|áéëïíóöü|àçèéíïòóúü"
_CENTRAL = "ąćęłńóśźż|áčďéěíňóřšťúůýž|áäčďéíĺľňóôŕšťúýž|áéíóöőúüű|čćđšž|ăâîşţ"
_ALPHABETS = (
    ("cp1252", _WESTERN),
    ("cp1250", _CENTRAL),
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
_ENOUGH = 0.9
_SAMPLE = 1 << 16


def guess(data: bytes) -> str:
    """Return the encoding that the bytes most probably have; one that can decode all of them, if need be Latin-1."""
    telling = _telling(data)
    fits = [(_fit(telling, encoding, alphabets), encoding) for encoding, alphabets in _ALPHABETS]
    best = max(fits, key=lambda fit: fit[0])
    candidates = [best[1]] if best[0] >= _ENOUGH else []
    for encoding in (*candidates, _by_frequency(telling), "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


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


def _fit(data: bytes, encoding: str, alphabets: str) -> float:
    """The part of all letters beyond ASCII that the best of some languages uses, from 0 to 1."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    foreign = [(before, char) for before, char in zip(" " + text, text, strict=False) if char > "\x7f" and char not in _NEUTRAL]
    if not foreign:
        return 0.0
    likely = [char for before, char in foreign if not (char.isupper() and before > "\x7f" and before.islower())]
    return max(sum(char in letters for char in likely) for letters in _letters(alphabets)) / len(foreign)


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
    return "cp1252" if found is None else found.encoding
