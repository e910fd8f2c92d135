"""Read the people of all configured lists, completely or since a checkpoint.

A checkpoint holds a sync token per list, a fingerprint of everything that the tokens
are bound to, and a hash of each group's name. Everything is read again if the
fingerprint differs or a token has expired, and if the changes are ambiguous.
"""

import hashlib
from collections.abc import Mapping

import msgspec

from connectors.base import Delta, Full, Progress, SourceUnavailable
from connectors.google.lists import ListReader, PeopleList
from connectors.google.people import ContactGroup, Person, contact_of


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """State for the next fetch.

    `tokens` are pairs of list and sync token, `groups` pairs of group and hash of its
    name. `bound_to` is the fingerprint that the tokens are bound to.
    """

    bound_to: str
    tokens: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, str], ...]


def decode_checkpoint(text: str | None, bound_to: str) -> Checkpoint | None:
    """Return the checkpoint if it belongs to this configuration and account."""
    try:
        checkpoint = msgspec.json.decode(text or "", type=Checkpoint)
    except (msgspec.DecodeError, UnicodeError):
        return None
    return checkpoint if checkpoint.bound_to == bound_to else None


class Fetch:
    """One fetch: the lists to read and the checkpoint for the next fetch."""

    def __init__(
        self,
        reader: ListReader,
        lists: tuple[PeopleList, ...],
        bound_to: str,
        progress: Progress | None,
    ) -> None:
        self._reader = reader
        self._lists = lists
        self._bound_to = bound_to
        self._progress = progress
        self._done = 0

    def everything(self) -> Full:
        """Return all people of all lists as contacts."""
        people, tokens = self._people({})
        # Groups are read after people, so that a name is never older than the membership that
        # points to it.
        groups = self._reader.groups()
        names = _names(groups)
        return Full(
            contacts=tuple(
                contact_of(person, key, names)
                for key, person in people.items()
                if not person.metadata.deleted
            ),
            checkpoint=self._checkpoint(tokens, groups),
        )

    def changes(self, since: Checkpoint) -> Delta | None:
        """Return the changes since a checkpoint, or None if they are ambiguous.

        Raises CheckpointExpired if a sync token has expired.
        """
        people, tokens = self._people(dict(since.tokens))
        groups = self._reader.groups()
        # A group of the checkpoint was renamed or deleted. Its members are now other contacts, and
        # no sync token reports them.
        if not set(since.groups) <= set(_hashes(groups)):
            return None
        # A person has had another resource name. Google lists all former names with each later
        # change. It does not say whether one of them is now another person's, so deleting them
        # could delete that person.
        if any(person.metadata.previous_resource_names for person in people.values()):
            return None
        names = _names(groups)
        return Delta(
            changed=tuple(
                contact_of(person, key, names)
                for key, person in people.items()
                if not person.metadata.deleted
            ),
            removed=tuple(key for key, person in people.items() if person.metadata.deleted),
            checkpoint=self._checkpoint(tokens, groups),
        )

    def _people(
        self, sync_tokens: Mapping[str, str]
    ) -> tuple[dict[str, Person], list[tuple[str, str]]]:
        """Return the people of all lists by our id, and the next sync tokens by list.

        If an id comes twice, the last one counts.
        """
        people: dict[str, Person] = {}
        tokens: list[tuple[str, str]] = []
        for people_list in self._lists:
            before = len(people)
            for page in self._reader.pages(people_list, sync_tokens.get(people_list.name, "")):
                listed = (*page.connections, *page.other_contacts, *page.people)
                people |= {people_list.prefix + person.resource_name: person for person in listed}
                self._report(
                    len(people),
                    page.total_items if page.total_items is not None else page.total_size,
                )
                if page.next_sync_token:
                    tokens.append((people_list.name, page.next_sync_token))
            if len(people) == before and people_list.name not in dict(tokens):
                # Any JSON object looks like this. The API's own empty list contains the sync token.
                raise SourceUnavailable(
                    f"{self._reader.server} answered with neither people nor a sync token: this is"
                    " not the People API. Check api_endpoint, and look for a proxy that puts"
                    " itself in between."
                )
        return people, tokens

    def _report(self, done: int, total: int | None) -> None:
        """Report the progress.

        The total is known only if there is one list. A second reading does not count
        backwards.
        """
        self._done = max(self._done, done)
        if self._progress is not None:
            self._progress(
                self._done,
                max(total, done) if total is not None and len(self._lists) == 1 else None,
            )

    def _checkpoint(
        self, tokens: list[tuple[str, str]], groups: tuple[ContactGroup, ...]
    ) -> str | None:
        if {name for name, _ in tokens} != {people_list.name for people_list in self._lists}:
            # A list without a token can only be read completely.
            return None
        return msgspec.json.encode(
            Checkpoint(self._bound_to, tuple(tokens), _hashes(groups))
        ).decode()


def _names(groups: tuple[ContactGroup, ...]) -> dict[str, str]:
    return {group.resource_name: group.name for group in groups}


def _hashes(groups: tuple[ContactGroup, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (group.resource_name, hashlib.sha256(group.name.encode()).hexdigest()[:16])
        for group in groups
    )
