"""Tell what a phone's dial template does with a number that is typed.

Sources: "Creating Dial Plans" in Cisco's SIP IP Phone Administrator Guide, "SIP Dial
Rules" in the guide of Cisco Unified Communications Manager, "Dial Template" at
usecallmanager.nz, and the dial plan of Cisco's SIP stack, published as part of Firefox.
"""

import re
from dataclasses import dataclass, field
from enum import Enum, IntEnum

DEFAULT_TIMEOUT = 10
"""Seconds after the last digit when no rule says another time (DIAL_TIMEOUT of the stack)."""
MAX_REPLACEMENTS = 5
_DIALLED = re.compile(r"[0-9*#+A-D]")


class Sending(Enum):
    """When a number is sent that is typed digit by digit."""

    AT_ONCE = "at once"
    AFTER_WAIT = "after a wait"
    TOO_EARLY = "too early"
    REFUSED = "refused"


class _Fit(IntEnum):
    # The later one wins between rules with equally many digits.
    NONE = 0
    STAR = 1
    DOTS = 2
    DIGITS = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """One TEMPLATE. `wait` is in seconds, `line` its place in the file."""

    pattern: str
    wait: int = DEFAULT_TIMEOUT
    rewrite: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happens to a number.

    `sent` is what is sent to the exchange, "" if nothing is. `wait` is in seconds.
    `rule` decides, None if no rule fits completely.
    """

    sending: Sending
    sent: str = ""
    wait: int = 0
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    """How far a rule fits: `digits` counts what a period or asterisk does not match."""

    fit: _Fit
    digits: int
    is_complete: bool
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Decision:
    """The rule that fits a number best, None if all that fit expect more digits."""

    rule: Rule | None
    groups: tuple[str, ...] = ()
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class DialTemplate:
    """The rules of a dial template, in the order of the file."""

    rules: tuple[Rule, ...]
    _decided: dict[str, _Decision] = field(default_factory=dict, repr=False, compare=False)

    def outcome(self, number: str) -> Outcome:
        """Return what happens when somebody types a number."""
        for end in range(1, len(number)):
            typed = number[:end]
            found = self._decide(typed)
            if found.rule is not None and found.rule.wait == 0:
                sent = _rewrite(found.rule, typed, found.groups)
                return Outcome(Sending.TOO_EARLY, sent, 0, found.rule)
        found = self._decide(number)
        if found.rule is None:
            if found.is_partial:
                # A rule expects more digits, so the phone waits for them.
                return Outcome(Sending.AFTER_WAIT, number, DEFAULT_TIMEOUT)
            # "Dial templates control what number patterns are valid" (usecallmanager.nz).
            return Outcome(Sending.REFUSED)
        sent = _rewrite(found.rule, number, found.groups)
        sending = Sending.AFTER_WAIT if found.rule.wait else Sending.AT_ONCE
        return Outcome(sending, sent, found.rule.wait, found.rule)

    def _decide(self, typed: str) -> _Decision:
        if typed not in self._decided:
            if len(self._decided) >= 50_000:
                self._decided.clear()
            self._decided[typed] = self._best(typed)
        return self._decided[typed]

    def _best(self, typed: str) -> _Decision:
        """Return the rule with most digits matched; of equal ones the most exact.

        "A complete rule is not matched unless it has more nonwildcard matches than an
        incomplete rule" (administrator guide). In the stack an equal number is enough.
        """
        best: _Decision = _Decision(None)
        most_partial, fit_partial, most, result = 0, _Fit.NONE, 0, _Fit.NONE
        is_partial = False
        for rule in self.rules:
            match = _match(rule.pattern, typed)
            if match.fit is _Fit.NONE:
                continue
            if (match.digits, match.fit) > (most_partial, fit_partial):
                most_partial, fit_partial = match.digits, match.fit
                is_partial, result, best = True, _Fit.NONE, _Decision(None)
            if match.is_complete and (
                match.digits > most or (match.digits == most and match.fit > result)
            ):
                most, result = match.digits, match.fit
                best = _Decision(rule, match.groups)
            most = max(most, match.digits)
        return best if best.rule is not None else _Decision(None, is_partial=is_partial)


def _match(pattern: str, typed: str) -> _Match:
    """Return how a pattern fits what was typed so far."""
    fit, digits, groups = _Fit.DIGITS, 0, list[str]()
    at, position = 0, 0
    while position < len(typed):
        # A comma gives a dial tone and matches nothing.
        while pattern[at : at + 1] == ",":
            at += 1
        sign = pattern[at : at + 1]
        start = position
        if sign == "." and _DIALLED.match(typed[position]):
            # Periods in a row are one group, as far as digits follow.
            fit = _Fit.DOTS
            while pattern[at + 1 : at + 2] == "." and typed[position + 1 : position + 2].isdigit():
                at, position = at + 1, position + 1
        elif sign == "*":
            # An asterisk takes one character or more, up to the first that may follow it.
            fit = _Fit.STAR
            following = pattern[at + 1 :].removeprefix("\\")[:1]
            while position + 1 < len(typed) and typed[position + 1] != following:
                position += 1
        else:
            if sign == "\\" and at + 1 < len(pattern):
                at += 1
            if pattern[at : at + 1] != typed[position]:
                return _Match(_Fit.NONE, -1, False)
            digits += 1
            at, position = at + 1, position + 1
            continue
        at, position = at + 1, position + 1
        groups.append(typed[start:position])
    return _Match(fit, digits, at == len(pattern), _groups(groups))


def _groups(groups: list[str]) -> tuple[str, ...]:
    """Return the replaced digits of %1 to %5."""
    return tuple(groups[:MAX_REPLACEMENTS])


def _rewrite(rule: Rule, typed: str, groups: tuple[str, ...]) -> str:
    """Return what is sent to the exchange.

    In the rewriting, %0 and %s stand for the number, %1 to %5 for groups of replaced
    digits, and a period for the next of these digits.
    """
    if not rule.rewrite:
        return typed
    replaced = iter("".join(groups))
    sent, at = [], 0
    while at < len(rule.rewrite):
        sign = rule.rewrite[at]
        if sign == ".":
            sent.append(next(replaced, ""))
        elif sign == "%":
            at += 1
            named = rule.rewrite[at : at + 1]
            if named in ("0", "s"):
                sent.append(typed)
            elif named in tuple("123456789") and int(named) <= len(groups):
                sent.append(groups[int(named) - 1])
            else:
                sent.append(named)
        else:
            sent.append(sign)
        at += 1
    return "".join(sent)
