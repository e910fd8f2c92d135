"""Google Contacts: the contacts of an account, and where asked for its "other contacts" and its Workspace directory.

Law of this file: it knows the configuration, what a checkpoint holds, and when a delta is enough. Requests, lists, people,
credentials and errors have files of their own (`google_*.py`); nothing of Google's is imported before the first fetch.

A checkpoint holds one sync token per list, a fingerprint of everything that the tokens are bound to, and a hash of each group's name.
Everything is read again when the fingerprint differs, when one token is of no use any more, and when changes alone do not tell enough:

- a known group was renamed or deleted: its members are other contacts then, and no sync token tells of them;
- somebody has had another resource name: Google lists all former names with each later change, and does not say whether one of them
  is another person's by now, so that deleting them could delete that person.

Groups are read after people, so that a name is never older than the membership that points to it.
"""

import hashlib
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

import msgspec
from pydantic import AfterValidator, Field, model_validator

from connectors.base import Connector, Delta, Full, Progress, SourceUnavailable
from connectors.fields import LocalPath, raise_problems
from connectors.google.client import PeopleClient, RetryPolicy
from connectors.google.credentials import Credentials, ServiceAccountCredentials, UserCredentials
from connectors.google.errors import CheckpointExpired
from connectors.google.lists import CONNECTIONS, DIRECTORY, OTHER_CONTACTS, ListReader, PeopleList, fingerprint
from connectors.google.people import ContactGroup, Person, contact_of


def check_endpoint(value: str) -> str:
    """Return the URL if a token may travel to it: https, or http to this computer. Raises ValueError."""
    parts = urlsplit(value)
    if parts.scheme == "https" and parts.hostname:
        return value
    if parts.scheme == "http" and parts.hostname and _is_this_computer(parts.hostname):
        return value
    raise ValueError('write it as "https://..."; http is allowed to this computer alone (127.0.0.1)')


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


