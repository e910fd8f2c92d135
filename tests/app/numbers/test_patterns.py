"""Patterns keep Python's meaning in linear time, or are refused with a sentence."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.numbers.patterns import compile_pattern, problem, replacement_problem
from app.settings.loader import parse
from tests.support import contacts
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import run

NAMES = (
    "Anna Schmidt",
    "Ödön Őszi",
    "ΣΊΣΥΦΟΣ ς σ",
    "straße STRASSE ẞ",
    "İstanbul ı i I",
    "王小明",
    "ſoft Kelvin K Å å",
    "x1_y-2",
    "a\n",
    "a\nb",
    "é e\u0301 ﬁ",
    "АННА анна",
    "7-Eleven ² ٣ ३",
    "lab-x xx x",
    "שלום עולם",
    "محمد علي",
    "\U0001f600 Bob",
    " ",
    "O'Brien–Smith\u00a0Jr.",
    "\ud800 lone",
)
PATTERNS = (
    *(
        r"^anna\b",
        r"\bx\b",
        r"\w+\s\w+",
        r"[^\w\s]",
        "ß",
        "σ",
        "k",
        "s",
        "i",
        r"[a-k]+$",
        "(?s).$",
        r"\d",
        "^$",
        "a$",
    ),
    *(
        r"\bő",
        r"\b",
        "анна$",
        "(a|an|ann)a?",
        r"[\W_]",
        r"\S{3,5}\b",
        "(?-i:A)nna",
        r"x\b.",
        r"^\b",
        r"\b$",
        "[İ]",
        r"[^k]\b",
    ),
    *(
        "(?m)^a$",
        r"(?m)\b$",
        "(?m)^b",
        "(?x) a n n a",
        r"(?P<who>bob)",
        r"\D\d",
        "[а-я]+",
        r"\bאל?",
        "ﬁ",
        "å",
        r"[\d\s]{2}",
        "(?a:\\w)ä?",
    ),
    *(r"\.", r"^[^a-z]*$", r"a??n", r"(?:|a)b", "^.{3}$", r"\U0001f600", r"\bعلي\b", r"\w\b\W\b\w"),
)
ATOMS = (
    "a",
    "A",
    "ß",
    "σ",
    "k",
    "1",
    " ",
    "-",
    ".",
    r"\w",
    r"\W",
    r"\d",
    r"\s",
    r"\b",
    "[a-zé]",
    "[^a]",
    r"[\w-]",
    "^",
    "$",
    "ő",
    "я",
    "İ",
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_means_what_it_means_in_python(pattern: str) -> None:
    assert "" == problem(pattern)
    for ignore_case in (False, True):
        compiled = compile_pattern(pattern, ignore_case=ignore_case)
        for name in NAMES:
            expected = re.search(pattern, name, re.IGNORECASE if ignore_case else 0) is not None
            assert expected == compiled.found_in(name), (pattern, name, ignore_case)


def grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(parts, min_size=1, max_size=4).map("".join),
        st.lists(parts, min_size=2, max_size=3).map(lambda found: f"(?:{'|'.join(found)})"),
        st.builds(
            "(?:{}){}".format, parts, st.sampled_from(["*", "+", "?", "{2}", "{0,3}", "*?", "+?"])
        ),
        parts.map("({})".format),
    )


TEXTS = st.text(st.sampled_from("aAbkKßẞſσς1² -_.éőяЯİıiI王\n\u0301"), max_size=8)


@given(
    st.recursive(st.sampled_from(ATOMS), grown, max_leaves=8),
    st.lists(TEXTS, min_size=1, max_size=8),
    st.booleans(),
)
def test_any_pattern_means_what_it_means_in_python(
    pattern: str, texts: list[str], ignore_case: bool
) -> None:
    assume(not problem(pattern))
    compiled = compile_pattern(pattern, ignore_case=ignore_case)
    for text in texts:
        assume("\n" not in text or "$" not in pattern)
        assert (
            re.search(pattern, text, re.IGNORECASE if ignore_case else 0) is not None
        ) == compiled.found_in(text)


RULES = (
    ("^0*", ""),
    ("0*", "9"),
    (r"^\+49", "0"),
    (r"^(\d{3})(\d+)", r"\2\1"),
    (r"(?P<a>1)(2)?", r"\g<a>\2"),
    ("", "1"),
    (r"\b", "5"),
)
MORE_RULES = (
    (r"\b0", "7"),
    ("1|11", "3"),
    ("(1)(2)(3)(4)", r"\4\3\g<2>1"),
    (r"\+(?=x)?", ""),
    (r"$", "#"),
    ("[+*]", "00"),
)


@pytest.mark.parametrize(
    "pattern, replacement", [*RULES, *(rule for rule in MORE_RULES if "(?=" not in rule[0])]
)
def test_a_replacement_does_what_it_does_in_python(pattern: str, replacement: str) -> None:
    assert "" == replacement_problem(pattern, replacement)
    for text in ("+49089", "0012", "12", "", "1112", "*21#", "0", "1234012340"):
        assert re.subn(pattern, replacement, text) == compile_pattern(pattern).replace(
            replacement, text
        )


DIGITS = st.recursive(
    st.sampled_from(("0", "1", r"\d", r"\+", "[2-9]", "^", "$", r"\b", r"\*")), grown, max_leaves=6
)


@given(
    DIGITS.map("(?:{})(1)?".format),
    st.sampled_from(["", "0", r"\g<0>9", r"\1", r"\g<1>8\g<0>"]),
    st.text(st.sampled_from("+0129*#"), max_size=8),
)
def test_any_replacement_does_what_it_does_in_python(
    pattern: str, replacement: str, text: str
) -> None:
    assume(not problem(pattern) and not replacement_problem(pattern, replacement))
    assert re.subn(pattern, replacement, text) == compile_pattern(pattern).replace(
        replacement, text
    )


@pytest.mark.parametrize(
    "replacement", [r"\g<0>9", r"9\g<0>\g<00>", r"\1\g<0>", r"\g<1>00", r"\1\1"]
)
@pytest.mark.parametrize("pattern", ["^(7)", "(7|8)[0-9]$", r"\b()", "([78])+"])
def test_the_whole_match_and_groups_before_digits_are_replaced_as_in_python(
    pattern: str, replacement: str
) -> None:
    assert "" == replacement_problem(pattern, replacement)
    for text in ("7", "", "1787", "+4977", "877#"):
        assert re.subn(pattern, replacement, text) == compile_pattern(pattern).replace(
            replacement, text
        )


@pytest.mark.parametrize(
    "pattern, replacement",
    [("^7", r"\0"), ("^7", r"\04"), ("^(7)", r"\100"), ("^(7)", r"\111"), ("^(7)", r"\\g<0>")],
)
def test_a_replacement_that_python_takes_for_another_character_is_a_problem(
    pattern: str, replacement: str
) -> None:
    assert "may hold digits, *, #, + and groups only" in replacement_problem(pattern, replacement)


@pytest.mark.parametrize("pattern", ["((1){0,2})+", "(1*)*2", "(?:(1)?)+", "(1*){2}"])
def test_a_group_of_which_nobody_knows_what_it_holds_is_a_problem(pattern: str) -> None:
    assert "a group is repeated that may match nothing" in replacement_problem(pattern, r"\1")
    assert "a group is repeated" not in replacement_problem(pattern, "5")


UNSUPPORTED = (
    "(?=a)",
    "(?!a)",
    "(?<=a)b",
    "(?<!a)b",
    r"(a)\1",
    "(?P<a>a)(?P=a)",
    "a++",
    "a*+",
    "a?+",
    "(?>a)",
    r"a\Z",
    r"(?a)\bx",
    r"\Ba",
    "(a)?(?(1)b|c)",
)


@pytest.mark.parametrize("pattern", UNSUPPORTED)
def test_what_cannot_be_kept_is_a_problem(tmp_path: Path, pattern: str) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    (tmp_path / "gateway.toml").write_text(
        f"{contacts.CONFIG}\n[books.staff]\nsources = [\"staff\"]\nexclude = ['{pattern}']\n"
        f"[profiles.default.numbers]\nrewrite = [['{pattern}', '']]\n"
    )
    result = run("check", "--offline", cwd=tmp_path)
    assert 1 == result.returncode
    assert 2 == result.stderr.count(
        "cannot be matched in linear time: write the pattern without it."
    )
    assert "books.staff.exclude, item 1" in result.stderr and "rewrite" in result.stderr


@pytest.mark.parametrize("pattern", ["a{1001}", "(a{100}){100}", r"\w{900}", r"(?:\w{30}){30}"])
def test_a_pattern_that_is_too_large_is_a_problem(pattern: str) -> None:
    assert "too large" in problem(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"\w{200}", "(?:[a-z]{30}){30}", "|".join(f"name{number}" for number in range(3000))],
)
def test_a_large_pattern_without_a_problem_compiles(pattern: str) -> None:
    assert "" == problem(pattern)
    assert not compile_pattern(pattern, ignore_case=True).found_in("nobody")


@pytest.mark.parametrize("pattern", ["(|0)", "0??", "(?:0*?)", "(?:|1)+"])
def test_a_rule_that_prefers_nothing_is_a_problem(pattern: str) -> None:
    assert "may match nothing" in replacement_problem(pattern, "")


HOSTILE = (
    "^(a+)+$",
    "(a|aa)+$",
    "^(a|a)*$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(\w+\s?)+:$",
    "(.*a){20}$",
    r"^(\d+)*x$",
)


@pytest.mark.parametrize("pattern", HOSTILE)
def test_no_pattern_takes_long(pattern: str) -> None:
    # Python's own engine would not end before the test does (pytest's timeout).
    compiled = compile_pattern(pattern, ignore_case=True)
    for text in ("a" * 5_000 + "!", "1" * 5_000 + "!", "ab " * 2_000):
        assert not compiled.found_in(text)
    assert (("a" * 3_000) + "!", 0) == compile_pattern("^(a+)+$").replace("", "a" * 3_000 + "!")


def test_hostile_patterns_do_not_hold_up_a_build(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text(f"name,number\n{'a' * 40}!,7002\nAnn Smith,{'1' * 20}\n")
    (tmp_path / "gateway.toml").write_text(
        '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n[books.staff]\nsources ='
        " [\"staff\"]\nexclude = ['^(a+)+$']\n[numbers]\nrewrite = [['^(1+)+$', '12'],"
        " ['^(7|77)+$', '']]\n"
    )
    assert "staff: ok, 2 contacts\n" == run("build", "--once", cwd=tmp_path).stdout
    shown = run("show", "/staff.xml", cwd=tmp_path).stdout
    assert "<Telephone>12</Telephone>" in shown and "<Telephone>7002</Telephone>" in shown


def test_the_configuration_is_checked_without_re2(tmp_path: Path) -> None:
    data = {
        "sources": {"staff": {"connector": "csv", "path": "x.csv"}},
        "books": {"staff": {"sources": ["staff"], "exclude": [r"\w+ß"]}},
        "numbers": {"rewrite": [[r"^\+49", "0"]]},
    }
    assert parse(data, tmp_path / "gateway.toml").profiles
    code = (
        "import sys; from pathlib import Path; from app.settings.loader import parse; "
        f"parse({data!r}, Path('gateway.toml')); print('re2' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    assert "False" == shown.stdout.strip()
