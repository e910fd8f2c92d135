"""Judge how the gateway is: one sentence, and what needs a person, worst first."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.generation.reader import Generation
from app.model.text import plural
from app.settings.loader import Settings
from app.state.host_status import host_problems
from app.state.status import SourceStatus, Status
from app.web.console.times import tell_time
from app.web.status_report import find_problem

_PREFIX = re.compile(r"source '[^']*': ")
_ISO_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_HEADLINES = {
    "refused": "{} needs a correction",
    "held": "{} lost too many contacts, so its last result is held back",
    "failing": "{} cannot be read at present",
}
"""Headlines of the states that are findings, worst first."""
_KINDS = {"refused": "bad", "held": "warn", "failing": "warn"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should know or do.

    `kind` is bad or warn. `source` is the name of the source it is about, or "".
    """

    kind: str
    headline: str
    text: str
    source: str = ""
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """How the gateway is.

    `kind` is ok, warn, bad or idle, and `word` says the same. `findings` are the worst
    first.
    """

    kind: str
    word: str
    sentence: str
    findings: tuple[Finding, ...] = ()


def find_condition(
    settings: Settings, generation: Generation | None, status: Status, now: float
) -> Condition:
    """Return how the gateway is at present; `now` is in seconds since 1970."""
    problem = find_problem(settings, status)
    states = [
        (source.name, status.sources.get(source.name) or SourceStatus())
        for source in settings.sources
    ]
    findings = tuple(
        Finding(
            _KINDS[state],
            _HEADLINES[state].format(name),
            _text(source, now, settings.timezone),
            name,
            is_held=source.held_since is not None,
        )
        for state in _HEADLINES
        for name, source in states
        if source.state == state
    )
    if problem:
        text = _with_times(problem, now, settings.timezone)
        findings = (Finding("bad", "The gateway itself has a problem", text), *findings)
    if status.exchange is not None and (wrong := host_problems(status.exchange)):
        text = " ".join(f"{sentence[:1].upper()}{sentence[1:]}" for sentence in wrong)
        findings += (Finding("warn", "Not all hosts are well", text),)
    if findings:
        kind = findings[0].kind
        word = "problem" if kind == "bad" else "attention"
        return Condition(kind, word, _sentence(findings, bool(problem), states), findings)
    unread = sum(source.state == "never" for _, source in states)
    if unread or generation is None:
        read = f"{len(states) - unread} of {plural(len(states), 'source')} read"
        return Condition("idle", "starting", f"The first reading is under way: {read}")
    return Condition("ok", "well", "All is well")


def _text(source: SourceStatus, now: float, zone: tzinfo | None) -> str:
    """Return the error of a source with its remedy, and what the phones have meanwhile."""
    text = _with_times(source.error, now, zone)
    if prefix := _PREFIX.match(text):
        text = text[prefix.end() :]
        text = text[:1].upper() + text[1:]
    if source.state == "held" or source.last_success is None or not source.contacts:
        return text
    kept = plural(source.contacts, "contact")
    return f"{text} The phones keep {kept} of {tell_time(source.last_success, now, zone).clock}."


def _with_times(text: str, now: float, zone: tzinfo | None) -> str:
    """Return a sentence with its times as people tell them."""
    return _ISO_TIME.sub(
        lambda found: tell_time(datetime.fromisoformat(found[0]).timestamp(), now, zone).clock, text
    )


def _sentence(
    findings: tuple[Finding, ...], has_problem: bool, states: list[tuple[str, SourceStatus]]
) -> str:
    if has_problem:
        return "The gateway needs you"
    waiting = sum(source.state in ("refused", "held") for _, source in states)
    if waiting:
        return "One source needs you" if waiting == 1 else f"{waiting} sources need you"
    count = sum(source.state == "failing" for _, source in states)
    if not count:
        return "Not all hosts are well"
    return "One source cannot be read" if count == 1 else f"{count} sources cannot be read"