Address = Annotated[str, AfterValidator(check_endpoint)]
"""A URL that tokens may be sent to."""


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a fetch leaves for the next one: sync tokens by list and hashes of group names by group, as pairs."""

    bound_to: str
    tokens: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, str], ...]


class GoogleConnector(Connector):
    """Contacts of a Google account, read by a person's sign-in (`token_file`) or a service account."""

    token_file: LocalPath | None = None
    """The sign-in, an authorized-user JSON; `directory-gateway login` writes it, and refreshed tokens are kept in it."""

    client_file: LocalPath | None = None
    """The OAuth client's JSON; needed for `login` alone."""

    service_account_file: LocalPath | None = None
    """The key of a service account with domain-wide delegation, in place of `token_file`."""

    subject: str = ""
    """Whom the service account reads as: an address of the Workspace domain."""

    other_contacts: bool = False
    """Read "Other contacts" too: the people that Google noted by itself."""

    directory: bool = False
    """Read the Workspace directory too: profiles and shared contacts of the domain."""

    api_endpoint: Address = Field(default="https://people.googleapis.com/")
    token_uri: Address = Field(default="https://oauth2.googleapis.com/token")

    patience: ClassVar[RetryPolicy] = RetryPolicy()
    """How long a fetch waits for a busy server."""

    @model_validator(mode="after")
    def _check_credentials(self) -> Self:
        wrong: list[str] = []
        if self.service_account_file is None:
            if self.token_file is None:
                wrong.append(
                    'token_file is missing: name the file of a sign-in (token_file = "google-token.json"), or a service_account_file'
                )
            if self.subject:
                wrong.append("subject belongs to service_account_file: remove it, or name the service account's key")
        else:
            if self.token_file is not None or self.client_file is not None:
                wrong.append("service_account_file needs no token_file and no client_file: keep one way of signing in")
            if not self.subject:
                wrong.append("subject is missing: the address of the person as whom the service account reads (its own contacts are none)")
        raise_problems(wrong)
        return self

    def lists(self) -> tuple[PeopleList, ...]:
        """Return the lists that are configured."""
        return (
            CONNECTIONS,
            *((OTHER_CONTACTS,) if self.other_contacts else ()),
            *((DIRECTORY,) if self.directory else ()),
        )

    def scopes(self) -> tuple[str, ...]:
        """Return the scopes that the lists need."""
        return tuple(item.scope for item in self.lists())

    def sign_in(self, *, say: Callable[[str], None], port: int | None = None) -> None:
        """Let a person sign in by a browser on any computer; see `google_login`. Raises SourceRefused or SourceUnavailable."""
        from connectors.google import login

        login.sign_in(self, port=login.PORT if port is None else port, say=say)

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Read everything, or what changed since the checkpoint. Raises SourceUnavailable or SourceRefused."""
        access = self._access()
        bound_to = fingerprint(self.lists(), access.identity, self.api_endpoint)
        known = _known(since, bound_to)
        calls = PeopleClient(access, timeout=self.timeout, patience=self.patience)
        try:
            reading = _Fetch(ListReader(calls, self.api_endpoint), self.lists(), bound_to, progress)
            if known is not None:
                try:
                    delta = reading.changes(known)
                except CheckpointExpired:
                    delta = None
                if delta is not None:
                    return delta
            return reading.everything()
        finally:
            calls.close()

    def _access(self) -> Credentials:
        if self.service_account_file is not None:
            return ServiceAccountCredentials(self.service_account_file, self.subject, self.token_uri, self.scopes())
        assert self.token_file is not None  # noqa: S101 - `_one_way_in` saw to it
        return UserCredentials(self.token_file, self.token_uri, self.scopes())


class _Fetch:
    """One fetch: the lists, and what is to be remembered of them."""

    def __init__(self, reader: ListReader, lists: tuple[PeopleList, ...], bound_to: str, progress: Progress | None) -> None:
        self._reader = reader
        self._lists = lists
        self._bound_to = bound_to
        self._progress = progress
        self._done = 0

    def everything(self) -> Full:
        """Read every list whole."""
        people, tokens = self._people({})
        groups = self._reader.groups()
        names = _names(groups)
        return Full(
            contacts=tuple(contact_of(person, key, names) for key, person in people.items() if not person.metadata.deleted),
            checkpoint=self._checkpoint(tokens, groups),
        )

    def changes(self, known: Checkpoint) -> Delta | None:
        """Read what changed since a checkpoint; None when that is not enough to know. Raises CheckpointExpired likewise."""
        people, tokens = self._people(dict(known.tokens))
        groups = self._reader.groups()
        if not set(known.groups) <= set(_hashes(groups)):
            return None
        if any(person.metadata.previous_resource_names for person in people.values()):
            return None
        names = _names(groups)
        return Delta(
            changed=tuple(contact_of(person, key, names) for key, person in people.items() if not person.metadata.deleted),
            removed=tuple(key for key, person in people.items() if person.metadata.deleted),
            checkpoint=self._checkpoint(tokens, groups),
        )

    def _people(self, sync_tokens: Mapping[str, str]) -> tuple[dict[str, Person], list[tuple[str, str]]]:
        """Return the people of all lists by our id, the latest word on each, and the next sync tokens by list."""
        people: dict[str, Person] = {}
        tokens: list[tuple[str, str]] = []
        for wanted in self._lists:
            before = len(people)
            for page in self._reader.pages(wanted, sync_tokens.get(wanted.name, "")):
                listed = (*page.connections, *page.other_contacts, *page.people)
                people |= {wanted.prefix + person.resource_name: person for person in listed}
                self._tell(len(people), page.total_items if page.total_items is not None else page.total_size)
                if page.next_sync_token:
                    tokens.append((wanted.name, page.next_sync_token))
            if len(people) == before and wanted.name not in dict(tokens):
                # Any JSON object of anybody's looks like this. The API's own empty list bears the sync token that we asked for.
                raise SourceUnavailable(
                    f"{self._reader.server} answered with neither people nor a sync token: this is not the People API. Check api_endpoint, "
                    "and look for a proxy that puts itself in between."
                )
        return people, tokens

    def _tell(self, done: int, total: int | None) -> None:
        """Tell how far we are; how many there will be is known where there is one list. A second reading does not count back."""
        self._done = max(self._done, done)
        if self._progress is not None:
            self._progress(self._done, max(total, done) if total is not None and len(self._lists) == 1 else None)

    def _checkpoint(self, tokens: list[tuple[str, str]], groups: tuple[ContactGroup, ...]) -> str | None:
        if {name for name, _ in tokens} != {wanted.name for wanted in self._lists}:
            # A list without a token can only be read whole.
            return None
        return msgspec.json.encode(Checkpoint(self._bound_to, tuple(tokens), _hashes(groups))).decode()


def _known(since: str | None, bound_to: str) -> Checkpoint | None:
    """Return the checkpoint if it is one of ours for this configuration and account."""
    try:
        known = msgspec.json.decode(since or "", type=Checkpoint)
    except (msgspec.DecodeError, UnicodeError):
        return None
    return known if known.bound_to == bound_to else None


def _names(groups: tuple[ContactGroup, ...]) -> dict[str, str]:
    return {group.resource_name: group.name for group in groups}


def _hashes(groups: tuple[ContactGroup, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((group.resource_name, hashlib.sha256(group.name.encode()).hexdigest()[:16]) for group in groups)
