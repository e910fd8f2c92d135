"""The listening socket that all web workers share."""

import errno
import socket
import time
from collections.abc import Callable
from contextlib import suppress

BACKLOG = 2048
SEND_BUFFER = 128 * 1024
UNSENT_SECONDS = 20
_ORPHANS_SECONDS = 5.0
_ADVICE = {
    errno.EADDRINUSE: (
        "Another program listens there already: stop it, or set another port under [listen] in"
        " gateway.toml."
    ),
    errno.EADDRNOTAVAIL: (
        'This machine has no such address: set host = "0.0.0.0" under [listen] in gateway.toml, or'
        " one that it has."
    ),
    errno.EACCES: (
        "Ports below 1024 are for root: set port = 8080, or another above, under [listen] in"
        " gateway.toml."
    ),
}
_USUAL_ADVICE = "Change host or port under [listen] in gateway.toml."


class CannotListen(Exception):
    """The address cannot be listened on; the text gives the reason and the remedy."""


def listen(host: str, port: int, is_ours: Callable[[], bool] = lambda: False) -> socket.socket:
    """Return a listening socket bound to an address.

    A port in use is tried again for 5 s while `is_ours` returns True. That means that
    the workers of a killed gateway may still hold it. Raises CannotListen if the
    address cannot be used.
    """
    until = time.monotonic() + _ORPHANS_SECONDS
    while True:
        try:
            return _listen(host, port)
        except CannotListen as error:
            taken = (
                isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE
            )
            if not taken or time.monotonic() > until or not is_ours():
                raise
            time.sleep(0.1)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            with suppress(OSError):
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        # Connections inherit both options. The first bounds what the system keeps for a client
        # that does not read (Linux allows 4 MB of its own accord). The second bounds the time, also
        # after the connection was closed here (Linux: tcp(7), TCP_USER_TIMEOUT, in milliseconds).
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            with suppress(OSError):
                listener.setsockopt(
                    socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * UNSENT_SECONDS
                )
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        # Errors of getaddrinfo have numbers of their own.
        advice = (
            _USUAL_ADVICE
            if isinstance(error, socket.gaierror)
            else _ADVICE.get(error.errno or 0, _USUAL_ADVICE)
        )
        raise CannotListen(
            f"cannot listen on {host} port {port}: {error.strerror or error}. {advice}"
        ) from error
    return listener
