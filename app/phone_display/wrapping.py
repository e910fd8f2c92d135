"""Break a text into the lines of a display."""

import unicodedata


def wrap_text(text: str, columns: int) -> tuple[str, ...]:
    """Return the lines of a text, each at most `columns` wide.

    Wide characters count twice.
    """
    lines: list[str] = []
    for paragraph in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = ""
        for word in paragraph.replace("\t", " ").split(" "):
            joined = f"{line} {word}" if line else word
            if _width(joined) <= columns:
                line = joined
                continue
            if line:
                lines.append(line)
            while _width(word) > columns:
                cut = columns if word.isascii() else columns // 2
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        lines.append(line)
    return tuple(lines)


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
