"""How release 0.2.0 reads and writes the store.

Values and statements are copied from that release and stay as they are: a store of this
program must serve them, so that the release can be installed again.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

import msgspec

FORM = 2
_Kind = Literal["work", "mobile", "home", "main", "fax", "pager", "internal", "other"]


class OldNumber(msgspec.Struct, frozen=True, omit_defaults=True):
    """A number of a contact."""

    value: str
    kind: _Kind = "other"
    label: str = ""
    canonical: str = ""


class OldContact(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A contact; keys that the release does not know are passed over."""

    id: str
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    phonetic_given_name: str = ""
    phonetic_family_name: str = ""
    sort_name: str = ""
    organization: str = ""
    department: str = ""
    title: str = ""
    emails: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    numbers: tuple[OldNumber, ...] = ()


def form_of(path: Path) -> int:
    """Return the form of a store; the release refuses one above FORM."""
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


def read_contacts(path: Path, source: str) -> tuple[OldContact, ...]:
    """Return the stored contacts of a source, in the order of their ids."""
    query = "SELECT data FROM contact WHERE source = ? ORDER BY id"
    decode = msgspec.msgpack.Decoder(OldContact).decode
    with closing(sqlite3.connect(path)) as file:
        return tuple(decode(data) for (data,) in file.execute(query, (source,)))


def read_source(path: Path, source: str) -> tuple[object, ...]:
    """Return the record of a source, from its fingerprint on."""
    query = (
        "SELECT fingerprint, checkpoint, digest, contacts, skipped, last_success, last_full"
        " FROM source WHERE name = ?"
    )
    with closing(sqlite3.connect(path)) as file:
        return tuple(file.execute(query, (source,)).fetchone())


def read_held(path: Path, source: str) -> tuple[tuple[object, ...], tuple[str, ...]]:
    """Return what the brake holds back of a source, and the names of who would go."""
    with closing(sqlite3.connect(path)) as file:
        held = file.execute("SELECT * FROM held WHERE source = ?", (source,)).fetchone()
        going = file.execute("SELECT name FROM going WHERE source = ? ORDER BY name, id", (source,))
        return tuple(held), tuple(name for (name,) in going)


def replace_contacts(
    path: Path, source: str, contacts: tuple[OldContact, ...], digest: str, moment: float
) -> None:
    """Store other contacts of a source, as the release does after a complete fetch."""
    encode = msgspec.msgpack.Encoder().encode
    rows = [(source, contact.id, encode(contact)) for contact in contacts]
    skipped = encode(())
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")
        file.execute("DELETE FROM contact WHERE source = ?", (source,))
        file.executemany("INSERT OR REPLACE INTO contact VALUES (?, ?, ?)", rows)
        file.execute(
            "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (source, "", None, digest, len(contacts), skipped, moment, moment),
        )
        file.execute("DELETE FROM held WHERE source = ?", (source,))
        file.execute("DELETE FROM going WHERE source = ?", (source,))
        file.execute("COMMIT")
