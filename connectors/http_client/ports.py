"""Find out which of http:// and https:// a port wants, after an exchange in the other one has failed.

Nothing but a greeting is sent: no path, no login.
"""

import socket
import ssl
from contextlib import suppress


def speaks_tls(host: str, port: int, timeout: float) -> bool:
    """Return whether a port answers a TLS handshake, with whatever certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is sent, and nothing believed but that TLS is there
    try:
        with socket.create_connection((host, port), timeout) as plain, context.wrap_socket(plain, server_hostname=host):
            return True
    except ssl.SSLError as error:
        # An alert is TLS as well: the server may want another name, version or a client certificate.
        return "ALERT" in str(error.reason)
    except (OSError, ValueError):
        return False


def speaks_plain_http(host: str, port: int, timeout: float) -> bool:
    """Return whether a port answers a plain HTTP request."""
    with suppress(OSError), socket.create_connection((host, port), timeout) as plain:
        plain.sendall(b"OPTIONS * HTTP/1.0\r\n\r\n")
        return plain.recv(5).startswith(b"HTTP/")
    return False
