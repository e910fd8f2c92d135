"""Implement the command `phone`, which walks through a server as a strict phone."""

import re
import ssl
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import typer

from app.cli.terminal import progress_line
from app.model.text import plural
from app.phone_walk.client import PhoneClient
from app.phone_walk.remedies import LEFT_LINKS, REMEDIES
from app.phone_walk.walk import Finding, Manner, Progress, Walk
from app.phones.strict.judge import Setting
from app.phones.strict.models import Model

MAX_EXAMPLES = 5
"""How many breaches are shown to people that differ in their numbers alone."""
_MAX_FOUND = 80
_DIGITS = re.compile(r"\d+")


class BreachLine(msgspec.Struct, frozen=True):
    """A breach for programs; `kind` is "breach" or "remark"."""

    url: str
    rule: int
    kind: str
    problem: str
    found: str
    remedy: str
    linked_from: str


@dataclass(slots=True)
class Outcome:
    """What a walk has found; `breaches` and `remarks` count.

    `shown` counts by rule, kind ("breach" or "remark") and problem without its numbers.
    """

    breaches: int = 0
    remarks: int = 0
    shown: Counter[tuple[int, str, str]] = field(default_factory=Counter)


def trusting(ca_file: Path | None) -> ssl.SSLContext | None:
    """Return what trusts the authorities of a PEM file alone, None for the public ones.

    Raises typer.BadParameter if the file cannot be used.
    """
    if ca_file is None:
        return None
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        problem = f"{ca_file} is no readable PEM file of certificates."
        raise typer.BadParameter(problem, param_hint="--ca-file") from error


def walk_lines(
    model: Model,
    url: str,
    manner: Manner,
    outcome: Outcome,
    *,
    tls: ssl.SSLContext | None = None,
    as_json: bool,
) -> Iterator[str]:
    """Yield the lines of a walk from the directoryURL `url` while it goes on.

    `outcome` counts what was found. `tls` says which authorities are trusted.
    """
    with PhoneClient(model, tls=tls) as client, progress_line() as draw:

        def report(progress: Progress) -> None:
            if draw is not None:
                found = f", {outcome.breaches:,} breaches" if outcome.breaches else ""
                draw(f"{progress.pages:,} pages read, {progress.left:,} to go{found}")

        walk = Walk(client, Setting(model, softkeys=None), manner, report)
        for finding in walk.findings(url):
            outcome.remarks += finding.breach.is_remark
            outcome.breaches += not finding.breach.is_remark
            lines = (_json_line(finding),) if as_json else tuple(_lines(finding, outcome))
            if draw is not None and lines:
                draw("")
            yield from lines
    if not as_json:
        yield from _hidden(outcome)
        yield _summary(walk.progress, model, outcome)


def _lines(finding: Finding, outcome: Outcome) -> Iterator[str]:
    breach = finding.breach
    word = "remark" if breach.is_remark else "breach"
    kind = (breach.rule, word, _DIGITS.sub("", breach.problem))
    outcome.shown[kind] += 1
    if outcome.shown[kind] > MAX_EXAMPLES:
        return
    found = f": {breach.found[:_MAX_FOUND]!r}" if breach.found else ""
    rule = f" (rule {breach.rule})" if breach.rule != LEFT_LINKS else ""
    yield f"{finding.url}: {word}: {breach.problem}{found}{rule}"
    if finding.linked_from and breach.rule == 7:
        yield f"    linked from {finding.linked_from}"
    if outcome.shown[kind] == 1:
        yield f"    do: {REMEDIES[breach.rule]}"


def _hidden(outcome: Outcome) -> Iterator[str]:
    hidden: Counter[tuple[int, str]] = Counter()
    for (rule, word, _), count in outcome.shown.items():
        hidden[rule, word] += max(0, count - MAX_EXAMPLES)
    for (rule, word), count in hidden.items():
        if count:
            yield f"rule {rule}: {count:,} more of this {word}; --json lists all."


def _summary(progress: Progress, model: Model, outcome: Outcome) -> str:
    breaches = "1 breach" if outcome.breaches == 1 else f"{outcome.breaches:,} breaches"
    found = [breaches] * bool(outcome.breaches)
    found += [plural(outcome.remarks, "remark")] * bool(outcome.remarks)
    charset = model.header("Accept-Charset").split(",")[0].split(";")[0].strip()
    return (
        f"{plural(progress.pages, 'page')} with {plural(progress.rows, 'number')}, read as a"
        f" {model.name} ({charset}): {' and '.join(found) or 'no breach'}."
    )


def _json_line(finding: Finding) -> str:
    breach = finding.breach
    line = BreachLine(
        url=finding.url,
        rule=breach.rule,
        kind="remark" if breach.is_remark else "breach",
        problem=breach.problem,
        found=breach.found,
        remedy=REMEDIES[breach.rule],
        linked_from=finding.linked_from,
    )
    return msgspec.json.encode(line).decode()
