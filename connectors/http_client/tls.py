"""TLS contexts for connectors over HTTP, and explanations of refused certificates.

Verification is always on.
"""

import ssl
from pathlib import Path
from typing import TypeVar

from connectors.base import SourceRefused

_Error = TypeVar("_Error", bound=BaseException)

# OpenSSL's verify codes: 10 expired, 9 not yet valid, 18 to 21 unknown authority, 62 and 64 another
# name or address.
_EXPIRED, _NOT_YET = 10, 9
_UNKNOWN = (18, 19, 20, 21)
_OTHER_NAME = (62, 64)


def tls_context(ca_file: Path | None, certificate: Path | None, key: Path | None) -> ssl.SSLContext:
    """Return a verifying context.

    `ca_file` replaces the public authorities, because a configured one is meant
    exclusively. Raises SourceRefused if a file is missing, unreadable or no
    certificate.
    """
    import certifi

    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SourceRefused(
            f"ca_file {ca_file} is no readable PEM file of certificates. Check ca_file."
        ) from error
    # The system's authorities count, and those of the HTTP library if the system (a slim container)
    # has none.
    if ca_file is None:
        context.load_verify_locations(cafile=certifi.where())
    if certificate is not None:
        try:
            context.load_cert_chain(certificate, key, password=_no_passphrase)
        except (OSError, ssl.SSLError, ValueError) as error:
            raise SourceRefused(
                f"The client certificate {certificate} cannot be used with its key. Check"
                " certificate and key: PEM files that belong together, the key without a"
                " passphrase."
            ) from error
    return context


def tls_problem(error: BaseException, host: str) -> str:
    """Return the sentence for a TLS failure in an exception's chain.

    Returns "" if TLS was not the cause.
    """
    found = find_cause(error, ssl.SSLError)
    if found is None or isinstance(
        found, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError
    ):
        return ""
    if not isinstance(found, ssl.SSLCertVerificationError):
        if "WRONG_VERSION_NUMBER" in str(found) or "UNKNOWN_PROTOCOL" in str(found):
            return (
                f"{host} does not speak TLS on this port. Check the port in url, or write http://"
                " if it has no TLS."
            )
        if "ALERT" in str(found) and "CERTIFICATE" in str(found):
            return (
                f"{host} asks for another client certificate than ours. Check certificate and key."
            )
        reason = found.reason or "handshake failed"
        return (
            f"{host} and we found no common TLS ({reason}). Check url and the server's TLS"
            " settings."
        )
    if found.verify_code in _OTHER_NAME:
        return (
            f"The certificate of {host} is for another name. Write the name that is in the"
            " certificate into url."
        )
    if found.verify_code == _EXPIRED:
        return f"The certificate of {host} has expired. Renew it on the server."
    if found.verify_code == _NOT_YET:
        return f"The certificate of {host} is not valid yet. Check the clocks of both machines."
    if found.verify_code in _UNKNOWN:
        return (
            f"The certificate of {host} is signed by an authority unknown here. If it is yours,"
            " name its PEM file in ca_file."
        )
    return (
        f"The certificate of {host} is not acceptable ({found.verify_message}). Mend it on the"
        " server, or check ca_file."
    )


def _no_passphrase() -> str:
    """Return no passphrase, instead of OpenSSL's prompt at the terminal."""
    return ""


def find_cause(error: BaseException | None, kind: type[_Error]) -> _Error | None:
    """Return the first exception of a kind among an error and its causes."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, kind):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None
