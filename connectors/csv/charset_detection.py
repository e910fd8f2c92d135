"""Guess the encoding of a contact list without a byte order mark that is not UTF-8.

Each encoding is scored by how well its reading of the words fits one language or a few
(`csv/letters.py`). A list of names is short, so the neighbours of a letter tell more
than its frequency. Only a sample is judged, but the returned encoding can decode all
bytes.
"""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from connectors.csv.code_pages import CODE_PAGES, CodePage
from connectors.csv.languages import LATIN, languages
from connectors.csv.letters import UNDECODABLE, is_letter, letters, shape_score

_SAMPLE = 4_000
_PIECE = 1 << 20
_MAX_WORDS = 10_000
_MAX_REACH = 60
_HIGH = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(r"[^\x00-\x40\x5b-\x60\x7b-\x7f]+")
_BREAK = 0x3F
"""No byte up to this one ends a character of two bytes (GBK, Big5, Shift-JIS).

So words can be cut out there.
"""

_OWN, _GUEST, _ANOTHER = 1.0, 6.0, 3.0
"""Cost for an encoding of explaining words by a language.

The language is one that the encoding was made for, another one, or one more.
"""
_TURN = 0.7
_MAX_LANGUAGES = 4
_NO_LETTER = -20.0
"""Penalty for a code page of another script that reads no letter of it."""
_DOUBT = 5.0
_CLEAR, _ROUGH = -6.0, -8.0


@dataclass(frozen=True, slots=True)
class _Text:
    page: CodePage
    words: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Fit:
    encoding: str
    score: float
    text: str

    @property
    def per_character(self) -> float:
        return self.score / max(1, sum(not char.isascii() for char in self.text))


def detect_charset(data: bytes) -> str:
    """Return the most probable encoding that can decode all bytes, or else Latin-1."""
    return next(
        (fit.encoding for fit in _rank(_sample(data)) if _decodes(data, fit.encoding)), "latin-1"
    )


def rival(data: bytes, encoding: str) -> str | None:
    """Return an encoding that is nearly as probable and reads other text, or None."""
    ranked = _rank(_sample(data))
    chosen = next((fit for fit in ranked if fit.encoding == encoding), None)
    if chosen is None:
        return None
    near = (fit for fit in ranked if fit.score > chosen.score - _DOUBT and fit.text != chosen.text)
    return next((fit.encoding for fit in near if _decodes(data, fit.encoding)), None)


def is_unambiguous(data: bytes) -> bool:
    """Return whether the words fit some language well under some encoding."""
    return any(fit.per_character > _CLEAR for fit in _rank(_sample(data)))


def is_unlike_any_language(data: bytes) -> bool:
    """Return whether the words fit no language even roughly."""
    return all(fit.per_character < _ROUGH for fit in _rank(_sample(data)))


def _decodes(data: bytes, encoding: str) -> bool:
    """Return whether all bytes can be decoded, without holding a large file twice."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(view[start : start + _PIECE], start + _PIECE >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _sample(data: bytes) -> tuple[bytes, ...]:
    """Return distinct words that hold more than ASCII, enough for a good sample."""
    found: dict[bytes, None] = {}
    size = end = 0
    for _ in range(_MAX_WORDS):
        high = _HIGH.search(data, end)
        if high is None or size > _SAMPLE:
            break
        start = high.start()
        while start > max(end, high.start() - _MAX_REACH) and data[start - 1] > _BREAK:
            start -= 1
        end = high.start() + 1
        while end < min(len(data), start + 2 * _MAX_REACH) and data[end] > _BREAK:
            end += 1
        word = data[start:end]
        if word not in found:
            found[word] = None
            size += len(word)
    return tuple(found)


@lru_cache(maxsize=1)
def _rank(sample: tuple[bytes, ...]) -> tuple[_Fit, ...]:
    """Return the encodings that fit, best first.

    One that its symbols and capitals alone rule out is omitted.
    """
    texts = sorted((_text(sample, page) for page in CODE_PAGES), key=lambda text: -text.score)
    seen: dict[str, tuple[float, ...]] = {}
    fits: list[_Fit] = []
    best = float("-inf")
    for text in texts:
        if text.score > best - _DOUBT:
            fits.append(_language_score(text, seen))
            best = max(best, fits[-1].score)
    return tuple(sorted(fits, key=lambda fit: -fit.score))


def _text(sample: tuple[bytes, ...], page: CodePage) -> _Text:
    score = -page.cost
    words: list[str] = []
    for raw in sample:
        try:
            words += (
                word for word in _WORD.findall(raw.decode(page.encoding)) if not word.isascii()
            )
        except UnicodeDecodeError:
            score += UNDECODABLE * sum(byte > 0x7F for byte in raw)
    return _Text(page, tuple(words), score + sum(map(shape_score, words)))


def _language_score(text: _Text, seen: dict[str, tuple[float, ...]]) -> _Fit:
    """Score a text by the language that fits its words best.

    Further languages count if each gains more than it costs.
    """
    page = text.page
    latin = page.script == LATIN
    names = (
        tuple(language.name for language in languages() if language.script == LATIN)
        if latin
        else page.languages
    )
    if not text.words:
        return _Fit(page.encoding, text.score, "")
    penalty = (
        0.0
        if latin or any(is_letter(char) for word in text.words for char in word if char > "\x7f")
        else _NO_LETTER
    )
    known = [letters()[name] for name in names]
    if latin:
        # A list in Latin letters holds names of any country. One in another script holds only
        # those of its own languages.
        for word in text.words:
            if word not in seen:
                seen[word] = tuple(language.score(word) for language in known)
        columns = dict(
            zip(names, zip(*(seen[word] for word in text.words), strict=True), strict=True)
        )
    else:
        columns = {
            name: tuple(map(language.score, text.words))
            for name, language in zip(names, known, strict=True)
        }
    costs = {name: _OWN if name in page.languages else _GUEST for name in names}
    main = max(names, key=lambda name: sum(columns[name]) - costs[name])
    best = columns.pop(main)
    score = text.score + penalty - costs[main]
    for _ in range(_MAX_LANGUAGES - 1):
        gains = {
            name: (
                sum(
                    new - old - _TURN
                    for old, new in zip(best, column, strict=True)
                    if new - old > _TURN
                )
                - costs[name]
                - _ANOTHER
            )
            for name, column in columns.items()
        }
        if not gains or max(gains.values()) <= 0:
            break
        more = max(gains, key=lambda name: gains[name])
        score -= costs[more] + _ANOTHER
        best = tuple(
            max(old, new - _TURN) for old, new in zip(best, columns.pop(more), strict=True)
        )
    return _Fit(page.encoding, score + sum(best), "\n".join(text.words))
