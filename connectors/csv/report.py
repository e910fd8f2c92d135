"""Collect everything that is reported of a CSV source besides its contacts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from connectors.base import Skipped, SourceUnavailable
from connectors.csv.charset_detection import is_unlike_any_language, rival
from connectors.csv.columns import ColumnMissing, Columns, Layout
from connectors.csv.unused_columns import (
    AREA_CODE,
    NO_NAMES,
    Unused,
    UnusedColumns,
    advice,
    column_place,
)
from connectors.garbled_text import garbled_text


@dataclass(slots=True)
class Report:
    """What was skipped and noted in the files of a source so far."""

    columns: Columns | None
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _unused: list[Unused] = field(default_factory=list)
    _missing: dict[tuple[str, str], int] = field(default_factory=dict)

    def add_encoding(self, name: str, data: bytes, encoding: str, *, guessed: bool) -> None:
        """Report a guessed encoding, and letters that were lost before."""
        if encoding.startswith("utf-8"):
            self.notes += (f"{name} {wrong}." for wrong in garbled_text(data))
        if guessed and not encoding.startswith("utf"):
            other = rival(data, encoding)
            doubt = (
                f', and encoding = "{other}" is nearly as probable'
                if other
                else ", and fits no language well"
                if is_unlike_any_language(data)
                else ""
            )
            self.notes.append(
                f"{name} is read as {encoding}: that is a guess{doubt}. Where names are garbled,"
                " set encoding, or save it as UTF-8."
            )

    def add_titles(self, name: str, count: int) -> None:
        """Report the lines above the headers."""
        if count:
            lines = "1 line" if count == 1 else f"{count} lines"
            self.notes.append(
                f"{name}: {lines} above the headers passed over: nothing was read from there."
            )

    def add_columns(
        self,
        name: str,
        layout: Layout,
        unused: UnusedColumns,
        conflicts: Iterable[int],
        *,
        named: bool,
    ) -> None:
        """Report the filled columns of a file that are not used.

        `conflicts` are columns that are used in some rows only. `named` means that some
        contact of the file has a name.
        """
        worth_reading = unused.worth_reading(named=named)
        self._unused += worth_reading
        self.skipped += [item.report(name) for item in worth_reading]
        is_company_list = self.columns is not None and self.columns.organization
        if layout.organization and not layout.names_somebody and not is_company_list:
            self.skipped.append(Skipped(NO_NAMES, name))
        self.skipped += [
            Skipped(AREA_CODE, column_place(name, column)) for column in unused.area_codes()
        ]
        if names := unused.names(conflicts):
            self.notes.append(
                f"{name}: columns that hold something and are not read: {', '.join(names)}."
            )

    def add_missing(self, missing: Iterable[ColumnMissing]) -> None:
        """Count the configured headers that a file lacks."""
        for item in missing:
            key = (item.key, item.header)
            self._missing[key] = self._missing.get(key, 0) + 1

    def finish(self, files: int) -> None:
        """Add the line of configuration for all unused columns.

        `files` is the number of files. Raises SourceUnavailable for a configured header
        that all of them lack.
        """
        for (key, header), count in self._missing.items():
            if count == files:
                raise SourceUnavailable(
                    f'{key} names the column "{header}", which is in none of the files. Correct'
                    f" {key}."
                )
        if hint := advice(self._unused, self.columns):
            self.notes.append(hint)
