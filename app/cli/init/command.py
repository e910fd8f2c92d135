"""Implement the command `init`: ask, find out, try, show, and write the configuration."""

import shlex
import shutil
import ssl
import sys
import tempfile
from pathlib import Path

import typer

from app.cli.check import SourceReport, configuration_findings
from app.cli.check_numbers import NumberCounts
from app.cli.dialler import Dialler
from app.cli.init import answers as kinds
from app.cli.init.answers import Answers, has_terminal, source_kind
from app.cli.init.carddav_source import SECRET_FILE as CARDDAV_SECRET
from app.cli.init.carddav_source import ask_for_carddav
from app.cli.init.config_text import Site, SourceDraft, config_text
from app.cli.init.dialogue import Dialogue, Question, WrongAnswer, WrongUsage, yes_or_no
from app.cli.init.file_source import ask_for_file, open_columns
from app.cli.init.google_source import TOKEN_FILE, ask_for_google, forget_sign_ins
from app.cli.init.ldap_source import SECRET_FILE as LDAP_SECRET
from app.cli.init.ldap_source import ask_for_ldap
from app.cli.init.login import ask_for_authority
from app.cli.init.preview import first_people
from app.cli.init.signals import ended_as_interrupt
from app.cli.init.site import ask_for_site, wrong_answers
from app.cli.init.writing import NewFile, NotWritten, refuse_existing, written
from app.cli.phone_config import line_texts
from app.cli.reading import read_source
from app.settings.config_file import find_config, new_config
from app.settings.errors import SettingsError
from app.settings.loader import Settings, load
from app.state.status import SourceStatus
from connectors.base import Full, SourceError, SourceRefused
from connectors.http_client.tls import find_cause

INTERRUPTED = 130

_KINDS = """\
Where are the contacts?
  1  in a file: CSV (from Excel, Outlook, Google, FreePBX, ...) or vCard
  2  in Nextcloud, iCloud, Radicale or another CardDAV server
  3  in Active Directory or another LDAP directory
  4  in Google Contacts"""
_NO_TERMINAL = (
    "there is no terminal to ask on. Give every answer as an option, with --yes (directory-gateway"
    " init --help)."
)
_SECRET_FILES = {kinds.CARDDAV: CARDDAV_SECRET, kinds.LDAP: LDAP_SECRET, kinds.GOOGLE: TOKEN_FILE}
_UNKNOWN_AUTHORITY = (2, 18, 19, 20, 21)  # of OpenSSL, X509_V_ERR_...


def run_init(answers: Answers) -> int:
    """Set up a configuration, and return the exit code.

    It is 0 if the configuration was written, 1 if it was not, 2 if options are missing
    or wrong, and 130 if the person ended it.
    """
    set_up = None
    try:
        with ended_as_interrupt(), tempfile.TemporaryDirectory(prefix="directory-gateway-") as path:
            set_up = _SetUp(answers, Path(path))
            set_up.run()
    except WrongUsage as error:
        for problem in error.problems:
            typer.echo(f"Error: {problem}", err=True)
        return 2
    except (NotWritten, SourceError) as error:
        typer.echo(f"Error: {error}", err=True)
        return 1
    except SettingsError as error:
        typer.echo("Error: " + " ".join(error.problems), err=True)
        return 1
    except (KeyboardInterrupt, typer.Abort):
        is_written = set_up is not None and set_up.is_written
        typer.echo(f"\nEnded.{'' if is_written else ' Nothing was written.'}", err=True)
        return INTERRUPTED
    return 0


