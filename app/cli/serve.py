"""Implement the command `serve`."""

import os

from app.cli.state_dir import usable
from app.cli.terminal import echo_error
from app.processes.certificate import ServedCertificate
from app.processes.listen import open_listeners
from app.processes.service_manager import report_ready
from app.processes.supervisor import Supervisor
from app.settings.config_file import file_bytes
from app.settings.environment import notify_socket
from app.settings.errors import SettingsError
from app.settings.key_lines import with_lines
from app.settings.loader import Settings
from app.state.directory import prepare_state_dir
from app.state.locks import SERVING, hold_serving_lock, is_held
from app.tls.pair import CertificateError
from app.web.base_url import BaseUrl, find_base_url


def run_gateway(
    settings: Settings, workers: int, *, builder: bool, log_json: bool, access_log: bool
) -> int:
    """Serve until the gateway is stopped, and return the exit code.

    Raises SettingsError if there is no state directory and none can be made, or the
    certificate cannot be used. Raises CannotListen if the address cannot be used.
    """
    os.umask(0o077)
    if builder:
        _prepare(settings)
    certificate = _certificate(settings)
    with open_listeners(settings, lambda: is_held(settings.state_dir, SERVING)) as listeners:
        url = find_base_url(settings, listeners.first_port)
        with hold_serving_lock(settings.state_dir) as lock:
            supervisor = Supervisor(
                settings,
                listeners,
                workers,
                builder=builder,
                log_json=log_json,
                access_log=access_log,
                certificate=certificate,
                lock=lock,
                on_serving=lambda: _announce(settings, url),
            )
            return supervisor.run()


def _announce(settings: Settings, url: BaseUrl) -> None:
    """Say that phones are answered, and by which addresses; to systemd too."""
    if (address := notify_socket()) and (problem := report_ready(address)):
        echo_error(f"Warning: systemd was not told that this serves ($NOTIFY_SOCKET: {problem}).")
    echo_error(f"Serving {settings.title!r} from {settings.origin}")
    echo_error(
        f"directoryURL: {url.base}/menu.xml   servicesURL or line key: {url.base}/directory.xml"
    )
    if settings.is_demo:
        echo_error(
            "This is the demo: invented people, numbers that reach nobody. directory-gateway init"
            " asks where your own contacts are."
        )
    if settings.https_port is not None:
        echo_error(f"https is on port {settings.https_port}.")
    if url.note:
        echo_error(url.note)


def _certificate(settings: Settings) -> ServedCertificate | None:
    if settings.tls is None:
        return None
    try:
        certificate = ServedCertificate(settings.tls, settings.state_dir)
    except CertificateError as error:
        text = file_bytes(settings.origin).decode("utf-8-sig")
        problems = with_lines(error.problems, text, by_line=True)
        raise SettingsError(str(settings.origin), problems) from error
    for warning in certificate.warnings:
        echo_error(f"Warning: {warning}")
    return certificate


def _prepare(settings: Settings) -> None:
    try:
        with usable(settings.state_dir) as folder:
            prepare_state_dir(folder)
    except SettingsError as error:
        # An existing generation can still be served. The builder tries again, and phones do not
        # wait for it.
        if not settings.state_dir.is_dir():
            raise
        echo_error(f"Warning: {error}")
