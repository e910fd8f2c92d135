"""The dial plan from `gateway.toml` and a CSV file to pages and the command line."""

import json
from pathlib import Path

import pytest

from app.settings.loader import SettingsError
from tests.support import contacts
from tests.support.offline_gateway import built, configured, rows, write_people
from tests.support.phone.strict import CP_7821, Phone, walk
from tests.support.servers.gateway import Gateway, eventually, run
from tests.support.servers.web_side import WebSide

TWO_SITES = """
[sources.staff]
connector = "csv"
path = "contacts.csv"
[numbers]
region = "DE"
outside_line = "0"
[profiles.default]
[profiles.us]
[profiles.us.numbers]
region = "US"
outside_line = "9"
"""
ASKED_FOR = [
    ("Ann", "+49 89 5550109", "0 089 5550109", "9 011 49 89 5550109"),
    ("Bob", "+49 (0)30 5550113", "0 030 5550113", "9 011 49 30 5550113"),
    ("Cora", "+1 (212) 555-0107", "0 001 212 5550107", "9 1 212 5550107"),
    ("Dora", "+49 69 5550114,,4711#", "0 069 5550114", "9 011 49 69 5550114"),
    ("Eve", "*97", "*97", "*97"),
    ("Frank", "0800 FLOWERS", "0 0800 3569377", "0800 3569377"),
    ("Gina", "0049 172 5550116", "0 0172 5550116", "0049 172 5550116"),
    ("Hal", "1001", "1001", "1001"),
]


def write_numbers(folder: Path) -> None:
    write_people(
        folder / "contacts.csv", [{"Name": name, "Work Phone": raw} for name, raw, *_ in ASKED_FOR]
    )


def test_both_sites_on_the_phones(tmp_path: Path) -> None:
    write_numbers(tmp_path)
    with Gateway(tmp_path, TWO_SITES) as gateway:
        eventually(
            lambda: gateway.status()["profiles"]["us"]["books"]["staff"]["rows"] == len(ASKED_FOR),
            "it is served",
        )
        for path, column in (("menu.xml", 2), ("p/us/menu.xml", 3)):
            with Phone(CP_7821) as phone:
                found = walk(phone, f"{gateway.base}/{path}")
            assert [(row[0], row[column].replace(" ", "")) for row in ASKED_FOR] == list(found.rows)
        logged = gateway.logged()
    assert not any(name in logged or raw in logged for name, raw, *_ in ASKED_FOR[:4])


@pytest.mark.parametrize(
    "keys, raw, dialled",
    [
        ("", "+49 89 5550109", "0049895550109"),
        ('international = "000"', "+49 89 5550109", "00049895550109"),
        ("allow_plus = true", "+49 89 5550109", "+49895550109"),
        ("allow_pause = true", "+49 69 5550114,,4711#", "0049695550114,,4711#"),
        ("rewrite = [['^\\+420', ''], ['^77', '88']]", "+420 777 123 456", "887123456"),
        ('region = "DE"\nown_prefixes = ["+4989555"]', "089 555-0109", "0109"),
        ('region = "DE"\noutside_line = "0"\nextension_digits = 5', "12345", "12345"),
        ('region = "DE"\noutside_line = "0"\nextension_digits = 0', "22833", "022833"),
        ('region = "IT"\noutside_line = "0"', "+39 06 698 12345", "00669812345"),
    ],
)
def test_every_key_reaches_the_phones(tmp_path: Path, keys: str, raw: str, dialled: str) -> None:
    write_people(tmp_path / "contacts.csv", [{"Name": "Ann", "Work Phone": raw}])
    config = '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'
    assert [("Ann", dialled)] == rows(built(tmp_path, f"{config}[numbers]\n{keys}\n"))
    (tmp_path / "other").mkdir()
    write_people(tmp_path / "other" / "contacts.csv", [{"Name": "Ann", "Work Phone": raw}])
    of_profile = f'{config}[numbers]\nregion = "JP"\n[profiles.x.numbers]\nregion = ""\n{keys}\n'
    if "region" not in keys:
        assert [("Ann", dialled)] == rows(built(tmp_path / "other", of_profile), profile="x")


def test_dial_items_follow_the_plan(tmp_path: Path) -> None:
    write_numbers(tmp_path)
    more = '[dial.taxi]\ntitle = "Taxi"\nnumber = "+49 89 19410"\n'
    with WebSide(tmp_path, TWO_SITES + more) as gateway:
        assert "Dial:008919410" in gateway.text("/taxi.xml")
        assert "Dial:9011498919410" in gateway.text("/p/us/taxi.xml")


