"""Run the web worker process (`python -m app.web.worker`)."""

import argparse
import os
import socket
import sys
from pathlib import Path

from app import logs
from app.settings.errors import SettingsError
from app.settings.loader import load
from app.state import memfile
from app.state.heartbeat import LISTENING, Heartbeat
from app.state.login_attempts import LoginAttempts
from app.state.recent_requests import RecentRequests
from app.state.shared_counters import Counters
from app.web.access_log import AccessLog
from app.web.application import counter_values, create_app
from app.web.connections import ConnectionTable, Shares
from app.web.large_blocks import return_large_blocks
from app.web.publisher import Publisher
from app.web.server import serve
from app.web.shown_paths import ShownPaths
from app.web.tls_acceptor import ServedContext


def main() -> None:
    """Run one worker.

    `--fd` is the listening socket for plain http, `--tls-fd` that for https, and
    `--certificate-fd` a file with its certificate and key. `--parent` is the read
    end of a pipe that the supervisor holds open. `--config-fd` is a file with the
    contents of the configuration. `--counters`, `--recent` and `--attempts` are
    files that all workers share, and `--slot` is the slot of this one in the first
    two. `--begun` is the start of the supervisor. With `--access-log`, each request
    is a line of standard output.
    """
    parser = argparse.ArgumentParser(prog="python -m app.web.worker")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--fd", type=int)
    parser.add_argument("--tls-fd", type=int)
    parser.add_argument("--certificate-fd", type=int)
    parser.add_argument("--parent", type=int)
    parser.add_argument("--config-fd", type=int)
    parser.add_argument("--heartbeat", type=int)
    parser.add_argument("--former", action="append", default=[])
    parser.add_argument("--counters", type=int)
    parser.add_argument("--recent", type=int)
    parser.add_argument("--attempts", type=int)
    parser.add_argument("--slot", type=int, default=0)
    parser.add_argument("--begun", type=float)
    parser.add_argument("--log-json", action="store_true")
    parser.add_argument("--access-log", action="store_true")
    args = parser.parse_args()
    logs.configure(as_json=args.log_json)
    os.umask(0o077)
    try:
        settings = load(
            args.config, memfile.read(args.config_fd) if args.config_fd is not None else None
        )
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        sys.exit(1)
    publisher = Publisher(settings, former=tuple(args.former))
    counters = Counters(args.counters, args.slot)
    recent = RecentRequests(args.recent, args.slot)
    table = ConnectionTable(
        Shares(settings.connections_per_address, proxies=settings.access.trusted_proxies)
    )
    attempts = LoginAttempts(args.attempts)
    app = create_app(settings, publisher, counters, table, args.begun, recent, attempts)

    log = AccessLog(ShownPaths(settings), as_json=args.log_json) if args.access_log else None
    tls = None
    if args.tls_fd is not None and settings.tls is not None:
        return_large_blocks()
        context = ServedContext(args.certificate_fd, settings.tls.minimum)
        tls = (socket.socket(fileno=args.tls_fd), context)

    heartbeat = Heartbeat(args.heartbeat)
    heartbeat.beat()

    def each_second() -> None:
        heartbeat.beat(LISTENING)
        publisher.poll()
        counters.update(counter_values(app, publisher, table))
        recent.flush()
        if log is not None:
            log.flush()
        if tls is not None:
            tls[1].poll()

    try:
        listener = socket.socket(fileno=args.fd) if args.fd is not None else None
        serve(app, app.responses, listener, table, each_second, args.parent, log, tls)
    finally:
        if log is not None:
            log.close()
        counters.close(counter_values(app, publisher, table))
        recent.close()
        publisher.close()


if __name__ == "__main__":
    main()
