"""Which versions and ciphers of TLS are accepted."""

import ssl
import warnings
from pathlib import Path

import pytest

from app.tls.context import MINIMUMS, server_context
from app.tls.pair import Pair
from tests.support.servers.ca import Authority, make_authority

OLD_CIPHER = "AES128-SHA"
"""All that CP-79xx have in common: TLS 1.0, key exchange by RSA, SHA-1."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def pair(authority: Authority) -> Pair:
    issued = authority.issue("a.example", is_rsa=True)
    return Pair(issued.certificate.read_bytes(), issued.key.read_bytes())


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> ssl.SSLObject:
    """Return the client's side after a handshake in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.wrap_bio(to_server, to_client, server_side=True)
    theirs = client.wrap_bio(to_client, to_server, server_hostname="a.example")
    for _ in range(5):
        for side in (theirs, ours):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return theirs


def client_with(authority: Authority, version: str, ciphers: str = "") -> ssl.SSLContext:
    client = ssl.create_default_context(cafile=str(authority.file))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        client.minimum_version = client.maximum_version = MINIMUMS[version]
    if ciphers:
        client.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    return client


@pytest.mark.parametrize("minimum", MINIMUMS)
@pytest.mark.parametrize("version", MINIMUMS)
def test_versions_from_the_minimum_on_are_accepted(
    authority: Authority, pair: Pair, minimum: str, version: str
) -> None:
    server = server_context(pair, minimum)
    client = client_with(authority, version, "ALL" if version < "1.2" else "")
    if version < minimum:
        with pytest.raises(ssl.SSLError):
            shake_hands(server, client)
        return
    shown = {"1.0": "TLSv1"}.get(version, f"TLSv{version}")
    assert shown == shake_hands(server, client).version()


@pytest.mark.parametrize("minimum, version", [("1.0", "1.0"), ("1.0", "1.2"), ("1.1", "1.2")])
def test_old_phones_get_their_cipher_where_old_versions_are_allowed(
    authority: Authority, pair: Pair, minimum: str, version: str
) -> None:
    client = client_with(authority, version, OLD_CIPHER)
    cipher = shake_hands(server_context(pair, minimum), client).cipher()
    assert cipher is not None and OLD_CIPHER == cipher[0]


def test_usually_no_cipher_is_accepted_that_lacks_forward_secrecy(
    authority: Authority, pair: Pair
) -> None:
    with pytest.raises(ssl.SSLError, match="NO_SHARED_CIPHER"):
        shake_hands(server_context(pair, "1.2"), client_with(authority, "1.2", OLD_CIPHER))


def test_no_file_with_the_key_stays_open(pair: Pair) -> None:
    descriptors = Path("/proc/self/fd")
    before = len(list(descriptors.iterdir()))
    server_context(pair, "1.2")
    assert before == len(list(descriptors.iterdir()))


def test_an_encrypted_key_asks_nobody_for_its_password(pair: Pair) -> None:
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(pair.key, None)
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"word"),
    )
    with pytest.raises(ssl.SSLError):
        server_context(Pair(pair.certificate, encrypted), "1.2")
