"""Compute the words that a name is found by, in the spellings that people type for it.

anyascii transliterates each character by itself. It gives Chinese characters in pinyin,
also those of Japanese names, whose readings only the source can tell. The tables here
add the spellings that anyascii does not give.
"""

import re
import unicodedata
from itertools import product

from anyascii import anyascii

from app.model.names import fold

_LONGEST_TEXT = 256  # letters of a name or organisation that are read; a longer one is a remark
_MOST_WORDS = 40

# Ä, Ö, Ü are typed "ae", "oe", "ue" as well as "a", "o", "u" (DIN 5007, variants 1 and 2). Å and Ø
# are "aa" and "oe" in Danish and Norwegian passports (ICAO Doc 9303, part 3, section 6).
_TWO_LETTERS = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "å": "aa",
    "ø": "oe",
    "ő": "oe",
    "ű": "ue",
    "đ": "dj",
}
_TWO_LETTERS |= {small.upper(): letters for small, letters in _TWO_LETTERS.items()}
_SPECIAL = re.compile("[äöüåøőűđÄÖÜÅØŐŰĐ]")
# Up to this many special letters of a word are spelt both ways, each by itself. With more, all are
# spelt one way or all the other.
_BOTH_WAYS = 2
_COLLAPSED = re.compile("([aou])e|aa")
_APOSTROPHE = re.compile("['’‘ʼ`´]")
_SYLLABLES = re.compile("[\u3005\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+")
_KANA = re.compile("[\u3040-\u30ff]")
_LONG_VOWELS = re.compile("oo|ou|uu")
_LONGEST_RUN = 8
_LATIN = re.compile("[\x00-\u024f\u0300-\u036f\u1d00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff]+")
# Arabic, Hebrew, the Indic scripts, Thai and Khmer leave out vowels. Their words are also found by
# their consonants, whatever vowels are typed between them: "mohamed", "muhammad" and "mhmd" are one
# word.
_VOWELLESS = re.compile("[\u0590-\u07bf\u0860-\u109f\u1780-\u17ff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_GREEK = re.compile("[\u0370-\u03ff]")

# Cyrillic is spelt one way in English, another in passports (ICAO Doc 9303) and another in German.
# Many people write their own names differently again: Alexey, Dmitry, Maria.
_PASSPORT = str.maketrans(
    {
        "ю": "iu",
        "я": "ia",
        "х": "kh",
        "й": "i",
        "ы": "y",
        "ъ": "ie",
        "ь": "",
        "є": "ie",
        "ї": "i",
        "і": "i",
    }
)
_GERMAN = str.maketrans(
    {
        "ю": "ju",
        "я": "ja",
        "й": "j",
        "ё": "jo",
        "х": "ch",
        "ц": "z",
        "ч": "tsch",
        "ш": "sch",
        "щ": "schtsch",
        "ж": "sch",
        "в": "w",
    }
)
# Dmitry, Maria, Natalia, Solovieva.
_ENGLISH = (("ий", "ы"), ("ия", "иа"), ("ія", "іа"), ("ьё", "ие"), ("ье", "ие"))
_UKRAINIAN = re.compile("[іїєґ]")
_HUSHED = re.compile("(?<=[жчшщ])ё")
_GREEK_PAIRS = (("ου", "ou"), ("αυ", "av"), ("ευ", "ev"), ("γγ", "ng"), ("μπ", "b"), ("ντ", "nt"))
_GREEK_HEARD = (
    ("ου", "ou"),
    ("αυ", "au"),
    ("ευ", "eu"),
    ("γι", "yi"),
    ("γγ", "ng"),
    ("μπ", "b"),
    ("ντ", "d"),
    ("χ", "h"),
)
# Letters that anyascii spells otherwise than people do: Hebrew bet; sh, ch and the n of the Indic
# scripts, whose Unicode blocks have the same layout.
_INDIC = ((0x02, "n"), (0x1A, "ch"), (0x36, "sh"), (0x37, "sh"))
_HEARD = {ord("ב"): "b"} | {
    block + place: sound for block in range(0x900, 0xD80, 0x80) for place, sound in _INDIC
}
_ARTICLE = "ال"
_U_OF_A_SYLLABLE = re.compile("(?<![aeiouyw])u(?![aeiou])")
# anyascii gives Korean in the Revised Romanization, by which nobody writes their own surname. These
# are the usual spellings.
_KOREAN = {
    "김": ("kim",),
    "이": ("lee", "yi", "rhee"),
    "박": ("park", "pak"),
    "최": ("choi",),
    "정": ("jung", "chung"),
    "강": ("kang",),
    "조": ("cho",),
    "윤": ("yoon",),
    "장": ("chang",),
    "임": ("lim", "yim"),
    "오": ("oh",),
    "신": ("shin",),
    "서": ("suh",),
    "권": ("kwon",),
    "안": ("ahn",),
    "유": ("yoo", "you"),
    "류": ("ryoo", "yoo"),
    "전": ("jun", "chun"),
    "고": ("ko",),
    "문": ("moon",),
    "구": ("koo",),
    "노": ("noh", "roh"),
    "우": ("woo",),
    "주": ("joo", "chu"),
    "백": ("paik",),
    "허": ("hur", "huh"),
    "심": ("shim",),
    "곽": ("kwak",),
    "성": ("sung",),
    "변": ("byun",),
}
_SKELETON = str.maketrans({"c": "k", "q": "k", "f": "p"} | dict.fromkeys("aeiou"))
_HALF_VOWELS = re.compile("(?<=.)[wvy]+")
_DOUBLE = re.compile(r"(.)\1+")


def consonants(word: str) -> str:
    """Return the consonants of a Latin word, as scripts without vowels write them.

    "mohammed" gives "mhmd".
    """
    first = word[:1].replace("j", "y").replace("v", "w")
    bare = _HALF_VOWELS.sub("", (first + word[1:]).translate(_SKELETON))
    # Het and khaf are typed "h", "ch" or "kh", tsadi "ts", "tz" or "z".
    return _DOUBLE.sub(r"\1", bare.replace("kh", "h").replace("ts", "z").replace("tz", "z"))


def lacks_vowels(text: str) -> bool:
    """Return whether a text has letters of a script that leaves out vowels."""
    return _VOWELLESS.search(text) is not None


def is_latin(text: str) -> bool:
    """Return whether all letters of a text are Latin."""
    return _LATIN.fullmatch(text) is not None


def transliterate(text: str) -> str:
    """Return the words of a text in Latin letters, folded."""
    return fold(anyascii(text))


def spellings(text: str, *, joined: bool = False) -> tuple[str, ...]:
    """Return the folded words that a name or a part of it is found by, each once.

    With `joined`, all words written together are a further word.
    """
    if len(text) <= _LONGEST_TEXT and text.isascii() and text.isalpha():
        word = text.lower()
        return (word, _collapsed(word)) if _COLLAPSED.search(word) else (word,)
    text = text[:_LONGEST_TEXT]
    words = fold(text).split()
    if joined and len(words) > 1:
        words.append("".join(words))
        if lacks_vowels(text):
            words.append(transliterate(text).replace(" ", ""))
    found = dict.fromkeys(words)
    if not text.isascii():
        # Half-width kana need their compatibility form. The Armenian ligature of "ev" is spelt
        # better without it.
        forms = dict.fromkeys(
            (unicodedata.normalize("NFC", text), unicodedata.normalize("NFKC", text))
        )
        found |= dict.fromkeys(word for form in forms for word in fold(form).split())
        for piece in dict.fromkeys(piece for form in forms for piece in form.split()):
            found |= dict.fromkeys(_foreign(piece))
    if _APOSTROPHE.search(text):
        found |= dict.fromkeys(fold(_APOSTROPHE.sub(" ", text)).split())
    for word in tuple(found):
        # "Mueller" is found by "muller", as "Müller" is by "mueller".
        if _COLLAPSED.search(word):
            found[_collapsed(word)] = None
    return tuple(found)[:_MOST_WORDS]


def _collapsed(word: str) -> str:
    return _COLLAPSED.sub(lambda pair: pair[0][0], word)


def _foreign(piece: str) -> list[str]:
    """Return further spellings of one word that is not all ASCII."""
    if piece.isascii():
        return []
    if is_latin(piece):
        return _two_letters(piece) if _SPECIAL.search(piece) else []
    found = transliterate(piece).split()
    for run in _SYLLABLES.findall(piece):
        found += _syllables(run)
    if _KANA.search(piece):
        found += [_LONG_VOWELS.sub(lambda pair: pair[0][0], word) for word in found] + [
            re.sub("oo|ou", "oh", word) for word in found
        ]
    if _CYRILLIC.search(piece):
        lower = piece.lower()
        english = lower
        for letters, others in _ENGLISH:
            english = english.replace(letters, others)
        read = [
            lower.translate(_PASSPORT),
            _HUSHED.sub("о", lower).translate(_GERMAN),
            lower.replace("ё", "yo"),
            english,
        ]
        if _UKRAINIAN.search(lower):
            read += [
                text.replace("г", "h").replace("є", "ye").replace("ї", "yi")
                for text in (lower, english, lower.translate(_PASSPORT))
            ]
        if lower[0] == "е":
            read.append(f"y{english}")  # Yevgeny
        found += [word for text in read for word in transliterate(text).split()]
        found += [word.replace("ks", "x") for word in found if "ks" in word]
    if _GREEK.search(piece):
        for pairs in (_GREEK_PAIRS, _GREEK_HEARD):
            plain = fold(piece)
            for pair, letters in pairs:
                plain = plain.replace(pair, letters)
            found += transliterate(plain).split()
    if lacks_vowels(piece):
        found += transliterate(piece.replace("ंह", "ngh").translate(_HEARD)).split()
        if piece.startswith(_ARTICLE):
            found += ["al", *transliterate(piece.removeprefix(_ARTICLE)).split()]
    return found


def _two_letters(piece: str) -> list[str]:
    parts = _SPECIAL.split(piece)
    letters = _SPECIAL.findall(piece)
    if len(letters) <= _BOTH_WAYS:
        choices = list(product(*((letter, _TWO_LETTERS[letter]) for letter in letters)))
    else:
        choices = [tuple(_TWO_LETTERS[letter] for letter in letters)]
    made = [
        "".join(part + letter for part, letter in zip(parts, (*choice, ""), strict=True))
        for choice in choices
    ]
    return [word for text in made for word in fold(text).split()]


def _syllables(run: str) -> list[str]:
    """Return the words that a run of Chinese or Korean characters is found by.

    There is one from each character on, as written and in Latin letters.
    """
    run = run[:_LONGEST_RUN]
    sounds = [transliterate(character).replace(" ", "") for character in run]
    found = []
    for start in range(len(run)):
        sound = "".join(sounds[start:])
        found += [sound, fold(run[start:])]
        if "\uac00" <= run[start] <= "\ud7a3":
            # The usual spellings of given names: Young-hui and Hyun-jung, not Yeong-hui and
            # Hyeon-jeong; and Young-hee, Ji-hoon, Soo-jin.
            found += [
                sound.replace("yeong", "young").replace("eo", "u"),
                "".join(map(_as_written, sounds[start:])),
            ]
    for surname in _KOREAN.get(run[0], ()):
        found += [
            surname + "".join(sounds[1:]),
            surname + "".join(sounds[1:]).replace("yeong", "young").replace("eo", "u"),
        ]
    return found


def _as_written(syllable: str) -> str:
    """Return a Korean syllable as people write it in their names.

    That is "hoon" for "hun" and "hee" for "hui".
    """
    if syllable == "u":
        return "woo"
    written = _U_OF_A_SYLLABLE.sub("oo", syllable) if "eu" not in syllable else syllable
    return written.replace("hui", "hee").replace("yeong", "young").replace("eo", "u")


def joined_cjk_name(family: str, given: str) -> str:
    """Return a Chinese, Japanese or Korean name as it is written, "" for other names.

    The family name comes first, with nothing between.
    """
    return family + given if _SYLLABLES.match(family) and _SYLLABLES.match(given) else ""
