"""What is wrong with a dial plan, and what is worth knowing about one."""

import subprocess
import sys

import pytest

from app.numbers.dial_plan import DialPlan, notes, problems


@pytest.mark.parametrize(
    "plan",
    [
        DialPlan(),
        DialPlan(
            region="DE",
            outside_line="0",
            international="00",
            own_prefixes=("+4989555",),
            extension_digits=0,
        ),
        DialPlan(
            region="US",
            outside_line="*9",
            allow_plus=True,
            rewrite=((r"^\+420", ""), (r"^(\d)(?P<rest>\d+)$", r"\g<rest>\1")),
        ),
        DialPlan(outside_line="0,", allow_pause=True),
    ],
)
def test_a_good_plan_has_no_problems(plan: DialPlan) -> None:
    assert () == problems(plan)


@pytest.mark.parametrize(
    "plan, key, remedy",
    [
        (DialPlan(region="de"), 'region = "de"', 'write "DE"'),
        (DialPlan(region="UK"), 'region = "UK"', 'write "GB"'),
        (DialPlan(region="Germany"), 'region = "Germany"', "two capital letters"),
        (DialPlan(outside_line="zero"), 'outside_line = "zero"', "up to 8 digits"),
        (DialPlan(outside_line="0,"), 'outside_line = "0,"', "allow_pause = true"),
        (DialPlan(outside_line="123456789"), "outside_line", "up to 8 digits"),
        (DialPlan(international="+"), 'international = "+"', "allow_plus = true"),
        (DialPlan(rewrite=(("^(", ""),)), 'rewrite = [["^(", ""]]', "not a regular expression"),
        (DialPlan(rewrite=(("^1", r"\1"),)), "rewrite", "does not fit the pattern"),
        (DialPlan(rewrite=(("^1", r"\q"),)), "rewrite", "does not fit the pattern"),
        (DialPlan(rewrite=(("^1", r"\g<name>"),)), "rewrite", "does not fit the pattern"),
        (DialPlan(rewrite=(("^1", "one"),)), "rewrite", "digits"),
        (DialPlan(own_prefixes=("089555",)), 'own_prefixes = ["089555"]', "write +"),
        (DialPlan(own_prefixes=("+49 89 555",)), "own_prefixes", "without spaces"),
        (DialPlan(own_prefixes=("",)), "own_prefixes", "write +"),
        (DialPlan(extension_digits=-1), "extension_digits = -1", "to 15"),
        (DialPlan(extension_digits=16), "extension_digits = 16", "to 15"),
    ],
)
def test_a_problem_names_the_key_and_the_remedy(plan: DialPlan, key: str, remedy: str) -> None:
    (problem,) = problems(plan)
    assert problem.startswith(key)
    assert remedy in problem
    assert problem.endswith(".")


def test_all_problems_are_told_at_once() -> None:
    assert 4 == len(problems(DialPlan(region="XX", outside_line="x", own_prefixes=("1", "2"))))


@pytest.mark.parametrize(
    "plan, expected",
    [
        (DialPlan(), ["there is no region"]),
        (DialPlan(region="US"), ['"011" is dialled']),
        (DialPlan(region="BR"), ['"0015" is dialled']),
        (DialPlan(region="DE", international="00"), []),
        (DialPlan(region="DE", allow_plus=True), []),
        (DialPlan(outside_line="0", international="00"), ["no effect without region"]),
    ],
)
def test_notes_say_what_is_assumed(plan: DialPlan, expected: list[str]) -> None:
    found = notes(plan)
    assert len(expected) == len(found)
    assert all(part in note for part, note in zip(expected, found, strict=True))


def test_checking_a_plan_loads_no_phone_number_data() -> None:
    code = (
        "import sys; from app.numbers.dial_plan import DialPlan, problems; import"
        " app.numbers.dialling; problems(DialPlan(region='DE', own_prefixes=('+49',)));"
        " print('phonenumbers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False\n" == done.stdout


def test_the_lookup_of_a_plain_number_compiles_no_patterns_for_others() -> None:
    # They take most of what the first lookup after a start would.
    code = (
        "import sys; from app.numbers.dial_plan import DialPlan;"
        " from app.numbers.lookup_numbers import lookup_candidates;"
        " lookup_candidates('+49895550109', DialPlan(region='DE'));"
        " lookup_candidates('0895550109', DialPlan(region='DE'));"
        " print('app.numbers.text_parser' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False\n" == done.stdout