def test_dial_items_that_look_odd_are_told(tmp_path: Path) -> None:
    write_people(tmp_path / "contacts.csv", [{"Name": "Ann Smith", "Work Phone": "+49 89 5550101"}])
    items = {"taxi": "0895550101,,22", "nobody": "none", "desk": "1001"}
    more = "".join(
        f'[dial.{name}]\ntitle = "Call {name}"\nnumber = "{number}"\n'
        for name, number in items.items()
    )
    configured(tmp_path, TWO_SITES + more)
    checked = run("check", cwd=tmp_path).stdout
    pause = (
        'dial.taxi.number = "0895550101,,22" looks odd in profile default (00895550101 is'
        " dialled). "
    )
    assert pause + "What follows the pause is not dialled.\n" in checked
    assert (
        'dial.taxi.number = "0895550101,,22" looks odd in profile us (0895550101 is dialled). '
        in checked
    )
    for profile in ("default", "us"):
        assert (
            f'dial.nobody.number = "none" cannot be dialled in profile {profile}. It holds'
            " no number.\n" in checked
        )
    assert "dial.desk" not in checked
    assert "profile default: 4 numbers; 1 cannot be dialled; 2 look odd." in checked
    listed = run("numbers", cwd=tmp_path)
    assert [
        "Ann Smith\twork\t+49 89 5550101\t00895550101\tnational",
        (
            "Call taxi\tdial\t0895550101,,22\t00895550101\tnational\t! What follows the pause is"
            " not dialled."
        ),
        "Call nobody\tdial\tnone\t(nothing)\tnone\t! It holds no number.",
        "Call desk\tdial\t1001\t1001\textension",
    ] == listed.stdout.splitlines()
    assert "4 numbers; 1 cannot be dialled; 2 look odd." in listed.stderr
    odd = [
        json.loads(line)
        for line in run("numbers", "--odd", "--json", cwd=tmp_path).stdout.splitlines()
    ]
    assert [("", "taxi", "Call taxi", "dial"), ("", "nobody", "Call nobody", "dial")] == [
        (line["source"], line["id"], line["name"], line["kind"]) for line in odd
    ]


@pytest.mark.parametrize(
    "keys, message",
    [
        (
            '[numbers]\nregion = "UK"',
            'numbers.region = "UK" is no country that is known here: write "GB".',
        ),
        ('[profiles.x.numbers]\nown_prefixes = ["089"]', "profiles.x.numbers.own_prefixes"),
        ("[numbers]\nextension_digits = 99", "numbers.extension_digits"),
        ("[numbers]\nrewrite = [['(', '']]", "numbers.rewrite"),
        ("[numbers]\noutside_line = 0", "numbers.outside_line"),
    ],
)
def test_a_wrong_plan_is_told_at_the_start(tmp_path: Path, keys: str, message: str) -> None:
    write_numbers(tmp_path)
    with pytest.raises(SettingsError) as caught:
        configured(tmp_path, f'[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n{keys}\n')
    assert message in str(caught.value)


def test_numbers_lists_what_is_dialled(tmp_path: Path) -> None:
    write_numbers(tmp_path)
    configured(tmp_path, TWO_SITES)
    done = run("numbers", "--profile", "us", cwd=tmp_path)
    assert 0 == done.returncode, done.stderr
    lines = {line.split("\t")[0]: line.split("\t") for line in done.stdout.splitlines()}
    for name, raw, _, america in ASKED_FOR:
        assert [name, "work", raw, america.replace(" ", "")] == lines[name][:4]
    assert ["international"] == lines["Ann"][4:]
    assert "0800 3569377".replace(" ", "") == lines["Frank"][3]
    assert {"Dora", "Frank", "Gina"} == {
        name for name, line in lines.items() if len(line) > 5 and line[5].startswith("! ")
    }
    assert "8 numbers; 0 cannot be dialled; 3 look odd." in done.stderr
    assert not (tmp_path / "state").exists()


def test_numbers_as_json_and_odd_alone(tmp_path: Path) -> None:
    write_numbers(tmp_path)
    built(tmp_path, TWO_SITES)
    # From the store: the file is gone, and nobody asks for it.
    (tmp_path / "contacts.csv").unlink()
    done = run("numbers", "--json", "--odd", cwd=tmp_path)
    assert 0 == done.returncode, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [("Dora", "00695550114"), ("Frank", "008003569377")] == sorted(
        (line["name"], line["dialled"]) for line in found
    )
    assert {"source", "id", "name", "kind", "number", "dialled", "rule", "odd"} == set(found[0])


def test_numbers_of_an_unknown_profile(tmp_path: Path) -> None:
    write_numbers(tmp_path)
    configured(tmp_path, TWO_SITES)
    done = run("numbers", "--profile", "uk", cwd=tmp_path)
    assert (2, "") == (done.returncode, done.stdout)
    assert 'there is no profile "uk". There are: default, us.' in done.stderr


