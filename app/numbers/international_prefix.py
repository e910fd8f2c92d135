"""Find the international prefix of a number, in countries where 00 is one of several.

Carriers have prefixes there that begin with 00, and people write 00 for a + too.
"""

import re
from itertools import accumulate

from app.numbers.numbering_plans import country, split_country_code
from app.numbers.region_plan import Region
from app.numbers.validity import is_valid, renew

DOUBLE_ZERO = "It begins with 00, which is no international prefix of this region: read as a +."
AMBIGUOUS = "It begins with 00, and may be a number of either of two countries: it is not dialled."
PREFIX = (
    "It begins with the international prefix, which may be 00 and a country code too: read as the"
    " prefix."
)
CARRIER = "It begins with 00, which could be a carrier's prefix: read as a +."

_GROUP = re.compile(r"[0-9]+")


def strip_international_prefix(
    digits: str, raw: str, home: Region, international: str
) -> tuple[str, tuple[str, ...]]:
    """Return what follows a number's international prefix, with warnings, or "".

    `raw` is the number as it is written, `international` what the plan dials for a +.
    """
    found = home.behind_prefix(digits)
    if not found and digits.startswith(international) and not home.trunk.fullmatch(international):
        found = digits.removeprefix(international)
    if (
        digits.startswith("00")
        and home.international_prefix.pattern != "00"
        and home.country_code != "1"
    ):
        return _behind_zeros(
            digits,
            found,
            home,
            raw if international != "00" and digits.startswith(international) else "",
        )
    return (found, ()) if found and found[0] != "0" and split_country_code(found)[0] else ("", ())


def _behind_zeros(digits: str, found: str, home: Region, raw: str) -> tuple[str, tuple[str, ...]]:
    """Read 00 in countries where prefixes of carriers begin so, or where it is none.

    An example is "0065 6123 4567" in Singapore and in Japan. `raw` is "" unless `found`
    follows the prefix that the plan dials. If both are as likely, the blanks in it
    decide between "001 43 1 5550123" and "00 1 431 555 0123".
    """
    plain = digits[2:]
    likely, carriers = _likelihood(plain), _likelihood(found)
    if is_valid(home.country_code, home.without_trunk(digits)):
        return "", (AMBIGUOUS,) if likely == 2 else ()
    if raw and plain != found and likely == carriers > 0:
        seen, seen_plain = _seams(digits, found, raw), _seams(digits, plain, raw)
        if seen == seen_plain:
            return "", (AMBIGUOUS,)
        return (found, (PREFIX,)) if seen > seen_plain else (plain, (CARRIER,))
    if plain != found and likely >= carriers and split_country_code(plain)[0]:
        if home.international_prefix.pattern.isdigit():
            return plain, (DOUBLE_ZERO,)
        return plain, (CARRIER,) if carriers == likely > 0 else ()
    return (found, ()) if found and split_country_code(found)[0] else ("", ())


def _seams(digits: str, abroad: str, raw: str) -> int:
    """Count the ends of prefix and country code that end a group of digits in `raw`."""
    ends = set(accumulate(map(len, _GROUP.findall(raw))))
    prefix = len(digits) - len(abroad)
    return (prefix in ends) + (prefix + len(split_country_code(abroad)[0]) in ends)


def _likelihood(digits: str) -> int:
    """Return how likely digits are a country code and a number of that country.

    It is 2 for a number that is valid there, 1 for one of a possible form, 0 for
    anything else.
    """
    code, rest = split_country_code(digits)
    if not code:
        return 0
    return 2 if is_valid(code, rest) or renew(code, rest) else int(country(code).is_possible(rest))
