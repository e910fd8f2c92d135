"""Exit with 0 if the gateway in this container answers, else with 1.

It imports the standard library alone, so that a check costs a fraction of
`directory-gateway healthy`. It asks the port of gateway.toml, and port 8080 where that
file cannot be read, or names a port that a restart has yet to open.
"""

import os
import socket
import sys
import tomllib

CONFIG = "/etc/directory-gateway/gateway.toml"
DEFAULT = ("127.0.0.1", 8080, False)
THIS_MACHINE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
TIMEOUT = 4.0
REQUEST = b"GET /-/healthy HTTP/1.0\r\nHost: localhost\r\n\r\n"


def configured():
    """Return the host, the port and whether it speaks TLS, as gateway.toml says."""
    try:
        with open(os.environ.get("GATEWAY_CONFIG") or CONFIG, "rb") as file:  # noqa: PTH123 - pathlib takes time
            # As the gateway reads it: some editors begin a file with a byte order mark.
            listen = tomllib.loads(file.read().decode("utf-8-sig"))["listen"]
        host, port = listen.get("host", ""), int(listen.get("port", DEFAULT[1]))
        has_tls = "certificate" in listen and "https_port" not in listen
        return THIS_MACHINE.get(host, host), port, has_tls
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return DEFAULT


def answers(host, port, has_tls):
    """Return whether a request for /-/healthy is answered with 200."""
    try:
        connection = socket.create_connection((host, port), TIMEOUT)
        if has_tls:
            import ssl

            # The certificate names the host that phones use. This connection stays inside.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = context.wrap_socket(connection)
        with connection:
            connection.sendall(REQUEST)
            return connection.recv(64).split(b" ")[1:2] == [b"200"]
    except (OSError, ValueError, OverflowError):
        return False


if __name__ == "__main__":
    sys.exit(not any(answers(*place) for place in dict.fromkeys((configured(), DEFAULT))))
