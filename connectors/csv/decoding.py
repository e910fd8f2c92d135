"""Detect the encoding of a CSV file and decode it into lines.

An explicit encoding wins, then a byte order mark, then UTF-16 without a mark. Else it
is UTF-8 if every byte fits, or the best guess (`csv/charset_detection.py`).
"""

import codecs
import io
from collections.abc import Iterator
from itertools import chain

from connectors.base import SourceUnavailable
from connectors.csv.charset_detection import detect_charset, is_unambiguous
from connectors.file_kinds import kind_of

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
)
_BOMS_16 = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MAX_COLUMNS = 16_384
"""Columns of a sheet of Excel."""
_DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_SAMPLE = 1 << 16


def choose_encoding(data: bytes, explicit: str | None, name: str) -> str:
    """Return the encoding in which all of `data` can be read.

    `name` is the file's, for errors. Raises SourceUnavailable if the file is not text,
    is damaged, or is not in the configured encoding.
    """
    if kind := kind_of(data):
        raise SourceUnavailable(f"{name} is {kind.name}, not CSV: {kind.remedy}")
    bom = _bom_encoding(data)
    if explicit is not None:
        if bom is not None and not codecs.lookup(explicit).name.startswith(bom):
            raise SourceUnavailable(
                f"{name} begins with the mark of {bom.upper()}, but encoding says {explicit}."
                " Remove or correct encoding."
            )
        encoding = explicit
    else:
        encoding = bom or _utf16_without_bom(data) or _iso2022_encoding(data) or _guess(data, name)
    _check_decodable(data, encoding, name)
    return encoding


def head_of(data: bytes, encoding: str, name: str) -> Iterator[str]:
    """Yield the lines as `decode_lines` does, up to a line with too many columns.

    `name` is the file's, for errors. Raises SourceUnavailable at that line, because its
    headers would take minutes.
    """
    for number, line in enumerate(decode_lines(data, encoding), 1):
        if len(line) > _MAX_COLUMNS and max(map(line.count, _DELIMITERS)) >= _MAX_COLUMNS:
            raise SourceUnavailable(
                f"{name} line {number} has more than {_MAX_COLUMNS:,} columns: this is no list of"
                " contacts. Correct path, or export again."
            )
        yield line


def decode_lines(data: bytes, encoding: str) -> Iterator[str]:
    """Yield the lines with their line ends, without a byte order mark.

    CR, LF and CRLF end a line.
    """
    with io.TextIOWrapper(io.BytesIO(data), encoding, newline="") as stream:
        yield from chain((stream.readline().removeprefix("\ufeff"),), stream)


def _bom_encoding(data: bytes) -> str | None:
    return next((encoding for bom, encoding in (*_BOMS, *_BOMS_16) if data.startswith(bom)), None)


def _utf16_without_bom(data: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark, or None.

    Some tools lose the mark of Excel's "Unicode text". Such text has many zero bytes,
    nearly all at odd (little-endian) or at even positions.
    """
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if 10 * max(even, odd) < len(sample) or 10 * min(even, odd) > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _iso2022_encoding(data: bytes) -> str | None:
    """Return the ISO-2022 encoding (RFC 1468, RFC 1557) of the bytes, or None.

    Such text is pure ASCII with ESC sequences that change the character set.
    """
    if b"\x1b$" not in data or not data.isascii():
        return None
    return "iso2022_kr" if b"\x1b$)C" in data else "iso2022_jp_ext"


def _guess(data: bytes, name: str) -> str:
    try:
        for _ in _decode_pieces(data, "utf-8"):
            pass
    except UnicodeDecodeError as error:
        line = _line(data, error.start)
        if error.reason == "unexpected end of data" and error.end >= len(data):
            raise SourceUnavailable(
                f"{name} line {line} ends in the middle of a character: the file is cut. Write it"
                " again; the old data stays."
            ) from error
        if _is_damaged(data[max(0, error.start - _SAMPLE) : error.start + _SAMPLE]):
            raise SourceUnavailable(
                f"{name} line {line} holds a byte that is not UTF-8, though the rest is: it is"
                " damaged. Save it again as UTF-8."
            ) from error
        return detect_charset(data)
    return "utf-8"


def _is_damaged(near: bytes) -> bool:
    """Return whether bytes that are not all UTF-8 were meant as UTF-8.

    They were if most are UTF-8, or half of them and no other alphabet explains them.
    Such a file is damaged or cut. A guess would garble every name in it.
    """
    text = near.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(char > "\x7f" for char in text) - bad
    return 3 * bad < good or (bad <= good and not is_unambiguous(near))


def _check_decodable(data: bytes, encoding: str, name: str) -> None:
    done = 0
    try:
        for text in _decode_pieces(data, encoding):
            if "\0" in text:
                line = done + _breaks(text[: text.index("\0")]) + 1
                raise SourceUnavailable(
                    f"{name} line {line} holds zero bytes: this is no text, or the file was not"
                    " written to its end. Export it again as CSV (UTF-8)."
                )
            text.encode("utf-8")
            done += _breaks(text)
    except UnicodeDecodeError as error:
        raise SourceUnavailable(
            f"{name} line {_line(data, error.start)} cannot be read as {encoding}. Correct or"
            " remove encoding, or save the file as UTF-8."
        ) from error
    except UnicodeError as error:
        raise SourceUnavailable(
            f"{name} cannot be read as {encoding}: it holds half characters. Correct or remove"
            " encoding, or save the file as UTF-8."
        ) from error


def _decode_pieces(data: bytes, encoding: str) -> Iterator[str]:
    """Yield the text in pieces, so that a large file is never held twice.

    Errors count from the file's beginning.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    view = memoryview(data)
    for start in range(0, len(data) or 1, _CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            yield decoder.decode(view[start : start + _CHUNK], start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            at = start - pending + error.start
            end = start - pending + error.end
            raise UnicodeDecodeError(error.encoding, data, at, end, error.reason) from None


def _breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _line(data: bytes, position: int) -> int:
    """Return the number of the line, from 1, in which a byte stands.

    A zero byte beside a line break (UTF-16) does no harm.
    """
    before = data[:position]
    return (
        before.count(b"\n")
        + before.count(b"\r")
        - before.count(b"\r\n")
        - before.count(b"\r\0\n\0")
        + 1
    )
