"""Judge what the dial plan makes of each row of the table of spellings.

`python -m tests.support.number_referee` prints the figures, `--faults` the rows that
fail. `--record` writes which rows are right into `number_spellings.txt`. It is run with
the dial plan of commit acc3c80, whenever the table changes.
"""

import base64
import sys
import unicodedata
import zlib
from collections import Counter
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneNumberType

from tests.support.number_exchange import (
    INSIDE,
    LOCAL,
    NOBODY,
    Exchange,
    is_valid,
    national_party,
    only_digits,
    parsed,
    trunk,
)
from tests.support.number_spellings import (
    BARE,
    NATIONAL,
    REGIONS,
    SHORT,
    SPELLINGS,
    WHOLE,
    Example,
    Row,
    example,
    rows,
)

DATA = Path(__file__).with_name("number_spellings.txt")
_NO_FIXED_LENGTH = {"DE", "AT", "FI"}


def meanings(row: Row, *, is_reported: bool) -> frozenset[str]:
    """Return the parties that may rightly answer for what is written.

    Some may only if the number is reported as doubtful.
    """
    number, digits = row.number, only_digits(unicodedata.normalize("NFKC", row.text))
    if row.spelling in WHOLE:
        return frozenset({number.whole})
    if row.spelling in BARE:
        return frozenset(
            {number.whole}
            | (
                set()
                if row.is_at_home
                else _here(number.code + number.significant, row.exchange, is_reported)
            )
        )
    if not row.is_at_home:
        return frozenset(_guesses(digits, row.exchange))
    found = {number.whole}
    if row.spelling in SHORT and is_reported:
        found.add(f"{LOCAL}:{number.significant}")
    if (
        row.spelling == "national slash"
        and is_reported
        and len(number.home[0]) == len("".join(number.home[1:])) == 4
    ):
        found |= {
            f"{LOCAL}:{number.home[0]}",
            f"{INSIDE}:{number.home[0]}",
        }  # "5123/4567" are two extensions as well
    return frozenset(found)


def _here(digits: str, exchange: Exchange, is_reported: bool) -> set[str]:
    """Return the numbers of the exchange's own country that digits without a + may be.

    One with nothing missing is as good as the one abroad. One that lacks its trunk
    prefix is a guess, which is reported. Where numbers have no fixed length nearly all
    digits are some number with a zero before them: there only mobile numbers count.
    """
    found = {national_party(digits, exchange.region)}
    guess = parsed(f"+{exchange.code}{digits}", None)
    if (
        is_reported
        and guess
        and (
            exchange.region not in _NO_FIXED_LENGTH
            or phonenumbers.number_type(guess) == PhoneNumberType.MOBILE
        )
    ):
        found.add(f"+{exchange.code}{digits}")
    return set(filter(is_valid, found))


def _guesses(digits: str, exchange: Exchange) -> set[str]:
    """Return what digits of another country mean in the site's country.

    They are its own national or local number, or a number abroad.
    """
    guesses = [
        "+" + digits,
        f"+{exchange.code}{digits}",
        f"+{exchange.code}0{digits}",
        national_party(digits, exchange.region),
    ]
    guesses += [
        "+" + digits.removeprefix(prefix)
        for prefix in (exchange.international, "00")
        if digits.startswith(prefix)
    ]
    return {f"{LOCAL}:{digits}"} | set(filter(is_valid, guesses))


def _is_as_written(row: Row, party: str) -> bool:
    """Tell whether a number that looks like one of the site's country is unchanged.

    It may be newer than the metadata, and is then dialled digit for digit.
    """
    before = trunk(row.exchange.region)
    is_national = not row.is_at_home and row.spelling in NATIONAL | SHORT
    return is_national and only_digits(row.text).removeprefix(before) == party.rpartition(":")[
        2
    ].removeprefix(before)


def verdict(row: Row) -> str:
    """Return what comes of a row.

    "right"; "here": a number of the exchange's own country, as which digits without a
    country code are read; "none": no entry and a report; "unread": reported, and nobody
    outside answers. Faults are "silent" (neither) and "wrong" (somebody else answers).
    """
    found = row.dialled()
    if not found.number:
        return "none" if found.warning else "silent"
    party = row.exchange.party(found.number)
    if party in meanings(row, is_reported=bool(found.warning)):
        return "right" if party == row.number.whole else "here"
    if party.startswith((INSIDE, NOBODY)):
        return (
            "unread"
            if found.warning
            else "here"
            if party.startswith(NOBODY) and _is_as_written(row, party)
            else "silent"
        )
    return "wrong"


def read_data() -> tuple[tuple[Example, ...], dict[str, tuple[int, ...]]]:
    """Return the numbers, and for each spelling which rows were right when recorded.

    A right row is 1, a wrong one is 0.
    """
    numbers: list[Example] = []
    right: dict[str, tuple[int, ...]] = {}
    for line in DATA.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition("\t")
        if word in REGIONS:
            numbers += [example(whole, word) for whole in rest.split()]
        elif rest:
            right[word] = tuple(zlib.decompress(base64.b64decode(rest)))
    return tuple(numbers), right


def _record() -> None:
    lines = DATA.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.startswith("#") or line.partition("\t")[0] in REGIONS]
    examples, _ = read_data()
    for spelling in SPELLINGS:
        bits = bytes(verdict(row) == "right" for row in rows(spelling, examples))
        kept.append(f"{spelling}\t{base64.b64encode(zlib.compress(bits, 9)).decode()}")
    DATA.write_text("\n".join(kept) + "\n", encoding="utf-8")


def _print_figures() -> None:
    examples, _ = read_data()
    total: Counter[str] = Counter()
    by_region: dict[str, Counter[str]] = {region: Counter() for region in REGIONS}
    for spelling in SPELLINGS:
        for row in rows(spelling, examples):
            found = verdict(row)
            total[found] += 1
            by_region[row.number.region][found] += 1
            if row.must_have_an_entry:
                by_region[row.number.region]["must"] += 1
                by_region[row.number.region]["has"] += found == "right"
            if found in ("wrong", "silent") and "--faults" in sys.argv:
                digits = row.dialled()
                print(
                    found,
                    row.exchange,
                    row.number.region,
                    repr(row.text),
                    digits,
                    row.exchange.party(digits.number),
                    sep=" | ",
                )
    print(
        f"{sum(total.values())} rows:",
        ", ".join(f"{count} {word}" for word, count in total.most_common()),
    )
    for region, found in by_region.items():
        lost = found["none"] + found["unread"]
        print(
            f"{region}: {found['right']} right, {found['here']} read here, {lost} no entry or"
            f" nobody's ({found['none']} none), ",
            end="",
        )
        print(
            f"{found['wrong'] + found['silent']} faults, {100 * found['has'] / found['must']:.2f} %"
            " of + / 00 / trunk zero"
        )


if __name__ == "__main__":
    if "--record" in sys.argv:
        _record()
    _print_figures()
