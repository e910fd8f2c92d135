"""The certificate that the web workers serve, and its renewal without a restart."""

import time
from pathlib import Path

import msgspec

from app.logs import Log
from app.state import memfile
from app.state.certificate_state import CertificateState, write_certificate_state
from app.state.file_state import FileState, file_state
from app.state.status import iso_time
from app.tls.examination import Facts, date_problem, examine
from app.tls.pair import CertificateError, Pair, TlsSettings, certificate_problem, read_pair

SETTLE_SECONDS = 5.0
"""How long files must stay unusable before that is a problem.

Two files cannot be replaced in one step.
"""
_log = Log("supervisor")


class ServedCertificate:
    """The last usable certificate, in a file without a name that the workers inherit.

    Files that become unusable do no harm: the workers keep what they have.
    """

    def __init__(self, settings: TlsSettings, state_dir: Path) -> None:
        """Read the files. Raises CertificateError if they cannot be used."""
        self._settings = settings
        self._state_dir = state_dir
        self._judged = _file_states(settings)
        self._since: float | None = None
        self._pair = read_pair(settings)
        self._facts = examine(settings, self._pair)
        self._problem = self._reported = ""
        self.file = memfile.create(msgspec.msgpack.encode(self._pair))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about the certificate that is served."""
        return tuple(filter(None, (*self._facts.warnings, self._date_problem())))

    def write_state(self) -> None:
        """Write to `state_dir` what is served."""
        facts = self._facts
        state = CertificateState(facts.starts, facts.expires, facts.warn_from, self._problem)
        write_certificate_state(self._state_dir, state)

    def poll(self, now: float) -> None:
        """Take renewed files. Must be called every second; `now` is monotonic seconds.

        Files that cannot be used are tried again each time: they may be good later
        without a change, as a certificate whose time begins.
        """
        self._report_date()
        states = _file_states(self._settings)
        if states == self._judged and self._since is None:
            return
        try:
            pair, facts = self._read(self._settings)
        except CertificateError as error:
            self._since = now if self._since is None else self._since
            if now - self._since >= SETTLE_SECONDS and str(error) != self._problem:
                self._refuse(str(error))
            return
        self._judged = states
        self._take(pair, facts)

    def use(self, settings: TlsSettings) -> str:
        """Read the files of a configuration and take them; return why not, or ""."""
        states = _file_states(settings)
        try:
            pair, facts = self._read(settings)
        except CertificateError as error:
            return "\n".join(error.problems)
        self._settings, self._judged = settings, states
        self._take(pair, facts)
        return ""

    def _read(self, settings: TlsSettings) -> tuple[Pair, Facts]:
        pair = read_pair(settings)
        if pair == self._pair and settings == self._settings:
            return pair, self._facts
        facts = examine(settings, pair)
        now = time.time()
        if self._facts.covers(now) and not facts.covers(now):
            problem = date_problem(facts.starts, facts.expires, facts.warn_from, now)
            raise CertificateError(certificate_problem(settings, problem))
        return pair, facts

    def _take(self, pair: Pair, facts: Facts) -> None:
        is_new, was_broken = pair != self._pair, self._problem != ""
        self._problem, self._since = "", None
        self._pair, self._facts = pair, facts
        if was_broken and not is_new:
            _log.info("certificate_recovered", expires=iso_time(facts.expires))
        if is_new:
            memfile.replace(self.file, msgspec.msgpack.encode(pair))
            _log.info("certificate_renewed", expires=iso_time(facts.expires))
        self.write_state()

    def _refuse(self, problem: str) -> None:
        self._problem = problem
        _log.error(
            "certificate_refused",
            error=problem,
            effect=f"the former one is served; it expires on {iso_time(self._facts.expires)}",
        )
        self.write_state()

    def _date_problem(self) -> str:
        facts = self._facts
        problem = date_problem(facts.starts, facts.expires, facts.warn_from, time.time())
        return certificate_problem(self._settings, problem) if problem else ""

    def _report_date(self) -> None:
        """Log once that the certificate expires soon, and once that it has expired."""
        problem = self._date_problem()
        if problem != self._reported:
            self._reported = problem
            if problem:
                _log.warning("certificate_expires", error=problem)


def _file_states(settings: TlsSettings) -> tuple[FileState, FileState]:
    return file_state(settings.certificate), file_state(settings.key)
