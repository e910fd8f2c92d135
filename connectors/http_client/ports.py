"""Detect whether a port expects http:// or https://, after the other one failed.

Only a greeting is sent, without path or login.
"""

import socket
import ssl
from contextlib import suppress


def speaks_tls(host: str, port: int, timeout: float) -> bool:
    """Return whether a port answers a TLS handshake, with any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is sent, and only the presence of TLS counts
    try:
        with (
            socket.create_connection((host, port), timeout) as plain,
            context.wrap_socket(plain, server_hostname=host),
        ):
            return True
    except ssl.SSLError as error:
        # An alert is TLS as well. The server may want another name, version or client certificate.
        return "ALERT" in str(error.reason)
    except (OSError, ValueError):
        return False


def speaks_plain_http(host: str, port: int, timeout: float) -> bool:
    """Return whether a port answers a plain HTTP request."""
    with suppress(OSError), socket.create_connection((host, port), timeout) as plain:
        plain.sendall(b"OPTIONS * HTTP/1.0\r\n\r\n")
        return plain.recv(5).startswith(b"HTTP/")
    return False
