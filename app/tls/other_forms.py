"""Say what a file holds in place of a certificate or key as PEM, and how to make it."""

_IN_PLACE_OF_CERTIFICATE = {
    b"PRIVATE KEY-----": (
        "holds a private key and no certificate. Are certificate and key exchanged?"
    ),
    b"BEGIN CERTIFICATE REQUEST-----": (
        "holds a request for a certificate. Write here the file that the authority sent back."
    ),
    b"BEGIN PKCS7-----": (
        "holds certificates in the form PKCS #7: openssl pkcs7 -print_certs -in FILE -out NEW"
        " makes PEM."
    ),
    b"CERTIFICATE-----": (
        "holds a certificate in another form of OpenSSL: openssl x509 -in FILE -out NEW makes PEM."
    ),
}
_SEQUENCE = b"\x30"
_PKCS12 = b"\x02\x01\x03"  # its version, an integer (RFC 7292, section 4)


def in_place_of_certificate(data: bytes) -> str:
    """Return the predicate of a sentence about a file without a certificate as PEM."""
    if b"-----BEGIN" not in data:
        return f"holds no certificate in PEM form.{_binary(data, 'x509')}"
    for label, text in _IN_PLACE_OF_CERTIFICATE.items():
        if label in data:
            return text
    return "holds no certificate."


def in_place_of_key(data: bytes) -> str:
    """Return the predicate of a sentence about a file without a private key as PEM."""
    return f"holds no private key in PEM form.{_binary(data, 'pkey')}"


def _binary(data: bytes, command: str) -> str:
    if data[:1] != _SEQUENCE:
        return ""
    # The length has further bytes if its first bit is set (X.690, section 8.1.3.5).
    begin = 2 + (data[1] & 0x7F if data[1:2] >= b"\x80" else 0)
    if data[begin:].startswith(_PKCS12):
        return (
            " It seems to be PKCS #12: openssl pkcs12 -nodes -in FILE -out NEW makes PEM, with"
            " certificate and key in one file."
        )
    return (
        f" It seems to be in DER form: openssl {command} -inform der -in FILE -out NEW makes PEM."
    )
