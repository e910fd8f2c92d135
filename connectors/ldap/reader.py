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

_MIN_ONE_BY_ONE = 20
_MAX_ONE_BY_ONE = 500
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
    def listing(self) -> tuple[str, ...]:
        """Return the attributes of a listing: ids, and those that show a change."""
        return (*self.reader.ids, *self.stamps.names)

    @property
    def requested(self) -> tuple[str, ...]:
        """Return the attributes of a full read."""
        return tuple(dict.fromkeys((*self.reader.requested, *self.stamps.names)))


@dataclass(slots=True)
class _ScanResult:
    """Result of a scan of all entries, whatever attributes it requested."""

    stamps: dict[str, bytes] = field(default_factory=dict)
    dates: dict[str, float | None] = field(default_factory=dict)
    newest: float | None = None
    all_show_changes: bool = True
    unnamed: int = 0
    total: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def filter_attributes(filter_: str) -> tuple[tuple[str, str], ...]:
    """Return ("filter", attribute) for each attribute that a filter names."""
    return tuple(("filter", name) for name in dict.fromkeys(_ASSERTED.findall(filter_)))


def read_everything(
    searcher: Searcher, plan: ReadPlan, previous: Checkpoint | None, progress: Progress
) -> Full:
    """Return all contacts.

    `previous` is the checkpoint of the previous fetch, if any. An entry that was read
    twice with the same stamp has settled. Raises SourceUnavailable or SourceRefused if
    the list may be incomplete.
    """
    _check_attributes(searcher, plan)
    scan = _ScanResult()
    contacts: dict[str, Contact] = {}
    states: dict[str, EntryState] = {}
    problems: list[Skipped] = []
    started, today = time.monotonic(), time.time()
    for key, entry in _scan(searcher, plan, plan.requested, scan, progress):
        result = plan.reader.read(entry)
        states[key] = EntryState(
            scan.stamps[key], content_of(result.contact) if plan.remembers else b""
        )
        problems.extend(result.skipped)
        if result.contact is not None:
            contacts[key] = result.contact
    skipped = _in_order([*scan.skipped, *problems])
    checkpoint = None
    if plan.remembers and scan.all_show_changes:
        again, waited = frozenset[str](), 0.0
        if previous is not None:
            again = frozenset(
                key
                for key in previous.unsettled
                if previous.states[key].stamp == scan.stamps.get(key)
            )
            waited = today - previous.read_at
        open_ids = recheck_ids(scan.dates, scan.newest, time.monotonic() - started, again, waited)
        checkpoint = write_checkpoint(
            Checkpoint(plan.question, states, open_ids, skipped, time.time())
        )
    return Full(tuple(contacts.values()), checkpoint, skipped)


