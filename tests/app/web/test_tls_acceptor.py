"""The TLS context of new connections follows the supervisor's file."""

import msgspec
import pytest

from app.state import memfile
from app.tls.pair import Pair
from app.web.tls_acceptor import ServedContext
from tests.support.servers.ca import Authority, make_authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"))


def issued(authority: Authority) -> bytes:
    """Return a new certificate as the supervisor writes it."""
    files = authority.issue("a.example")
    pair = Pair(files.certificate.read_bytes(), files.key.read_bytes())
    return msgspec.msgpack.encode(pair)


def test_a_certificate_is_taken_once_it_is_complete(authority: Authority) -> None:
    file, fresh = memfile.create(issued(authority)), issued(authority)
    served = ServedContext(file, "1.2")
    former = served.context
    for part in (b"", fresh[:100], fresh[:-1], fresh[:-100] + bytes(100)):
        memfile.replace(file, part)
        served.poll()
        assert former is served.context
    memfile.replace(file, fresh)
    served.poll()
    taken = served.context
    assert former is not taken
    served.poll()
    assert taken is served.context


def test_a_certificate_is_taken_when_a_descriptor_is_free_again(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(data: bytes) -> int:
        raise OSError(24, "Too many open files")

    file = memfile.create(issued(authority))
    served = ServedContext(file, "1.2")
    former = served.context
    memfile.replace(file, issued(authority))
    with monkeypatch.context() as full:
        full.setattr(memfile, "create", refuse)
        served.poll()
    assert former is served.context
    served.poll()
    assert former is not served.context
