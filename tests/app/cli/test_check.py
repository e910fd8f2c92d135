"""What `check` warns of: what is right, but perhaps not meant."""

import re
from pathlib import Path

from tests.support import contacts
from tests.support.servers.gateway import run

LONG = "123456789" * 6
"""A number that no phone can dial."""


def test_check_tells_of_filters_that_fit_nothing_and_of_sources_that_nobody_sees(
    tmp_path: Path,
) -> None:
    contacts.write(tmp_path / "contacts.csv", map(contacts.person, range(4)))
    (tmp_path / "plain.csv").write_text("name,number\nAnn,1001\n")
    (tmp_path / "gateway.toml").write_text(
        contacts.CONFIG
        + """
[sources.plain]
connector = "csv"
path = "plain.csv"
[sources.unseen]
connector = "csv"
path = "plain.csv"
[sources.broken]
connector = "csv"
path = "nothing.csv"
[books.good]
sources = ["staff"]
groups = ["sales"]
exclude_groups = ["SUPPORT"]
private_label = "work"
[books.slip]
sources = ["staff", "plain"]
groups = ["Slaes"]
exclude_groups = ["Left"]
private_label = "Wrok"
[books.bare]
sources = ["plain"]
groups = ["Sales"]
[books.broken]
sources = ["staff", "broken"]
groups = ["Nobody's"]
""",
        encoding="utf-8",
    )
    shown = run("check", cwd=tmp_path)
    warnings = [
        re.sub(r"^line \d+: ", "", line.removeprefix("  warning: "))
        for line in shown.stdout.splitlines()
        if line.startswith("  warning: ")
    ]
    assert [
        "source unseen is in no book of any menu: no phone shows it.",
        'books.slip.groups: no contact is in a group "Slaes". Did you mean "Sales"?',
        'books.slip.exclude_groups: no contact is in a group "Left". There are: Sales, Support.',
        'books.slip.private_label: no number has the label "Wrok". Did you mean "Work"?',
        'books.bare.groups: no contact is in a group "Sales". There are no groups.',
        (
            "book good is empty, of 4 contacts none is listed (2: in none of the book's groups; 2:"
            " only private numbers)."
        ),
        "book slip is empty, of 5 contacts none is listed (5: in none of the book's groups).",
        "book bare is empty, of 1 contact none is listed (1: in none of the book's groups).",
    ] == warnings


def test_a_guessed_encoding_is_told_and_a_known_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(contacts.CONFIG, encoding="utf-8")
    warnings = (
        "contacts.csv is read as cp1252: that is a guess. Where names are garbled, set encoding, or"
        " save it as UTF-8."
    )
    for encoding, guessed in (
        ("cp1252", True),
        ("utf-8", False),
        ("utf-8-sig", False),
        ("utf-16", False),
    ):
        (tmp_path / "contacts.csv").write_bytes("name,number\nZoë Groß,1001\n".encode(encoding))
        check, fetch = run("check", cwd=tmp_path), run("fetch", "staff", cwd=tmp_path)
        assert (0, guessed) == (
            check.returncode,
            f"  note: {warnings}" in check.stdout.splitlines(),
        ), encoding
        assert (guessed, guessed) == (
            "note: " in check.stdout,
            f"note: {warnings}\n" == fetch.stderr,
        ), encoding
        assert fetch.stdout.startswith("Zoë Groß\t"), encoding


def warned(folder: Path, config: str) -> list[str]:
    (folder / "gateway.toml").write_text(config, encoding="utf-8")
    shown = run("check", cwd=folder)
    assert 0 == shown.returncode, shown
    return [
        re.sub(r"^line \d+: ", "", line.removeprefix("  warning: "))
        for line in shown.stdout.splitlines()
        if line.startswith("  warning: ")
    ]


