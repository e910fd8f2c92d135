"""Words that a value chooses: the kinds of numbers, and the date of a note."""

from collections.abc import Mapping
from datetime import datetime
from gettext import NullTranslations

from connectors.contact import NumberKind


def kind_words(words: NullTranslations) -> Mapping[NumberKind, str]:
    """Return the word for each kind of number, as it stands behind a name."""
    pgettext = words.pgettext
    return {
        NumberKind.WORK: pgettext("number", "work"),
        NumberKind.MOBILE: pgettext("number", "mobile"),
        NumberKind.HOME: pgettext("number", "home"),
        NumberKind.MAIN: pgettext("number", "main"),
        NumberKind.FAX: pgettext("number", "fax"),
        NumberKind.PAGER: pgettext("number", "pager"),
        NumberKind.INTERNAL: pgettext("number", "internal"),
        NumberKind.OTHER: pgettext("number", "other"),
    }


def as_of(words: NullTranslations, then: datetime) -> str:
    """Return a note on the date of old data, such as "as of 18 Nov 09:12"."""
    # Translators: {number} is the number of the month, for languages that write it in dates.
    return words.gettext("as of {day} {month} {time}").format(
        day=then.day,
        month=_months(words)[then.month - 1],
        number=then.month,
        time=f"{then:%H:%M}",
    )


def _months(words: NullTranslations) -> tuple[str, ...]:
    pgettext = words.pgettext
    return (
        pgettext("month", "Jan"),
        pgettext("month", "Feb"),
        pgettext("month", "Mar"),
        pgettext("month", "Apr"),
        pgettext("month", "May"),
        pgettext("month", "Jun"),
        pgettext("month", "Jul"),
        pgettext("month", "Aug"),
        pgettext("month", "Sep"),
        pgettext("month", "Oct"),
        pgettext("month", "Nov"),
        pgettext("month", "Dec"),
    )
