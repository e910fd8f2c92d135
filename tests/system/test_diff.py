"""`diff` says what the phones show before and after, and changes nothing."""

import hashlib
import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.build.once import build_once
from tests.support.offline_gateway import Person, configured, write_people
from tests.support.phone.strict import CP_7821, Phone, walk
from tests.support.servers.gateway import run
from tests.support.servers.worker import Worker

Rows = Counter[tuple[str, str]]

PROFILES = ("default", "lobby")
CONFIG = """
title = "Company"
access.networks = ["127.0.0.0/8"]
[listen]
host = "127.0.0.1"
[sources.staff]
connector = "csv"
path = "{staff}"
[sources.plain]
connector = "csv"
path = "plain.csv"
[books.all]
sources = ["staff", "plain"]
merge = {merge}
{exclude}
[books.sales]
sources = ["staff"]
groups = ["Sales"]
{dial}
[numbers]
outside_line = "{outside}"
[profiles.default]
name_order = "{order}"
menu = {menu}
[profiles.lobby]
networks = ["10.0.0.0/8"]
menu = ["all"]
"""


@st.composite
def configurations(draw: st.DrawFn) -> str:
    dial = draw(st.sampled_from(["", '[dial.desk]\ntitle = "Desk"\nnumber = "{}"']))
    names = ["all", "sales", *(["desk"] if dial else [])]
    return CONFIG.format(
        staff=draw(st.sampled_from(["staff.csv", "other.csv"])),
        merge=draw(st.sampled_from(["false", "true"])),
        exclude=draw(st.sampled_from(["", 'exclude = ["^Bob"]'])),
        dial=dial.format(draw(st.sampled_from(["1001", "1002"]))),
        outside=draw(st.sampled_from(["0", "9"])),
        order=draw(st.sampled_from(["first-last", "last-first"])),
        menu=json.dumps(draw(st.permutations(names).map(lambda found: found[:2]))),
    )


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "First Name": st.sampled_from(["Ann", "Bob", "Zoë", "明"]),
            "Last Name": st.sampled_from(["Smith", "Müller", "A & B <C>"]),
            "Labels": st.sampled_from(["", "Sales"]),
            "Phone 1 - Value": st.sampled_from(["1001", "1002", "+49 89 5550001", "none"]),
            "Phone 2 - Value": st.sampled_from(["", "0172 5550009"]),
        }
    ),
    min_size=1,
    max_size=14,
)
FILES = st.fixed_dictionaries({f"{name}.csv": PEOPLE for name in ("staff", "other", "plain")})


def write_files(folder: Path, people: dict[str, list[Person]], age: float) -> None:
    """Write files that are `age` seconds old: one that is newer is read twice."""
    for name, rows in people.items():
        path = write_people(folder / name, rows)
        os.utime(path, (path.stat().st_mtime - age,) * 2)


def seen_by_phones(folder: Path, config: str) -> dict[str, Rows]:
    """Read the sources by the builder's steps, serve, and walk through each profile."""
    found = configured(folder, config)
    build_once(found)
    with Worker(found) as worker:
        walks = {}
        for profile in PROFILES:
            with Phone(CP_7821) as phone:
                start = "" if profile == "default" else f"/p/{profile}"
                walks[profile] = walk(phone, f"http://127.0.0.1:{worker.port}{start}/menu.xml")
    return {name: Counter((*seen.rows, *seen.dials)) for name, seen in walks.items()}


def difference(folder: Path, *words: str) -> tuple[list[dict[str, Any]], int]:
    done = run("diff", "--json", *words, cwd=folder)
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode


