"""The dial plan: raw text and a plan in, digits out."""

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.numbers import (
    dialling,
    existing_number,
    extensions,
    identity,
    letters,
    parsed_number,
    refusals,
    signs,
    suffixes,
    text_parser,
)
from app.numbers.cache import CachedDialPlan
from app.numbers.dial_plan import DialPlan, problems
from app.numbers.dialling import DialResult, dial
from app.numbers.route import Rule
from tests.support.dial_plan_cases import LINES, Line

LIMIT = 32
GERMANY = DialPlan(region="DE", outside_line="0", international="00")
AMERICA = DialPlan(region="US", outside_line="9", international="011")

ASKED_FOR = [
    ("+49 89 5550109", "0 089 5550109", "9 011 49 89 5550109"),
    ("+49 (0)30 5550113", "0 030 5550113", "9 011 49 30 5550113"),
    ("+1 (212) 555-0107", "0 001 212 5550107", "9 1 212 5550107"),
    ("+49 69 5550114,,4711#", "0 069 5550114", "9 011 49 69 5550114"),
    ("*97", "*97", "*97"),
    ("0800 FLOWERS", "0 0800 3569377", "0800 3569377"),
    ("0049 172 5550116", "0 0172 5550116", "0049 172 5550116"),
    ("1001", "1001", "1001"),
]


def dialled(raw: str, plan: DialPlan, canonical: str = "") -> str:
    return dial(raw, plan, canonical, limit=LIMIT).number


@pytest.mark.parametrize("raw, germany, america", ASKED_FOR)
def test_the_numbers_that_other_programs_garble(raw: str, germany: str, america: str) -> None:
    assert germany.replace(" ", "") == dialled(raw, GERMANY)
    assert america.replace(" ", "") == dialled(raw, AMERICA)


def test_numbers_of_another_country_are_reported_in_america() -> None:
    for raw in ("0800 FLOWERS", "0049 172 5550116"):
        assert identity.NOT_HERE in dial(raw, AMERICA, limit=LIMIT).warning


def test_the_pin_is_kept_where_commas_are_allowed() -> None:
    plan = DialPlan(region="DE", outside_line="0", allow_pause=True)
    assert DialResult("00695550114,,4711#", "national") == dial(
        "+49 69 5550114,,4711#", plan, limit=LIMIT
    )
    assert "00695550114,4711" == dialled("069 5550114 p 4711", plan)
    assert "1001,12" == dialled("1001;12", plan)


def test_the_table_is_large_enough() -> None:
    assert 250 <= len({(line.region, line.raw) for line in LINES})


@pytest.mark.parametrize(
    "line", LINES, ids=lambda line: f"{line.region or 'none'}-{line.outside_line}-{line.raw!a}"
)
def test_every_row_of_the_table(line: Line) -> None:
    result = dial(line.raw, DialPlan(line.region, line.outside_line), limit=LIMIT)
    assert (line.number, line.rule, line.is_odd) == (
        result.number,
        result.rule,
        bool(result.warning),
    )


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("+49 89 5550109", "+49895550109"),
        ("+49 (0)30 5550113", "+49305550113"),
        ("+1 (212) 555-0107", "+12125550107"),
        ("089 5550109", "0 0895550109"),
        ("001 212 555 0107", "0 00 12125550107"),
        ("1001", "1001"),
        ("*97", "*97"),
    ],
)
def test_a_plus_is_kept_where_it_is_allowed(raw: str, expected: str) -> None:
    assert expected.replace(" ", "") == dialled(
        raw, DialPlan(region="DE", outside_line="0", allow_plus=True)
    )


def test_a_plus_is_kept_without_a_region_too() -> None:
    assert "+49305550113" == dialled("+49 (0)30 5550113", DialPlan(allow_plus=True))


@pytest.mark.parametrize(
    "region, expected",
    [("DE", "00"), ("US", "011"), ("CA", "011"), ("AU", "0011"), ("JP", "010"), ("RU", "810")],
)
def test_the_international_prefix_is_the_regions_own(region: str, expected: str) -> None:
    assert expected + "33142685300" == dialled("+33 1 42 68 53 00", DialPlan(region=region))


