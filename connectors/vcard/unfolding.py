"""Remove folds and soft line breaks from the body of a vCard."""

import re
from collections.abc import Iterator

# vCard 2.1 has quoted-printable values whose soft breaks end in "=".
_SOFT_BREAK = re.compile(rb"=[ \t]{0,9}$", re.MULTILINE)
_NAMES = """
adr agent anniversary bday categories class email end fburl fn gender geo impp key label lang logo
mailer member n name nickname note org photo prodid profile related rev role sort-string sound
source tel title tz uid url version xml caladruri caluri clientpidmap kind
"""
_PROPERTY = re.compile(
    rb"(?P<group>[A-Za-z0-9\-]{1,40}\.)?(?P<name>%b|X-[A-Za-z0-9\-]{1,60})(?P<parameters>"
    rb"(?:;[A-Za-z][^;:\n]{0,200}){0,20}):"
    % "|".join(sorted(_NAMES.split(), key=len, reverse=True)).encode(),
    re.IGNORECASE,
)
_LAST_BYTES = re.compile(rb"(?:=[0-9A-F]{2}){1,3}\Z", re.IGNORECASE)
_FOLDED_BYTE = re.compile(rb"[ \t]=?[89AB][0-9A-F]", re.IGNORECASE)
_FREE_TEXT = (b"NOTE", b"ADR", b"LABEL")


class Unfolded:
    """A body without folds and soft breaks.

    Lines are folded by CRLF and one white space between *bytes*, so a fold may split a
    character (RFC 6350, section 3.2). `doubtful` counts lines after a soft break that
    may be a property or text.
    """

    def __init__(self, body: bytes) -> None:
        self.doubtful = 0
        if _SOFT_BREAK.search(body) and b"QUOTED-PRINTABLE" in body.upper():
            self.text = b"\n".join(self._join_soft_breaks(body))
        elif b"\n " in body or b"\n\t" in body:
            self.text = body.replace(b"\n ", b"").replace(b"\n\t", b"")
        else:
            self.text = body

    def _join_soft_breaks(self, body: bytes) -> Iterator[bytes]:
        parts: list[bytes] = []
        head, quoted, is_card = b"", False, False
        for line in body.split(b"\n"):
            broken = bool(parts) and quoted and _SOFT_BREAK.search(parts[-1]) is not None
            if broken:
                parts[-1] = parts[-1].rstrip(b" \t")[:-1]
            if broken and (is_card or not self._is_property(line, head, parts[-1])):
                rest = line[1:] if _splits_a_character(head, parts[-1], line) else line
                parts.append(
                    b"=" + rest if rest is not line and not rest.startswith(b"=") else rest
                )
                is_card = (
                    is_card or b"BEGIN:VCARD" in line.upper()
                ) and b"END:VCARD" not in line.upper()
            elif parts and not broken and line[:1] in (b" ", b"\t"):
                parts.append(line[1:])
            else:
                if parts:
                    yield b"".join(parts)
                parts = [line]
                head = line.partition(b":")[0]
                quoted = b"QUOTED-PRINTABLE" in head.upper()
                is_card = quoted and b"BEGIN:VCARD" in line.upper()
        yield b"".join(parts)

    def _is_property(self, line: bytes, head: bytes, before: bytes) -> bool:
        """Return whether a line after a soft break begins a property.

        Some exporters end every value with "=". Text may begin with a word and a colon
        as well ("Tel: 030 ..."). Unlike a property it has no parameters, but mostly a
        blank or other letters than the card's property names.
        """
        match = _PROPERTY.match(line)
        if match is None:
            return False
        if match["parameters"] or match["group"] or match["name"][:2].upper() == b"X-":
            return True
        name, opener = match["name"], head.partition(b";")[0].rpartition(b".")[2].strip()
        if not ((name.isupper() and opener.isupper()) or (name.islower() and opener.islower())):
            return False
        if line[match.end() :][:1] in (b" ", b"\t"):
            self.doubtful += 1
            return False
        self.doubtful += opener.upper() in _FREE_TEXT
        return True


def _splits_a_character(head: bytes, before: bytes, line: bytes) -> bool:
    """Return whether the blank at the beginning of a line is a fold.

    It is if the bytes on both sides make one character of UTF-8 without it.
    """
    last = _LAST_BYTES.search(before[-9:])
    if (
        last is None
        or _FOLDED_BYTE.match(line) is None
        or (b"CHARSET" in head.upper() and b"UTF-8" not in head.upper())
    ):
        return False
    last_bytes = bytes.fromhex(last[0].replace(b"=", b"").decode())
    for count in range(1, len(last_bytes) + 1):
        byte = last_bytes[-count]
        if byte >= 0xC2:
            return count < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4)
        if byte < 0x80:
            return False
    return False
