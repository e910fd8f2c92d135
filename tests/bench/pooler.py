"""Two hosts that reach PostgreSQL through PgBouncer in transaction mode.

`python -m tests.bench.pooler`; needs the Debian package pgbouncer. It prints how long
the host that follows takes after each publication, and what the logs say.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench.several_machines import moment
from tests.support.servers.postgres import running_postgres
from tests.support.servers.processes import ServerProcess
from tests.support.servers.site_hosts import Site, exchange_of

_NAMES = ("Ann", "Ben", "Cat", "Dan", "Eve", "Fay")


def pooler(folder: Path, site: Site) -> ServerProcess:
    """Return a pooler before the site's server, not started."""
    server = site.server.url(site.database).rpartition(":")[2].partition("/")[0]
    users, options = folder / "users", folder / "options"

    def command(port: int) -> list[str]:
        users.write_text(f'"{site.database}" "{site.server.password}"\n')
        options.write_text(
            f"[databases]\n* = host=127.0.0.1 port={server}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = scram-sha-256\nauth_file = {users}\npool_mode = transaction\n"
        )
        if os.geteuid() != 0:
            return ["pgbouncer", str(options)]
        for path in (folder, users, options):
            shutil.chown(path, "postgres")
        user = ["--reuid=postgres", "--regid=postgres", "--init-groups"]
        return ["setpriv", *user, "pgbouncer", str(options)]

    return ServerProcess(command, folder / "log")


def main() -> None:
    """Publish some changes through the pooler, restart it, and publish once more."""
    with (
        tempfile.TemporaryDirectory() as name,
        tempfile.TemporaryDirectory(prefix="pooler-") as own,
        running_postgres() as server,
        ExitStack() as stack,
    ):
        site = Site(Path(name), server, stack)
        between = pooler(Path(own), site)
        between.start()
        stack.callback(between.stop)
        site.url = f"postgresql://{site.database}@127.0.0.1:{between.port}/{site.database}"
        site.write("Ann")
        north, south = site.add("north"), site.add("south")
        for count in range(1, len(_NAMES)):
            site.write(*_NAMES[:count])
            site.until_all_show(*_NAMES[:count])
            version = site.until_one_version()
            publishes, follows = (north, south) if exchange_of(north)["builds"] else (south, north)
            seconds = (
                moment(follows, "generation_fetched", version)
                - moment(publishes, "generation_published", version)
            ).total_seconds()
            print(f"{version}: served by the other host {seconds:.2f} s after it was published")
        between.stop()
        between.start()
        site.write(*_NAMES)
        site.until_all_show(*_NAMES)
        for host, gateway in site.hosts.items():
            for line in gateway.logged().splitlines():
                if "level=warning" in line or "level=error" in line or "recovered" in line:
                    print(host, line)


if __name__ == "__main__":
    main()