def test_a_plans_own_international_prefix_is_recognised_in_the_source() -> None:
    plan = DialPlan(region="DE", outside_line="0", international="0190")
    assert "0019033142685300" == dialled("0190 33 1 42 68 53 00", plan)
    assert "0019033142685300" == dialled("0033 1 42 68 53 00", plan)
    assert "01133142685300" == dialled("+33 1 42 68 53 00", DialPlan(international="011"))
    assert "0033142685300" == dialled("0033 1 42 68 53 00", DialPlan(international="011"))


HOUSE = DialPlan(region="DE", outside_line="0", own_prefixes=("+4989555", "+49305550"))


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("+49 89 555-1234", DialResult("1234", "own prefix")),
        ("089/555-1234", DialResult("1234", "own prefix")),
        ("0049 (0)89 555 0", DialResult("00895550", "national", extensions.LIKE_THE_LINE)),
        ("089/555-0", DialResult("00895550", "national", extensions.LIKE_THE_LINE)),
        ("+49 89 555-0123", DialResult("00895550123", "national", extensions.LIKE_THE_LINE)),
        (
            "tel:+49-89-555;ext=0123",
            DialResult(
                "0089555", "national", f"{extensions.LIKE_THE_LINE} {parsed_number.EXTENSION}"
            ),
        ),
        ("+49 89 555-0 ext. 123", DialResult("123", "own prefix")),
        ("+49 89 555-112", DialResult("0089555112", "national", extensions.LIKE_EMERGENCY)),
        ("+49 89 555-110", DialResult("0089555110", "national", extensions.LIKE_EMERGENCY)),
        ("89 5551234", DialResult("1234", "own prefix", identity.LOST_TRUNK)),
        ("49895551234", DialResult("1234", "own prefix", identity.LOST_PLUS)),
        ("+49 30 5550-12", DialResult("12", "own prefix")),
        ("tel:+49-89-555;ext=109", DialResult("109", "own prefix")),
        ("+49 89 555", DialResult("0089555", "national")),
        ("+49 89 555-12345", DialResult("12345", "own prefix", extensions.LONG_EXTENSION)),
        ("+49 89 554-1234", DialResult("00895541234", "national")),
        ("+43 89 555-1234", DialResult("00043895551234", "international")),
    ],
)
def test_numbers_of_the_site_are_cut_to_the_extension(raw: str, expected: DialResult) -> None:
    assert expected == dial(raw, HOUSE, limit=LIMIT)


def test_the_operators_zero_is_dialled_where_no_outside_line_is_in_its_way() -> None:
    for plan in (
        DialPlan(region="DE", own_prefixes=("+4989555",)),
        DialPlan(region="DE", outside_line="9", own_prefixes=("+4989555",)),
    ):
        assert DialResult("0", "own prefix") == dial("+49 89 555-0", plan, limit=LIMIT)
    nine = DialPlan(region="US", outside_line="9", own_prefixes=("+1212555", "+12125550"))
    assert DialResult("912125559123", "national", extensions.LIKE_THE_LINE) == dial(
        "212-555-9123", nine, limit=LIMIT
    )
    assert DialResult("912125550911", "national", extensions.LIKE_EMERGENCY) == dial(
        "212-555-0911", nine, limit=LIMIT
    )
    plus = DialPlan(region="DE", outside_line="0", allow_plus=True, own_prefixes=("+4989555",))
    assert DialResult("+49895550", "international", extensions.LIKE_THE_LINE) == dial(
        "+49 89 555-0", plan=plus, limit=LIMIT
    )


def test_a_lost_zero_is_reported_for_a_number_of_the_site_too() -> None:
    plan = DialPlan(region="DE", outside_line="0", own_prefixes=("+49892312",))
    assert DialResult("5101", "own prefix", identity.LOST_TRUNK) == dial(
        "89 23125101", plan, limit=LIMIT
    )
    assert DialResult("008923125101", "national", identity.LOST_TRUNK) == dial(
        "89 23125101", GERMANY, limit=LIMIT
    )


