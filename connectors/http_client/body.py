"""Read the body of an answer within limits of size, packed and unpacked.

The HTTP library unpacks a piece completely, however large it becomes. It also drops
what follows the end of a packed answer. So pieces are taken as they arrive and counted
here.
"""

import zlib
from collections.abc import Iterator

from connectors.http_client.responses import AnswerTooLarge, redacted_url

MAX_ANSWER = 64_000_000
"""Bytes of one answer, unpacked.

A hundred cards with pictures fit. A larger answer is refused before it fills the
memory.
"""


def read_body(pieces: Iterator[bytes], length: str, packing: str, url: str) -> bytes:
    """Return a body, unpacked.

    `length` and `packing` are Content-Length and Content-Encoding. Raises
    AnswerTooLarge, and zlib.error if it is packed and broken.
    """
    packed = packing.strip().lower() in ("gzip", "x-gzip", "deflate")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    unpacked: list[bytes] = []
    size = 0
    arrived = int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0
    if arrived <= MAX_ANSWER:
        arrived = 0
        for raw in pieces:
            arrived += len(raw)
            piece = (
                raw
                if not packed
                else b""
                if unpacker.eof
                else unpacker.decompress(raw, MAX_ANSWER + 1 - size)
            )
            size += len(piece)
            unpacked.append(piece)
            if max(size, arrived) > MAX_ANSWER:
                break
    if max(size, arrived) > MAX_ANSWER:
        limit = f"{MAX_ANSWER // 1_000_000} MB"
        raise AnswerTooLarge(
            f"{redacted_url(url)} sent more than {limit} in one answer, which no address book"
            " needs. Check url."
        )
    if packed and size and not unpacker.eof:
        raise zlib.error("the packed answer is cut")
    return b"".join(unpacked)
