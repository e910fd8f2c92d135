"""Derive an entry's index fields: the digits to search and the keys of its caller."""

from app.books.entries import Entry
from app.generation.search_index import CallerKey
from app.model.profile import DEFAULT, Profile
from app.numbers.lookup_keys import company_prefix, key, prefix_key
from app.numbers.lookup_numbers import lookup_numbers
from app.search.terms import index_digits

_SWITCHBOARD, _PERSON, _SHARED = 0, 1, 2


class IndexFields:
    """The index fields of one profile's entries."""

    def __init__(self, profile: Profile) -> None:
        self._plan = profile.plan
        # Callers are looked up among what the profile `default` lists: the gateway reports no
        # number to an exchange that it shows on no phone.
        self._has_callers = profile.name == DEFAULT

    def of(self, entry: Entry) -> tuple[str, tuple[CallerKey, ...]]:
        """Return the search digits of an entry and the keys for its caller lookup.

        The digits have the form of `app.search.terms.index_digits`.
        """
        raw = entry.written.value
        numbers = lookup_numbers(raw, entry.number, self._plan, entry.written.canonical)
        digits = index_digits((entry.number, raw, *numbers))
        return digits, self._caller_keys(entry, numbers) if self._has_callers else ()

    def _caller_keys(self, entry: Entry, numbers: tuple[str, ...]) -> tuple[CallerKey, ...]:
        if not entry.company:
            if len(numbers) == 1:
                return ((key(numbers[0]), _PERSON, entry.caller),)
            return tuple([(key(number), _PERSON, entry.caller) for number in numbers])
        own = entry.company == entry.caller
        keys = [(key(number), _SWITCHBOARD if own else _SHARED, entry.caller) for number in numbers]
        if numbers and (head := company_prefix(entry.written.value, numbers[0])):
            keys.append((prefix_key(head), _SWITCHBOARD if own else _SHARED, entry.company))
        return tuple(keys)
