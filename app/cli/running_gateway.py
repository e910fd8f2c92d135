"""Find out whether a gateway or a builder runs, from the locks and the port."""

import ssl
import urllib.error
import urllib.request

import msgspec

from app.settings.loader import Settings
from app.state.locks import SERVING, is_held
from app.web.status_report import FullReport

TIMEOUT = 4.0


class NoAnswer(Exception):
    """The gateway gave no report; the text gives the reason."""


def is_healthy(settings: Settings) -> bool:
    """Return whether a gateway of this configuration answers on this machine."""
    try:
        _get(settings, "/-/healthy")
    except (OSError, ValueError):
        return False
    return True


def running_report(settings: Settings) -> FullReport:
    """Return the report of the gateway that runs on this machine.

    Raises NoAnswer if it does not give one.
    """
    try:
        return msgspec.json.decode(_get(settings, "/-/status"), type=FullReport)
    except urllib.error.HTTPError as error:
        with error:
            raise NoAnswer(
                f"The gateway answered {error.code} to a request from this machine: see operators"
                " under [access]."
            ) from error
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise NoAnswer(f"The gateway did not answer on port {settings.port}.") from error


def _get(settings: Settings, path: str) -> bytes:
    """Return what a path of the gateway on this machine holds.

    Proxies that the environment names are not used. Raises OSError or ValueError if the
    status is not 200.
    """
    host = "[::1]" if ":" in settings.host else settings.host
    if host in ("0.0.0.0", ""):  # noqa: S104
        host = "127.0.0.1"
    # The certificate names the host that others use. This request does not leave the machine.
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)
    )
    url = f"{settings.scheme}://{host}:{settings.port}{path}"
    with direct.open(url, timeout=TIMEOUT) as response:
        if response.status != 200:
            raise ValueError(f"status {response.status}")
        return bytes(response.read())


def describe_running(settings: Settings) -> str:
    """Return a description of what runs with this configuration, for the terminal."""
    web, builder = is_held(settings.state_dir, SERVING), is_held(settings.state_dir)
    if web and builder:
        return "the gateway"
    if web:
        return "the web workers only; sources are not read (directory-gateway build reads them)"
    runs = "the builder only" if builder else "nothing"
    port = (
        f"port {settings.port} answers, but no gateway holds this state_dir: another"
        " program, or a gateway that may not write there"
        if is_healthy(settings)
        else "phones are not served"
    )
    return f"{runs}; {port} (directory-gateway serve starts the gateway)"
