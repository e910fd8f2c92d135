"""Servers in place of Google's: slow, unknown, or with an untrusted certificate."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.base import SourceRefused, SourceUnavailable
from tests.connectors.contract import everything
from tests.connectors.google.server import WAITS, GoogleWorld, google_world
from tests.connectors.time_limits import time_limits
from tests.support.fakes import people_faults as faults
from tests.support.fakes.people_api import CONNECTIONS
from tests.support.patience import SHORT
from tests.support.servers.gateway import eventually


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with google_world(tmp_path) as world:
        yield world


def test_a_slow_server_is_left_after_the_timeout(world: GoogleWorld) -> None:
    released = Event()
    # An access token is there already, so that the slow server is the only one to be asked.
    everything(world.connector())
    world.api.requests.clear()
    world.api.fail(CONNECTIONS, faults.slow(released))
    with (
        time_limits(step=SHORT) as timeout,
        pytest.raises(SourceUnavailable, match=r"did not answer within 0\.3 s"),
    ):
        world.connector(timeout=timeout).fetch(None)
    released.set()
    eventually(lambda: {CONNECTIONS: 1} == world.api.requests, "the request")
    assert [] == WAITS


def test_a_certificate_that_nobody_vouches_for(world: GoogleWorld, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path / "cert.pem"))
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.handle_request)
        thread.start()
        address = f"https://127.0.0.1:{server.server_port}"
        with pytest.raises(SourceRefused, match="certificate that this computer does not trust"):
            world.connector(token_uri=address).fetch(None)
        thread.join()


def self_signed(path: Path) -> Path:
    """Write a certificate for 127.0.0.1 and its key into one file; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(
            issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1
        )
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(pem))
    return path


def test_a_name_that_nobody_knows(world: GoogleWorld) -> None:
    with pytest.raises(SourceUnavailable, match=r"people\.invalid is not known here"):
        world.connector(token_uri="https://people.invalid/token").fetch(None)
