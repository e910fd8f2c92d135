"""Parse the head of a vCard line, which is its group, name and parameters.

vCard 2.1 has bare parameters (`TEL;CELL:`), later versions `TYPE=cell`. Quoted values
may hold commas and semicolons. Names and types come in any case. Every step is linear
in its input.
"""

import binascii
import re
from dataclasses import dataclass
from functools import lru_cache

from connectors.vcard.decoding import Decoder

# A caret escapes what even quotes cannot hold (^n ^^ ^', RFC 6868).
_CARET = re.compile(r"\^([n^'])")
_CARETS = {"n": "\n", "^": "^", "'": '"'}
_BARE_ENCODINGS = {"quoted-printable": "qp", "base64": "b64", "b": "b64", "8bit": "", "7bit": ""}
_BARE_VALUES = frozenset(("inline", "content-id", "cid", "url"))
_WORDS = """
home work voice fax cell mobile pager text textphone video car pref msg bbs modem isdn pcs main
main-number
internet other dom intl parcel postal
"""
STANDARD_TYPES = frozenset(_WORDS.split())
"""Words of TYPE in a standard, and those that every exporter writes.

RFC 2426, section 3.3.1; RFC 6350, section 6.4.1.
"""

# Samsung writes a custom label as
# `TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=50=72=69):`, in 3.0 behind TYPE=.
_CUSTOM = re.compile(r"X-CUSTOM\((.{0,1000}?)\)(?=[;:,\"]|\Z)", re.IGNORECASE | re.DOTALL)
_CUSTOM_KEY = re.compile(r"\s*(CHARSET|ENCODING)=([^,\\]{0,40})\\?,", re.IGNORECASE)
_ENCODED = re.compile(r"(?:=[0-9A-F]{2})+", re.IGNORECASE)
_HIDDEN, _COMMA = "\x01", "\x02"
_ALIASES = {"x-ms-tel": "tel", "x-tel": "tel", "x-phone": "tel"}
"""Other names for TEL.

Outlook writes the numbers of a company and an assistant as X-MS-TEL (MS-OXVCARD,
section 2.1.3.2).
"""
READING = "x-irmc-n"
"""A SOUND with this type holds the reading of N, as Japanese phones write it (IrMC)."""
_NUMBER_NAME = re.compile(r"[a-z0-9\-]*(?:tel|phone|mobile|cell|fax)[0-9]*\Z|tel[^a-z0-9]")
# An empty value of these parameters means nothing. Other names without a value are types:
# `TEL;CELL=;VOICE=:`.
_KEY_NAMES = """
type encoding charset language value pref altid pid label x-label sort-as mediatype index level
phonetic
"""
_KEYS = frozenset(_KEY_NAMES.split())
_ALWAYS_TYPES = STANDARD_TYPES - {"pref", "text"}


@dataclass(frozen=True, slots=True)
class PropertyHead:
    """The part of a line before its colon.

    The name is in lower case, the words of TYPE are as written. `labels` are words that
    are no type: of X-LABEL, X-CUSTOM and quoted text. An absent value is "" or empty,
    an absent `pref` 101. `is_damaged` means that bytes of a label were unreadable.
    `is_number` means that the name is not TEL but probably a telephone ("x-mobile",
    "tel type=work").
    """

    name: str
    group: str = ""
    types: tuple[str, ...] = ()
    encoding: str = ""
    charset: str = ""
    language: str = ""
    altid: str = ""
    labels: tuple[str, ...] = ()
    sort_as: str = ""
    phonetic: bool = False
    pref: int = 101
    is_damaged: bool = False
    is_number: bool = False


def without_custom_labels(line: str) -> str:
    """Return a line whose X-CUSTOM(...) labels are words without separators.

    Such labels may hold colons. `parse_head` reads the words.
    """
    return _CUSTOM.sub(lambda match: _HIDDEN + match[1].encode().hex(), line[:4000]) + line[4000:]