def test_nothing_that_the_outside_line_turns_into_an_emergency_call_is_dialled() -> None:
    for raw in ("+1 1001", "+1 112 555 0107"):
        assert DialResult("", "none", refusals.LIKE_EMERGENCY) == dial(raw, AMERICA, limit=LIMIT)
    assert DialResult("", "none", refusals.LIKE_EMERGENCY) == dial(
        "9912 3456", DialPlan(region="GB", outside_line="9"), limit=LIMIT
    )
    australia = DialPlan(region="AU", outside_line="0")
    assert "0001149895550109" == dialled("+49 89 5550109", australia)
    assert "11001" == dialled("+1 1001", DialPlan(region="US"))


@pytest.mark.parametrize(
    "plan, raw",
    [
        (DialPlan(region="US", outside_line="9", rewrite=(("^00", "+"),)), "0011001"),
        (DialPlan(region="US", outside_line="9", rewrite=(("^\\+0*", "+"),)), "+1 1001"),
        (DialPlan(region="US", outside_line="9,", allow_pause=True), "+1 1001"),
        (DialPlan(region="US", outside_line="9"), "911-1234"),
        (DialPlan(region="US"), "911-1234"),
        (DialPlan(region="DE", outside_line="0", extension_digits=3), "112-0"),
        (DialPlan(region="DE", outside_line="0", extension_digits=3), "1100"),
        (DialPlan(region="DE", outside_line="0"), "112 34567"),
        (DialPlan(region="DE"), "110 23456"),
    ],
)
def test_nothing_that_leaves_the_site_begins_like_an_emergency_number(
    plan: DialPlan, raw: str
) -> None:
    assert DialResult("", "none", refusals.LIKE_EMERGENCY) == dial(raw, plan, limit=LIMIT)


@pytest.mark.parametrize(
    "plan", [GERMANY, AMERICA, DialPlan(), DialPlan(own_prefixes=("+4989555",))]
)
def test_a_country_code_alone_is_no_number(plan: DialPlan) -> None:
    for raw in ("+49", "+49 (0)", "+1", "+420", "+4"):
        assert DialResult("", "none", identity.NO_MORE) == dial(raw, plan, limit=LIMIT)


def test_the_longest_own_prefix_counts_and_needs_no_region() -> None:
    plan = DialPlan(own_prefixes=("+1212555", "+121255501"), allow_plus=True)
    assert "07" == dialled("+1 (212) 555-0107", plan)
    assert "0207" == dialled("001 (212) 555-0207", plan)
    assert "0107" == dialled(
        "212-555-0107", DialPlan(region="US", outside_line="9", own_prefixes=("+1212555",))
    )


@pytest.mark.parametrize(
    "rules, raw, number, rule",
    [
        ([(r"^\+420", "")], "+420 777 123 456", "777123456", "rewrite 1, cleaned"),
        (
            [(r"^0049", "+49"), (r"^\+49", "0")],
            "0049 89 5550109",
            "0895550109",
            "rewrite 1, rewrite 2, cleaned",
        ),
        (
            [(r"^\+43", "x"), (r"^\+4930555(\d{3})$", r"7\1")],
            "+49 30 555-123",
            "7123",
            "rewrite 2, extension",
        ),
        ([(r"^\+43", "0")], "+49 30 555", "004930555", "international"),
        ([(r"^1", "9")], "1001", "1001", "extension"),
        ([(r"^\*", "9")], "*97", "*97", "service code"),
        ([(r"^1", "9")], "112", "112", "emergency"),
        ([(r"^0(\d+)$", r"\g<1>")], "089555", "89555", "rewrite 1, cleaned"),
        ([(r".*", "")], "089555", "", "none"),
        ([(r"^0", "*")], "089555", "*89555", "rewrite 1, service code"),
    ],
)
def test_rewrite_rules_come_in_order_and_spare_what_is_dialled_inside(
    rules: list[tuple[str, str]], raw: str, number: str, rule: str
) -> None:
    result = dial(raw, DialPlan(rewrite=tuple(rules)), limit=LIMIT)
    assert (number, rule) == (result.number, result.rule_text)


