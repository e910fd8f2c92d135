"""Read a complete directory, or what changed since a checkpoint.

A fetch is complete, or it raises.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.base import Delta, Full, Progress, Skipped, SourceRefused
from connectors.contact import Contact
from connectors.ldap.ber import Entry
from connectors.ldap.checkpoint import (
    ChangeAttributes,
    Checkpoint,
    EntryState,
    content_of,
    recheck_ids,
    write_checkpoint,
)
from connectors.ldap.entries import SAME_ID, EntryReader
from connectors.ldap.presets import response_name
from connectors.ldap.search import PageTooLargeError, Scope, Searcher

REFERENCE = "a reference to another server, not followed"

_ONE_BY_ONE_LEAST = 20
_ONE_BY_ONE_MOST = 500
_ONE_BY_ONE_SHARE = 20
_ASSERTED = re.compile(r"\(\s*([A-Za-z][A-Za-z0-9-]*)(?:;[A-Za-z0-9-]+)*\s*(?::|[~<>]?=)")


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """What to read and how.

    `configured_attributes` are (configuration key, attribute) that a person wrote.
    `remembers` asks for checkpoints.
    """

    bases: tuple[str, ...]
    filter: str
    scope: Scope
    page_size: int
    reader: EntryReader
    stamps: ChangeAttributes
    configured_attributes: tuple[tuple[str, str], ...]
    question: str
    remembers: bool

    @property
    def listed(self) -> tuple[str, ...]:
        """Return the attributes of a listing: ids, and those that show a change."""
        return (*self.reader.ids, *self.stamps.names)

    @property
    def wanted(self) -> tuple[str, ...]:
        """Return the attributes of a full read."""
        return tuple(dict.fromkeys((*self.reader.wanted, *self.stamps.names)))


@dataclass(slots=True)
class _ScanResult:
    """Result of a scan of all entries, whatever attributes it requested."""

    stamps: dict[str, bytes] = field(default_factory=dict)
    dates: dict[str, float | None] = field(default_factory=dict)
    newest: float | None = None
    all_show_changes: bool = True
    nameless: int = 0
    total: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def filter_words(filter_: str) -> tuple[tuple[str, str], ...]:
    """Return ("filter", attribute) for each attribute that a filter names."""
    return tuple(("filter", name) for name in dict.fromkeys(_ASSERTED.findall(filter_)))


def read_everything(
    session: Searcher, plan: ReadPlan, memory: Checkpoint | None, progress: Progress
) -> Full:
    """Return all contacts.

    `memory` is the checkpoint of the previous fetch, if any. An entry that was read
    twice with the same stamp has settled. Raises SourceUnavailable or SourceRefused if
    the list may be incomplete.
    """
    _check_words(session, plan)
    seen = _ScanResult()
    contacts: dict[str, Contact] = {}
    marks: dict[str, EntryState] = {}
    problems: list[Skipped] = []
    started, today = time.monotonic(), time.time()
    for key, entry in _scan(session, plan, plan.wanted, seen, progress):
        reading = plan.reader.read(entry)
        marks[key] = EntryState(
            seen.stamps[key], content_of(reading.contact) if plan.remembers else b""
        )
        problems.extend(reading.skipped)
        if reading.contact is not None:
            contacts[key] = reading.contact
    skipped = _in_order([*seen.skipped, *problems])
    checkpoint = None
    if plan.remembers and seen.all_show_changes:
        again, waited = frozenset[str](), 0.0
        if memory is not None:
            again = frozenset(
                key for key in memory.unsettled if memory.marks[key].stamp == seen.stamps.get(key)
            )
            waited = today - memory.read_at
        open_ids = recheck_ids(seen.dates, seen.newest, time.monotonic() - started, again, waited)
        checkpoint = write_checkpoint(
            Checkpoint(plan.question, marks, open_ids, skipped, time.time())
        )
    return Full(tuple(contacts.values()), checkpoint, skipped)


def read_changes(
    session: Searcher, plan: ReadPlan, memory: Checkpoint, since: str, progress: Progress
) -> Delta | None:
    """Return what changed since `memory`, or None if everything must be read instead.

    `since` is the text of `memory`. Raises SourceUnavailable or SourceRefused if the
    list may be incomplete.
    """
    seen = _ScanResult()
    suspects: dict[str, str] = {}
    for key, entry in _scan(session, plan, plan.listed, seen, progress):
        before = memory.marks.get(key)
        if before is None or before.stamp != seen.stamps[key] or key in memory.unsettled:
            suspects[key] = entry.dn
    few = min(_ONE_BY_ONE_MOST, max(_ONE_BY_ONE_LEAST, len(seen.stamps) // _ONE_BY_ONE_SHARE))
    if not seen.all_show_changes or len(suspects) > few:
        return None
    marks = {key: mark for key, mark in memory.marks.items() if key in seen.stamps}
    lost = {key for key, mark in memory.marks.items() if mark.content and key not in seen.stamps}
    changed: list[Contact] = []
    problems: list[Skipped] = []
    again: set[str] = set()
    dates: dict[str, float | None] = {}
    for key, dn in suspects.items():
        entry_now = session.one(dn, plan.filter, plan.wanted)
        if entry_now is None or plan.reader.key(entry_now) != key:
            return None  # it was moved while we read: a full read finds it wherever it is
        reading = plan.reader.read(entry_now)
        problems.extend(reading.skipped)
        before = memory.marks.get(key, EntryState(b""))
        mark = EntryState(plan.stamps.of(entry_now), content_of(reading.contact))
        if key in memory.unsettled and before.stamp == mark.stamp:
            again.add(key)
        if not plan.stamps.is_exact(entry_now):
            dates[key] = plan.stamps.date(entry_now)
        marks[key] = mark
        if reading.contact is None:
            lost.update({key} if before.content else ())
        elif mark.content != before.content:
            changed.append(reading.contact)
    # They were read after the listing, so no time passed since the newest date was seen.
    open_ids = recheck_ids(dates, seen.newest, 0.0, frozenset(again), time.time() - memory.read_at)
    kept = [
        item
        for item in memory.skipped
        if (key := _entry_of(item)) and key in seen.stamps and key not in suspects
    ]
    skipped = _in_order([*seen.skipped, *kept, *problems])
    if (marks, open_ids, skipped) == (memory.marks, memory.unsettled, memory.skipped):
        return Delta(checkpoint=since)
    checkpoint = write_checkpoint(Checkpoint(plan.question, marks, open_ids, skipped, time.time()))
    return Delta(
        tuple(changed),
        tuple(sorted(lost)),
        checkpoint,
        None if skipped == memory.skipped else skipped,
    )


def _scan(
    session: Searcher,
    plan: ReadPlan,
    attributes: tuple[str, ...],
    seen: _ScanResult,
    progress: Progress,
) -> Iterator[tuple[str, Entry]]:
    """Yield each entry with its id, once, and store in `seen` what shows a change.

    Raises SourceRefused if no entry at all shows an id. Raises the error of the server
    if a base without entries does not exist, because that is no empty directory.
    """
    session.references.clear()
    for base in plan.bases:
        before = seen.total
        for page in _pages(session, plan, base, attributes):
            for entry in page:
                key = plan.reader.key(entry)
                if not key:
                    seen.nameless += 1
                    seen.skipped.append(plan.reader.nameless(entry))
                    continue
                stamp = plan.stamps.of(entry)
                known = seen.stamps.setdefault(key, stamp)
                if known is not stamp:
                    # The same entry under two overlapping bases is not reported.
                    if known != stamp:
                        seen.skipped.append(Skipped(SAME_ID, f"id {key}"))
                    continue
                if not plan.stamps.is_exact(entry):
                    seen.dates[key] = date = plan.stamps.date(entry)
                    seen.all_show_changes &= plan.stamps.shown_by(entry)
                    if date is not None and (seen.newest is None or date > seen.newest):
                        seen.newest = date
                yield key, entry
            seen.total += len(page)
            progress(seen.total, None)
        if seen.total == before:
            session.check_base(base)
    if seen.total and seen.nameless == seen.total:
        raise SourceRefused(
            f"no entry has the attribute that identifies it ({' or '.join(plan.reader.ids)}):"
            " choose another preset, name one in attributes.id, or let bind_dn read it."
        )
    seen.skipped.extend(Skipped(REFERENCE, host) for host in session.references)


def _pages(
    session: Searcher, plan: ReadPlan, base: str, attributes: tuple[str, ...]
) -> Iterator[tuple[Entry, ...]]:
    size = plan.page_size
    while True:
        try:
            yield from session.pages(base, plan.filter, plan.scope, attributes, size)
        except PageTooLargeError:
            size //= 2
        else:
            return


def _check_words(session: Searcher, plan: ReadPlan) -> None:
    """Raise SourceRefused if a configured attribute is unknown to the server.

    It would silently stay empty.
    """
    if not plan.configured_attributes:
        return
    known = session.known_attributes()
    if not known:
        return
    for key, name in plan.configured_attributes:
        base = name.partition(";")[0].lower()
        if not base[0].isdigit() and base not in known and response_name(base) not in known:
            raise SourceRefused(
                f'the server knows no attribute "{name}": check its spelling in {key}.'
            )


def _entry_of(item: Skipped) -> str:
    return item.where.removeprefix("entry ") if item.where.startswith("entry ") else ""


def _in_order(items: list[Skipped]) -> tuple[Skipped, ...]:
    return tuple(sorted(items, key=lambda item: (item.reason, item.where)))
