"""Files and other long data in the PostgreSQL exchange, as compressed parts."""

import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.exchange.base import DamagedError, Publication
from app.generation.files import file_digest, file_name, people_file_name

if TYPE_CHECKING:
    import psycopg

PART_BYTES = 1 << 20
_GENERATION, _PEOPLE = "generation", "people"


def files_of(publication: Publication) -> tuple[tuple[str, str, str], ...]:
    """Return (what it is, its name in a state directory, its digest) of each file.

    A publication without a people file has none here.
    """
    published = publication.published
    version = published.version
    files = [(_GENERATION, file_name(version), published.digest)]
    if published.people_digest:
        files.append((_PEOPLE, people_file_name(version), published.people_digest))
    return tuple(files)


def write_files(
    connection: "psycopg.Connection", folder: Path, publication: Publication, upload: str
) -> None:
    """Write a publication's files as parts of an upload.

    Raises OSError or psycopg.Error.
    """
    columns = (
        "COPY directory_gateway.part (upload, file, number, data) FROM STDIN WITH (FORMAT BINARY)"
    )
    with connection.cursor() as cursor, cursor.copy(columns) as copy:
        copy.set_types(["text", "text", "int4", "bytea"])
        for kind, name, _ in files_of(publication):
            for number, part in enumerate(_parts_of(folder / name)):
                data = zlib.compress(part, 1)
                copy.write_row((upload, kind, number, data))


def _parts_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(PART_BYTES):
            yield part


def read_files(connection: "psycopg.Connection", publication: Publication, folder: Path) -> None:
    """Read a publication's files into a folder, under their names.

    A file that is there already with the right bytes stays. Raises DamagedError if
    parts are missing or damaged; then no file is left under its name. Raises OSError
    or psycopg.Error.
    """
    for kind, name, digest in files_of(publication):
        if _has_digest(folder / name, digest):
            continue
        draft = folder / f".draft-{name}"
        try:
            _write_draft(draft, _read_parts(connection, publication.published.version, kind))
            if not _has_digest(draft, digest):
                raise DamagedError(
                    f"the exchange's copy of {name} is not complete. It is fetched again; if this"
                    " stays so, make any change to a source: a new generation is published then."
                )
            draft.replace(folder / name)
        finally:
            draft.unlink(missing_ok=True)


def _has_digest(path: Path, digest: str) -> bool:
    try:
        return file_digest(path) == digest
    except FileNotFoundError:
        return False


def _write_draft(draft: Path, parts: Iterable[bytes]) -> None:
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for part in parts:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


def _read_parts(connection: "psycopg.Connection", version: str, kind: str) -> Iterator[bytes]:
    query = (
        "SELECT data FROM directory_gateway.part JOIN directory_gateway.generation USING (upload)"
        " WHERE version = %s AND file = %s AND number = %s"
    )
    yield from _numbered(connection, query, (version, kind))


def write_source_parts(
    connection: "psycopg.Connection", upload: str, parts: Iterable[bytes]
) -> None:
    """Write the parts of a source as an upload.

    Raises psycopg.Error and what `parts` raises.
    """
    columns = (
        "COPY directory_gateway.source_part (upload, number, data) FROM STDIN WITH (FORMAT BINARY)"
    )
    with connection.cursor() as cursor, cursor.copy(columns) as copy:
        copy.set_types(["text", "int4", "bytea"])
        for number, part in enumerate(parts):
            copy.write_row((upload, number, zlib.compress(part, 1)))


def read_source_parts(connection: "psycopg.Connection", source: str) -> Iterator[bytes]:
    """Yield the parts of a source. Raises DamagedError or psycopg.Error."""
    query = (
        "SELECT data FROM directory_gateway.source_part JOIN directory_gateway.source"
        " USING (upload) WHERE name = %s AND number = %s"
    )
    yield from _numbered(connection, query, (source,))


def _numbered(
    connection: "psycopg.Connection", query: str, key: tuple[str, ...]
) -> Iterator[bytes]:
    number = 0
    while row := connection.execute(query, (*key, number), binary=True).fetchone():
        try:
            yield zlib.decompress(row[0])
        except zlib.error as error:
            raise DamagedError(
                "a part in the exchange is damaged. Check the disk of its server; the part is"
                " written again with the next change."
            ) from error
        number += 1
