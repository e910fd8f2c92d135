"""What is wrong with the files of a certificate and its key, in words."""

import datetime as dt
import os
import re
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID

from app.tls.examination import Facts, date_problem, examine
from app.tls.pair import CertificateError, TlsSettings, read_pair
from tests.support.patience import PATIENCE
from tests.support.servers.ca import Authority, Certificate, make_authority

DAY = 86_400.0


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def issued(authority: Authority) -> Certificate:
    return authority.issue("phonebook.example.com", "127.0.0.1")


def openssl(*words: str) -> None:
    subprocess.run(("openssl", *words), check=True, capture_output=True, timeout=PATIENCE)


def facts_of(certificate: Path, key: Path) -> Facts:
    settings = TlsSettings(certificate, key)
    return examine(settings, read_pair(settings))


def problems_of(certificate: Path, key: Path) -> tuple[str, ...]:
    with pytest.raises(CertificateError) as caught:
        facts_of(certificate, key)
    return caught.value.problems


def test_a_usable_certificate_names_hosts_and_its_end(issued: Certificate) -> None:
    facts = facts_of(issued.certificate, issued.key)
    assert ("phonebook.example.com", "127.0.0.1") == facts.names
    assert () == facts.warnings
    now = dt.datetime.now(dt.UTC).timestamp()
    assert facts.starts < now < facts.warn_from < facts.expires
    # A fifth of its four days.
    assert 0.8 * DAY == facts.expires - facts.warn_from


def as_der(files: Certificate, folder: Path) -> Certificate:
    out = folder / "der"
    openssl("x509", "-in", str(files.certificate), "-outform", "der", "-out", str(out))
    return Certificate(out, files.key)


def as_pkcs12(files: Certificate, folder: Path) -> Certificate:
    out = folder / "p12"
    words = ("-inkey", str(files.key), "-in", str(files.certificate), "-passout", "pass:")
    openssl("pkcs12", "-export", *words, "-out", str(out))
    return Certificate(out, out)


def as_pkcs7(files: Certificate, folder: Path) -> Certificate:
    out = folder / "p7"
    openssl("crl2pkcs7", "-nocrl", "-certfile", str(files.certificate), "-out", str(out))
    return Certificate(out, files.key)


def with_der_key(files: Certificate, folder: Path) -> Certificate:
    out = folder / "key.der"
    openssl("pkey", "-in", str(files.key), "-outform", "der", "-out", str(out))
    return Certificate(files.certificate, out)


def cut_off(files: Certificate, folder: Path) -> Certificate:
    out, whole = folder / "cut", files.certificate.read_text()
    out.write_text(whole + whole[:300], encoding="ascii")
    return Certificate(out, files.key)


def as_pipe(files: Certificate, folder: Path) -> Certificate:
    os.mkfifo(folder / "pipe")
    return Certificate(files.certificate, folder / "pipe")


def encrypted(*more: str) -> Callable[[Certificate, Path], Certificate]:
    def make(files: Certificate, folder: Path) -> Certificate:
        out = folder / "encrypted"
        words = ("-aes128", "-passout", "pass:x", "-in", str(files.key), "-out", str(out))
        openssl(*more, *words)
        return Certificate(files.certificate, out)

    return make


def with_text(certificate: str = "", key: str = "") -> Callable[[Certificate, Path], Certificate]:
    def make(files: Certificate, folder: Path) -> Certificate:
        found = []
        for name, text, file in (
            ("c", certificate, files.certificate),
            ("k", key, files.key),
        ):
            path = folder / name
            path.write_text(text or file.read_text(), encoding="ascii")
            found.append(path)
        return Certificate(*found)

    return make


