"""Hold and validate the keys of `[numbers]`, a site's dial plan.

Validation uses constants of `numbering_plans`. The web process can therefore check a
configuration without loading phone-number data. Only `notes` loads it.
"""

import re
from dataclasses import dataclass

from app.numbers.numbering_plans import REGIONS, region
from app.numbers.patterns import problem, replacement_problem
from app.numbers.plan_metadata import SEVERAL_PREFIXES


@dataclass(frozen=True, slots=True)
class DialPlan:
    """The keys of `[numbers]`.

    `region`: ISO 3166 code or "". `international`: "" for the region's own. `rewrite`:
    pairs of pattern and replacement. `own_prefixes`: "+4989555". `extension_digits`: 0
    where no number is taken for an extension.
    """

    region: str = ""
    outside_line: str = ""
    international: str = ""
    allow_plus: bool = False
    allow_pause: bool = False
    rewrite: tuple[tuple[str, str], ...] = ()
    own_prefixes: tuple[str, ...] = ()
    extension_digits: int = 4


def problems(plan: DialPlan) -> tuple[str, ...]:
    """Return what is wrong with `plan`, a sentence for each, the key first."""
    found: list[str] = []
    if plan.region and plan.region not in REGIONS:
        hint = {"UK": "GB", "EL": "GR"}.get(plan.region.upper(), plan.region.upper())
        remedy = (
            f'write "{hint}"'
            if hint in REGIONS
            else 'give the two capital letters of ISO 3166, such as "DE"'
        )
        found.append(f'region = "{plan.region}" is no country that is known here: {remedy}.')
    dialable = "0123456789*#," if plan.allow_pause else "0123456789*#"
    if len(plan.outside_line) > 8 or plan.outside_line.strip(dialable):
        remedy = "give up to 8 digits (* and # too; a comma needs allow_pause = true)"
        found.append(f'outside_line = "{plan.outside_line}" cannot be dialled: {remedy}.')
    if len(plan.international) > 8 or plan.international.strip("0123456789"):
        remedy = 'give up to 8 digits such as "00"; to keep + as it is, set allow_plus = true'
        found.append(f'international = "{plan.international}" cannot be dialled: {remedy}.')
    for pattern, replacement in plan.rewrite:
        if problem := _rule_problem(pattern, replacement):
            found.append(f'rewrite = [["{pattern}", "{replacement}"]]: {problem}')
    for prefix in plan.own_prefixes:
        if not re.fullmatch(r"\+[1-9][0-9]{1,13}", prefix):
            remedy = 'write +, country code, area code and so on without spaces, such as "+4989555"'
            found.append(f'own_prefixes = ["{prefix}"] is no beginning of a number: {remedy}.')
    if not 0 <= plan.extension_digits <= 15:
        found.append(
            f"extension_digits = {plan.extension_digits} is out of range: give 0 (there are no"
            " extensions) to 15."
        )
    return tuple(found)


def _rule_problem(pattern: str, replacement: str) -> str:
    if found := problem(pattern):
        advice = (
            " In TOML's double quotes a backslash is written twice."
            if found.startswith("not a")
            else ""
        )
        return f"{found}.{advice}"
    return replacement_problem(pattern, replacement)


def notes(plan: DialPlan) -> tuple[str, ...]:
    """Return what is right but worth knowing, for `check`: a sentence for each.

    `plan` must be one without `problems`.
    """
    found: list[str] = []
    if not plan.international and not plan.allow_plus:
        if plan.region in SEVERAL_PREFIXES:
            several = f'region "{plan.region}" has a prefix for each carrier'
            found.append(
                f'international is not set, and {several}: "{SEVERAL_PREFIXES[plan.region]}" is'
                " dialled for +."
            )
        elif plan.region:
            usual = region(plan.region).international
            found.append(
                f'international is not set: "{usual}" is dialled for +, as usual in region'
                f' "{plan.region}".'
            )
        else:
            found.append('international is not set, and there is no region: "00" is dialled for +.')
    if plan.region and plan.outside_line:
        home = region(plan.region)
        before = plan.outside_line.replace(",", "") + (plan.international or home.international)
        if home.has_emergency_prefix(before):
            found.append(
                f'outside_line and international together ("{before}") begin like an emergency'
                f' number of region "{plan.region}".'
            )
    if plan.outside_line and not plan.region:
        found.append(
            "outside_line has no effect without region: numbers are cleaned, not rewritten. Set"
            " region."
        )
    return tuple(found)
