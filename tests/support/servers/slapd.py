"""OpenLDAP server for tests, with its own folder and its own ports on loopback.

It serves plain LDAP and TLS, and is stopped by its process id.
"""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.patience import PATIENCE
from tests.support.servers.ca import Certificate
from tests.support.servers.processes import free_port

SLAPD = Path("/usr/sbin/slapd")
SLAPADD = Path("/usr/sbin/slapadd")
SUFFIX = "dc=example,dc=com"
ADMIN = f"cn=admin,{SUFFIX}"
READER = f"cn=reader,{SUFFIX}"
PEOPLE = f"ou=people,{SUFFIX}"
PASSWORD = "a test's password"

_CONFIGURATION = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
{schema}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
{modules}
pidfile {folder}/slapd.pid
argsfile {folder}/slapd.args
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
TLSVerifyClient never
{globals}
database mdb
suffix "{suffix}"
rootdn "{admin}"
rootpw "{password}"
directory {folder}/data
maxsize 1073741824
dbnosync
index objectClass eq
index cn eq
overlay memberof
memberof-refint true
{database}
"""

_TREE = f"""\
dn: {SUFFIX}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: {PEOPLE}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{SUFFIX}
objectClass: organizationalUnit
ou: groups

dn: {READER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {PASSWORD}
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """Lines added to slapd.conf.

    They are schema files, modules, global lines and lines of the database.
    """

    schema: str = ""
    modules: str = ""
    globals: str = ""
    database: str = ""
    tree: str = _TREE


@dataclass(slots=True)
class Slapd:
    """A running slapd.

    `url` is plain, `tls_url` LDAPS. Both name 127.0.0.1.
    """

    folder: Path
    settings: Settings
    certificate: Certificate
    port: int = 0
    tls_port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return _plain(self.port)

    @property
    def tls_url(self) -> str:
        return _tls(self.tls_port)

    def prepare(self, more: Iterable[str] = ()) -> None:
        """Write the configuration and load the tree and `more`.

        `more` holds LDIF entries without the blank line between them.
        """
        (self.folder / "data").mkdir(parents=True)
        self.configure()
        ldif = self.folder / "tree.ldif"
        with ldif.open("w", encoding="utf-8") as out:
            out.write(self.settings.tree)
            for entry in more:
                out.write("\n" + entry)
        self._run([str(SLAPADD), "-q", "-f", str(self._configuration), "-l", str(ldif)])

    def configure(self) -> None:
        """Write the configuration of `settings`; a running server ignores it."""
        self._configuration.write_text(
            _CONFIGURATION.format(
                folder=self.folder,
                certificate=self.certificate.certificate,
                key=self.certificate.key,
                suffix=SUFFIX,
                admin=ADMIN,
                password=PASSWORD,
                schema=self.settings.schema,
                modules=self.settings.modules,
                globals=self.settings.globals,
                database=self.settings.database,
            )
        )

    def start(self) -> None:
        """Start the server on its previous ports, if any, and wait until it answers."""
        deadline = time.monotonic() + PATIENCE
        while True:
            plain, tls = self.port or free_port(), self.tls_port or free_port()
            log, pid = self.folder / "slapd.log", self.folder / "slapd.pid"
            pid.unlink(missing_ok=True)
            with log.open("ab") as out:
                process = subprocess.Popen(
                    [
                        str(SLAPD),
                        "-d",
                        "0",
                        "-f",
                        str(self._configuration),
                        "-h",
                        f"{_plain(plain)} {_tls(tls)}",
                    ],
                    stdout=out,
                    stderr=out,
                )
            # The file is written once both ports are ours, so this is not another server.
            if (
                _written(pid, process, deadline)
                and _answers(process, plain, deadline)
                and _answers(process, tls, deadline)
            ):
                self.port, self.tls_port, self._process = plain, tls, process
                return
            _end(process)
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"slapd did not start: {log.read_text(errors='replace')[-2000:]}"
                )

    def stop(self) -> None:
        """Stop the server if it runs."""
        if self._process is not None:
            _end(self._process)
            self._process = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    @property
    def _configuration(self) -> Path:
        return self.folder / "slapd.conf"

    def _run(self, command: Sequence[str]) -> None:
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(
                f"{command[0]} failed: {done.stderr.decode(errors='replace')[-2000:]}"
            )


@contextlib.contextmanager
def running(
    folder: Path,
    certificate: Certificate,
    settings: Settings = Settings(),
    more: Iterable[str] = (),
) -> Iterator[Slapd]:
    """Yield a running slapd; fail if slapd is not installed."""
    if not SLAPD.exists():
        raise RuntimeError(
            f"{SLAPD} is missing: run `make test`, which installs the servers that the tests start."
        )
    server = Slapd(folder, settings, certificate)
    server.prepare(more)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _plain(port: int) -> str:
    return f"ldap://127.0.0.1:{port}"


def _tls(port: int) -> str:
    return f"ldaps://127.0.0.1:{port}"


def _written(pid: Path, process: subprocess.Popen[bytes], deadline: float) -> bool:
    while time.monotonic() < deadline and process.poll() is None:
        if pid.exists() and pid.read_text().strip() == str(process.pid):
            return True
        time.sleep(0.02)
    return False


def _answers(process: subprocess.Popen[bytes], port: int, deadline: float) -> bool:
    while time.monotonic() < deadline and process.poll() is None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE),
        ):
            return process.poll() is None
        time.sleep(0.02)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, 15)
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
