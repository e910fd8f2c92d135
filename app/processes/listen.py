"""The listening sockets that all web workers share."""

import errno
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from app.settings.loader import Settings

BACKLOG = 2048
SEND_BUFFER = 128 * 1024
UNSENT_SECONDS = 20
_RETRY_SECONDS = 5.0
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


@dataclass(frozen=True, slots=True)
class Listeners:
    """The sockets of a configuration: for plain http, for https, or one for each."""

    plain: socket.socket | None
    tls: socket.socket | None

    @property
    def first_port(self) -> int:
        """The port of `[listen] port`."""
        first = self.plain or self.tls
        return int(first.getsockname()[1]) if first is not None else 0


@contextmanager
def open_listeners(
    settings: Settings, is_ours: Callable[[], bool] = lambda: False
) -> Iterator[Listeners]:
    """Bind the sockets of a configuration, and close them at the end.

    `is_ours` is that of `listen`. Raises CannotListen.
    """
    with ExitStack() as stack:

        def bound(port: int) -> socket.socket:
            return stack.enter_context(listen(settings.host, port, is_ours))

        first = bound(settings.port)
        if settings.https_port is not None:
            yield Listeners(first, bound(settings.https_port))
        elif settings.tls is not None:
            yield Listeners(None, first)
        else:
            yield Listeners(first, None)


def listen(host: str, port: int, is_ours: Callable[[], bool] = lambda: False) -> socket.socket:
    """Return a listening socket bound to an address.

    A port in use is tried again for 5 s while `is_ours` returns True. That means that
    the workers of a killed gateway may still hold it. Raises CannotListen if the
    address cannot be used.
    """
    until = time.monotonic() + _RETRY_SECONDS
    while True:
        try:
            return _listen(host, port)
        except CannotListen as error:
            cause = error.__cause__
            is_taken = isinstance(cause, OSError) and cause.errno == errno.EADDRINUSE
            if not is_taken or time.monotonic() > until or not is_ours():
                raise
            time.sleep(0.1)


def _listen(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        listener = socket.socket(found[0][0], socket.SOCK_STREAM)
        try:
            _set_options(listener)
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        # Errors of getaddrinfo have numbers of their own.
        number = 0 if isinstance(error, socket.gaierror) else error.errno or 0
        reason, advice = error.strerror or error, _ADVICE.get(number, _USUAL_ADVICE)
        raise CannotListen(f"cannot listen on {host} port {port}: {reason}. {advice}") from error
    return listener


def _set_options(listener: socket.socket) -> None:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if listener.family == socket.AF_INET6:
        with suppress(OSError):
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    # Connections inherit both options. The first bounds what the system keeps for a client that
    # does not read (Linux allows 4 MB of its own accord). The second bounds the time, also after
    # the connection was closed here (Linux: tcp(7), TCP_USER_TIMEOUT, in milliseconds).
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        with suppress(OSError):
            timeout = 1000 * UNSENT_SECONDS
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, timeout)
