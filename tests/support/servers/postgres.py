"""PostgreSQL server for tests, with its own folder and its own port on loopback.

PostgreSQL refuses to run as root. Then it runs as the user of its Debian package.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.support.patience import PATIENCE
from tests.support.servers.ca import Certificate
from tests.support.servers.processes import ServerProcess, children_of
from tests.support.servers.small_disk import mounted

_SETTINGS = """
unix_socket_directories = ''
max_connections = 40
# What is tested is who sees what, not whether the machine's disk keeps it.
fsync = off
shared_buffers = 32MB
max_wal_size = 64MB
"""
_INITDB = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions")


def _programs() -> Path:
    """Return the folder of the newest installed server's programs."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: float(path.parts[-3]),
    )
    assert found, "PostgreSQL is not installed (Debian: postgresql); make test installs it"
    return found[-1].parent


class PostgresServer:
    """A running PostgreSQL. Each database of it has a role of the same name.

    It listens on `address`, and lets in who comes from the network of that.
    """

    def __init__(self, folder: Path, address: str = "127.0.0.1") -> None:
        self.folder, self._address = folder, address
        self._programs = _programs()
        self._user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self._process: ServerProcess | None = None
        self.password = secrets.token_hex(8)

    def start(self) -> None:
        """Make the server's files at the first start, and wait until it answers."""
        if self._process is None:
            self._make_files()
            self._process = ServerProcess(self._command, self.folder / "log")
        self._process.start()
        for _ in range(int(PATIENCE / 0.1)):
            try:
                psycopg.connect(self.url("postgres", self._user), password=self.password).close()
            except psycopg.OperationalError:
                signal.sigtimedwait([], 0.1)
            else:
                return
        raise TimeoutError((self.folder / "log").read_text()[-2000:])

    def _make_files(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, self._user)
        secret = self.folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o644)
        initdb = [str(self._programs / "initdb"), "--pgdata", str(self.folder / "data")]
        subprocess.run(
            (*initdb, *_INITDB, f"--pwfile={secret}", f"--username={self._user}"),
            user=self._user if os.geteuid() == 0 else None,
            cwd=self.folder,
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(f"{_SETTINGS}listen_addresses = '{self._address}'\n")
        with (self.folder / "data" / "pg_hba.conf").open("a") as file:
            file.write("host all all samenet scram-sha-256\n")

    def _command(self, port: int) -> list[str]:
        server = [str(self._programs / "postgres"), "-D", str(self.folder / "data")]
        server += ["-p", str(port)]
        if os.geteuid() == 0:
            # The child must be the server itself: it is stopped by its process id.
            user = [f"--reuid={self._user}", f"--regid={self._user}", "--init-groups"]
            return ["setpriv", *user, *server]
        return server

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def url(self, database: str, role: str = "") -> str:
        """Return the address of a database for its role, without a password."""
        assert self._process is not None
        return f"postgresql://{role or database}@{self._address}:{self._process.port}/{database}"

    def new_database(self) -> str:
        """Make a database with a role that owns it, and return its name."""
        name = f"gateway_{secrets.token_hex(4)}"
        with self.admin() as connection:
            connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{self.password}'")
            connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        return name

    @contextmanager
    def admin(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """Yield a connection of the superuser to a database."""
        with psycopg.connect(
            self.url(database, self._user), password=self.password, autocommit=True
        ) as connection:
            yield connection

    def secure(self, certificate: Certificate) -> None:
        """Let everybody but the superuser in with TLS only, with this certificate."""
        data = self.folder / "data"
        for source, name in (
            (certificate.certificate, "server.crt"),
            (certificate.key, "server.key"),
        ):
            shutil.copy(source, data / name)
            shutil.chown(data / name, self._user)
            (data / name).chmod(0o600)
        (data / "pg_hba.conf").write_text(
            f"host all {self._user} all scram-sha-256\nhostssl all all all scram-sha-256\n"
        )
        with (data / "postgresql.conf").open("a") as file:
            file.write("ssl = on\n")
        self.stop()
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all processes of the server by a signal, and let them go on at the end."""
        # The first one first: it starts the others.
        stopped = [self.pid]
        os.kill(self.pid, signal.SIGSTOP)
        try:
            for pid in children_of(self.pid):
                os.kill(pid, signal.SIGSTOP)
                stopped.append(pid)
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop the server by a signal, and end all sessions.

        SIGINT is its fast shutdown. After SIGQUIT or SIGKILL it recovers at its next
        start.
        """
        if self._process is not None and self._process.is_running:
            os.kill(self.pid, how)
            self._process.stop()


@contextmanager
def running_postgres(
    address: str = "127.0.0.1", disk_kilobytes: int | None = None
) -> Iterator[PostgresServer]:
    """Yield a running server, and delete its files afterwards.

    They are on a disk of their own if its size is given.
    """
    # The folder of a test cannot be entered by another user.
    with tempfile.TemporaryDirectory(prefix="postgres-") as name, ExitStack() as stack:
        folder = Path(name)
        if disk_kilobytes is not None:
            stack.enter_context(mounted(folder, disk_kilobytes))
        folder.chmod(0o755)
        server = PostgresServer(folder, address)
        try:
            server.start()
            yield server
        finally:
            server.stop()