def state_of(folder: Path) -> dict[str, str]:
    """Return a digest of each file of the state directory."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (folder / "state").rglob("*")
        if path.is_file()
    }


def applied(before: dict[str, Rows], lines: list[dict[str, Any]]) -> dict[str, Rows]:
    """Return the rows of each profile after the changes that `diff` printed."""
    after = {profile: rows.copy() for profile, rows in before.items()}
    for line in lines:
        for _ in line.get("books", ()):
            rows = after[line["profile"]]
            if line["change"] != "added":
                rows[line["former_name"], line["former_number"]] -= 1
            if line["change"] != "gone":
                rows[line["name"], line["number"]] += 1
    return after


def check_counts(lines: list[dict[str, Any]]) -> None:
    listed = Counter((line["profile"], line["change"]) for line in lines if "change" in line)
    totals = [line for line in lines if "rows_before" in line]
    kinds = ("added", "gone", "renamed", "number")
    counts = {(line["profile"], kind): line[kind] for line in totals for kind in kinds}
    assert listed == +Counter(counts)
    assert set(PROFILES) == {line["profile"] for line in totals}
    first_change = next((at for at, line in enumerate(lines) if "change" in line), len(lines))
    assert all("change" in line for line in lines[first_change:]), "the counts come first"


@settings(max_examples=12, deadline=None)
@given(
    people=st.tuples(FILES, FILES),
    configs=st.tuples(configurations(), configurations()),
    data=st.data(),
)
def test_the_difference_is_what_a_phone_sees_before_and_after(
    people: tuple[dict[str, list[Person]], dict[str, list[Person]]],
    configs: tuple[str, str],
    data: st.DataObject,
) -> None:
    config_changes = data.draw(st.booleans())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder, people[0], age=200)
        before = seen_by_phones(folder, configs[0])
        stored = state_of(folder)
        write_files(folder, people[1], age=100)
        new = configs[1] if config_changes else configs[0]
        (folder / "new.toml").write_text(new, encoding="utf-8")
        lines, code = difference(folder, *(["new.toml"] if config_changes else []))
        assert stored == state_of(folder)
        check_counts(lines)
        states = {line["source"]: line["state"] for line in lines if "source" in line}
        assert {"staff", "plain"} == set(states)
        assert code == (set(states.values()) != {"ok"})
        assert seen_by_phones(folder, new) == {
            profile: +rows for profile, rows in applied(before, lines).items()
        }


def person(number: int, name: str = "") -> Person:
    return {"Name": name or f"Ann No{number:02}", "Number": f"2{number:03}"}


STAFF = '[sources.staff]\nconnector = "csv"\npath = "staff.csv"\n'


def published(folder: Path, people: int = 20) -> None:
    write_files(folder, {"staff.csv": [person(number) for number in range(people)]}, age=200)
    (folder / "gateway.toml").write_text(STAFF, encoding="utf-8")
    assert 0 == run("build", "--once", cwd=folder).returncode


def test_the_counts_come_first_then_the_changes(tmp_path: Path) -> None:
    published(tmp_path)
    rows = [person(number) for number in range(1, 20)] + [person(99, "Zoë")]
    rows[0] = person(1, "Anna Smith")
    rows[1] = person(98, "Ann No02")
    write_files(tmp_path, {"staff.csv": rows}, age=100)
    done = run("diff", cwd=tmp_path)
    assert (0, "") == (done.returncode, done.stderr)
    assert [
        "source staff: 20 contacts",
        "profile default: 20 rows, then 20: 1 added, 1 gone, 1 renamed, 1 with another number.",
        "  added: Zoë, 2099 (staff)",
        "  gone: Ann No00, 2000 (staff)",
        "  renamed: Ann No01 becomes Anna Smith, 2001 (staff)",
        "  another number: Ann No02, 2002 becomes 2098 (staff)",
    ] == done.stdout.splitlines()
    short = run("diff", "--limit", "1", cwd=tmp_path).stdout.splitlines()
    assert ["  added: Zoë, 2099 (staff)", "  and 3 more (--limit lists them)"] == short[2:]
    assert 3 == len(run("diff", "--json", "--limit", "1", cwd=tmp_path).stdout.splitlines())


def test_what_the_brake_would_hold_back_is_told_and_holds_nothing(tmp_path: Path) -> None:
    published(tmp_path)
    write_files(tmp_path, {"staff.csv": [person(1)]}, age=100)
    done = run("diff", cwd=tmp_path)
    assert (1, "") == (done.returncode, done.stderr)
    loss = "it lost 19 of 20 contacts. The phones keep what they have."
    assert [
        f"source staff: would be held back: {loss}",
        "profile default: 20 rows, then 20: nothing changes.",
    ] == done.stdout.splitlines()
    assert "nothing to accept" in run("accept", "staff", cwd=tmp_path).stdout
    # What a person accepted goes through, as it would with the builder.
    assert 1 == run("build", "--once", cwd=tmp_path).returncode
    run("accept", "staff", cwd=tmp_path)
    accepted = run("diff", "--limit", "0", cwd=tmp_path)
    assert 0 == accepted.returncode
    assert "20 rows, then 1: 0 added, 19 gone" in accepted.stdout


def test_a_source_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    published(tmp_path)
    (tmp_path / "staff.csv").unlink()
    done = run("diff", cwd=tmp_path)
    assert (1, "") == (done.returncode, done.stderr)
    assert "source staff: failing. " in done.stdout and "is not there" in done.stdout
    assert "The phones keep what they have." in done.stdout
    assert "nothing changes" in done.stdout


def test_nothing_is_kept_of_a_source_that_was_never_read(tmp_path: Path) -> None:
    published(tmp_path)
    (tmp_path / "new.toml").write_text(STAFF.replace("staff", "other"), encoding="utf-8")
    done = run("diff", "new.toml", "--limit", "0", cwd=tmp_path)
    assert (1, "") == (done.returncode, done.stderr)
    assert "source other: failing. " in done.stdout and "Nothing of it is kept." in done.stdout
    assert "20 rows, then 0: 0 added, 20 gone" in done.stdout


def test_a_file_that_was_edited_in_place_is_compared_with_what_the_phones_have(
    tmp_path: Path,
) -> None:
    published(tmp_path, 2)
    desk = '[dial.desk]\ntitle = "Desk"\nnumber = "1001"\n[profiles.lobby]\n'
    (tmp_path / "gateway.toml").write_text(STAFF + desk, encoding="utf-8")
    done = run("diff", cwd=tmp_path)
    assert "The phones do not have the configuration of " in done.stderr
    shown = done.stdout.splitlines()
    at = shown.index(
        "profile default: 2 rows, then 2: 1 added, 0 gone, 0 renamed, 0 with another number."
    )
    assert "  added: Desk, 1001 (menu)" == shown[at + 1]
    assert "profile lobby: 0 rows, then 2: 3 added, 0 gone," in done.stdout


@pytest.mark.parametrize("words, rows", [((), 0), (("gateway.toml",), 3)])
def test_where_nothing_is_published(tmp_path: Path, words: tuple[str, ...], rows: int) -> None:
    write_files(tmp_path, {"staff.csv": [person(number) for number in range(3)]}, age=200)
    (tmp_path / "gateway.toml").write_text(STAFF, encoding="utf-8")
    done = run("diff", *words, cwd=tmp_path)
    assert 0 == done.returncode, done.stderr
    assert f"profile default: {rows} rows, then 3: " in done.stdout
    assert ("" if words else "Nothing is published yet.\n") == done.stderr
    assert not (tmp_path / "state").exists()


def test_a_new_configuration_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    published(tmp_path, 2)
    done = run("diff", "new.toml", cwd=tmp_path)
    assert (2, "") == (done.returncode, done.stdout)
    assert "file 'new.toml' does not exist" in done.stderr


def test_a_new_configuration_that_is_wrong_is_named(tmp_path: Path) -> None:
    published(tmp_path, 2)
    (tmp_path / "new.toml").write_text(STAFF + "refesh = 5\n", encoding="utf-8")
    done = run("diff", "new.toml", cwd=tmp_path)
    assert (1, "") == (done.returncode, done.stdout)
    assert "new.toml: 1 problem\n  line 4: sources.staff.refesh: unknown key." in done.stderr
