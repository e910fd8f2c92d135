"""Clean, shorten and disambiguate text for display."""

import re
import unicodedata
from collections.abc import Iterable, Sequence


def plural(count: int, word: str) -> str:
    """Return a count and its English word, in the plural unless the count is 1."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


# C0/C1 controls, soft hyphen, zero-width and bidirectional format characters, line separators,
# interlinear marks, noncharacters and lone surrogates. No phone shows them, and XML 1.0 forbids
# many. The joiners are not among them, because they shape Persian, Indic and emoji.
_UNSHOWN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff"
    "\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff"
    "\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe-\U000dffff\U000efffe-\U0010ffff]"
)
# Characters of `_UNSHOWN` that Python calls printable, namely replacement characters and the
# variants of Chinese characters.
_PRINTABLE_UNSHOWN = re.compile("[\ufff9-\uffff\U000e0100-\U000e01ef]")
_NOTE = re.compile(r" \([^()]{1,24}\)\Z")
_REMARK = re.compile(r"(?<=\S{3}) (?:[(\[]|[-\u2013] ).*\Z")
_TITLE = re.compile(r"[^\W\d_]\S+\.")
_SUFFIXES = frozenset({"jr", "sr", "junior", "senior", "ii", "iii", "iv"})
_TRAILING = " ,;:-\u2013(/&"


def _is_plain(text: str) -> bool:
    """Return whether a text is in NFC, with no `_UNSHOWN` and no space but U+0020."""
    return text.isprintable() and (
        text.isascii()
        or (_PRINTABLE_UNSHOWN.search(text) is None and unicodedata.is_normalized("NFC", text))
    )


def clean(text: str) -> str:
    """Return text as one line in NFC, without control characters or repeated spaces."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    if "  " not in text and _is_plain(text):
        return text.strip()
    # Compose last, because what stood between two marks may be gone.
    return unicodedata.normalize("NFC", " ".join(_UNSHOWN.sub("", text).split()))


def are_clean(texts: Sequence[str]) -> bool:
    """Return whether `clean` would leave all of these texts unchanged.

    This checks a page at once, in a fraction of the time. It may return False for clean
    texts; the caller then cleans them one by one.
    """
    line = f"^{'^'.join(texts)}^"
    return "  " not in line and "^ " not in line and " ^" not in line and _is_plain(line)


def clean_lines(text: str) -> str:
    """Return text cleaned line by line, with its line breaks kept."""
    return "\n".join(clean(line) for line in text.splitlines())


def _joins(before: str, after: str) -> bool:
    """Return whether two neighbouring characters belong to one visible character."""
    # A rough form of UAX #29, enough for names.
    code = ord(after)
    return (
        before == "\u200d"
        or code in (0x200C, 0x200D)
        or 0xFE00 <= code <= 0xFE0F
        or 0x1F3FB <= code <= 0x1F3FF
        or (0x1F1E6 <= code <= 0x1F1FF and 0x1F1E6 <= ord(before) <= 0x1F1FF)
        or unicodedata.category(after)[0] == "M"
    )


def truncate(text: str, limit: int) -> str:
    """Return at most `limit` characters of text.

    It is cut between visible characters and ends without a dangling space or comma.
    """
    if len(text) <= limit:
        return text
    end = max(limit, 0)
    while end > 0 and _joins(text[end - 1], text[end]):
        end -= 1
    return text[: end or limit].rstrip(_TRAILING) or text[: end or limit]


def shorten(text: str, limit: int) -> str:
    """Return a name fitted into `limit` characters.

    A note at its end ("(mobile)") is kept. Words are dropped before letters, a long
    remark behind the name first, then a title. Of "First Middle ... Last" the first and
    the last word are kept. Of "Last, First Middle" the distinctive word of the last
    name and the first given name are kept. A "von" or "de" is kept as long as possible.
    """
    if len(text) <= limit:
        return text
    found = _NOTE.search(text)
    note = found[0] if found and len(found[0]) <= limit // 2 + 2 else ""
    room = limit - len(note)
    name = text[: found.start()] if found else text
    if len(name) > room and (remark := _REMARK.search(name)):
        name = name[: remark.start()]
    words = name.split(" ")
    while len(words) > 2 and sum(map(len, words)) + len(words) - 1 > room:
        _drop_one(words)
    base = " ".join(words)
    if len(base) > room and len(words) == 2:
        comma = "," if words[0].endswith(",") else ""
        last = truncate(words[1], max(room // 2, room - 1 - len(words[0])))
        base = f"{truncate(words[0], room - 1 - len(last) - len(comma)).rstrip(',')}{comma} {last}"
    return truncate(base, room) + note


def _drop_one(words: list[str]) -> None:
    """Remove the least distinctive word from a name of more than two words."""
    comma = next((index for index, word in enumerate(words[:-1]) if word.endswith(",")), -1)
    first, last = comma + 1, len(words) - 1
    if first < last and _TITLE.fullmatch(words[first]):
        del words[first]
    elif comma < 0:
        del words[last if words[last].rstrip(".").lower() in _SUFFIXES else 1]
    elif first < last:
        del words[last]
    else:
        # "von und zu Guttenberg, Karl", "Van Der Berg, Jan": no family is known by its short words
        # or those in lower case.
        small = next(
            (
                index
                for index in range(comma - 1, -1, -1)
                if words[index].islower() or len(words[index]) <= 3
            ),
            None,
        )
        if small is None:
            words[comma - 1] += ","
        del words[comma if small is None else small]


def with_note(name: str, note: str, limit: int) -> str:
    """Return a name with a note, or with its existing note extended.

    "Ann (mobile)" and "2" give "Ann (mobile 2)".
    """
    found = _NOTE.search(name)
    base, inner = (name[: found.start()], f"{found[0][2:-1]} {note}") if found else (name, note)
    if len(inner) + 3 > limit // 2 + 2:
        inner = note
    return shorten(f"{base} ({inner})", limit)


def make_unique(names: Iterable[str], limit: int) -> tuple[str, ...]:
    """Return the names in order, with a number added to repeated ones.

    No two look the same, and none is longer than `limit`.
    """
    seen: set[str] = set()
    unique: list[str] = []
    for name in names:
        shown, count = name, 1
        while shown in seen:
            count += 1
            shown = with_note(name, str(count), limit)
        seen.add(shown)
        unique.append(shown)
    return tuple(unique)
