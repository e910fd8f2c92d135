"""vCard connector for files that iCloud, Android, Outlook or Thunderbird export.

An export is one file of many cards, or a folder of files with one card each. A file
that is being copied ends in the middle of a card. A folder whose disk is not mounted is
empty. Neither is accepted as the present list.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from connectors.base import (
    MEGABYTE,
    Connector,
    Delta,
    Full,
    Progress,
    Size,
    Skipped,
    SourceUnavailable,
)
from connectors.contact import Contact
from connectors.fields import LocalPaths
from connectors.file_kinds import is_like_csv, kind_of
from connectors.garbled_text import garbled_text
from connectors.vcard.decoding import DEFAULT, guess_charset
from connectors.vcard.files import file_state, find, read, watched_folders
from connectors.vcard.parser import Card, GroupCard, memberships, normalise_uid, read_cards

_PROGRESS_STEP = 500
_SAMPLE = 1 << 16


class _Digest:
    """Digest of the names and contents of the files, in order, for the checkpoint."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, path: Path, data: bytes) -> None:
        """Add the next file."""
        self._digest.update(f"{path}\0{len(data)}\0".encode(errors="surrogateescape"))
        self._digest.update(data)

    @property
    def checkpoint(self) -> str:
        """Return the checkpoint for the files so far."""
        return f"5:{self._digest.hexdigest()}"


class VcardConnector(Connector):
    """Contacts from vCard files.

    `path` names files, folders (with all the `.vcf` files below them) or patterns such
    as `export/*.vcf`.
    """

    path: LocalPaths
    max_size: Size = 512 * MEGABYTE
    """Bytes of one file."""

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Return all contacts, or an empty Delta if the checkpoint still matches.

        Raises SourceUnavailable if a file is missing, unreadable, half-written or holds
        no card. Raises SourceRefused if a file is larger than `max_size`.
        """
        paths = find(self.path)
        if since:
            digest = _Digest()
            for path in paths:
                digest.add(path, read(path, self.max_size))
            if since == digest.checkpoint:
                return Delta(checkpoint=since)
        return _full(paths, self.max_size, progress)

    def watched_folders(self) -> tuple[Path, ...]:
        """Return the folders of the files."""
        return watched_folders(self.path)

    def file_state(self) -> str:
        """Return the files' names, sizes and times."""
        return file_state(self.path)


def _full(paths: tuple[Path, ...], max_size: int, progress: Progress | None) -> Full:
    """Return everything in the files.

    If text without a declared charset looks like another code page than cp1252, all
    files are read again in that code page.
    """
    contents = _read_all(paths, max_size, progress, DEFAULT)
    notes = contents.notes
    if contents.undeclared:
        encoding = guess_charset(contents.undeclared)
        if encoding != DEFAULT:
            contents = _read_all(paths, max_size, None, encoding)
        note = (
            f"{contents.first_undeclared} has text that is not UTF-8 and declares no charset; it is"
            f" read as {encoding}: that is a guess. Where names are garbled, export as vCard 3.0 or"
            " 4.0, which is UTF-8."
        )
        notes = (*notes, note)
    if progress is not None:
        progress(len(contents.contacts), len(contents.contacts))
    contacts = tuple(_with_ids(contents.contacts, memberships(contents.groups)))
    return Full(contacts, contents.digest.checkpoint, tuple(contents.skipped), notes)


@dataclass(slots=True)
class _Contents:
    """Contents of all files, and a sample of their text without a declared charset."""

    contacts: list[tuple[str, Contact]] = field(default_factory=list)
    groups: list[GroupCard] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    digest: _Digest = field(default_factory=_Digest)
    undeclared: list[bytes] = field(default_factory=list)
    first_undeclared: str = ""
    notes: tuple[str, ...] = ()
    sampled: int = 0

    def add(self, card: Card, name: str) -> None:
        """Add the next card, from the file of this name."""
        where = f"{name}: card {card.uid or 'without UID'} line {card.line}"
        if card.problem:
            self.skipped.append(Skipped(card.problem, where))
        if card.group is not None:
            self.groups.append(card.group)
        if card.contact is not None:
            self.contacts.append((card.uid, card.contact))
        if card.undeclared:
            self.first_undeclared = self.first_undeclared or where
            if self.sampled < _SAMPLE:
                self.undeclared += card.undeclared
                self.sampled += sum(map(len, card.undeclared))


def _read_all(
    paths: tuple[Path, ...], max_size: int, progress: Progress | None, fallback: str
) -> _Contents:
    """Read the files one at a time, because together they may exceed the memory.

    Exports may hold pictures.
    """
    contents = _Contents()
    for path in paths:
        data = read(path, max_size)
        contents.digest.add(path, data)
        contents.notes += tuple(f"{path.name} {wrong}." for wrong in garbled_text(data))
        last: Card | None = None
        for last in read_cards(data, fallback):
            contents.add(last, path.name)
            if (
                progress is not None
                and last.contact is not None
                and len(contents.contacts) % _PROGRESS_STEP == 0
            ):
                progress(len(contents.contacts), None)
        if last is None:
            raise _without_cards(path, data)
        if not last.ended:
            raise SourceUnavailable(
                f"{path} ends in the middle of a card: it is being written, or was cut off. Export"
                " it again if this stays."
            )
    return contents


def _without_cards(path: Path, data: bytes) -> SourceUnavailable:
    kind = kind_of(data)
    if kind is None and is_like_csv(data):
        return SourceUnavailable(
            f'{path} holds no vCard, it looks like CSV. Set connector = "csv", or take it out of'
            " path."
        )
    if kind is None or kind.word == "vcard":
        return SourceUnavailable(f"{path} holds no vCard. Export it again, or take it out of path.")
    return SourceUnavailable(f"{path} holds no vCard, it is {kind.name}: {kind.remedy}")


def _with_ids(
    contacts: list[tuple[str, Contact]], groups_of: dict[str, tuple[str, ...]]
) -> Iterator[Contact]:
    """Yield the contacts with their ids.

    An id is the card's UID, or else a digest of its contents, because Android's cards
    have no UID. Equal ones get a number, because an export may lie in the folder twice.
    """
    seen: dict[str, int] = {}
    uids = {uid for uid, _ in contacts}
    for uid, contact in contacts:
        key = uid or hashlib.sha256(msgspec.msgpack.encode(contact)).hexdigest()[:32]
        count = seen.get(key, 0) + 1
        # The UID of another card may equal the numbered id.
        while count > 1 and f"{key} #{count}" in uids:
            count += 1
        seen[key] = count
        identity = key if count == 1 else f"{key} #{count}"
        groups = tuple(dict.fromkeys((*contact.groups, *groups_of.get(normalise_uid(uid), ()))))
        yield msgspec.structs.replace(contact, id=identity, groups=groups)
