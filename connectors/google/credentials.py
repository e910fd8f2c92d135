"""Renew and store access tokens of a person's sign-in or of a service account.

The caller supplies the transport. Only `refresh` and `apply` of google-auth are called,
because `before_request` would start a thread that contacts other addresses.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import msgspec

from connectors.base import SourceRefused, SourceUnavailable
from connectors.google.credential_files import (
    LOGIN,
    ServiceAccountFile,
    TokenFile,
    format_expiry,
    parse_expiry,
    read_file,
    write_token_file,
)
from connectors.google.errors import TokenRefused

Transport = Callable[..., object]
"""Function that google-auth calls to reach the token endpoint.

It takes (url, method, body, headers). Its response has status, headers and data.
"""

TESTING_LIFETIME = timedelta(days=8)
"""Lifetime of a refresh token of a consent screen in "Testing".

It is 7 days; one more day may pass until we notice.
"""

TESTING = (
    'The consent screen is probably still in "Testing", which ends every sign-in after 7 days: set'
    ' it to "In production" first (Google Cloud console, Google Auth Platform, Audience).'
)

# RFC 6749 section 5.2; "deleted_client" is Google's. `invalid_grant` is final for a refresh token:
# revoked, unused for six months, the password changed, or seven days old while the consent screen's
# publishing status is "Testing" (developers.google.com/identity/protocols/oauth2, "Refresh token
# expiration").
_FINAL = ("invalid_grant", "invalid_client", "deleted_client", "unauthorized_client")
"""Refusals of the token endpoint that concern the content of the file."""

_COVERED_BY = {
    "https://www.googleapis.com/auth/contacts.readonly": "https://www.googleapis.com/auth/contacts"
}


class _GoogleCredentials(Protocol):
    """The part of google-auth's credentials that we use; `expiry` is naive UTC."""

    token: str | None
    expiry: datetime | None

    @property
    def valid(self) -> bool: ...

    def refresh(self, request: Transport) -> None: ...

    def apply(self, headers: MutableMapping[str, str]) -> None: ...


class Credentials(ABC):
    """Credentials of one fetch.

    `identity` is a hash that changes with the account. It is not secret.
    """

    def __init__(self, credentials: _GoogleCredentials, file: Path, identity: str) -> None:
        self._credentials = credentials
        self._file = file
        self.identity = hashlib.sha256(identity.encode()).hexdigest()[:16]

    @property
    def is_valid(self) -> bool:
        """Return whether there is a valid access token."""
        return self._credentials.valid

    def apply(self, headers: MutableMapping[str, str]) -> None:
        """Put the access token into the headers of a request."""
        self._credentials.apply(headers)

    def renew(self, transport: Transport) -> None:
        """Request a new access token and store it.

        Raises SourceRefused if a person must act, SourceUnavailable if the response is
        not understood. Exceptions of the transport pass through.
        """
        from google.auth.exceptions import GoogleAuthError

        try:
            self._credentials.refresh(transport)
        except TokenRefused as error:
            raise self.refusal(error.code) from error
        except (GoogleAuthError, ValueError) as error:
            raise SourceUnavailable(
                f"The token endpoint's answer makes no sense ({type(error).__name__}): check"
                " token_uri."
            ) from error
        self._store()

    def refusal(self, code: str) -> SourceRefused:
        """Return the error for a refusal.

        If only other credentials can help, no new try is made before their file
        changes.
        """
        return SourceRefused(
            self._refusal_text(code), until_changed=self._file if code in _FINAL else None
        )

    @abstractmethod
    def _store(self) -> None:
        """Store a new access token for the next fetch, if there is a place for it."""

    @abstractmethod
    def _refusal_text(self, code: str) -> str:
        """Return a message that explains a refusal and says what to do.

        `code` is the error code of OAuth.
        """


