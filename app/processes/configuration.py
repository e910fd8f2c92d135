"""The configuration that the children get, and its replacement at a reload."""

from app.logs import Log
from app.processes.certificate import ServedCertificate
from app.settings.config_file import file_bytes
from app.settings.errors import SettingsError
from app.settings.loader import Settings, load
from app.state import memfile

_MAX_FORMER = 20
_log = Log("supervisor")


class ServedConfiguration:
    """The last valid configuration, in a file without a name that the children inherit.

    A file that becomes invalid later does no harm until a reload. `former` are the
    fingerprints of earlier configurations, `reloads` counts how often it was replaced.
    """

    def __init__(self, settings: Settings, certificate: ServedCertificate | None = None) -> None:
        self.settings = settings
        self._certificate = certificate
        self.file = memfile.create(file_bytes(settings.origin))
        self.former: tuple[str, ...] = ()
        self.reloads = 0

    def read_again(self) -> str:
        """Read the configuration again; return why it was refused, or ""."""
        try:
            content = file_bytes(self.settings.origin)
            fresh = load(self.settings.origin, content)
        except SettingsError as error:
            problem = str(error)
        else:
            problem = _needs_restart(self.settings, fresh) or self._take_certificate(fresh)
        if problem:
            _log.error("configuration_refused", error=problem, effect="the old one stays")
            return problem
        # Generations of former configurations serve rows until the new configuration has one. The
        # configuration before this one may never have had its own.
        former = dict.fromkeys((*self.former, self.settings.fingerprint))
        self.former = tuple(former)[-_MAX_FORMER:]
        self.settings = fresh
        memfile.replace(self.file, content)
        self.reloads += 1
        _log.info("configuration_read", sources=len(fresh.sources), profiles=len(fresh.profiles))
        return ""

    def _take_certificate(self, fresh: Settings) -> str:
        if self._certificate is None or fresh.tls is None:
            return ""
        return self._certificate.use(fresh.tls)


def _needs_restart(old: Settings, new: Settings) -> str:
    changed = []
    if _addresses(old) != _addresses(new):
        changed.append("listen")
    if old.state_dir != new.state_dir:
        changed.append("state_dir")
    return f"{' and '.join(changed)} changed, which needs a restart" if changed else ""


def _addresses(settings: Settings) -> tuple[object, ...]:
    return settings.host, settings.port, settings.https_port, settings.tls is not None
