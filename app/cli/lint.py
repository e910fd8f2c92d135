"""Implement the command `lint`, which checks the files that phones load by TFTP."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from app.cli.local_data import with_contacts, with_generation
from app.cli.selection import find_profile
from app.device_config.dial_template import DialTemplate, Outcome, Sending
from app.device_config.findings import Finding
from app.device_config.lint import Report
from app.model.text import plural
from app.settings.loader import Settings

MAX_EXAMPLES = 10
_WORDS = {
    Sending.AT_ONCE: "sent at once",
    Sending.AFTER_WAIT: "sent after a wait",
    Sending.TOO_EARLY: "sent before all digits are typed",
    Sending.REFUSED: "refused: no rule fits",
}


class TypedNumber(msgspec.Struct, frozen=True):
    """What a dial template does with a number; `line` is the rule's, 0 for none."""

    number: str
    sending: str
    sent: str
    wait: int
    line: int


def report_lines(report: Report, *, as_json: bool) -> Iterator[str]:
    """Yield the findings, then a line with their count for people."""
    for finding in report.findings:
        if as_json:
            yield msgspec.json.encode(finding).decode()
        else:
            yield from _finding_lines(finding)
    if not as_json:
        found = plural(len(report.findings), "problem") if report.findings else "no problem"
        yield f"{plural(len(report.files), 'file')}: {found} found."


def _finding_lines(finding: Finding) -> Iterator[str]:
    where = f"{finding.file}:{finding.line}" if finding.line else finding.file
    yield f"{where}: {finding.message}"
    if finding.correction:
        yield f"    write: {finding.correction}"


def typed_number_lines(
    template: DialTemplate, numbers: Sequence[str], *, as_json: bool
) -> Iterator[str]:
    """Yield what the dial template does with each number that is typed."""
    for number in numbers:
        outcome = template.outcome(number)
        yield _json_line(number, outcome) if as_json else f"{number}: {_describe(outcome)}"


def directory_lines(
    template: DialTemplate, settings: Settings, profile: str | None, *, as_json: bool
) -> Iterator[str]:
    """Yield what the dial template does with the numbers that a profile dials.

    For people these are counts, and examples of numbers that cannot be typed. Raises
    WrongWord if the profile is unknown, StoreError, BuildError or BrokenGeneration.
    """
    found = find_profile(settings, profile)
    counts: Counter[Sending] = Counter()
    examples: list[tuple[str, Outcome]] = []
    for number in _dialled_numbers(settings, found.name):
        # A pause ends what is typed; its digits follow when the call stands.
        outcome = template.outcome(number.partition(",")[0])
        counts[outcome.sending] += 1
        if as_json:
            yield _json_line(number, outcome)
        elif outcome.sending in (Sending.TOO_EARLY, Sending.REFUSED):
            examples.append((number, outcome))
    if as_json:
        return
    yield f"{plural(counts.total(), 'number')} of profile {found.name}, typed on the keypad:"
    yield from (f"  {counts[sending]:,} {_WORDS[sending]}" for sending in Sending)
    yield from (
        f"    {number}: {_describe(outcome)}" for number, outcome in examples[:MAX_EXAMPLES]
    )
    if len(examples) > MAX_EXAMPLES:
        yield f"    and {len(examples) - MAX_EXAMPLES:,} more; --json lists all."


def _dialled_numbers(settings: Settings, profile: str) -> tuple[str, ...]:
    with with_contacts(settings) as there, with_generation(there) as generation:
        table = generation.all_rows(profile)
        rows = generation.rows(table, 0, table.rows) if table is not None else ()
        return tuple(dict.fromkeys(row.number for row in rows))


def _json_line(number: str, outcome: Outcome) -> str:
    line = outcome.rule.line if outcome.rule is not None else 0
    typed = TypedNumber(number, outcome.sending.value, outcome.sent, outcome.wait, line)
    return msgspec.json.encode(typed).decode()


def _describe(outcome: Outcome) -> str:
    words = _WORDS[outcome.sending]
    if outcome.sending is Sending.AFTER_WAIT:
        words = f"sent {plural(outcome.wait, 'second')} after the last digit"
    if outcome.rule is None:
        return words if outcome.sending is Sending.REFUSED else f"{words}, no rule fits completely"
    return f"{words}, as {outcome.sent} (line {outcome.rule.line}, {outcome.rule.pattern!r})"
