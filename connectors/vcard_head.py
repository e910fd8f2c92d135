"""What stands before the colon of a vCard line: group, name and parameters.

Facts: vCard 2.1 has bare parameters (`TEL;CELL:`), later versions `TYPE=cell`; values may be quoted and may then hold
commas and semicolons; a caret escapes what even quotes cannot hold (^n ^^ ^', RFC 6868). Names and types come in any case.

Law of this file: it knows the grammar of heads. It knows no property's meaning and no value. Every step is linear in its
input.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_CARET = re.compile(r"\^([n^'])")
_CARETS = {"n": "\n", "^": "^", "'": '"'}
_BARE_ENCODINGS = {"quoted-printable": "qp", "base64": "b64", "b": "b64", "8bit": "", "7bit": ""}
_BARE_VALUES = frozenset(("inline", "content-id", "cid", "url"))


@dataclass(frozen=True, slots=True)
class Head:
    """All of a line that stands before its colon. Names and types are in lower case; absent is "" or empty, `pref` 101."""

    name: str
    group: str = ""
    types: tuple[str, ...] = ()
    encoding: str = ""
    charset: str = ""
    language: str = ""
    altid: str = ""
    label: str = ""
    sort_as: str = ""
    phonetic: bool = False
    pref: int = 101


def parse_head(text: str) -> Head:
    """Read what stands before a line's colon: `item1.TEL;TYPE="work,voice";PREF=1`."""
    name, *parameters = _split_unquoted(text, ";")
    group, dot, rest = name.strip().partition(".")
    values: dict[str, str] = {}
    types: list[str] = []
    encoding = ""
    for parameter in parameters:
        key, equals, value = parameter.partition("=")
        key = key.strip().lower()
        if not equals:
            if key in _BARE_ENCODINGS:
                encoding = _BARE_ENCODINGS[key]
            elif key and key not in _BARE_VALUES:
                types.append(key)
        elif key == "type":
            types += (word.strip().lower() for word in value.replace('"', "").split(",") if word.strip())
        elif key == "encoding":
            encoding = _BARE_ENCODINGS.get(value.strip(' "').lower(), "")
        else:
            values.setdefault(key, _unquoted(value))
    pref = values.get("pref", "")
    return Head(
        name=(rest if dot else group).strip().lower(),
        group=group.lower() if dot else "",
        types=tuple(types),
        encoding=encoding,
        charset=values.get("charset", ""),
        language=values.get("language", "").lower(),
        altid=values.get("altid", ""),
        label=values.get("x-label", "") or values.get("label", ""),
        sort_as=values.get("sort-as", ""),
        phonetic="phonetic" in values,
        pref=int(pref) if pref.isascii() and pref.isdigit() and len(pref) < 4 else 1 if "pref" in types else 101,
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


def _unquoted(value: str) -> str:
    value = value.replace('"', "").strip()
    return _CARET.sub(lambda match: _CARETS[match[1]], value) if "^" in value else value


cached_head = lru_cache(maxsize=2048)(parse_head)
"""`parse_head` with a memory: the same few heads come again on every card."""