def read_changes(
    searcher: Searcher, plan: ReadPlan, previous: Checkpoint, since: str, progress: Progress
) -> Delta | None:
    """Return what changed since `previous`, or None if everything must be read instead.

    `since` is the text of `previous`. Raises SourceUnavailable or SourceRefused if the
    list may be incomplete.
    """
    scan = _ScanResult()
    suspects: dict[str, str] = {}
    for key, entry in _scan(searcher, plan, plan.listing, scan, progress):
        before = previous.states.get(key)
        if before is None or before.stamp != scan.stamps[key] or key in previous.unsettled:
            suspects[key] = entry.dn
    few = min(_MAX_ONE_BY_ONE, max(_MIN_ONE_BY_ONE, len(scan.stamps) // _ONE_BY_ONE_SHARE))
    if not scan.all_show_changes or len(suspects) > few:
        return None
    states = {key: state for key, state in previous.states.items() if key in scan.stamps}
    lost = {
        key for key, state in previous.states.items() if state.content and key not in scan.stamps
    }
    changed: list[Contact] = []
    problems: list[Skipped] = []
    again: set[str] = set()
    dates: dict[str, float | None] = {}
    for key, dn in suspects.items():
        entry_now = searcher.read_one(dn, plan.filter, plan.requested)
        if entry_now is None or plan.reader.key(entry_now) != key:
            return None  # it was moved while we read: a full read finds it wherever it is
        result = plan.reader.read(entry_now)
        problems.extend(result.skipped)
        before = previous.states.get(key, EntryState(b""))
        state = EntryState(plan.stamps.of(entry_now), content_of(result.contact))
        if key in previous.unsettled and before.stamp == state.stamp:
            again.add(key)
        if not plan.stamps.is_exact(entry_now):
            dates[key] = plan.stamps.date(entry_now)
        states[key] = state
        if result.contact is None:
            lost.update({key} if before.content else ())
        elif state.content != before.content:
            changed.append(result.contact)
    # They were read after the listing, so no time passed since the newest date was seen.
    open_ids = recheck_ids(
        dates, scan.newest, 0.0, frozenset(again), time.time() - previous.read_at
    )
    kept = [
        item
        for item in previous.skipped
        if (key := _entry_of(item)) and key in scan.stamps and key not in suspects
    ]
    skipped = _in_order([*scan.skipped, *kept, *problems])
    if (states, open_ids, skipped) == (previous.states, previous.unsettled, previous.skipped):
        return Delta(checkpoint=since)
    checkpoint = write_checkpoint(Checkpoint(plan.question, states, open_ids, skipped, time.time()))
    return Delta(
        tuple(changed),
        tuple(sorted(lost)),
        checkpoint,
        None if skipped == previous.skipped else skipped,
    )


def _scan(
    searcher: Searcher,
    plan: ReadPlan,
    attributes: tuple[str, ...],
    scan: _ScanResult,
    progress: Progress,
) -> Iterator[tuple[str, Entry]]:
    """Yield each entry with its id, once, and store in `scan` what shows a change.

    Raises SourceRefused if no entry at all shows an id. Raises the error of the server
    if a base without entries does not exist, because that is no empty directory.
    """
    searcher.references.clear()
    for base in plan.bases:
        before = scan.total
        for page in _pages(searcher, plan, base, attributes):
            for entry in page:
                key = plan.reader.key(entry)
                if not key:
                    scan.unnamed += 1
                    scan.skipped.append(plan.reader.unnamed(entry))
                    continue
                stamp = plan.stamps.of(entry)
                first = scan.stamps.setdefault(key, stamp)
                if first is not stamp:
                    # The same entry under two overlapping bases is not reported.
                    if first != stamp:
                        scan.skipped.append(Skipped(SAME_ID, f"id {key}"))
                    continue
                if not plan.stamps.is_exact(entry):
                    scan.dates[key] = date = plan.stamps.date(entry)
                    scan.all_show_changes &= plan.stamps.shows_changes(entry)
                    if date is not None and (scan.newest is None or date > scan.newest):
                        scan.newest = date
                yield key, entry
            scan.total += len(page)
            progress(scan.total, None)
        if scan.total == before:
            searcher.check_base(base)
    if scan.total and scan.unnamed == scan.total:
        raise SourceRefused(
            f"no entry has the attribute that identifies it ({' or '.join(plan.reader.ids)}):"
            " choose another preset, name one in attributes.id, or let bind_dn read it."
        )
    scan.skipped.extend(Skipped(REFERENCE, host) for host in searcher.references)


def _pages(
    searcher: Searcher, plan: ReadPlan, base: str, attributes: tuple[str, ...]
) -> Iterator[tuple[Entry, ...]]:
    size = plan.page_size
    while True:
        try:
            yield from searcher.search(base, plan.filter, plan.scope, attributes, size)
        except PageTooLargeError:
            size //= 2
        else:
            return


def _check_attributes(searcher: Searcher, plan: ReadPlan) -> None:
    """Raise SourceRefused if a configured attribute is unknown to the server.

    It would silently stay empty.
    """
    if not plan.configured_attributes:
        return
    known = searcher.known_attributes()
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