def test_what_a_rewrite_rule_leaves_goes_through_the_other_rules() -> None:
    plan = DialPlan(
        region="DE", outside_line="0", rewrite=((r"^0(7\d{9})$", r"+44\1"), (r"^\+43", "+4989"))
    )
    assert DialResult("000447700900123", Rule.INTERNATIONAL, rewrites=(1,)) == dial(
        "07700 900123", plan, limit=LIMIT
    )
    assert DialResult("0089123456", Rule.NATIONAL, rewrites=(2,)) == dial(
        "+43 123456", plan, limit=LIMIT
    )


def test_without_extensions_short_numbers_are_still_safe() -> None:
    plan = DialPlan(region="DE", outside_line="0", extension_digits=0, rewrite=(("^1", "9"),))
    assert ["112", "110", "115", "116117"] == [
        dialled(raw, plan) for raw in ("112", "110", "115", "116 117")
    ]
    assert "9001" == dialled("1001", DialPlan(extension_digits=0, rewrite=(("^1", "9"),)))
    assert "12345" == dialled("12345", DialPlan(region="DE", outside_line="0", extension_digits=5))


@pytest.mark.parametrize(
    "raw, canonical, plan, expected",
    [
        (
            "0049 172 5550116",
            "+491725550116",
            AMERICA,
            DialResult("9011491725550116", "international", dialling.CANONICAL),
        ),
        (
            "5550109",
            "+49895550109",
            GERMANY,
            DialResult("00895550109", "national", dialling.CANONICAL),
        ),
        (
            "555-0107",
            "+12125550107",
            AMERICA,
            DialResult("912125550107", "national", dialling.CANONICAL),
        ),
        ("089 5550109", "+12125550107", GERMANY, DialResult("00895550109", "national")),
        ("1001", "+49895551001", GERMANY, DialResult("1001", "extension")),
        ("5550109", "+49895550110", GERMANY, DialResult("05550109", "local", identity.LOCAL)),
        ("5550109", "tel:nonsense", GERMANY, DialResult("05550109", "local", identity.LOCAL)),
        (
            "4.9E+11",
            "+49895550109",
            GERMANY,
            DialResult("00895550109", "national", f"{parsed_number.DAMAGED} {dialling.CANONICAL}"),
        ),
        ("ask Anna", "+49895550109", GERMANY, DialResult("", "none", parsed_number.NO_NUMBER)),
        ("089 5550109", "+49895550109", DialPlan(), DialResult("0895550109", "cleaned")),
    ],
)
def test_the_canonical_form_decides_only_where_the_text_is_unclear(
    raw: str, canonical: str, plan: DialPlan, expected: DialResult
) -> None:
    assert expected == dial(raw, plan, canonical, limit=LIMIT)


def test_a_number_over_the_limit_is_left_out_and_its_pause_goes_first() -> None:
    plan = DialPlan(allow_pause=True)
    assert DialResult("1" * 32, "cleaned") == dial("1" * 32, plan, limit=32)
    assert DialResult("", "none", parsed_number.TOO_LONG) == dial("1" * 33, plan, limit=32)
    assert DialResult("", "none", parsed_number.TOO_LONG) == dial("1" * 5000, plan, limit=32)
    assert DialResult("1" * 12 + ",1", "cleaned") == dial("1" * 12 + ",1", plan, limit=14)
    assert DialResult("1" * 12, "cleaned", parsed_number.PAUSE) == dial(
        "1" * 12 + ",12", plan, limit=14
    )


def test_nothing_of_a_number_stands_in_what_is_reported() -> None:
    for line in LINES:
        assert not re.search(
            r"[0-9]", dial(line.raw, DialPlan(line.region, line.outside_line), limit=LIMIT).warning
        )


GUIDE = Path(__file__).parents[3] / "docs" / "dial-plan.md"
HOME = DialPlan(region="US", international="011")
SITES = {
    "Germany, `0`": GERMANY,
    "US, `9`": AMERICA,
    "at home in the US": HOME,
    "no region": DialPlan(),
}


