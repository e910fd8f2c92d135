"""Make the TLS context for new connections."""

import os
import ssl
import warnings

from app.state import memfile
from app.tls.pair import Pair

MINIMUMS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
_OLD = ("1.0", "1.1")
# OpenSSL 3 has TLS 1.0 and 1.1, and signatures by SHA-1, on security level 0 alone
# (SSL_CTX_set_security_level(3)). Its list has the key exchange by RSA, of which CP-79xx need one.
_OLD_CIPHERS = "DEFAULT:@SECLEVEL=0"


def server_context(pair: Pair, minimum: str) -> ssl.SSLContext:
    """Return the context for a certificate and the oldest version that is accepted.

    `minimum` is "1.0" to "1.3". Below "1.2" the ciphers of old phones are accepted too.
    Raises ssl.SSLError if OpenSSL does not take the certificate or its key.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # A client could make the server compute one handshake after the other on a connection.
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    if minimum in _OLD:
        context.set_ciphers(_OLD_CIPHERS)
    with warnings.catch_warnings():
        # Python warns of the old versions. The administrator asked for them.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = MINIMUMS[minimum]
    _load(context, pair)
    return context


def _load(context: ssl.SSLContext, pair: Pair) -> None:
    # Python's ssl reads certificates from files alone. These have no name and are in memory.
    certificate, key = memfile.create(pair.certificate), memfile.create(pair.key)
    try:
        # With a password nobody is asked on the terminal for that of an encrypted key.
        context.load_cert_chain(f"/dev/fd/{certificate}", f"/dev/fd/{key}", password="")
    finally:
        os.close(certificate)
        os.close(key)
