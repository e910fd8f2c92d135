"""Read and write the JSON files with Google credentials."""

import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from connectors.base import SourceRefused
from connectors.local_file import secret_mode

LOGIN = "directory-gateway login SOURCE"


class TokenFile(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Google's "authorized user" JSON, which other programs write too.

    It holds client_id, client_secret and refresh_token, and token and expiry of the
    last access token. We add `signed_in_at`, and `refresh_token_expires_at` if Google
    reports it. Times are UTC, ISO 8601 with a Z.
    """

    type: str = msgspec.field(default_factory=lambda: "authorized_user")
    client_id: str
    client_secret: str
    refresh_token: str
    token: str | None = None
    expiry: str | None = None
    scopes: tuple[str, ...] | str | None = None
    token_uri: str | None = None
    account: str | None = None
    quota_project_id: str | None = None
    universe_domain: str | None = None
    signed_in_at: str = ""
    refresh_token_expires_at: str = ""


class OAuthClient(msgspec.Struct, frozen=True):
    """OAuth client of a desktop app."""

    client_id: str
    client_secret: str
    auth_uri: str = "https://accounts.google.com/o/oauth2/auth"


class ClientFile(msgspec.Struct, frozen=True):
    """OAuth client file that the console offers for download.

    The client of a desktop app is under "installed".
    """

    installed: OAuthClient


class ServiceAccountFile(msgspec.Struct, frozen=True):
    """Key file of a service account; the file also has `token_uri`."""

    client_email: str
    private_key: str
    private_key_id: str = ""
    type: str = "service_account"


F = TypeVar("F", TokenFile, ClientFile, ServiceAccountFile)

_EXPECTED = {
    TokenFile: f"the token of a sign-in. Sign in again: {LOGIN}",
    ClientFile: (
        'an OAuth client of the type "Desktop app". Download its JSON from the Google Cloud console'
        " again"
    ),
    ServiceAccountFile: (
        "the key of a service account. Download its JSON from the Google Cloud console again"
    ),
}


def read_file(path: Path, kind: type[F], key: str) -> F:
    """Return the decoded content of a credentials file.

    `key` is its key in the configuration. Raises SourceRefused if the file is missing,
    unreadable or of another kind. No new try is made before the file changes.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        advice = f"Sign in: {LOGIN}" if kind is TokenFile else "Put the file there"
        raise SourceRefused(
            f"{key}: there is no file {path}. {advice}.", until_changed=path
        ) from error
    except OSError as error:
        raise SourceRefused(
            f"{key}: {path} cannot be read ({error.strerror}). Give it to the user that runs the"
            " gateway.",
            until_changed=path,
        ) from error
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Not chained: the decoder's message could quote the content of the file.
        raise SourceRefused(
            f"{key}: {path} is not {_EXPECTED[kind]}.", until_changed=path
        ) from None


def write_token_file(path: Path, content: TokenFile) -> None:
    """Replace the token file atomically, readable by its owner alone.

    In a folder with setgid its group may read it too. Raises OSError if it cannot be
    written.
    """
    target = path.resolve()
    folder = target.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob(f".{target.name}.*.new"):
        # A killed process left it behind: a running one needs less than a minute.
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - 60:
                left.unlink()
    new = folder / f".{target.name}.{os.getpid()}.new"
    with suppress(FileNotFoundError):
        new.unlink()
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, secret_mode(folder))
    try:
        with os.fdopen(handle, "wb") as file:
            # `login` is often called with sudo, and the gateway runs as a user of its own. So root
            # gives the file to the owner of the file that it replaces, or else of the folder.
            if os.geteuid() == 0:
                owner = (target if target.exists() else folder).stat()
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            file.write(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise


def format_expiry(moment: datetime) -> str:
    """Return a time in the form of a token file.

    A naive time is UTC, as in google-auth.
    """
    utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_expiry(text: str | None) -> datetime | None:
    """Return a time of a token file with its zone, or None if it is not valid."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