def test_check_tells_of_books_that_end_up_empty_and_why(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"name,number,email,groups\nAnn Smith,1001,ann@x.example,\nBob,{LONG},,Team\nCat,,,Team\n"
    )
    (tmp_path / "b.csv").write_text("name,number,email,groups\nAnn Smith,,ann@x.example,Team\n")
    (tmp_path / "c.csv").write_text(f"name,number\nDan,{LONG}\n")
    sources = "".join(
        f'[sources.{name}]\nconnector = "csv"\npath = "{name}.csv"\n' for name in "abc"
    )
    warnings = warned(
        tmp_path,
        sources
        + """
[books.good]
sources = ["a", "c"]
[books.kids]
sources = ["a"]
kinds = ["internal", "work"]
[books.one_person]
sources = ["a", "b"]
groups = ["Team"]
[books.two_people]
sources = ["a", "b"]
groups = ["Team"]
merge = false
[books.mute]
sources = ["c"]
[books.abroad]
sources = ["a"]
exclude = ["^1"]
[profiles.default]
[profiles.lobby]
menu = ["mute", "kids"]
""",
    )
    kids = (
        "(2: only numbers that the book does not list; 1: no number). Their numbers are of these"
        " kinds: other."
    )
    assert [
        f"book kids is empty, of 3 contacts none is listed {kids}",
        (
            "book two_people is empty, of 4 contacts none is listed (2: no number; 1: in none of"
            " the book's groups; 1: no dialable number)."
        ),
        "book mute is empty, of 1 contact none is listed (1: no dialable number).",
        (
            "book abroad is empty, of 3 contacts none is listed (2: excluded by a pattern; 1: no"
            " number)."
        ),
    ] == warnings


def test_check_tells_of_a_format_that_is_deprecated(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,number\nAnn,1001\n")
    source = '[sources.a]\nconnector = "csv"\npath = "a.csv"\n'
    warning = (
        'profile web: format = "html" is deprecated, and phones cannot use it. It sends a browser'
        " to /-/phone?profile=web, which shows every profile to operators. Remove the line, or the"
        " profile."
    )
    assert [warning] == warned(
        tmp_path, f'{source}[profiles.default]\n[profiles.web]\nformat = "html"\n'
    )


def test_check_tells_of_every_open_profile_of_same_titles_and_of_networks_that_cannot_be_reached(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text("name,number\nAnn,1001\n")
    warnings = warned(
        tmp_path,
        """
[sources.a]
connector = "csv"
path = "a.csv"
[books.private]
title = "Same"
sources = ["a"]
[books.a]
title = "same"
sources = ["a"]
[books.alone]
sources = ["a"]
[profiles.boss]
restricted = true
networks = ["10.1.0.0/16"]
menu = ["private", "alone"]
[profiles.default]
menu = ["a", "private"]
[profiles.other]
menu = ["private"]
networks = ["10.2.0.0/16", "2001:db8::/32", "10.3.0.0/16"]
[profiles.kitchen]
menu = ["alone"]
networks = ["10.2.0.0/16", "10.1.7.0/24", "10.0.0.0/8", "2001:db8::/48"]
""",
    )
    above = "which comes first in the file and gets its phones. Put [profiles.kitchen] above it."
    there = "everybody can read it there. If it is not for everybody, give"
    assert [
        (
            "book alone is in a restricted profile, and in profile kitchen too, which is open:"
            f" {there} profile kitchen a menu without it."
        ),
        (
            "book private is in a restricted profile, and in profiles default, other too, which are"
            f" open: {there} each of them a menu without it."
        ),
        (
            "profiles.kitchen.networks: 10.2.0.0/16 stands in profiles.other too, which comes"
            " first in the file and gets its phones. Keep one."
        ),
        f"profiles.kitchen.networks: 10.1.7.0/24 lies within 10.1.0.0/16 of profiles.boss, {above}",
        (
            "profiles.kitchen.networks: 2001:db8::/48 lies within 2001:db8::/32 of profiles.other,"
            f" {above}"
        ),
        'private and a have the same title "Same": nobody can tell them apart in the menu.',
    ] == warnings
    shown = run("check", cwd=tmp_path).stdout
    assert (
        "(1 source, 4 profiles)" in shown
        and "1 contact with 1 number; 0 without a number." in shown
    )


def test_a_source_that_holds_nobody_ends_with_exit_code_1_held_back_or_not(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(contacts.CONFIG, encoding="utf-8")
    (tmp_path / "contacts.csv").write_text("name,number\nAnn,1001\n")
    assert 0 == run("build", "--once", cwd=tmp_path).returncode
    (tmp_path / "contacts.csv").write_text("name,number\n")
    before = run("check", cwd=tmp_path)
    assert (1, True) == (before.returncode, "it is empty" in before.stdout)
    assert 1 == run("build", "--once", cwd=tmp_path).returncode
    held = run("check", cwd=tmp_path)
    assert (1, True) == (held.returncode, "held back" in held.stdout), held