def parse_head(text: str) -> PropertyHead:
    """Parse the part before a line's colon: `item1.TEL;TYPE="work,voice";PREF=1`."""
    name, *parameters = _split_unquoted(without_custom_labels(text) if "(" in text else text, ";")
    group, _, name = name.strip().lower().rpartition(".")
    name = name.strip()
    name = _ALIASES.get(name, name)
    values: dict[str, str] = {}
    types: list[str] = []
    labels: list[str] = []
    encoding = ""
    decoder = Decoder()
    for parameter in parameters:
        written, equals, value = parameter.partition("=")
        written = written.strip()
        key = written.lower()
        if not equals:
            if key in _BARE_ENCODINGS:
                encoding = _BARE_ENCODINGS[key]
            elif key[:1] == _HIDDEN:
                labels.append(_custom(key, decoder))
            elif key and key not in _BARE_VALUES:
                types.append(written)
        elif key == "type":
            _read_types(value, types, labels, decoder)
        elif key == "encoding":
            encoding = _BARE_ENCODINGS.get(value.strip(' "').lower(), "")
        elif key in _ALWAYS_TYPES or (not value.strip() and key and key not in _KEYS):
            types.append(written)
        else:
            values.setdefault(key, _unquote(value))
    if name == "sound" and any(word.lower() == READING for word in types):
        name = READING
    labels += (
        label
        for key in ("x-label", "label", "x-custom")
        if (label := _plain(values.get(key, ""), decoder))
    )
    pref = values.get("pref", "")
    return PropertyHead(
        name=name,
        group=group,
        types=tuple(types),
        encoding=encoding,
        charset=values.get("charset", ""),
        language=values.get("language", "").lower(),
        altid=values.get("altid", ""),
        labels=tuple(labels),
        sort_as=values.get("sort-as", ""),
        phonetic="phonetic" in values,
        pref=(
            int(pref)
            if pref.isascii() and pref.isdigit() and len(pref) < 4
            else 1
            if any(is_pref(word) for word in types)
            else 101
        ),
        is_damaged=decoder.damaged > 0,
        is_number=name != "tel" and _NUMBER_NAME.match(name) is not None,
    )


def is_pref(word: str) -> bool:
    """Return whether a word of TYPE marks the preferred one of several properties."""
    return word.lower() == "pref"


def _read_types(value: str, types: list[str], labels: list[str], decoder: Decoder) -> None:
    """Add the words of a TYPE parameter to types or labels.

    RFC 6350 quotes lists too (`TYPE="work,voice"`). A quoted text with a comma is a
    label only if it does not look like a list of types.
    """
    for item in _split_unquoted(value.replace("\\,", _COMMA), ","):
        text = _plain(_unquote(item).replace(_COMMA, ",").strip(), decoder)
        if not text:
            continue
        if text[:1] == _HIDDEN:
            labels.append(_custom(text, decoder))
        elif "," not in text:
            types.append(text)
        elif _is_list(text):
            types += (word.strip() for word in text.split(",") if word.strip())
        else:
            labels.append(text)


def _is_list(text: str) -> bool:
    standard = [
        word.strip().lower() in STANDARD_TYPES or word.strip()[:2].lower() == "x-"
        for word in text.split(",")
        if word.strip()
    ]
    return all(standard) or (any(standard) and " " not in text)


def _custom(word: str, decoder: Decoder) -> str:
    """Return the label in X-CUSTOM(...), quoted-printable or plain."""
    text = bytes.fromhex(word[1:]).decode()
    charset = ""
    while (key := _CUSTOM_KEY.match(text)) is not None:
        charset = key[2].strip() if key[1].upper() == "CHARSET" else charset
        text = text[key.end() :]
    text = text.replace("\\,", ",").replace("=\n", "").strip()
    return _plain(text, decoder, charset)


def _plain(text: str, decoder: Decoder, charset: str = "") -> str:
    """Return a label that may be in quoted-printable."""
    return (
        decoder.text(binascii.a2b_qp(text.encode()), charset).strip()
        if "=" in text and _ENCODED.search(text)
        else text
    )


def _split_unquoted(text: str, separator: str) -> list[str]:
    if '"' not in text:
        return text.split(separator)
    parts: list[list[str]] = [[]]
    for index, piece in enumerate(text.split('"')):
        if index:
            parts[-1].append('"')
        if index % 2:
            parts[-1].append(piece)
            continue
        first, *others = piece.split(separator)
        parts[-1].append(first)
        parts += ([other] for other in others)
    return ["".join(part) for part in parts]


def _unquote(value: str) -> str:
    value = value.replace('"', "").strip()
    return _CARET.sub(lambda match: _CARETS[match[1]], value) if "^" in value else value


cached_head = lru_cache(maxsize=2048)(parse_head)
"""`parse_head` with a cache, because the same few heads recur on every card."""