def guide_rows() -> list[tuple[str, str, str]]:
    """Return (site, raw, cell) for each cell of the guide's tables by site."""
    rows: list[tuple[str, str, str]] = []
    sites: list[str] = []
    for line in GUIDE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if cells[0] == "in the source":
            sites = cells[1:]
        elif not line.startswith("|"):
            sites = []
        elif sites and cells[0].startswith("`"):
            rows += [
                (site, cells[0].strip("`"), cell)
                for site, cell in zip(sites, cells[1:], strict=True)
            ]
    return rows


def test_the_guide_shows_every_site() -> None:
    assert set(SITES) == {site for site, _, _ in guide_rows()}


@pytest.mark.parametrize("site, raw, cell", guide_rows())
def test_the_guide_is_true(site: str, raw: str, cell: str) -> None:
    number, _, report = cell.partition("(")
    result = dial(raw, SITES[site], limit=LIMIT)
    assert re.sub(r"[` ]|nothing", "", number) == result.number
    assert report.startswith("reported") == bool(result.warning)


def test_every_example_of_the_guide_is_a_plan_without_problems() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert 5 == len(blocks)
    for block in blocks:
        table = tomllib.loads(block)
        keys = table.get("numbers", table)
        keys["rewrite"] = tuple(
            (pattern, replacement) for pattern, replacement in keys.get("rewrite", ())
        )
        assert () == problems(
            DialPlan(**{**keys, "own_prefixes": tuple(keys.get("own_prefixes", ()))})
        )


def test_the_rules_of_the_guide_do_what_it_says() -> None:
    rules = ((r"^\+420", ""), (r"^\+4930777(\d{3})$", r"7\1"), ("^00900", "+"))
    plan = DialPlan(rewrite=rules)
    assert ["777123456", "7123", "0049895550109"] == [
        dialled(raw, plan) for raw in ("+420 777 123 456", "+49 30 777-123", "00900 49 89 5550109")
    ]
    held_already = DialPlan(region="US", outside_line="9", rewrite=((r"^9(1\d{10})$", r"\1"),))
    assert "912125550107" == dialled("9-1-212-555-0107", held_already)


def test_the_guide_names_every_key_and_every_rule_and_every_report() -> None:
    text = " ".join(GUIDE.read_text("utf-8").split())
    keys = DialPlan.__dataclass_fields__
    rules = {line.rule for line in LINES} - {"none"} | {"own prefix", "rewrite"}
    reports = [
        value
        for module in (
            dialling,
            refusals,
            extensions,
            identity,
            letters,
            parsed_number,
            signs,
            existing_number,
            suffixes,
        )
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and value.endswith(".")
    ]
    assert [] == [key for key in keys if f"`{key}`" not in text]
    assert [] == [rule for rule in rules if f"`{rule}" not in text]
    assert 15 <= len(set(reports))
    assert [] == [report for report in reports if report.rstrip(".") not in text]


class TestMemory:
    def test_it_dials_as_dial_does(self) -> None:
        memory = CachedDialPlan(AMERICA, limit=LIMIT)
        for raw, canonical in [
            ("0049 172 5550116", ""),
            ("0049 172 5550116", "+491725550116"),
            ("*97", ""),
            ("", ""),
        ]:
            assert dial(raw, AMERICA, canonical, limit=LIMIT) == memory.dial(raw, canonical)

    def test_it_remembers(self) -> None:
        memory = CachedDialPlan(GERMANY, limit=LIMIT)
        first = memory.dial("+49 89 5550109")
        assert first is memory.dial("+49 89 5550109")
        assert 1 == len(memory)

    def test_it_is_bounded_and_keeps_what_is_in_use(self) -> None:
        memory = CachedDialPlan(GERMANY, limit=LIMIT, most=10)
        kept = memory.dial("+49 89 5550109")
        for number in range(1000):
            memory.dial(f"089 {number:07}")
            assert kept is memory.dial("+49 89 5550109")
            assert len(memory) <= 20


