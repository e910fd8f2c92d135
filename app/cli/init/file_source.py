"""Ask for a file of contacts, and for those of its columns that are not recognised."""

import os
import shlex
from collections.abc import Iterable
from pathlib import Path

from app.cli.init.config_text import Key, SourceDraft, path_value
from app.cli.init.dialogue import Dialogue, Question, WrongAnswer, WrongUsage
from connectors.base import SourceError, SourceUnavailable
from connectors.contact import NumberKind
from connectors.csv.columns import positions
from connectors.csv.survey import Survey, survey
from connectors.csv.unused_columns import Unused
from connectors.file_kinds import kind_of

SKIP = "skip"

_NAME = "contacts"
_TEXTS = ("name", "given_name", "family_name", "organization", "department", "title")
_FIELDS = (*_TEXTS, *(kind.value for kind in NumberKind), SKIP)
_HEAD_BYTES = 4096


def existing_file(answer: str) -> str:
    """Return the path of a file, absolute. Raises WrongAnswer if there is none."""
    if not answer or "\0" in answer:
        raise WrongAnswer("Write the path of a file.")
    # A terminal into which a file is dragged writes its path as a shell wants it.
    for text in (answer, *_as_in_a_shell(answer)):
        try:
            path = Path(text).expanduser().absolute()
        except RuntimeError as error:
            raise WrongAnswer(f"{answer}: there is no such user's home folder.") from error
        if os.path.isfile(path) and os.access(path, os.R_OK):  # noqa: PTH113 - pathlib may raise
            return str(path)
    raise WrongAnswer(f"There is no file {Path(answer).absolute()}, or you may not read it.")


def _as_in_a_shell(answer: str) -> tuple[str, ...]:
    """Return a path without the quotes and backslashes of a shell, if it is one."""
    try:
        words = tuple(shlex.split(answer))
    except ValueError:
        return ()
    return words if len(words) == 1 else ()


def ask_for_file(dialogue: Dialogue, folder: Path, columns: Iterable[str]) -> SourceDraft:
    """Return the section of a CSV or vCard file.

    `folder` is that of the configuration. `columns` are answers of the command line for
    columns, "HEADER=FIELD". Raises SourceError if the file cannot be read.
    """
    path = Path(dialogue.ask(Question("file", "The file", check=existing_file)))
    path_key = Key("path", path_value(path, folder))
    try:
        with path.open("rb") as stream:
            kind = kind_of(stream.read(_HEAD_BYTES))
    except OSError as error:
        raise SourceUnavailable(f"{path} cannot be read ({error.strerror}).") from error
    if kind is not None and kind.word == "vcard":
        if tuple(columns):
            raise WrongUsage(("--column is for a CSV file, and this is a vCard.",))
        return SourceDraft(_NAME, "vcard", (path_key,))
    found = survey(path)
    dialogue.tell(_description(path.name, found))
    given = _given_columns(columns)
    fields = _fields_of_others(given, found)
    for column in {column.header: column for column in found.unknown}.values():
        field = _field(dialogue, column, found, given)
        if field != SKIP:
            fields.setdefault(field, []).append(column.header)
        elif column.field:
            # `check` would warn of it.
            fields.setdefault("ignore", []).append(column.header)
    separator = {"\t": "tab"}.get(found.delimiter, found.delimiter)
    return SourceDraft(
        _NAME,
        "csv",
        (path_key,),
        (f'Found at each reading: encoding = "{found.encoding}", delimiter = "{separator}"',),
        tuple((field, tuple(headers)) for field, headers in fields.items()),
    )


def _fields_of_others(given: dict[str, str], found: Survey) -> dict[str, list[str]]:
    """Return field -> headers for the given columns that nobody would be asked about.

    Raises WrongUsage for a column that the file does not have.
    """
    if absent := [header for header in given if not positions(found.headers, header)]:
        raise WrongUsage(f'--column: the file has no column "{header}".' for header in absent)
    fields: dict[str, list[str]] = {}
    unknown = {column.header for column in found.unknown}
    for header, field in given.items():
        if header not in unknown:
            fields.setdefault("ignore" if field == SKIP else field, []).append(header)
    return fields


def _description(name: str, found: Survey) -> str:
    columns = ", ".join(f"{column} ({field})" for column, field in found.known) or "none"
    return f"{name} is read as {found.encoding}. Columns that are known: {columns}."


def _given_columns(columns: Iterable[str]) -> dict[str, str]:
    """Return header -> field. Raises WrongUsage if an answer is none."""
    found: dict[str, str] = {}
    for text in columns:
        # A header may hold =, and no field does.
        header, sign, field = text.rpartition("=")
        if not sign or field.strip() not in _FIELDS:
            raise WrongUsage(
                (f'--column: write "HEADER=FIELD"; the fields are {", ".join(_FIELDS)}.',)
            )
        found[header.strip()] = field.strip()
    return found


def _field(dialogue: Dialogue, column: Unused, found: Survey, given: dict[str, str]) -> str:
    if column.header in given:
        return given[column.header]
    if not dialogue.is_asking:
        if found.is_usable:
            return str(column.field) or SKIP
        raise WrongUsage(_missing_columns(found, given))
    dialogue.tell()
    dialogue.tell(f"What does the column {column.name} hold, such as {_examples(column)}?")
    return dialogue.ask(
        Question(
            f"column {column.header}",
            f"One of {', '.join(_FIELDS)}",
            str(column.field) or SKIP,
            _checked_field,
        )
    )


def open_columns(file: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return a line for each column of a file that must be explained and is not.

    Returns none if the file cannot be read; that is reported when it is.
    """
    given = _given_columns(columns)
    try:
        found = survey(Path(existing_file(file)))
    except (WrongAnswer, SourceError):
        return ()
    return () if found.is_usable else _missing_columns(found, given)


def _missing_columns(found: Survey, given: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        f'--column "{column.header}=FIELD" is missing ({SKIP}: leave it out).'
        for column in found.unknown
        if column.header not in given
    )


def _examples(column: Unused) -> str:
    return ", ".join(f'"{cell[:40]}"' for cell in column.examples)


def _checked_field(answer: str) -> str:
    if answer.casefold() not in _FIELDS:
        raise WrongAnswer(f"Write one of these words: {', '.join(_FIELDS)}.")
    return answer.casefold()