class _SetUp:
    """One run of the dialogue, with a private folder that is deleted afterwards."""

    def __init__(self, answers: Answers, workshop: Path) -> None:
        self._answers = answers
        self._workshop = workshop
        self._path = new_config(answers.config)
        self._dialogue = Dialogue(answers.given(), is_asking=not answers.is_yes)
        self.is_written = False

    def run(self) -> None:
        """Ask, try, show, and write."""
        refuse_existing(self._path)
        self._require_answers()
        last = ""
        while True:
            kind = self._dialogue.ask(Question("source", f"{_KINDS}\nNumber", "1", source_kind))
            if kind != last:
                # What was typed for another kind means something else.
                self._dialogue.forget("file", "url", "username", "password", "base_dn", "ca_file")
                last = kind
                if foreign := tuple(self._answers.foreign(kind)):
                    raise WrongUsage(foreign)
            self._refuse_secret(kind)
            source, result = self._read_source(kind)
            site = ask_for_site(self._dialogue, result.contacts)
            if self._is_right(source, site, result):
                break
        self._write(source, site)

    def _require_answers(self) -> None:
        if self._answers.is_yes:
            answers = self._answers
            problems = (*answers.missing(), *wrong_answers(answers), *self._open_columns())
            if problems:
                raise WrongUsage(problems)
        elif not has_terminal():
            raise WrongUsage((_NO_TERMINAL,))

    def _open_columns(self) -> tuple[str, ...]:
        answers = self._answers
        try:
            kind = source_kind(answers.source or "")
        except WrongAnswer:
            return ()
        is_file = kind == kinds.FILE and answers.file is not None
        return open_columns(answers.file or "", answers.columns) if is_file else ()

    def _refuse_secret(self, kind: str) -> None:
        name = _SECRET_FILES.get(kind)
        is_elsewhere = self._answers.password_file not in (None, "-")
        if name and not is_elsewhere and self._answers.username != "":
            refuse_existing(self._path.parent / name)

    def _ask_for_source(self, kind: str) -> SourceDraft:
        folder = self._path.parent
        if kind == kinds.FILE:
            return ask_for_file(self._dialogue, folder, self._answers.columns)
        if kind == kinds.CARDDAV:
            return ask_for_carddav(self._dialogue, folder)
        if kind == kinds.LDAP:
            return ask_for_ldap(self._dialogue, folder)
        return ask_for_google(self._dialogue, folder, self._workshop)

    def _read_source(self, kind: str) -> tuple[SourceDraft, Full]:
        """Return the section of a source that was read, and what it holds.

        The person is asked again until it can be read. Raises SourceError or
        SettingsError if nobody may be asked.
        """
        while True:
            try:
                draft = self._ask_for_source(kind)
                settings = self._load(draft, Site())
                self._dialogue.tell("Reading the contacts ...")
                source = settings.sources[0]
                result = read_source(source)
                if not result.contacts:
                    raise SourceRefused(
                        "There are no contacts in it, so nothing could be shown. Name another"
                        " source, or put contacts there first."
                    )
            except (SourceError, SettingsError) as error:
                if not self._dialogue.is_asking:
                    raise
                self._report(error)
            else:
                for finding in SourceReport(source, result, SourceStatus()).findings():
                    self._dialogue.tell(finding.text())
                return draft, result

    def _report(self, error: SourceError | SettingsError) -> None:
        problem = " ".join(error.problems) if isinstance(error, SettingsError) else str(error)
        forget_sign_ins(self._workshop)
        self._dialogue.tell(f"\nThat did not work: {problem}")
        cause = find_cause(error, ssl.SSLCertVerificationError)
        if cause is not None and cause.verify_code in _UNKNOWN_AUTHORITY:
            ask_for_authority(self._dialogue)
        self._dialogue.tell("Enter keeps an answer as it was; Ctrl-C ends without writing.\n")

    def _is_right(self, source: SourceDraft, site: Site, result: Full) -> bool:
        settings = self._load(source, site)
        self._dialogue.tell("\nThis is what a phone shows first, and what it dials:")
        for line in first_people(settings, {source.name: result}):
            self._dialogue.tell(line)
        counts = NumberCounts(map(Dialler, settings.profiles))
        counts.add(source.name, result.contacts)
        for line in counts.lines():
            self._dialogue.tell(line)
        if not self._dialogue.is_asking:
            return True
        self._dialogue.forget("right")
        question = Question(
            "right", "\nWrite the configuration? (yes; no: change answers)", "yes", yes_or_no
        )
        return self._dialogue.ask(question) == "yes"

    def _load(self, source: SourceDraft, site: Site) -> Settings:
        """Return the settings as the finished file would give them."""
        return load(self._path, config_text(source, site, is_trial=True).encode())

    def _write(self, source: SourceDraft, site: Site) -> None:
        files = [NewFile(self._path, config_text(source, site).encode())]
        if source.secret is not None:
            secret = self._path.parent / str(source.secret.key.value)
            files.insert(0, NewFile(secret, source.secret.content(), is_secret=True))
        with written(files):
            settings = load(self._path)
            findings = tuple(configuration_findings(settings))
            lines = (*(finding.text() for finding in findings), "", *line_texts(settings, None))
            self.is_written = True
        for file in files:
            who = ", which only you can read" if file.is_secret else ""
            self._dialogue.tell(f"Wrote {file.path}{who}.")
        for line in lines:
            self._dialogue.tell(line)
        self._dialogue.tell(f"Next: {_next_command(self._path)}")


def _next_command(path: Path) -> str:
    """Return the command that serves a configuration, as it was typed for this one."""
    typed = Path(sys.argv[0])
    program = "python -m app" if typed.name == "__main__.py" else shlex.quote(sys.argv[0])
    if shutil.which(typed.name) == str(typed):
        program = typed.name
    try:
        is_found = find_config(None) == path
    except SettingsError:
        is_found = False
    return f"{program} serve" + ("" if is_found else f" --config {shlex.quote(str(path))}")
