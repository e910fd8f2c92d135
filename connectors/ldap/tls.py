"""Verified TLS to a directory.

ldap3's own Tls verifies nothing unless told to, sends no server name, and warns of
deprecation on Python 3.11. On Python >= 3.12 it cannot match the IP address in a
certificate. OpenSSL does all of it (SSLContext.check_hostname, RFC 6125) on every
Python.
"""

import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.ldap.errors import NoTls, UntrustedServer

if TYPE_CHECKING:
    from ldap3 import Connection, Tls

_EXPIRED = 10
_UNKNOWN_AUTHORITY = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 64})


def make_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that trusts the authorities in `ca_file`, or else the system's.

    Raises SourceRefused if the file cannot be used. If its form is wrong, no new try is
    made before it changes.
    """
    try:
        # Python >= 3.13 also requires what RFC 5280 says about authorities (VERIFY_X509_STRICT):
        # old in-house ones may lack it.
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except ssl.SSLError as error:
        raise SourceRefused(
            f"ca_file {ca_file} holds no certificate in PEM form (text that starts with -----BEGIN"
            " CERTIFICATE-----): convert it with openssl x509 -inform der.",
            until_changed=ca_file,
        ) from error
    except OSError as error:
        raise SourceRefused(
            f"ca_file {ca_file} cannot be read ({error.strerror}): check the path and its rights."
        ) from error


class Handshake:
    """One TLS handshake, under one name.

    OpenSSL checks one name in a handshake. A certificate that may have another name
    than the address is therefore tried with each allowed name, each on a new
    connection. Nothing is sent before a certificate was found valid. `failure` is the
    exception that ended the handshake, if any.
    """

    def __init__(self, context: ssl.SSLContext, name: str) -> None:
        self._context = context
        self._name = name
        self.failure: OSError | None = None

    def tls(self) -> "Tls":
        """Return a Tls object for ldap3 that does this handshake."""
        from ldap3 import Tls

        attempt = self

        class VerifiedTls(Tls):
            def wrap_socket(self, connection: "Connection", do_handshake: bool = False) -> None:
                connection.socket = attempt.wrap(connection.socket)

        return VerifiedTls(validate=ssl.CERT_REQUIRED)

    def wrap(self, sock: socket.socket) -> ssl.SSLSocket:
        """Return the socket with TLS, the certificate verified for the name.

        A failure is stored and raised.
        """
        try:
            return self._context.wrap_socket(sock, server_hostname=self._name)
        except OSError as error:
            self.failure = error
            raise

    @property
    def has_wrong_name(self) -> bool:
        """Return whether the certificate is valid, but not for this name."""
        failure = self.failure
        return (
            isinstance(failure, ssl.SSLCertVerificationError) and failure.verify_code in _OTHER_NAME
        )


def handshake_failed(
    url: str, failure: OSError, timeout: float, names: tuple[str, ...]
) -> SourceError:
    """Return the error for a failed handshake.

    `timeout` is in seconds, `names` are the accepted names.
    """
    if isinstance(failure, TimeoutError):
        return SourceUnavailable(
            f"{url} did not answer within {timeout:g} s while TLS was starting."
        )
    if isinstance(failure, ssl.SSLCertVerificationError):
        return _certificate_refused(url, failure, names)
    if isinstance(failure, ssl.SSLError) and failure.reason in {
        "WRONG_VERSION_NUMBER",
        "RECORD_LAYER_FAILURE",
    }:
        return NoTls(
            f"{url} speaks no TLS on that port: check url (ldaps:// is port 636; for port 389 set"
            " starttls = true)."
        )
    return SourceUnavailable(
        f"{url} broke off while TLS was starting. Is TLS set up on the server, and is the port in"
        " url right?"
    )


def _certificate_refused(
    url: str, failure: ssl.SSLCertVerificationError, names: tuple[str, ...]
) -> SourceError:
    if failure.verify_code in _OTHER_NAME:
        return UntrustedServer(
            f"{url}: the server's certificate is for another name than {' or '.join(names)}. Write"
            " the certificate's name into url, or add it to valid_names."
        )
    if failure.verify_code == _EXPIRED:
        return UntrustedServer(
            f"{url}: the server's certificate has expired. Its administrator must renew it."
        )
    if failure.verify_code in _UNKNOWN_AUTHORITY:
        return UntrustedServer(
            f"{url}: the server's certificate is not signed by an authority that is trusted here."
            " Let ca_file name the authority's certificate."
        )
    return UntrustedServer(
        f"{url}: the server's certificate was refused ({failure.verify_message}). Mend it, or its"
        " authority in ca_file."
    )
