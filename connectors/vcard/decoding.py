"""Decode bytes of a vCard in any charset, and detect damaged or undeclared text.

Bytes that are valid UTF-8 are UTF-8 whatever a line declares, because valid sequences
do not occur by chance. Other text has a CHARSET (vCard 2.1) or an undeclared code page.
In damaged UTF-8, most bytes above 127 still form valid sequences, unlike in a code
page.
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from connectors.csv.charset_detection import detect_charset

DEFAULT = "cp1252"
"""Code page of text without a declaration, unless another one is more probable."""

_CHARSETS = (
    "utf-8",
    "utf-16",
    "iso",
    "cp",
    "koi8",
    "shift_jis",
    "euc",
    "gb",
    "big5",
    "mac",
    "hz",
    "johab",
    "tis",
)
"""Prefixes of the codecs that a CHARSET may name.

They decode text only and in linear time (Python's idna and punycode are not linear).
"""
_ESCAPED = re.compile("[\udc80-\udcff]")
_LOST = re.compile(" [\udc80-\udcff\ufffd]+(?= |$)|[\udc80-\udcff\ufffd]+")
_PUNCTUATION = "’‘“”„–—…·\xa0"
_SAMPLE = 1 << 16


@dataclass(slots=True)
class Decoder:
    """Decodes the texts of one card.

    It counts damaged texts and collects those without a declared charset.
    """

    fallback: str = DEFAULT
    damaged: int = 0
    undeclared: list[bytes] = field(default_factory=list)

    def text(self, raw: bytes, charset: str) -> str:
        """Return bytes as text; `charset` is what the line declares, or ""."""
        order = (charset, "utf-8") if charset.lower().startswith("iso-2022") else ("utf-8", charset)
        codecs_of = [codec for name in order if (codec := _codec(name))]
        for codec in codecs_of:
            try:
                return raw.decode(codec)
            except ValueError:
                continue
        declared = _codec(charset)
        readable = (
            _readable_part(raw, declared)
            if declared not in ("", "utf-8")
            else _readable_utf8(raw, is_declared=bool(declared))
        )
        if readable is None:
            return self._decode_undeclared(raw)
        self.damaged += 1
        return readable

    def _decode_undeclared(self, raw: bytes) -> str:
        self.undeclared.append(raw[:_SAMPLE])
        for codec in (self.fallback, DEFAULT):
            try:
                return raw.decode(codec)
            except ValueError:
                continue
        self.damaged += 1
        return _LOST.sub("", raw.decode(DEFAULT, "replace"))


def guess_charset(texts: Iterable[bytes]) -> str:
    """Return the most probable codec of all texts without a declared charset together.

    A single letter is too little to distinguish code pages. It stays Western unless it
    is no letter there.
    """
    sample = b"\n".join(texts)
    signs = {char for char in sample.decode(DEFAULT, "replace") if not char.isascii()}
    if len(signs) == 1 and all(char.isalpha() or char in _PUNCTUATION for char in signs):
        return DEFAULT
    return detect_charset(sample)


def _codec(name: str) -> str:
    """Return Python's name of a charset, or "" for an unknown one.

    Codecs outside `_CHARSETS` count as unknown.
    """
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return found if found.startswith(_CHARSETS) else ""


def _readable_part(raw: bytes, codec: str) -> str | None:
    """Return the readable text in a declared charset.

    Returns None if that is the smaller part of what is not ASCII.
    """
    text = raw.decode(codec, "replace")
    lost = text.count("\ufffd")
    return _LOST.sub("", text) if sum(not char.isascii() for char in text) > 2 * lost else None


def _readable_utf8(raw: bytes, *, is_declared: bool) -> str | None:
    """Return the readable text in UTF-8, or None if a code page is more probable."""
    text = raw.decode("utf-8", "surrogateescape")
    lost = len(_ESCAPED.findall(text))
    kept = len(raw) - lost - sum(char.isascii() for char in text)
    if kept > lost or (is_declared and _are_fragments(text)):
        return _LOST.sub("", text)
    return None


def _are_fragments(text: str) -> bool:
    """Return whether the broken bytes are pieces of UTF-8 sequences.

    Such pieces make no sense in Western code pages. There the first byte of a sequence
    is mostly a capital letter, and the others are signs: "Petro\u00d0", "J\u00b6rg".
    """
    for position, char in enumerate(text):
        if not _ESCAPED.match(char):
            continue
        byte, before, after = (
            ord(char) - 0xDC00,
            text[position - 1 : position] if position else "",
            text[position + 1 : position + 2],
        )
        if byte < 0xC0:
            likely = bool(_ESCAPED.match(before)) or (before.isalpha() and after.isalpha())
        elif 0xC2 <= byte <= 0xF4 and not chr(byte).islower():
            likely = before.islower() or (before.isalpha() and after.islower())
        else:
            likely = bool(_ESCAPED.match(after)) and ord(after) - 0xDC00 < 0xC0
        if not likely:
            return False
    return True
