"""Read the contacts, "other contacts" and Workspace directory of a Google account.

No library of Google is imported before the first fetch.
"""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from connectors.base import Connector, Delta, Full, Progress, SourceRefused
from connectors.fields import LocalPath, raise_problems
from connectors.google.client import PeopleClient, RetryPolicy
from connectors.google.credentials import Credentials, ServiceAccountCredentials, UserCredentials
from connectors.google.errors import CheckpointExpired
from connectors.google.fetch import Fetch, decode_checkpoint
from connectors.google.lists import (
    CONNECTIONS,
    DIRECTORY,
    OTHER_CONTACTS,
    ListReader,
    PeopleList,
    fingerprint,
)


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

    retry_policy: ClassVar[RetryPolicy] = RetryPolicy()
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

    def sign_in(self, *, echo: Callable[[str], None], port: int | None = None) -> None:
        """Let a person sign in with a browser on any computer.

        Raises SourceRefused or SourceUnavailable as `login.sign_in` does.
        """
        from connectors.google import login

        if self.token_file is None:
            raise SourceRefused(
                "This source reads with a service account: there is nothing to sign in to."
            )
        if self.client_file is None:
            raise SourceRefused(
                "client_file is missing: name the JSON file of an OAuth client of the type Desktop"
                " app (docs/connectors/google.md shows how to make one)."
            )
        request = login.LoginRequest(
            token_file=self.token_file,
            client_file=self.client_file,
            token_uri=self.token_uri,
            scopes=self.scopes(),
            timeout=self.timeout,
        )
        login.sign_in(request, port=login.PORT if port is None else port, echo=echo)

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Read everything, or what changed since the checkpoint.

        Raises SourceUnavailable or SourceRefused if the list is not complete.
        """
        credentials = self._credentials()
        bound_to = fingerprint(self.lists(), credentials.identity, self.api_endpoint)
        checkpoint = decode_checkpoint(since, bound_to)
        client = PeopleClient(credentials, timeout=self.timeout, retry_policy=self.retry_policy)
        try:
            fetch = Fetch(ListReader(client, self.api_endpoint), self.lists(), bound_to, progress)
            if checkpoint is not None:
                try:
                    delta = fetch.changes(checkpoint)
                except CheckpointExpired:
                    delta = None
                if delta is not None:
                    return delta
            return fetch.everything()
        finally:
            client.close()

    def _credentials(self) -> Credentials:
        if self.service_account_file is not None:
            return ServiceAccountCredentials(
                self.service_account_file, self.subject, self.token_uri, self.scopes()
            )
        assert self.token_file is not None  # noqa: S101 - `_check_credentials` ensures it
        return UserCredentials(self.token_file, self.token_uri, self.scopes())
