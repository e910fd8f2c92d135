"""Read the contacts, "other contacts" and Workspace directory of a Google account.

A checkpoint holds a sync token per list, a fingerprint of everything that the tokens
are bound to, and a hash of each group's name. Everything is read again if the
fingerprint differs or a token has expired, and if the changes are ambiguous. No library
of Google is imported before the first fetch.
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
from connectors.google.lists import (
    CONNECTIONS,
    DIRECTORY,
    OTHER_CONTACTS,
    ListReader,
    PeopleList,
    fingerprint,
)
from connectors.google.people import ContactGroup, Person, contact_of


def check_endpoint(value: str) -> str:
    """Return the URL if a token may be sent to it: https, or http to this computer.

    Raises ValueError if it may not.
    """
    parts = urlsplit(value)
    if parts.scheme == "https" and parts.hostname:
        return value
    if parts.scheme == "http" and parts.hostname and _is_this_computer(parts.hostname):
        return value
    raise ValueError(
        'write it as "https://..."; http is allowed to this computer alone (127.0.0.1)'
    )


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


Address = Annotated[str, AfterValidator(check_endpoint)]
"""URL to which tokens may be sent."""


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """State for the next fetch.

    `tokens` are pairs of list and sync token, `groups` pairs of group and hash of its
    name. `bound_to` is the fingerprint that the tokens are bound to.
    """

    bound_to: str
    tokens: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, str], ...]


class GoogleConnector(Connector):
    """Connector for the contacts of a Google account.

    It reads with a person's sign-in (`token_file`) or with a service account.
    """

    token_file: LocalPath | None = None
    """Authorized-user JSON of a sign-in, written by `directory-gateway login`.

    Refreshed tokens are stored in it.
    """

    client_file: LocalPath | None = None
    """JSON of the OAuth client; only `login` needs it."""

    service_account_file: LocalPath | None = None
    """Key of a service account with domain-wide delegation, instead of `token_file`."""

    subject: str = ""
    """Address in the Workspace domain as which the service account reads."""

    other_contacts: bool = False
    """Read "Other contacts" too, the people that Google noted by itself."""

    directory: bool = False
    """Read the Workspace directory too: profiles and shared contacts of the domain."""

    api_endpoint: Address = Field(default="https://people.googleapis.com/")
    token_uri: Address = Field(default="https://oauth2.googleapis.com/token")

    patience: ClassVar[RetryPolicy] = RetryPolicy()
    """Limits on the waiting of a fetch for a busy server."""

    @model_validator(mode="after")
    def _check_credentials(self) -> Self:
        wrong: list[str] = []
        if self.service_account_file is None:
            if self.token_file is None:
                wrong.append(
                    "token_file is missing: name the file of a sign-in (token_file ="
                    ' "google-token.json"), or a service_account_file'
                )
            if self.subject:
                wrong.append(
                    "subject belongs to service_account_file: remove it, or name the service"
                    " account's key"
                )
        else:
            if self.token_file is not None or self.client_file is not None:
                wrong.append(
                    "service_account_file needs no token_file and no client_file: keep one way of"
                    " signing in"
                )
            if not self.subject:
                wrong.append(
                    "subject is missing: the address of the person as whom the service account"
                    " reads (its own contacts are none)"
                )
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
        """Let a person sign in with a browser on any computer.

        Raises SourceRefused or SourceUnavailable as `login.sign_in` does.
        """
        from connectors.google import login

        login.sign_in(self, port=login.PORT if port is None else port, say=say)

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Read everything, or what changed since the checkpoint.

        Raises SourceUnavailable or SourceRefused if the list is not complete.
        """
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
            return ServiceAccountCredentials(
                self.service_account_file, self.subject, self.token_uri, self.scopes()
            )
        assert self.token_file is not None  # noqa: S101 - `_check_credentials` ensures it
        return UserCredentials(self.token_file, self.token_uri, self.scopes())


class _Fetch:
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

    def changes(self, known: Checkpoint) -> Delta | None:
        """Return the changes since a checkpoint, or None if they are ambiguous.

        Raises CheckpointExpired if a sync token has expired.
        """
        people, tokens = self._people(dict(known.tokens))
        groups = self._reader.groups()
        # A known group was renamed or deleted. Its members are now other contacts, and no sync
        # token reports them.
        if not set(known.groups) <= set(_hashes(groups)):
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
        for wanted in self._lists:
            before = len(people)
            for page in self._reader.pages(wanted, sync_tokens.get(wanted.name, "")):
                listed = (*page.connections, *page.other_contacts, *page.people)
                people |= {wanted.prefix + person.resource_name: person for person in listed}
                self._tell(
                    len(people),
                    page.total_items if page.total_items is not None else page.total_size,
                )
                if page.next_sync_token:
                    tokens.append((wanted.name, page.next_sync_token))
            if len(people) == before and wanted.name not in dict(tokens):
                # Any JSON object looks like this. The API's own empty list contains the sync token.
                raise SourceUnavailable(
                    f"{self._reader.server} answered with neither people nor a sync token: this is"
                    " not the People API. Check api_endpoint, and look for a proxy that puts"
                    " itself in between."
                )
        return people, tokens

    def _tell(self, done: int, total: int | None) -> None:
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
        if {name for name, _ in tokens} != {wanted.name for wanted in self._lists}:
            # A list without a token can only be read completely.
            return None
        return msgspec.json.encode(
            Checkpoint(self._bound_to, tuple(tokens), _hashes(groups))
        ).decode()


def _known(since: str | None, bound_to: str) -> Checkpoint | None:
    """Return the checkpoint if it belongs to this configuration and account."""
    try:
        known = msgspec.json.decode(since or "", type=Checkpoint)
    except (msgspec.DecodeError, UnicodeError):
        return None
    return known if known.bound_to == bound_to else None


def _names(groups: tuple[ContactGroup, ...]) -> dict[str, str]:
    return {group.resource_name: group.name for group in groups}


def _hashes(groups: tuple[ContactGroup, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (group.resource_name, hashlib.sha256(group.name.encode()).hexdigest()[:16])
        for group in groups
    )