anything = st.text(st.characters(exclude_categories=()), max_size=60)
numberlike = st.text(
    "+0123456789 ()[]-./,;*#&|'\nxpwEextFLOWÄ\u200b\u00a0\u0663\uff15\ud800", max_size=40
)
prefixed = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["+", "00", "011", "0", "+49", "+1", "+39(0)", "tel:", "*21*", "sip:"]),
        numberlike,
    ),
)
raws = anything | numberlike | prefixed
plans = st.builds(
    DialPlan,
    region=st.sampled_from(
        ["", "DE", "US", "GB", "FR", "CZ", "IT", "AR", "BR", "RU", "AU", "HU", "KZ", "SM"]
    ),
    outside_line=st.sampled_from(["", "0", "9"]),
    international=st.sampled_from(["", "00", "011"]),
    allow_plus=st.booleans(),
    allow_pause=st.booleans(),
    rewrite=st.sampled_from(
        [(), ((r"^\+49", "0"),), ((r"\d", r"\g<0>+"),), ((r"^(\+?\d{3})", r"*\1"), (r"\*", "+"))]
    ),
    own_prefixes=st.sampled_from([(), ("+4989555",), ("+1", "+49")]),
    extension_digits=st.sampled_from([0, 3, 4, 15]),
)


@given(raws, plans, st.sampled_from(["", "+49895550109", "+12125550107", "x"]), st.integers(1, 40))
@example("+", DialPlan(), "", 32)
@example("++*", DialPlan("DE"), "", 32)
def test_only_what_a_phone_can_dial_comes_out(
    raw: str, plan: DialPlan, canonical: str, limit: int
) -> None:
    result = dial(raw, plan, canonical, limit=limit)
    assert re.fullmatch(
        r"\+?" * plan.allow_plus + "[0-9*#]*" + "[0-9*#,]*" * plan.allow_pause, result.number
    )
    assert len(result.number) <= limit
    assert bool(result.number) or bool(result.warning)
    assert ("" == result.number) == ("none" == result.rule)


@given(raws, st.sampled_from(["DE", "US", "GB", "FR", "CZ", "IT"]))
@example("0*00000A", "DE")
@example("0*2 FLOWERS", "GB")
@example("30#123456B", "DE")
@example("03900", "IT")
def test_what_was_dialled_is_dialled_the_same_again(raw: str, region: str) -> None:
    plan = DialPlan(region=region)
    first = dial(raw, plan, limit=LIMIT)
    assume(first.number)
    assume(
        not {identity.IMPOSSIBLE, identity.UNKNOWN_COUNTRY}
        & set(re.findall(r"[^.]+\.", first.warning.replace(". ", ".")))
    )
    assert first.number == dialled(first.number, plan)


@given(raws, st.sampled_from(["DE", "US", "FR"]))
@example("10[A*)00000#", "DE")
@example("20(Anna #)12345*", "FR")
@example("1(A*)2(B)34567#", "US")
@example("12 (x#) 34 56 78#", "DE")
def test_inside_numbers_are_never_given_an_outside_line(raw: str, region: str) -> None:
    plan = DialPlan(region=region, outside_line="0", rewrite=(("^", "9"),))
    first = dial(raw, plan, limit=LIMIT)
    inside = {"extension", "service code", "emergency", "short number"}
    if first.rule in inside and not first.rewrites:
        assert first.number == dialled(first.number, plan)


def pressed(text: str) -> str:
    """Return every key that `text` names, letters included, in its order."""
    keys = []
    for character in text:
        value = unicodedata.decimal(character, None)
        base = unicodedata.normalize("NFKD", character)[0].upper()
        if value is not None:
            keys.append(str(value))
        elif base in "*#":
            keys.append(base)
        elif "A" <= base <= "Z":
            keys.append(base.translate(letters._KEYPAD))
    return "".join(keys)


@given(anything | numberlike)
@example("+49 (0)30 5550113")
@example("0800 FLOWERS")
def test_without_a_region_digits_keep_their_order(raw: str) -> None:
    assume(not text_parser._URI.match(raw.strip()))
    number = dialled(raw, DialPlan(allow_plus=True, allow_pause=True))
    assume(not ("+" in raw and number.startswith(("*", "#"))))
    keys = iter(pressed(raw))
    assert all(digit in keys for digit in number.lstrip("+").replace(",", ""))
