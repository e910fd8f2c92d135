"""Recognise files of other formats that are configured as CSV files or vCards.

A file is recognised by its first bytes.
"""

import codecs
import re
from dataclasses import dataclass

_HEAD = 4096
_EXPORT = "export it as CSV (UTF-8), or correct path."
_UNPACK = "unpack it, or correct path."


@dataclass(frozen=True, slots=True)
class FileKind:
    """The format of a file ("XML") and the remedy.

    `word` is the connector that reads it, if there is one.
    """

    name: str
    remedy: str
    word: str = ""


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_PACKED = FileKind("a spreadsheet or another packed file (.xlsx, .ods, .zip)", _EXPORT)
_BINARY = (
    (b"PK\x03\x04", _PACKED),
    (b"PK\x05\x06", _PACKED),
    (b"\xd0\xcf\x11\xe0", FileKind("an old spreadsheet (.xls)", _EXPORT)),
    (b"\x09\x08", FileKind("an old spreadsheet (.xls)", _EXPORT)),
    (b"%PDF", FileKind("a PDF", _EXPORT)),
    (b"{\\rtf", FileKind("a text with formats (.rtf)", _EXPORT)),
    (b"\x1f\x8b", FileKind("a compressed file (.gz)", _UNPACK)),
    (b"BZh", FileKind("a compressed file (.bz2)", _UNPACK)),
    (b"\xfd7zXZ\0", FileKind("a compressed file (.xz)", _UNPACK)),
    (b"\x28\xb5\x2f\xfd", FileKind("a compressed file (.zst)", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", FileKind("a packed file (.7z)", _UNPACK)),
    (b"Rar!\x1a\x07", FileKind("a packed file (.rar)", _UNPACK)),
    (b"SQLite format 3", FileKind("a database (SQLite)", _EXPORT)),
    (b"\0\1\0\0Standard ", FileKind("a database (Access)", _EXPORT)),
    (b"!BDN", FileKind("a mailbox of Outlook (.pst)", "export the contacts as CSV (UTF-8).")),
)
_PARTS = (
    (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        FileKind("a spreadsheet (.ods)", _EXPORT),
    ),
    (b"xl/", FileKind("a spreadsheet (.xlsx)", _EXPORT)),
    (b"[Content_Types].xml", FileKind("a spreadsheet or document of Office (.xlsx)", _EXPORT)),
)
_VCARD = FileKind("a vCard", 'set connector = "vcard".', "vcard")
_LDIF = FileKind("LDIF", 'load it into a directory and use connector = "ldap", or export as CSV.')
_HTML = FileKind(
    "HTML, a web page",
    "perhaps one of an error or for signing in, or a table that is called a spreadsheet. Open it to"
    " see, and save it as CSV (UTF-8).",
)
_XML = FileKind("XML", "XML phonebooks cannot be read. Export as CSV or vCard.")
_TEXT = (
    (re.compile(r'"?BEGIN"?(?:;[^:\n]*)?\s*:\s*"?VCARD\b', re.IGNORECASE), _VCARD),
    (
        re.compile(r"BEGIN\s*:\s*VCALENDAR\b", re.IGNORECASE),
        FileKind("a calendar (.ics)", "export the contacts as CSV or vCard."),
    ),
    (
        re.compile(
            r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|table"
            r"|meta|script|div)\b",
            re.IGNORECASE | re.DOTALL,
        ),
        _HTML,
    ),
    (
        re.compile(
            r"<\?xml\b|<!(?:--|doctype)|<([A-Za-z_][\w:.-]*)(?:\s[^<>]*)?>(?=.*(?:</|/>))"
            r"|<[A-Za-z_][\w:.-]*(?:\s[^<>]*)?/>",
            re.IGNORECASE | re.DOTALL,
        ),
        _XML,
    ),
    (re.compile(r'[\[{]\s*(?:["\[{]|[\]}]\s*\Z)'), FileKind("JSON", "export as CSV or vCard.")),
    (
        re.compile(r"// <!-- <mdb:mork"),
        FileKind("an address book of old Thunderbird (.mab)", "export it there as CSV or vCard."),
    ),
)


def kind_of(data: bytes) -> FileKind | None:
    """Return the format of a file that is certainly no CSV; None if it may be CSV."""
    for start, kind in _BINARY:
        if data.startswith(start):
            return (
                next((part for mark, part in _PARTS if mark in data[:_HEAD]), kind)
                if kind is _PACKED
                else kind
            )
    if data[257:262] == b"ustar":
        return FileKind("a packed file (.tar)", _UNPACK)
    head = _text(data[:_HEAD]).lstrip("\ufeff \t\r\n")
    return (
        _LDIF
        if _is_ldif(head)
        else next((kind for pattern, kind in _TEXT if pattern.match(head)), None)
    )


def is_like_csv(data: bytes) -> bool:
    """Return whether a file begins with a line of several cells."""
    lines = _text(data[:_HEAD]).lstrip("\ufeff \t\r\n").splitlines()
    return (
        bool(lines) and any(mark in lines[0] for mark in ",;\t|") and not _CONTROL.search(lines[0])
    )


def _is_ldif(head: str) -> bool:
    """Return whether a text is LDIF.

    RFC 2849: comments and the version precede the first entry, which begins with its
    name.
    """
    for line in head.splitlines():
        if (
            line.strip()
            and not line.startswith(("#", " "))
            and not line.lower().startswith("version:")
        ):
            return line.lower().startswith("dn:")
    return False


def _text(head: bytes) -> str:
    """Return a text in any encoding, with its ASCII characters decoded correctly."""
    for mark, encoding in ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")):
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    if head.startswith(codecs.BOM_UTF16_LE) or head[1:2] == b"\0":
        return head.decode("utf-16-le", "replace")
    if head.startswith(codecs.BOM_UTF16_BE) or head[:1] == b"\0":
        return head.decode("utf-16-be", "replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")