def test_numbers_stand_in_the_order_of_the_book(tmp_path: Path) -> None:
    names = [("Zoe", "Alt"), ("Ann", "Ähre"), ("Bob", "Zeller"), ("Émile", "Ahorn"), ("", "")]
    people = [
        {"Given Name": given, "Family Name": family, "Work Phone": f"10{row:02d}"}
        for row, (given, family) in enumerate(names)
    ]
    write_people(
        tmp_path / "contacts.csv",
        [person | {"Mobile Phone": f"0172 55501{person['Work Phone']}"} for person in people],
    )
    write_people(tmp_path / "more.csv", [{"Name": "Alma", "Work Phone": "1099"}])
    more = '[sources.more]\nconnector = "csv"\npath = "more.csv"\n'
    first = '[profiles.first]\nsort_by = "first"\nname_order = "last-first"\n'
    settings = built(
        tmp_path, f"{TWO_SITES}{more}[books.staff]\nsources = ['staff', 'more']\n{first}"
    )
    for profile in ("default", "first"):
        wanted = [
            name for name, _ in rows(settings, profile=profile) if not name.endswith("(mobile)")
        ]
        shown = [
            line.split("\t")[0]
            for line in run("numbers", "--profile", profile, cwd=tmp_path).stdout.splitlines()
        ]
        assert wanted == [name if name != "-" else "1004" for name in dict.fromkeys(shown)]
        lines = [
            json.loads(line)
            for line in run(
                "numbers", "--profile", profile, "--json", cwd=tmp_path
            ).stdout.splitlines()
        ]
        assert shown == [line["name"] or "-" for line in lines]
        assert ["work", "mobile"] == [line["kind"] for line in lines if "Zeller" in line["name"]]


def test_numbers_of_a_source_that_cannot_be_read(tmp_path: Path) -> None:
    configured(tmp_path, TWO_SITES)
    done = run("numbers", cwd=tmp_path)
    assert (1, "") == (done.returncode, done.stdout)
    assert (
        "Error: source staff was never read: " in done.stderr
        and "contacts.csv is not there" in done.stderr
    )
    # What others hold is listed all the same, and a source that no book of the profile is made of
    # is not missed.
    write_people(tmp_path / "more.csv", [{"Name": "Alma", "Work Phone": "1099"}])
    more = (
        '[sources.more]\nconnector = "csv"\npath = "more.csv"\n[books.staff]\nsources ='
        ' ["staff"]\n[books.more]\nsources = ["more"]\n'
    )
    configured(tmp_path, f'{TWO_SITES}{more}[profiles.lobby]\nmenu = ["more"]\n')
    done = run("numbers", cwd=tmp_path)
    assert (1, ["Alma"]) == (
        done.returncode,
        [line.split("\t")[0] for line in done.stdout.splitlines()],
    )
    assert 0 == run("numbers", "--profile", "lobby", cwd=tmp_path).returncode


def test_check_tells_of_plans_and_odd_numbers(tmp_path: Path) -> None:
    write_numbers(tmp_path)
    configured(tmp_path, TWO_SITES)
    done = run("check", cwd=tmp_path)
    assert 0 == done.returncode, done.stderr
    assert (
        '[numbers] of profile us: international is not set: "011" is dialled for +' in done.stdout
    )
    assert (
        '[numbers] of profile default: international is not set: "00" is dialled for +'
        in done.stdout
    )
    assert "profile us: 8 numbers; 0 cannot be dialled; 3 look odd." in done.stdout
    assert "profile default: 8 numbers; 0 cannot be dialled; 2 look odd." in done.stdout
    assert "directory-gateway numbers --odd --profile us" in done.stdout
    offline = run("check", "--offline", cwd=tmp_path)
    assert '"011" is dialled for +' in offline.stdout and "look odd" not in offline.stdout


def test_numbers_of_five_thousand_rows(tmp_path: Path) -> None:
    contacts.write(
        tmp_path / "contacts.csv", (contacts.person(row, second=True) for row in range(5_000))
    )
    configured(tmp_path, contacts.CONFIG + '[numbers]\nregion = "DE"\noutside_line = "0"\n')
    done = run("numbers", cwd=tmp_path)
    assert 0 == done.returncode, done.stderr
    *lines, helpdesk = [line.split("\t") for line in done.stdout.splitlines()]
    assert (10_000, ["Call helpdesk", "dial", "1001", "1001", "extension"]) == (
        len(lines),
        helpdesk,
    )
    assert sorted(f"008955{row:07d}" for row in range(5_000)) == sorted(
        line[3] for line in lines if line[1] == "work"
    )
    assert "10001 numbers;" in done.stderr