class UserCredentials(Credentials):
    """Sign-in of a person, stored in a token file."""

    def __init__(self, path: Path, token_uri: str, scopes: tuple[str, ...]) -> None:
        """Read the token file.

        Raises SourceRefused if it is missing or unreadable, or does not cover the
        scopes.
        """
        from google.oauth2.credentials import Credentials

        self._content = read_file(path, TokenFile, "token_file")
        granted = self._content.scopes
        if granted:
            covered = set(granted.split() if isinstance(granted, str) else granted)
            if any(
                scope not in covered and _COVERED_BY.get(scope) not in covered for scope in scopes
            ):
                raise SourceRefused(
                    "This sign-in does not cover everything that the configuration asks for"
                    f" (other_contacts, directory). Sign in again: {LOGIN}.",
                    until_changed=path,
                )
        expiry = parse_expiry(self._content.expiry)
        # `from_authorized_user_info` replaces any token_uri with Google's own, so the credentials
        # are built here. google-auth has no types.
        credentials: _GoogleCredentials = Credentials(  # type: ignore[no-untyped-call]
            # A token without a known expiry is not used: it would cost a refused request.
            token=self._content.token if expiry else None,
            refresh_token=self._content.refresh_token,
            token_uri=token_uri,
            client_id=self._content.client_id,
            client_secret=self._content.client_secret,
            quota_project_id=self._content.quota_project_id,
            expiry=expiry.replace(tzinfo=None) if expiry else None,
        )
        super().__init__(
            credentials, path, f"{self._content.client_id} {self._content.refresh_token}"
        )

    def _store(self) -> None:
        try:
            if (
                read_file(self._file, TokenFile, "token_file").refresh_token
                != self._content.refresh_token
            ):
                # Somebody has signed in meanwhile: the old sign-in must not replace the new one.
                return
        except SourceRefused:
            return
        # An access token lives an hour. With the stored one a fetch every 15 minutes makes one
        # token call in four.
        expiry = self._credentials.expiry
        content = msgspec.structs.replace(
            self._content,
            token=self._credentials.token,
            expiry=format_expiry(expiry) if expiry else None,
            refresh_token=getattr(self._credentials, "refresh_token", None)
            or self._content.refresh_token,
        )
        # A token file that cannot be written (a read-only mount) costs a token call per fetch, but
        # no contact.
        with suppress(OSError):
            write_token_file(self._file, content)

    def _refusal_text(self, code: str) -> str:
        again = f"Sign in again: {LOGIN}."
        if code in ("invalid_client", "deleted_client", "unauthorized_client"):
            return (
                f"Google does not take the OAuth client that this sign-in was made with ({code}):"
                " it was deleted or its secret replaced. Download the client file again and sign"
                f" in again: {LOGIN}."
            )
        if code == "invalid_grant" and expired_in_testing(self._content, datetime.now(UTC)):
            return (
                f"Google has ended this sign-in after a few days ({code}). {TESTING} Then sign in"
                f" again: {LOGIN}."
            )
        return f"Google does not accept this sign-in any more ({code}). {again}"


class ServiceAccountCredentials(Credentials):
    """Service account that reads as `subject`, by domain-wide delegation.

    Its tokens are not stored.
    """

    def __init__(self, path: Path, subject: str, token_uri: str, scopes: tuple[str, ...]) -> None:
        """Read the key file.

        Raises SourceRefused if it is missing or unreadable, or holds no key.
        """
        from google.oauth2.service_account import Credentials

        key = read_file(path, ServiceAccountFile, "service_account_file")
        try:
            # google-auth has no types.
            make = Credentials.from_service_account_info
            credentials: _GoogleCredentials = make(  # type: ignore[no-untyped-call]
                msgspec.to_builtins(key) | {"token_uri": token_uri}, scopes=scopes, subject=subject
            )
        except ValueError:
            # Not chained: the message of the key's parser could quote the key.
            raise SourceRefused(
                f"service_account_file: the private key in {path} cannot be read. Make a new key in"
                " the Google Cloud console.",
                until_changed=path,
            ) from None
        super().__init__(credentials, path, f"{key.client_email} {subject}")

    def _store(self) -> None:
        """Do nothing.

        A service account gets a token whenever it asks, and a fetch asks once.
        """

    def _refusal_text(self, code: str) -> str:
        if code == "unauthorized_client":
            return (
                "The service account may not read as `subject` (unauthorized_client). In the Admin"
                " console (Security, API controls, Domain-wide delegation) add its client ID with"
                " the scopes of docs/connectors/google.md."
            )
        if code == "invalid_grant":
            return (
                "Google gives the service account no token (invalid_grant). Check that `subject` is"
                " an address of your Workspace domain, that the key was not deleted, and that this"
                " computer's clock is right."
            )
        return (
            f"Google does not accept the service account ({code}). Make a new key and put it at"
            " service_account_file."
        )


def expired_in_testing(content: TokenFile, now: datetime) -> bool:
    """Return whether a sign-in probably ended because of "Testing".

    Google ends sign-ins of a consent screen in "Testing" at a certain age. `now` is the
    time at which the sign-in was found to be invalid.
    """
    if parse_expiry(content.refresh_token_expires_at) is not None:
        return True
    since = parse_expiry(content.signed_in_at)
    return since is not None and now - since < TESTING_LIFETIME
