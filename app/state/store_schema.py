"""Create the tables of the store's file, and upgrade the file of an earlier version.

`PRAGMA user_version` holds the form. Form 1 kept what the brake holds back in the table
`source`.
"""

import sqlite3
from importlib.metadata import PackageNotFoundError, version

from app.logs import Log
from app.state.forms import other_version

FORM = 2
"""It must be one that the last release reads, so that its release can be installed again."""

_log = Log("store")

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS source (
  name TEXT PRIMARY KEY, fingerprint TEXT, checkpoint TEXT, digest TEXT, contacts INTEGER,
  skipped BLOB, last_success REAL, last_full REAL
);
CREATE TABLE IF NOT EXISTS contact (
  source TEXT, id TEXT, data BLOB, PRIMARY KEY (source, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (
  source TEXT PRIMARY KEY, digest TEXT, fingerprint TEXT, since REAL, losing_since REAL, seen REAL,
  before INTEGER, after INTEGER, lost INTEGER, silent INTEGER, accepted INTEGER
);
CREATE TABLE IF NOT EXISTS going (
  source TEXT, id TEXT, name TEXT, PRIMARY KEY (source, id)
) WITHOUT ROWID;
"""

# A held result of form 1 has no list of lost contacts. Without a digest it is held anew at the
# next fetch, and its time stays.
_FROM_1 = f"""
ALTER TABLE source RENAME TO source_1;
{_TABLES}
INSERT INTO source
  SELECT name, fingerprint, checkpoint, digest, contacts, skipped, last_success, last_full
  FROM source_1 WHERE last_success IS NOT NULL;
INSERT INTO held
  SELECT name, '', ifnull(fingerprint, ''), held_since, NULL, held_since,
    contacts, 0, contacts, 0, 0
  FROM source_1 WHERE held != '' AND held_since IS NOT NULL;
DROP TABLE source_1;
"""  # noqa: S608


class NewerFormError(Exception):
    """The file was written by a newer version of the program.

    The text is a sentence without the file's name.
    """


def form_of(file: sqlite3.Connection) -> int:
    """Return the form of an open file, 0 for a new one.

    Raises NewerFormError if a newer version wrote it. Raises sqlite3.DatabaseError if
    it is damaged.
    """
    form = int(file.execute("PRAGMA user_version").fetchone()[0])
    if form > FORM:
        raise NewerFormError(
            f"was written by a newer version of this program ({_writer(file)}store format {form};"
            f" this version knows {FORM}). It is left as it is. Install that version again, or move"
            " the file away: every source is then read anew."
        )
    if form < 0:
        raise sqlite3.DatabaseError(f"malformed: there is no store format {form}")
    return form


def prepare_tables(file: sqlite3.Connection) -> None:
    """Check an open file, and create or upgrade its tables in one transaction.

    Raises NewerFormError, or sqlite3.DatabaseError if the file is damaged or cannot be
    written.
    """
    form = form_of(file)
    file.execute("PRAGMA journal_mode = WAL")
    if file.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("malformed: quick_check failed")
    if form == FORM:
        # Nothing is written if the tables are there: on a full disk the store can still be read.
        return
    try:
        file.executescript(f"BEGIN IMMEDIATE; {_FROM_1 if form == 1 else _TABLES}")
        file.execute("INSERT OR REPLACE INTO meta VALUES ('written by', ?)", (_program(),))
        file.execute(f"PRAGMA user_version = {FORM}")
        file.execute("COMMIT")
        if form:
            _log.info(
                "other_version",
                notice=f"{other_version('sources.sqlite', form, FORM)}. It was brought up to date.",
            )
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise


def _program() -> str:
    try:
        return f"directory-gateway {version('directory-gateway')}"
    except PackageNotFoundError:
        return ""


def _writer(file: sqlite3.Connection) -> str:
    """Return "NAME VERSION, " of the program that wrote a file, "" if it is unknown."""
    try:
        found = file.execute("SELECT value FROM meta WHERE key = 'written by'").fetchone()
    except sqlite3.OperationalError:
        return ""
    return f"{found[0]}, " if found and found[0] else ""
