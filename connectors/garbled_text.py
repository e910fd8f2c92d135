"""Find letters that were lost or garbled before a text in UTF-8 was written."""

import re
from collections.abc import Iterator

_LOST = re.compile("\ufffd".encode())
# "Ã" and the next byte of a character as Windows-1252 shows it, both encoded again.
_TWICE = re.compile(rb"\xc3\x83[\xc2\xc5\xc6\xcb\xe2]")
_LOST_LETTERS = (
    'holds a "\ufffd" in place of a letter, as may other lines: the program that wrote the file'
    " could not read the letter. Export it again"
)
_TWICE_ENCODED = (
    'holds letters that were encoded twice ("MÃ¼ller" for "Müller"), as may other lines. Export it'
    " again as UTF-8"
)


def garbled_text(data: bytes) -> Iterator[str]:
    """Yield what is wrong with letters in a text in UTF-8, as an end of a sentence.

    Each kind is reported with the first line that has it.
    """
    for pattern, wrong in ((_LOST, _LOST_LETTERS), (_TWICE, _TWICE_ENCODED)):
        match = pattern.search(data)
        if match is not None and _is_utf8(data, match):
            line = data.count(b"\n", 0, match.start()) + 1
            yield f"line {line} {wrong}"


def _is_utf8(data: bytes, match: re.Match[bytes]) -> bool:
    """Return whether the line of a match is UTF-8, and not another encoding by chance."""
    start, end = data.rfind(b"\n", 0, match.start()) + 1, data.find(b"\n", match.end())
    try:
        data[start : end if end >= 0 else None].decode()
    except UnicodeDecodeError:
        return False
    return True