PEM = "-----BEGIN {0}-----\nAAAA\n-----END {0}-----\n"
BROKEN = {
    "nothing": (with_text("x", "x"), "no certificate in PEM form", "no private key in PEM form"),
    "der": (as_der, "openssl x509 -inform der"),
    "a key in der": (with_der_key, "openssl pkey -inform der"),
    "pkcs12": (as_pkcs12, "no certificate .* openssl pkcs12", "no private key .* openssl pkcs12"),
    "pkcs7": (as_pkcs7, "openssl pkcs7 -print_certs"),
    "a request": (with_text(PEM.format("CERTIFICATE REQUEST")), "a request for a certificate"),
    "trusted": (with_text(PEM.format("TRUSTED CERTIFICATE")), "openssl x509 -in FILE -out NEW"),
    "a chain that is cut off": (cut_off, "is cut off in the midst of a certificate. Copy"),
    "a pipe that nobody writes": (as_pipe, "listen.key: .* is not a regular file"),
    "exchanged": (
        lambda files, folder: Certificate(files.key, files.certificate),
        "a private key and no certificate. Are certificate and key exchanged?",
        "holds no private key in PEM form",
    ),
    "a damaged certificate": (with_text(PEM.format("CERTIFICATE")), "holds a damaged certificate"),
    "a damaged key": (with_text(key=PEM.format("PRIVATE KEY")), "no private key that can be read"),
    "an encrypted key": (encrypted("pkey"), "is encrypted, .* Decrypt it: openssl pkey"),
    "an encrypted key of old": (encrypted("ec"), "is encrypted"),
    "no file": (
        lambda files, folder: Certificate(folder / "none", folder / "no"),
        "listen.certificate: .*none cannot be read: No such file",
        "listen.key: .*no cannot be read: No such file",
    ),
    "a folder": (
        lambda files, folder: Certificate(folder, files.key),
        "cannot be read: Is a directory",
    ),
    "a huge file": (
        with_text(key="x" * 300_000),
        "is too large: it has over 256 kB. Check the path",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_used(name: str, issued: Certificate, tmp_path: Path) -> None:
    make, *expected = BROKEN[name]
    files = make(issued, tmp_path)
    found = problems_of(files.certificate, files.key)
    assert len(expected) == len(found)
    for pattern, problem in zip(expected, found, strict=True):
        assert re.search(pattern, problem), problem


def test_a_key_of_another_certificate(authority: Authority, issued: Certificate) -> None:
    other = authority.issue("phonebook.example.com")
    (problem,) = problems_of(issued.certificate, other.key)
    assert f"listen.certificate: {issued.certificate} does not belong to the key in" in problem


def test_the_order_of_a_chain(authority: Authority, issued: Certificate, tmp_path: Path) -> None:
    own, above = issued.certificate.read_text(), authority.file.read_text()
    chain = tmp_path / "chain"
    chain.write_text(own + above, encoding="ascii")
    assert () == facts_of(chain, issued.key).warnings
    chain.write_text(above + own, encoding="ascii")
    (problem,) = problems_of(chain, issued.key)
    assert "must hold the server's own certificate first" in problem
    chain.write_text(own + own + above, encoding="ascii")
    (warning,) = facts_of(chain, issued.key).warnings
    assert "number 2 is not that of the authority of number 1" in warning


def test_a_chain_that_lacks_the_intermediate_authority(authority: Authority) -> None:
    place = x509.UniformResourceIdentifier("http://ca.example/ca.der")
    found = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
    public = authority.issue("a.example", more=(x509.AuthorityInformationAccess([found]),))
    (warning,) = facts_of(public.certificate, public.key).warnings
    assert "holds the server's certificate alone" in warning and "fullchain.pem" in warning


def self_signed(folder: Path, *words: str) -> Certificate:
    made = Certificate(folder / "c", folder / "k")
    openssl(
        *("req", "-x509", "-nodes", "-days", "3", "-subj", "/CN=a.example", *words),
        *("-keyout", str(made.key), "-out", str(made.certificate)),
    )
    return made


def test_an_authority_with_a_kind_of_key_that_is_not_known(
    issued: Certificate, tmp_path: Path
) -> None:
    # OpenSSL has this curve, cryptography has not.
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime239v1")
    strange = self_signed(tmp_path, *curve)
    chain = tmp_path / "chain"
    chain.write_text(issued.certificate.read_text() + strange.certificate.read_text())
    (warning,) = facts_of(chain, issued.key).warnings
    assert "number 2 is not that of the authority of number 1" in warning


def test_extensions_that_cannot_be_read(authority: Authority) -> None:
    # A name of the kind x400Address (RFC 5280, section 4.2.1.6).
    strange = x509.UnrecognizedExtension(
        ExtensionOID.ISSUER_ALTERNATIVE_NAME, bytes.fromhex("3002a300")
    )
    files = authority.issue("a.example", more=(strange,))
    facts = facts_of(files.certificate, files.key)
    assert ((), ()) == (facts.names, facts.warnings)


def test_a_damage_that_is_found_late_is_a_problem_of_the_file(
    issued: Certificate, tmp_path: Path
) -> None:
    # The version of an X.509 certificate ends at 3 (RFC 5280, section 4.1.2.1).
    damaged = tmp_path / "damaged"
    content = x509.load_pem_x509_certificate(issued.certificate.read_bytes()).public_bytes(
        Encoding.DER
    )
    version = bytes.fromhex("a003020102")
    assert version in content
    content = content.replace(version, version[:-1] + b"\x07", 1)
    damaged.write_text(ssl.DER_cert_to_PEM_cert(content), encoding="ascii")
    (problem,) = problems_of(damaged, issued.key)
    assert "listen.certificate: " in problem and "have another certificate made" in problem


@pytest.mark.parametrize("curve", ["secp256k1", "brainpoolP256r1"])
def test_a_kind_of_key_that_few_clients_know(curve: str, tmp_path: Path) -> None:
    words = ("-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}")
    made = self_signed(tmp_path, *words, "-addext", "subjectAltName=DNS:a.example")
    (warning,) = facts_of(made.certificate, made.key).warnings
    assert f"listen.key: {made.key} is of a kind that few clients know. Make an RSA" in warning


def test_a_certificate_without_names(tmp_path: Path) -> None:
    made = self_signed(tmp_path, "-newkey", "rsa:2048")
    (warning,) = facts_of(made.certificate, made.key).warnings
    assert "names no host as a subject alternative name" in warning


def test_a_key_that_is_too_short(tmp_path: Path) -> None:
    made = self_signed(tmp_path, "-newkey", "rsa:1024")
    (problem,) = problems_of(made.certificate, made.key)
    assert "holds a key that is too short. Make an RSA key of 2048 bits" in problem
    weak = TlsSettings(made.certificate, made.key, "1.0")
    assert () == examine(weak, read_pair(weak)).names


@pytest.mark.parametrize(
    "now, expected",
    [
        (0.0, "is valid from 1970-01-02 00:00 UTC on"),
        (DAY, ""),
        (8 * DAY - 1, ""),
        (8 * DAY, "expires on 1970-01-11 00:00 UTC. Renew it."),
        (10 * DAY, "has expired on 1970-01-11 00:00 UTC"),
    ],
)
def test_dates(now: float, expected: str) -> None:
    found = date_problem(DAY, 10 * DAY, 8 * DAY, now)
    assert (expected in found) if expected else (found == "")


def test_a_long_certificate_is_reported_two_weeks_before_its_end() -> None:
    facts = Facts(0.0, 365 * DAY, (), ())
    assert 351 * DAY == facts.warn_from
