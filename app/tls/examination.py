"""Find out whether a certificate and its key can be used, and for how long.

cryptography is imported inside the functions: the web workers need none of it.
"""

import datetime as dt
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.tls.context import server_context
from app.tls.other_forms import in_place_of_certificate, in_place_of_key
from app.tls.pair import CertificateError, Pair, TlsSettings, certificate_problem, key_problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate, Extensions

WARN_DAYS = 14
"""How many days before its end a certificate is reported.

It is a fifth of the lifetime of a certificate that lives for less than 70 days.
"""
_ENCRYPTED = (b"ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED")
_MAKE_RSA = "Make an RSA key of 2048 bits."
_MAKE_ANOTHER = "Copy the file again, or have another certificate made."
# What public authorities sign (CA/Browser Forum, Baseline Requirements, section 6.1.5).
_KNOWN_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_REASONS = {
    "EE_KEY_TOO_SMALL": f"holds a key that is too short. {_MAKE_RSA}",
    "CA_KEY_TOO_SMALL": (
        "holds an authority whose key is too short. Have it signed by one with an RSA key of"
        " 2048 bits."
    ),
    # The end of the file, as a copy that was cut off has it.
    "BAD_END_LINE": f"is cut off in the midst of a certificate. {_MAKE_ANOTHER}",
    "CA_MD_TOO_WEAK": (
        "is signed with SHA-1. Have it signed with SHA-256, or set tls_minimum to "
        '"1.0" for phones that read nothing newer.'
    ),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a usable certificate says.

    Times are in seconds since 1970; from `warn_from` on its end is reported. `names`
    are the hosts that it is for. `warnings` are sentences with their key.
    """

    starts: float
    expires: float
    names: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def warn_from(self) -> float:
        """When to begin to report that it expires."""
        return self.expires - min(WARN_DAYS * 86_400.0, (self.expires - self.starts) / 5)

    def covers(self, now: float) -> bool:
        """Return whether the certificate is valid at a time."""
        return self.starts <= now < self.expires


def examine(settings: TlsSettings, pair: Pair) -> Facts:
    """Return the facts about a certificate whose key fits.

    Raises CertificateError with what is wrong otherwise. Its dates are not judged.
    """
    try:
        return _examine(settings, pair)
    except CertificateError:
        raise
    except Exception as error:  # cryptography reads parts late, with many kinds of errors
        problem = f"cannot be read: {str(error) or type(error).__name__}. {_MAKE_ANOTHER}"
        raise CertificateError(certificate_problem(settings, problem)) from error


def _examine(settings: TlsSettings, pair: Pair) -> Facts:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    problems: list[str] = []
    chain: list[Certificate] = []
    try:
        chain = _chain(pair.certificate)
    except ValueError as error:
        problems.append(certificate_problem(settings, str(error)))
    key = None
    try:
        _refuse_encrypted(pair.key)
        key = load_pem_private_key(pair.key, None)
    except _NotUsable as error:
        problems.append(key_problem(settings, str(error)))
    except (ValueError, TypeError):
        problems.append(key_problem(settings, "holds no private key that can be read."))
    except Exception:  # of kinds of keys that cryptography does not know
        problems.append(key_problem(settings, "holds a kind of key that is not supported."))
    if problems or key is None:
        raise CertificateError(*problems)
    owners = [_public_key(certificate) == key.public_key() for certificate in chain]
    if not owners[0]:
        problem = (
            "must hold the server's own certificate first, then that of its authority."
            if any(owners)
            else f"does not belong to the key in {settings.key}. Use the two that were made"
            " together."
        )
        raise CertificateError(certificate_problem(settings, problem))
    try:
        server_context(pair, settings.minimum)
    except ssl.SSLError as error:
        other = f"cannot be used for TLS: {error.reason}. {_MAKE_ANOTHER}"
        reason = _REASONS.get(error.reason or "", other)
        raise CertificateError(certificate_problem(settings, reason)) from error
    own = chain[0]
    warnings = tuple(certificate_problem(settings, text) for text in _weaknesses(chain))
    if not _is_known_to_clients(key):
        warnings += (key_problem(settings, f"is of a kind that few clients know. {_MAKE_RSA}"),)
    return Facts(
        own.not_valid_before_utc.timestamp(),
        own.not_valid_after_utc.timestamp(),
        _names(_extensions(own)),
        warnings,
    )


def date_problem(starts: float, expires: float, warn_from: float, now: float) -> str:
    """Return the predicate of a sentence about the dates, "" if they need nobody.

    All times are in seconds since 1970.
    """
    if now >= expires:
        return f"has expired on {_date(expires)}: browsers and phones refuse it."
    if now < starts:
        return f"is valid from {_date(starts)} on: browsers and phones refuse it until then."
    return f"expires on {_date(expires)}. Renew it." if now >= warn_from else ""


def _date(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


class _NotUsable(ValueError):
    """The key cannot be used; the text is the predicate of a sentence."""


def _chain(data: bytes) -> "list[Certificate]":
    """Return the certificates of a file. Raises ValueError with what it holds instead."""
    from cryptography.x509 import load_pem_x509_certificates

    if b"BEGIN CERTIFICATE-----" not in data:
        raise ValueError(in_place_of_certificate(data))
    try:
        chain = load_pem_x509_certificates(data)
        # These are decoded when they are first asked for.
        _ = [(one.issuer, one.subject, one.not_valid_before_utc) for one in chain]
    except ValueError as error:
        raise ValueError(f"holds a damaged certificate. {_MAKE_ANOTHER}") from error
    return chain


def _public_key(certificate: "Certificate") -> object:
    """Return the key of a certificate, None for a kind that cryptography does not know.

    An authority may have one. OpenSSL, which serves the chain, does not use it.
    """
    try:
        return certificate.public_key()
    except Exception:
        return None


def _refuse_encrypted(data: bytes) -> None:
    if any(sign in data for sign in _ENCRYPTED):
        raise _NotUsable(
            "is encrypted, and nobody is there to type its password at a start. Decrypt it:"
            " openssl pkey -in FILE -out NEW"
        )
    if b"PRIVATE KEY-----" not in data:
        raise _NotUsable(in_place_of_key(data))


def _is_known_to_clients(key: "PrivateKeyTypes") -> bool:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.curve.name in _KNOWN_CURVES
    return isinstance(key, rsa.RSAPrivateKey)


def _weaknesses(chain: "list[Certificate]") -> Iterator[str]:
    """Yield predicates about a chain that some clients will not accept."""
    from cryptography.x509 import AuthorityInformationAccess
    from cryptography.x509.oid import AuthorityInformationAccessOID

    own = chain[0]
    for number, (one, above) in enumerate(zip(chain, chain[1:], strict=False), 1):
        if one.issuer != above.subject:
            yield (
                f"holds certificates in a wrong order: number {number + 1} is not that of the"
                f" authority of number {number}."
            )
            break
    extensions = _extensions(own)
    # Every public authority writes where its own certificate is (CA/Browser Forum, Baseline
    # Requirements, section 7.1.2.7.7). Small authorities of one level usually do not.
    if len(chain) == 1 and own.issuer != own.subject and extensions is not None:
        found = (item.value for item in extensions)
        access = next((one for one in found if isinstance(one, AuthorityInformationAccess)), ())
        if any(one.access_method == AuthorityInformationAccessOID.CA_ISSUERS for one in access):
            yield (
                "holds the server's certificate alone. Append those of the intermediate"
                " authorities (fullchain.pem), or many clients will not trust it."
            )
    if extensions is not None and not _names(extensions):
        yield (
            "names no host as a subject alternative name, so browsers refuse it under every"
            " address."
        )


def _extensions(certificate: "Certificate") -> "Extensions | None":
    try:
        return certificate.extensions
    except Exception:  # cryptography has one for each thing that it does not know
        return None


def _names(extensions: "Extensions | None") -> tuple[str, ...]:
    from cryptography.x509 import DNSName, IPAddress, SubjectAlternativeName

    for extension in extensions or ():
        if isinstance(extension.value, SubjectAlternativeName):
            return tuple(
                str(name.value) for name in extension.value if isinstance(name, DNSName | IPAddress)
            )
    return ()
