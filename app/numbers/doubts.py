"""Tell after a quick look whether digits beside a number may not belong to it.

`existing_number` then looks closely.
"""

import re

from app.numbers.identity import IMPOSSIBLE, NOT_HERE
from app.numbers.refusals import LIKE_LINE
from app.numbers.route import Route

# What is said of a number with more digits than it has: the last of them may be an extension.
_ENDS_OTHERWISE = frozenset({IMPOSSIBLE, NOT_HERE, LIKE_LINE})
_ENDING = re.compile(
    r"[0-9]{3} ?[-\u2010-\u2015] ?[0-9]{1,5} *\Z|[0-9]{4}(?: [0-9]{2}/|[ ./])[0-9]{1,2} *\Z"
    r"|[0-9]{5} (?:19|20)[0-9]{2} *\Z"
)
_NO_HEAD = re.compile(r"\(?(?:[+0]|[0-9]{3})")
_GROUPS = re.compile(r"[+0-9 ()]*")  # nothing in it can be a remark


def has_doubtful_head(raw: str) -> bool:
    """Return True if something may stand before a number, after a quick look."""
    return _NO_HEAD.match(raw) is None


def has_doubtful_ending(raw: str, found: Route) -> bool:
    """Return True if the last digits of a number may be an extension or a remark."""
    if found.code:
        is_apart = "-" in raw or not raw[-4:].isdigit() or raw[-5:-4] == " " or not raw.isascii()
        return is_apart and _ENDING.search(raw) is not None
    return (
        found.warnings != ()
        and not _ENDS_OTHERWISE.isdisjoint(found.warnings)
        and not _GROUPS.fullmatch(raw)
    )
