"""Open connections to a directory, with TLS and login, and close them.

ldap3 leaves a socket open when a connection fails, tries only the addresses of one
Server object, and wants whole seconds as timeout. It is imported inside the functions.
"""

import contextlib
import math
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.ldap.errors import login_refused, start_tls_refused
from connectors.ldap.timed_socket import bound
from connectors.ldap.tls import Handshake, handshake_failed, make_context

if TYPE_CHECKING:
    from ldap3 import Connection

_NO_ADDRESS = (
    'not an LDAP address: it looks like "ldaps://dc1.example.com" or "ldap://dc1.example.com:389"'
)
_ERRNO = re.compile(r"\[Errno -?\d+\] ([^\]\['\"()]+)")


@dataclass(frozen=True, slots=True)
class Server:
    """One address of a directory.

    `tls` means LDAPS, which is TLS from the first byte.
    """

    url: str
    host: str
    port: int
    tls: bool


@dataclass(frozen=True, slots=True)
class LoginOptions:
    """Options for TLS and login, and the timeout.

    `login` is (name, password), or None for an anonymous login.
    """

    login: tuple[str, str] | None = field(repr=False)
    starttls: bool
    ca_file: Path | None
    valid_names: tuple[str, ...]
    timeout: float


def parse_url(url: str) -> Server:
    """Return the server that a URL names.

    Raises ValueError with a message for people if it names none.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ValueError(_NO_ADDRESS) from error
    if parts.scheme not in {"ldap", "ldaps"} or not url.lower().startswith(f"{parts.scheme}://"):
        raise ValueError(_NO_ADDRESS)
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "login names and passwords do not belong into url: use bind_dn and password"
        )
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("an address ends after the port: put the rest into base_dn and filter")
    if not parts.hostname:
        raise ValueError("the address names no server")
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError("the port is not a number from 1 to 65535") from error
    tls = parts.scheme == "ldaps"
    return Server(url.rstrip("/"), parts.hostname, port or (636 if tls else 389), tls)


@contextlib.contextmanager
def open_connection(server: Server, access: LoginOptions) -> Iterator["Connection"]:
    """Yield a connection that is encrypted as configured and logged in, then close it.

    Raises SourceUnavailable if the server cannot be reached or does not answer. Raises
    SourceRefused if it refuses us or we refuse it.
    """
    context = make_context(access.ca_file) if server.tls or access.starttls else None
    connection = _connect_any(server, access, context)
    try:
        _log_in(connection, server, access)
        yield connection
    finally:
        _close(connection)


@contextlib.contextmanager
def translate_errors(server: Server, timeout: float) -> Iterator[None]:
    """Turn the exceptions of ldap3 inside the block into SourceUnavailable."""
    from ldap3.core.exceptions import LDAPException

    try:
        yield
    except (LDAPException, OSError) as error:
        raise SourceUnavailable(f"{server.url} {_timeout_reason(error, timeout)}") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # ldap3 and our own decoder raise many exceptions for bytes that are not LDAP.
        raise SourceUnavailable(
            f"{server.url} answered something that is not LDAP. Is the port in url right?"
        ) from error


def _connect_any(
    server: Server, access: LoginOptions, context: ssl.SSLContext | None
) -> "Connection":
    """Return the first connection that opens.

    Tries each address of the server, and with TLS each name that its certificate may
    have.
    """
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceUnavailable(
            f"{server.url}: the name of the server was not found. Check url, and this computer's"
            " DNS."
        ) from error
    names = (server.host, *access.valid_names)
    problem: SourceError | None = None
    for address in dict.fromkeys(str(item[4][0]) for item in found):
        for name in names:
            handshake = None if context is None else Handshake(context, name)
            try:
                return _open(server, access, address, handshake)
            except SourceError as error:
                problem = error
            if handshake is None or not handshake.has_wrong_name:
                break
    raise problem or SourceUnavailable(
        f"{server.url}: the name of the server has no address. Check url."
    )


def _open(
    server: Server, access: LoginOptions, address: str, handshake: Handshake | None
) -> "Connection":
    from ldap3 import NONE, Connection
    from ldap3 import Server as Address

    seconds = max(1, math.ceil(access.timeout))
    target = Address(
        address,
        port=server.port,
        use_ssl=server.tls,
        get_info=NONE,
        tls=None if handshake is None else handshake.tls(),
        connect_timeout=access.timeout,
    )
    user, password = access.login or (None, None)
    connection = Connection(
        target,
        user=user,
        password=password,
        auto_bind="NONE",
        auto_referrals=False,
        auto_range=False,
        check_names=False,
        read_only=True,
        receive_timeout=seconds,
        return_empty_attributes=False,
    )
    try:
        with translate_errors(server, access.timeout):
            connection.open(read_server_info=False)
            if access.starttls:
                # StartTLS comes before the login, else the password is sent unencrypted (RFC 4513,
                # section 3.1).
                _start_tls(connection, server)
            bound(connection, server.url, access.timeout)
    except SourceError as error:
        _close(connection)
        if handshake is not None and handshake.failure is not None:
            names = (server.host, *access.valid_names)
            raise handshake_failed(
                server.url, handshake.failure, access.timeout, names
            ) from handshake.failure
        raise error
    return connection


def _start_tls(connection: "Connection", server: Server) -> None:
    from ldap3.core.exceptions import LDAPStartTLSError

    try:
        started = connection.start_tls(read_server_info=False)
    except LDAPStartTLSError as error:
        code = connection.result["result"] if connection.result else 0
        if code:
            raise start_tls_refused(server.url, code) from error
        raise
    if not started:
        # ldap3 returns False instead of raising if it is not ready. The password must not be sent.
        raise SourceUnavailable(f"{server.url} could not start TLS. It is tried again.")


def _log_in(connection: "Connection", server: Server, access: LoginOptions) -> None:
    from ldap3.core.exceptions import LDAPSASLPrepError

    with translate_errors(server, access.timeout):
        try:
            connection.bind(read_server_info=False)
        except LDAPSASLPrepError as error:
            raise SourceRefused(
                "password holds a character that no password may hold (RFC 4013): set another one."
            ) from error
    result = connection.result
    if result["result"] != 0:
        raise login_refused(server.url, result["result"], result["message"])


def _close(connection: "Connection") -> None:
    sock = connection.socket
    # A broken connection cannot be unbound; its socket is closed nevertheless.
    with contextlib.suppress(Exception):
        connection.unbind()
    if sock is not None:
        sock.close()


def _timeout_reason(error: Exception, timeout: float) -> str:
    text = str(error)
    if "timed out" in text:
        return (
            f"did not answer within {timeout:g} s (timeout). Is it running, and does a firewall let"
            " this computer through?"
        )
    if "terminated by server" in text:
        return (
            "closed the connection. Is the port in url right (636 for ldaps://, 389 for ldap://)?"
        )
    reason = _ERRNO.search(text)
    detail = f" ({reason[1].strip()})" if reason else ""
    return f"cannot be reached{detail}. Is the server running, and is url right?"
