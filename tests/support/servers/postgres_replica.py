"""A replica of a PostgreSQL server for tests, which may lag behind and be promoted."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.patience import PATIENCE
from tests.support.servers.gateway import eventually
from tests.support.servers.postgres import PostgresServer


class Replica(PostgresServer):
    """Follows a running server asynchronously; it has the same roles and databases."""

    def __init__(self, folder: Path, primary: PostgresServer) -> None:
        super().__init__(folder)
        self._primary = primary
        self.password = primary.password

    def _make_files(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, self._user)
        command = [str(self._programs / "pg_basebackup"), "--pgdata", str(self.folder / "data")]
        subprocess.run(
            # -R: it follows the server that it was copied from.
            (*command, "-R", "--checkpoint=fast", "-d", self._primary.url("postgres", self._user)),
            user=self._user if os.geteuid() == 0 else None,
            cwd=self.folder,
            env=os.environ | {"PGPASSWORD": self.password},
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )

    def catch_up(self) -> None:
        """Wait until it has replayed what the server has written so far."""
        with self._primary.admin() as connection:
            row = connection.execute("SELECT pg_current_wal_lsn()").fetchone()
        assert row is not None
        with self.admin() as connection:
            eventually(
                lambda: connection.execute(
                    "SELECT 1 WHERE pg_last_wal_replay_lsn() >= %s::pg_lsn", row
                ).fetchone(),
                "what the server wrote",
            )

    def stay_behind(self) -> None:
        """Receive nothing any more."""
        with self.admin() as connection:
            connection.execute("ALTER SYSTEM SET primary_conninfo = ''")
            connection.execute("SELECT pg_reload_conf()")
            eventually(
                lambda: connection.execute("SELECT 1 FROM pg_stat_wal_receiver").fetchone() is None,
                "the end of its receiver",
            )

    def promote(self) -> None:
        """Let it accept writes, and wait until it does."""
        with self.admin() as connection:
            connection.execute("SELECT pg_promote()")
