"""Tables of the PostgreSQL exchange, made and brought up to date by the program."""

from typing import TYPE_CHECKING

from app.exchange.base import ExchangeError, UnpreparedError

if TYPE_CHECKING:
    import psycopg

MISSING = ("3F000", "42P01")
"""Codes of the errors of a database without the schema or a table: another one, or an empty one."""
# Any number: hosts that start at once make the tables one after the other.
_LOCK = 7_821_000_016

# Each entry brings the tables from the form of its position to the next one, and is never changed.
MIGRATIONS = (
    """
    CREATE TABLE directory_gateway.lease (
      one boolean PRIMARY KEY DEFAULT true CHECK (one), host text NOT NULL, holder text NOT NULL,
      epoch bigint NOT NULL, until timestamptz NOT NULL
    );
    CREATE TABLE directory_gateway.generation (
      version text PRIMARY KEY, schema integer NOT NULL, digest text NOT NULL,
      people_digest text NOT NULL, build_seconds double precision NOT NULL, size bigint NOT NULL
    );
    CREATE TABLE directory_gateway.part (
      version text REFERENCES directory_gateway.generation ON DELETE CASCADE, file text,
      number integer, data bytea NOT NULL, PRIMARY KEY (version, file, number)
    );
    -- The parts are compressed already.
    ALTER TABLE directory_gateway.part ALTER COLUMN data SET STORAGE EXTERNAL;
    CREATE TABLE directory_gateway.pointer (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      version text NOT NULL REFERENCES directory_gateway.generation, epoch bigint NOT NULL
    );
    CREATE TABLE directory_gateway.source (
      name text PRIMARY KEY, epoch bigint NOT NULL, digest text NOT NULL, facts bytea NOT NULL
    );
    CREATE TABLE directory_gateway.source_part (
      source text REFERENCES directory_gateway.source ON DELETE CASCADE, number integer,
      data bytea NOT NULL, PRIMARY KEY (source, number)
    );
    ALTER TABLE directory_gateway.source_part ALTER COLUMN data SET STORAGE EXTERNAL;
    CREATE TABLE directory_gateway.request (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, verb text NOT NULL,
      source text NOT NULL, digest text NOT NULL, is_for_all boolean NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE TABLE directory_gateway.taken (
      request bigint REFERENCES directory_gateway.request ON DELETE CASCADE, host text,
      PRIMARY KEY (request, host)
    );
    CREATE TABLE directory_gateway.host (
      id text PRIMARY KEY, name text NOT NULL, version text NOT NULL, schema integer NOT NULL,
      builds boolean NOT NULL, keys text NOT NULL, status bytea NOT NULL, at timestamptz NOT NULL
    );
    """,
    """
    -- Since when the holder has held the lease.
    ALTER TABLE directory_gateway.lease
      ADD COLUMN since timestamptz NOT NULL DEFAULT clock_timestamp();
    -- When each version became current; one version may do so twice.
    CREATE TABLE directory_gateway.publication (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, version text NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX ON directory_gateway.publication (version);
    INSERT INTO directory_gateway.publication (version)
      SELECT version FROM directory_gateway.pointer;
    ALTER TABLE directory_gateway.host ADD COLUMN release text NOT NULL DEFAULT '';
    """,
    """
    -- Parts are stored under an id of their own before the row that they belong to: a host that
    -- stops in a long upload must not keep others waiting for that row.
    ALTER TABLE directory_gateway.generation ADD COLUMN upload text;
    UPDATE directory_gateway.generation SET upload = version;
    ALTER TABLE directory_gateway.generation ALTER COLUMN upload SET NOT NULL;
    ALTER TABLE directory_gateway.part DROP CONSTRAINT part_version_fkey;
    ALTER TABLE directory_gateway.part RENAME COLUMN version TO upload;
    ALTER TABLE directory_gateway.source ADD COLUMN upload text;
    UPDATE directory_gateway.source SET upload = name;
    ALTER TABLE directory_gateway.source ALTER COLUMN upload SET NOT NULL;
    ALTER TABLE directory_gateway.source_part DROP CONSTRAINT source_part_source_fkey;
    ALTER TABLE directory_gateway.source_part RENAME COLUMN source TO upload;
    """,
    """
    -- Which run of the program wrote the row.
    ALTER TABLE directory_gateway.host ADD COLUMN run text NOT NULL DEFAULT '';
    """,
)

_TRY_WRITING = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'directory_gateway' LOOP
    EXECUTE format('INSERT INTO directory_gateway.%I OVERRIDING SYSTEM VALUE'
      ' SELECT * FROM directory_gateway.%I WHERE false', name, name);
    EXECUTE format('DELETE FROM directory_gateway.%I WHERE false', name);
    EXECUTE format('SELECT FROM directory_gateway.%I WHERE false FOR UPDATE', name);
  END LOOP;
END $$
"""


def prepare(connection: "psycopg.Connection") -> None:
    """Make the tables, or bring those of an earlier program up to date.

    Raises ExchangeError if a newer program made them, and psycopg.Error.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        form = _form(connection)
        _refuse_newer(form)
        if form == len(MIGRATIONS):
            return
        if form == 0:
            connection.execute("CREATE SCHEMA IF NOT EXISTS directory_gateway")
            connection.execute("CREATE TABLE directory_gateway.form (form integer NOT NULL)")
            connection.execute("INSERT INTO directory_gateway.form VALUES (0)")
        for migration in MIGRATIONS[form:]:
            connection.execute(migration)
        connection.execute("UPDATE directory_gateway.form SET form = %s", (len(MIGRATIONS),))


def require(connection: "psycopg.Connection") -> None:
    """Look whether the tables are up to date, and change nothing.

    Raises UnpreparedError if the first host of this release has to make them, and
    ExchangeError if it could not, or a newer program made them. Raises psycopg.Error.
    """
    form = _form(connection)
    _refuse_newer(form)
    if 0 < form < len(MIGRATIONS):
        raise UnpreparedError(
            "the exchange's tables were made by an earlier version of this program. The first host"
            " that starts with this version brings them up to date."
        )
    if form == 0:
        may_create = "SELECT has_database_privilege(current_database(), 'CREATE')"
        if connection.execute(may_create).fetchone() != (True,):
            raise ExchangeError(
                "the exchange's database holds no tables yet, and its role may not make them. It"
                ' must own the database: "Rights of the role" in docs/several-machines.md.'
            )
        raise UnpreparedError(
            "no host has used the exchange's database yet. The first one that starts makes its"
            " tables."
        )


def _refuse_newer(form: int) -> None:
    if form > len(MIGRATIONS):
        raise ExchangeError(
            f"the exchange's tables have form {form}, made by a newer version of this program;"
            f" this version knows {len(MIGRATIONS)}. Install that version on this host too."
        )


def _form(connection: "psycopg.Connection") -> int:
    found = connection.execute("SELECT to_regclass(%s)", ("directory_gateway.form",)).fetchone()
    if found is None or found[0] is None:
        return 0
    row = connection.execute("SELECT form FROM directory_gateway.form").fetchone()
    return int(row[0]) if row is not None else 0


def try_writing(connection: "psycopg.Connection") -> None:
    """Do what hosts do to each table, to none of its rows. Raises psycopg.Error."""
    connection.execute(_TRY_WRITING)
