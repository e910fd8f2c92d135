"""TLS to a directory, verified.

Facts:
- ldap3's own Tls verifies nothing unless told to, sends no server name, warns of deprecation on Python 3.11, and on Python >=
  3.12 cannot match the IP address in a certificate. OpenSSL does all of it (SSLContext.check_hostname, RFC 6125), on every
  Python.
- OpenSSL checks one name in a handshake. A certificate that may bear another name than the address does is therefore tried
  with each allowed name, each on a connection of its own; nothing is sent before a certificate has been found good.
- Python >= 3.13 also demands what RFC 5280 says about authorities (VERIFY_X509_STRICT): old in-house ones may lack it.

Law of this file: it knows how to wrap a socket and what a failed handshake means. It knows no login and no search.
"""

import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from connectors.ldap.errors import UntrustedServer

if TYPE_CHECKING:
    from ldap3 import Connection, Tls

_EXPIRED = 10
_UNKNOWN_AUTHORITY = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 64})


def make_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that trusts the authorities in `ca_file`, or the system's where it is None.

    Raises SourceRefused when the file cannot be used; one of another form need not be tried again before it changes.
    """
    try:
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except ssl.SSLError as error:
        raise SourceRefused(
            f"ca_file {ca_file} holds no certificate in PEM form (text that starts with -----BEGIN CERTIFICATE-----): "
            "convert it with openssl x509 -inform der.",
            until_changed=ca_file,
        ) from error
    except OSError as error:
        raise SourceRefused(f"ca_file {ca_file} cannot be read ({error.strerror}): check the path and its rights.") from error


class Handshake:
    """One attempt at TLS, under one name. `failure` is what ended it, None where nothing did."""

    def __init__(self, context: ssl.SSLContext, name: str) -> None:
        self._context = context
        self._name = name
        self.failure: OSError | None = None

    def tls(self) -> "Tls":
        """Return what ldap3 takes for TLS, doing this handshake."""
        from ldap3 import Tls

        attempt = self

        class VerifiedTls(Tls):
            def wrap_socket(self, connection: "Connection", do_handshake: bool = False) -> None:
                connection.socket = attempt.wrap(connection.socket)

        return VerifiedTls(validate=ssl.CERT_REQUIRED)

    def wrap(self, sock: socket.socket) -> ssl.SSLSocket:
        """Return the socket with TLS around it, the certificate verified for the name; keeps the failure and raises it."""
        try:
            return self._context.wrap_socket(sock, server_hostname=self._name)
        except OSError as error:
            self.failure = error
            raise

    @property
    def has_wrong_name(self) -> bool:
        """Whether the certificate is good, but not for this name."""
        failure = self.failure
        return isinstance(failure, ssl.SSLCertVerificationError) and failure.verify_code in _OTHER_NAME


def handshake_failed(url: str, failure: OSError, timeout: float, names: tuple[str, ...]) -> SourceError:
    """Return the error that a failed handshake means. `timeout` are seconds, `names` those that were accepted."""
    if isinstance(failure, TimeoutError):
        return SourceUnavailable(f"{url} did not answer within {timeout:g} s while TLS was starting.")
    if isinstance(failure, ssl.SSLCertVerificationError):
        return _certificate_refused(url, failure, names)
    if isinstance(failure, ssl.SSLError) and failure.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:
        return SourceRefused(f"{url} speaks no TLS on that port: check url (ldaps:// is port 636; for port 389 set starttls = true).")
    return SourceUnavailable(f"{url} broke off while TLS was starting. Is TLS set up on the server, and is the port in url right?")


def _certificate_refused(url: str, failure: ssl.SSLCertVerificationError, names: tuple[str, ...]) -> SourceError:
    if failure.verify_code in _OTHER_NAME:
        return UntrustedServer(
            f"{url}: the server's certificate is for another name than {' or '.join(names)}. Write the certificate's name"
            " into url, or add it to valid_names."
        )
    if failure.verify_code == _EXPIRED:
        return UntrustedServer(f"{url}: the server's certificate has expired. Its administrator must renew it.")
    if failure.verify_code in _UNKNOWN_AUTHORITY:
        return UntrustedServer(
            f"{url}: the server's certificate is not signed by an authority that is trusted here."
            " Let ca_file name the authority's certificate."
        )
    return UntrustedServer(f"{url}: the server's certificate was refused ({failure.verify_message}). Mend it, or its authority in ca_file.")
