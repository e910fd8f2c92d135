"""Compute the words that Chinese, Japanese and Korean names are found by.

Each character is a syllable, and names are written without spaces.
"""

import re

from app.model.names import fold
from app.search.transliteration import transliterate

_SYLLABLES = re.compile("[\u3005\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+")
_MAX_RUN = 8
_U_OF_A_SYLLABLE = re.compile("(?<![aeiouyw])u(?![aeiou])")
# anyascii gives Korean in the Revised Romanization, by which nobody writes their own surname. These
# are the usual spellings.
# fmt: off
_KOREAN_SURNAMES = {
    "김": ("kim",), "이": ("lee", "yi", "rhee"), "박": ("park", "pak"), "최": ("choi",),
    "정": ("jung", "chung"), "강": ("kang",), "조": ("cho",), "윤": ("yoon",), "장": ("chang",),
    "임": ("lim", "yim"), "오": ("oh",), "신": ("shin",), "서": ("suh",), "권": ("kwon",),
    "안": ("ahn",), "유": ("yoo", "you"), "류": ("ryoo", "yoo"), "전": ("jun", "chun"),
    "고": ("ko",), "문": ("moon",), "구": ("koo",), "노": ("noh", "roh"), "우": ("woo",),
    "주": ("joo", "chu"), "백": ("paik",), "허": ("hur", "huh"), "심": ("shim",),
    "곽": ("kwak",), "성": ("sung",), "변": ("byun",),
}
# fmt: on


def joined_cjk_name(family: str, given: str) -> str:
    """Return a Chinese, Japanese or Korean name as it is written, "" for other names.

    The family name comes first, with nothing between.
    """
    return family + given if _SYLLABLES.match(family) and _SYLLABLES.match(given) else ""


def syllable_words(text: str) -> list[str]:
    """Return the words that the Chinese and Korean characters of a text are found by."""
    return [word for run in _SYLLABLES.findall(text) for word in _words_of_run(run[:_MAX_RUN])]


def _words_of_run(run: str) -> list[str]:
    """Return one word from each character on, as written and in Latin letters."""
    sounds = [transliterate(character).replace(" ", "") for character in run]
    words = []
    for start in range(len(run)):
        sound = "".join(sounds[start:])
        words += [sound, fold(run[start:])]
        if "\uac00" <= run[start] <= "\ud7a3":
            # The usual spellings of given names: Young-hui and Hyun-jung, not Yeong-hui and
            # Hyeon-jeong; and Young-hee, Ji-hoon, Soo-jin.
            words += [_common_spelling(sound), "".join(map(_personal_spelling, sounds[start:]))]
    for surname in _KOREAN_SURNAMES.get(run[0], ()):
        given = "".join(sounds[1:])
        words += [surname + given, surname + _common_spelling(given)]
    return words


def _common_spelling(sound: str) -> str:
    return sound.replace("yeong", "young").replace("eo", "u")


def _personal_spelling(syllable: str) -> str:
    """Return a Korean syllable as people write it in their names.

    That is "hoon" for "hun" and "hee" for "hui".
    """
    if syllable == "u":
        return "woo"
    spelled = _U_OF_A_SYLLABLE.sub("oo", syllable) if "eu" not in syllable else syllable
    return _common_spelling(spelled.replace("hui", "hee"))
