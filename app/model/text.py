"""Counts in words: "1 contact", "12 contacts".

Law of this file: English alone.
"""


def counted(count: int, word: str) -> str:
    """Return a count and its word, in the plural where that is right."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
