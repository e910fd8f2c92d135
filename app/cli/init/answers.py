"""The answers that the command line gives, and which of them are missing."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.cli.init.dialogue import WrongAnswer, option_name

FILE, CARDDAV, LDAP, GOOGLE = KINDS = ("file", "carddav", "ldap", "google")

_OTHER_WORDS = {
    "1": FILE,
    "2": CARDDAV,
    "3": LDAP,
    "4": GOOGLE,
    "csv": FILE,
    "vcard": FILE,
    "nextcloud": CARDDAV,
    "icloud": CARDDAV,
    "radicale": CARDDAV,
    "ad": LDAP,
    "active directory": LDAP,
    "active-directory": LDAP,
}


@dataclass(frozen=True, slots=True)
class Answers:
    """The options of the command; None stands for a question that is open."""

    source: str | None = None
    file: str | None = None
    url: str | None = None
    username: str | None = None
    password_file: str | None = None
    ca_file: str | None = None
    base_dn: str | None = None
    unencrypted: str | None = None
    subject: str | None = None
    title: str | None = None
    country: str | None = None
    outside_line: str | None = None
    columns: tuple[str, ...] = ()
    config: Path | None = None
    is_yes: bool = False

    def given(self) -> Iterator[tuple[str, str | None]]:
        """Yield each option that answers one question, with the answer."""
        for option in (
            "source",
            "file",
            "url",
            "username",
            "password_file",
            "ca_file",
            "base_dn",
            "unencrypted",
            "subject",
            "title",
            "country",
            "outside_line",
        ):
            yield option, getattr(self, option)

    def missing(self) -> Iterator[str]:
        """Yield a line for each option that must be there if nobody is asked."""
        kind = None
        try:
            kind = source_kind(self.source or "")
        except WrongAnswer:
            yield f"--source is missing or wrong: one of {', '.join(KINDS)}."
        if kind in (FILE, GOOGLE) and not self.file:
            yield f"--file is missing: {_FILES[kind]}."
        if kind in (CARDDAV, LDAP):
            if not self.url:
                yield "--url is missing: the address of the server, or the domain."
            if self.username is None:
                yield '--username is missing: the login, or "" to read without one.'
            elif self.username and not self.password_file:
                yield "--password-file is missing: a file, or - for standard input."
        if kind is not None:
            yield from self.foreign(kind)
        if self.country is None:
            yield "--country is missing: DE, Germany or +49; none leaves numbers as they are."

    def foreign(self, kind: str) -> Iterator[str]:
        """Yield a line for each option that a kind of source does not use."""
        for option in sorted(_OF_SOURCES - _OPTIONS[kind]):
            if getattr(self, option):
                yield f"{option_name(option)} is not for a source of the kind {kind}."
        if self.columns and kind != FILE:
            yield f"--column is not for a source of the kind {kind}."
        if self.password_file and self.username == "":
            yield "--password-file is not for a source without --username."


_SERVER = frozenset({"url", "username", "password_file", "ca_file"})
_OPTIONS = {
    FILE: frozenset({"file"}),
    CARDDAV: _SERVER,
    LDAP: _SERVER | {"base_dn", "unencrypted"},
    GOOGLE: frozenset({"file", "subject"}),
}
_OF_SOURCES = frozenset[str]().union(*_OPTIONS.values())
_FILES = {
    FILE: "the CSV or vCard file",
    GOOGLE: "the JSON file of the Google project",
}


def source_kind(answer: str) -> str:
    """Return the kind of source that a person means. Raises WrongAnswer."""
    word = answer.strip().casefold()
    found = word if word in KINDS else _OTHER_WORDS.get(word)
    if found is None:
        raise WrongAnswer(f"Write 1, 2, 3 or 4, or one of {', '.join(KINDS)}.")
    return found


def has_terminal() -> bool:
    """Return whether somebody can be asked."""
    return sys.stdin.isatty()
