"""A name server on a port of loopback, which knows what a test tells it."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

from tests.support.patience import PATIENCE

Records = Mapping[tuple[str, str], Sequence[str]]
"""(name, kind) -> the values, as a zone file writes them."""


@contextlib.contextmanager
def name_server(records: Records) -> Iterator[dns.resolver.Resolver]:
    """Yield a resolver that asks a running name server and nobody else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(sock, records), daemon=True)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = sock.getsockname()[1]
        try:
            yield resolver
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", ("127.0.0.1", resolver.port))
            thread.join(timeout=PATIENCE)


def _serve(sock: socket.socket, records: Records) -> None:
    while True:
        data, peer = sock.recvfrom(4096)
        if not data:
            return
        sock.sendto(_answer(dns.message.from_wire(data), records), peer)


def _answer(query: dns.message.Message, records: Records) -> bytes:
    response = dns.message.make_response(query)
    response.flags |= dns.flags.RA
    (question,) = query.question
    name = question.name.to_text(omit_final_dot=True)
    values = records.get((name, dns.rdatatype.to_text(question.rdtype)), ())
    if values:
        kind = dns.rdatatype.to_text(question.rdtype)
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
    else:
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response.to_wire()
