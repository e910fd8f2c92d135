"""Read a dial template from its file, and check its rules."""

from collections.abc import Iterator

from app.device_config.dial_template import DEFAULT_TIMEOUT, DialTemplate, Rule, Sending
from app.device_config.document import Document
from app.device_config.elements import Element
from app.device_config.findings import Finding

_MAX_PATTERN = 63
"""Characters of a value that a phone keeps (the buffer of the stack's parser has one more)."""
_MAX_FILE = 8192
"""Bytes of a dial template (DIALPLAN_MAX_SIZE of the stack)."""
_MAX_COMPARED = 100
"""Rules that are compared with each other, which takes the square of their number."""
_KEYS = ("match", "timeout", "line", "user", "rewrite", "route", "tone")
_VALUES = {"user": ("phone", "ip"), "route": ("default", "emergency", "fqdn")}
_PATTERN_SIGNS = frozenset("0123456789.*#,+\\ABCD")


def is_template(root: Element) -> bool:
    """Return whether this is the outermost element of a dial template."""
    return root.name.lower() == "dialtemplate"


def read_template(root: Element) -> DialTemplate:
    """Return the rules of a dial template that hold for every line."""
    return DialTemplate(
        tuple(
            Rule(
                (element.attribute("match") or "")[:_MAX_PATTERN],
                _wait(element),
                (element.attribute("rewrite") or "")[:_MAX_PATTERN],
                element.line,
            )
            for element in root.children
            # A rule for one line is not one for all of them.
            if element.name.upper() == "TEMPLATE" and (element.attribute("line") or "0") == "0"
        )
    )


def check_template(document: Document, root: Element, size: int) -> Iterator[Finding]:
    """Yield the problems of a dial template of `size` bytes."""
    name = document.name
    if size > _MAX_FILE:
        yield Finding(
            name, 0, "template-size", f"A phone reads {_MAX_FILE:,} bytes of it; it has {size:,}."
        )
    rules = [element for element in root.children if element.name.upper() == "TEMPLATE"]
    if not rules:
        yield Finding(name, root.line, "no-rule", "There is no <TEMPLATE> in it.")
    for element in root.children:
        if element.name not in ("TEMPLATE", "versionStamp"):
            yield Finding(
                name,
                element.line,
                "template-name",
                f"<{element.name}> is not read. The name is TEMPLATE, in capitals.",
                document.line(element.line).replace(f"<{element.name}", "<TEMPLATE")
                if element.name.upper() == "TEMPLATE"
                else "",
            )
    for element in rules:
        for rule, message in _problems(element):
            yield Finding(name, element.line, rule, message)
    if len(rules) <= _MAX_COMPARED:
        yield from _unreachable(name, read_template(root))


def _problems(element: Element) -> Iterator[tuple[str, str]]:
    pattern = element.attribute("match")
    if pattern is None:
        yield "template-match", "The rule has no MATCH."
        return
    if pattern == "" and not element.attribute("rewrite"):
        yield "template-match", "MATCH is empty, which is for a hotline and needs REWRITE."
    for key in ("match", "rewrite"):
        if len(element.attribute(key) or "") > _MAX_PATTERN:
            yield "template-length", f"{key.upper()} has more than {_MAX_PATTERN} characters."
    wrong = sorted(set(pattern) - _PATTERN_SIGNS)
    if wrong:
        yield (
            "template-match",
            f"MATCH has {' '.join(wrong)} in it. It may have digits, # . * \\* and a comma.",
        )
    if pattern.endswith(","):
        yield "template-match", "MATCH ends with a comma, so the rule never fits completely."
    timeout = element.attribute("timeout")
    if timeout is not None and not timeout.strip().isdigit():
        yield "template-timeout", f"TIMEOUT {timeout!r} is no number of seconds, and is read as 0."
    elif pattern == "*" and _wait(element) == 0:
        yield "template-timeout", 'MATCH="*" with TIMEOUT 0 sends after the first digit.'
    for key, value in element.attributes:
        allowed = _VALUES.get(key.lower())
        if key.lower() not in _KEYS:
            yield "template-key", f"{key} is not known, so a phone leaves this rule out."
        elif allowed and value.lower() not in allowed:
            yield "template-key", f"{key.upper()} may be {' or '.join(allowed)}, not {value!r}."


def _wait(element: Element) -> int:
    timeout = element.attribute("timeout")
    if timeout is None:
        return DEFAULT_TIMEOUT
    text = timeout.strip()
    return int(text[:4]) if text.isdecimal() and text.isascii() else 0


def _unreachable(name: str, template: DialTemplate) -> Iterator[Finding]:
    """Yield the rules that no number reaches, because another sends or wins before."""
    for rule in template.rules:
        if not rule.pattern or rule.pattern.endswith(","):
            continue
        winners: set[tuple[int, bool]] = set()
        for filling in "0123456789":
            found = template.outcome(_sample(rule.pattern, filling))
            if found.rule is None or found.rule is rule:
                winners.clear()
                break
            winners.add((found.rule.line, found.sending is Sending.TOO_EARLY))
        if winners:
            line, is_early = min(winners)
            how = "sends before the number is complete" if is_early else "fits these numbers too"
            yield Finding(
                name,
                rule.line,
                "template-unreachable",
                f"MATCH {rule.pattern!r} is never used: the rule of line {line} {how}.",
            )


def _sample(pattern: str, filling: str) -> str:
    """Return a number that the pattern fits."""
    literal = "\0"
    text = pattern.replace("\\*", literal).replace(",", "").replace(".", filling)
    return text.replace("*", filling * 3).replace(literal, "*").replace("\\", "")
