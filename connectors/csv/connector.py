"""CSV connector, which reads exported, copied or edited files completely.

Either every configured file is read, or none. A file that is missing, cut, being
written or without a usable column is SourceUnavailable, never an empty list. The
checkpoint is a digest of all contents, names and settings that change their meaning.
The same digest means unchanged.
"""

from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Annotated

from pydantic import Strict

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
from connectors.csv.columns import Columns
from connectors.csv.contact_ids import ContactIds
from connectors.csv.file_reader import TOO_WIDE, FileReader
from connectors.csv.files import file_state, find, read_stable, watched_folders
from connectors.csv.line_places import LinePlaces
from connectors.csv.options import Delimiter, Encoding, ReadOptions
from connectors.csv.report import Report
from connectors.csv.rows import NOTHING, OTHER_DELIMITER
from connectors.fields import LocalPaths

_READER_VERSION = "csv 7"
"""Part of the checkpoint; change it with any change in how files are read."""

_PROGRESS_STEP = 1000

# A file with good headers and no rows holds nobody. That is reported, and the brake decides
# whether the empty list is accepted.
_NO_ROWS = "headers, but no rows"
_UNREADABLE = (NOTHING, OTHER_DELIMITER, TOO_WIDE)


class CsvConnector(Connector):
    """Contacts from one or more CSV files; docs/connectors/csv.md explains the keys."""

    path: LocalPaths
    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    columns: Columns | None = None
    include_private: Annotated[bool, Strict()] = False
    max_size: Size = 64 * MEGABYTE
    """Bytes of one file; the maximum of two million contacts needs less.

    A larger file would fill the memory.
    """

    def watched_folders(self) -> tuple[Path, ...]:
        """Return the folders of the files; for a glob, its part without wildcards."""
        return watched_folders(self.path)

    def file_state(self) -> str:
        """Return the files' names, sizes and times."""
        return file_state(self.path)

    def locations(self) -> dict[str, str]:
        """Return the file and line of each contact."""
        ids, report = ContactIds(), Report(self.columns)
        found: dict[str, str] = {}
        for path in find(self.path):
            name = _printable_name(path.name)
            data = read_stable(path, self.max_size)
            reader = FileReader(name, data, self._options(), ids, report)
            found |= {
                contact.id: f"{name} line {line}"
                for contact, line in reader.contacts()
                if contact is not None
            }
        return found

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Return all contacts, or an empty Delta if the checkpoint still matches.

        Raises SourceUnavailable if any file is not trustworthy, with the file and if
        possible line and column. Raises SourceRefused if a file is larger than
        `max_size`.
        """
        files = [(path, read_stable(path, self.max_size)) for path in find(self.path)]
        checkpoint = self._checkpoint(files)
        if since == checkpoint:
            return Delta(checkpoint=checkpoint)
        contacts: list[Contact] = []
        places = LinePlaces()
        ids, report = ContactIds(), Report(self.columns)
        skipped = report.skipped
        done, count = 0, len(files)
        files.reverse()
        while files:
            # A file that was read is not held any longer.
            path, data = files.pop()
            before, reported = len(contacts), len(skipped)
            name = _printable_name(path.name)
            reader = FileReader(name, data, self._options(), ids, report)
            places.begin(name)
            for contact, line in reader.contacts():
                done += 1
                if contact is not None:
                    contacts.append(contact)
                    places.add(line)
                if progress is not None and done % _PROGRESS_STEP == 0:
                    progress(done, None)
            lost = [item for item in skipped[reported:] if item.reason in _UNREADABLE]
            if len(contacts) == before and lost:
                raise SourceUnavailable(
                    f"{name}: none of its {len(lost)} rows can be read. The first: {lost[0].reason}"
                    f" ({lost[0].where}). Check delimiter and columns, or export it again."
                )
            if len(skipped) == reported and len(contacts) == before:
                skipped.append(Skipped(_NO_ROWS, name))
            named = any(contact.name for contact in islice(contacts, before, None))
            reader.report_columns(named=named)
        report.finish(count)
        if progress is not None:
            progress(done, done)
        return Full(tuple(contacts), checkpoint, tuple(skipped), tuple(report.notes), places)

    def _options(self) -> ReadOptions:
        return ReadOptions(self.encoding, self.delimiter, self.columns, self.include_private)

    def _checkpoint(self, files: list[tuple[Path, bytes]]) -> str:
        digest = sha256(
            f"{_READER_VERSION}\0{self.model_dump_json(exclude={'timeout', 'max_size'})}".encode()
        )
        for path, data in files:
            digest.update(f"\0{path}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
            digest.update(data)
        return digest.hexdigest()


def _printable_name(name: str) -> str:
    """Return a file's name without undecodable bytes.

    Ids and reports must be storable.
    """
    return name.encode("utf-8", "replace").decode("utf-8")
