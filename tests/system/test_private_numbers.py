"""A number that `private_label` leaves out is on no phone.

Labels of every dialect, the same number elsewhere, search and /lookup are tested.
"""

import json
import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest

from app.books.matching import SHARED_NUMBER_LIMIT
from app.cli.explain import explain_lines
from app.settings.loader import load
from tests.connectors.vcard.cards import card
from tests.support.offline_gateway import Person, built, rows, unlisted, write_people
from tests.support.phone.strict import CP_7821, Phone
from tests.support.servers.gateway import run
from tests.support.servers.web_side import WebSide

SECRET = "030 5550001"
OPEN = ("Anna Eins", "01725550001")
CARDS = '[sources.cards]\nconnector = "vcard"\npath = "cards.vcf"\n'
BOOK = '[books.staff]\nsources = [{}]\nprivate_label = "Privat"\n{}\n[numbers]\nregion = "DE"\n'


def listed(folder: Path, *lines: str, version: str = "3.0") -> list[tuple[str, str]]:
    (folder / "cards.vcf").write_text(
        card("FN:Anna Eins", "TEL;CELL:0172 5550001", *lines, version=version),
        encoding="utf-8",
        newline="",
    )
    return rows(built(folder, CARDS + BOOK.format('"cards"', "")))


def test_the_reported_cards(tmp_path: Path) -> None:
    label = "X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=50=72=69=76=61=74)"
    text = card(
        "N:Eins;Anna;;;",
        "FN:Anna Eins",
        "TEL;CELL:01725550001",
        f"TEL;{label}:0305550001",
        version="2.1",
    )
    text += card(
        "N:Vier;Dan;;;",
        "FN:Dan Vier",
        "TEL;TYPE=CELL:01725550004",
        'TEL;TYPE="Privat, Chef":0305550004',
    )
    (tmp_path / "cards.vcf").write_text(text, newline="")
    settings = built(tmp_path, CARDS + BOOK.format('"cards"', ""))
    assert [OPEN, ("Dan Vier", "01725550004"), ("Dan Vier (home)", "0305550004")] == rows(settings)


@pytest.mark.parametrize(
    "lines",
    [
        (f"TEL;TYPE=X-Privat:{SECRET}",),
        (f"TEL;TYPE=privat:{SECRET}",),
        (f"TEL;X-PRIVAT:{SECRET}",),
        (f'TEL;TYPE="PRIVAT":{SECRET}',),
        (f'TEL;TYPE=" Privat ":{SECRET}',),
        (f"TEL;TYPE=HOME,X-Privat:{SECRET}",),
        (f"TEL;TYPE=x-dect,x-privat:{SECRET}",),
        (f"TEL;X-CUSTOM(Privat):{SECRET}",),
        (f"TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,Privat):{SECRET}",),
        (f"TEL;TYPE=X-CUSTOM(CHARSET=UTF-8\\,ENCODING=QUOTED-PRINTABLE\\,=50rivat):{SECRET}",),
        (f"TEL;X-LABEL=Privat:{SECRET}",),
        (f"item1.TEL:{SECRET}", "item1.X-ABLabel:privat"),
        (f"item1.TEL:{SECRET}", "item1.X-ABLabel:_$!<Privat>!$_"),
        (f"item1.TEL:{SECRET}", "item1.X-ABLabel;ENCODING=QUOTED-PRINTABLE:=50rivat"),
        (f"item1.TEL;TYPE=X-Privat:{SECRET}", "item1.X-ABLabel:Festnetz"),
        (f"item1.TEL:{SECRET}", "ITEM1.X-ABLABEL:Privat", "item1.X-ABLabel:Chef"),
    ],
)
def test_labels_of_every_dialect(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert [OPEN] == listed(tmp_path, *lines)


def test_a_label_in_composed_letters_is_the_same_in_decomposed_ones(tmp_path: Path) -> None:
    label = unicodedata.normalize("NFD", "Büro  zu  Hause")
    (tmp_path / "cards.vcf").write_text(
        card("FN:Anna Eins", f'TEL;TYPE="{label}":1', "TEL:2"), encoding="utf-8"
    )
    book = '[books.staff]\nsources = ["cards"]\nprivate_label = "büro zu hause"\n'
    assert [("Anna Eins", "2")] == rows(built(tmp_path, CARDS + book))


@pytest.mark.parametrize(
    "other",
    [
        f"TEL;CELL:{SECRET}",
        "TEL;WORK:+49 30 5550001",
        "TEL;VALUE=uri:tel:+49-30-5550001",
        "TEL:0049 (0)30 5550001",
    ],
)
def test_the_same_number_of_the_same_contact_without_the_label(tmp_path: Path, other: str) -> None:
    private = f"TEL;TYPE=X-Privat:{SECRET}"
    assert [OPEN] == listed(tmp_path, private, other)
    assert [OPEN] == listed(tmp_path, other, private)


def test_the_same_number_in_two_columns(tmp_path: Path) -> None:
    people: list[Person] = [
        {
            "Name": "Ann Smith",
            "Mobile Phone": "0172 5550111",
            "Work Phone": "089 5550101",
            "Home Phone": "+49 89 5550101",
        }
    ]
    write_people(tmp_path / "office.csv", people)
    keys = (
        '[sources.office]\nconnector = "csv"\npath = "office.csv"\n[books.staff]\nsources ='
        ' ["office"]\nprivate_label = "home phone"\n'
    )
    for merge in ("", "merge = false\n"):
        settings = built(tmp_path, keys + merge + '[numbers]\nregion = "DE"\n')
        assert [("Ann Smith", "01725550111")] == rows(settings)


def household(folder: Path, extra: str = "", keys: str = "") -> list[tuple[str, str]]:
    (folder / "cards.vcf").write_text(
        card(
            "FN:Anna Eins", "N:Eins;Anna;;;", "TEL;CELL:0172 5550001", f"TEL;TYPE=X-Privat:{SECRET}"
        )
        + extra,
        encoding="utf-8",
        newline="",
    )
    people: list[Person] = [
        {"Name": "Anna Eins", "Phone": SECRET},
        {"Name": "Eins, Anna", "Phone": "+49 30 5550001"},
        {"Name": "Bert Eins", "Phone": SECRET},
        {"Company": "Eins GmbH", "Phone": SECRET},
        {"Company": "", "Name": "", "Phone": "0049 30 5550001"},
    ]
    write_people(folder / "office.csv", people)
    config = (
        CARDS
        + '[sources.office]\nconnector = "csv"\npath = "office.csv"\n'
        + BOOK.format('"cards", "office"', keys)
    )
    return rows(built(folder, config))


def test_the_same_person_elsewhere_and_nobody_else(tmp_path: Path) -> None:
    """Two contacts of the other source fit, so neither is merged.

    A nameless one would show the number itself.
    """
    assert sorted([OPEN, ("Bert Eins", "0305550001"), ("Eins GmbH", "0305550001")]) == sorted(
        household(tmp_path)
    )


def test_a_second_card_of_the_same_source(tmp_path: Path) -> None:
    extra = card("FN:Dr. Anna Eins", f"TEL;WORK:{SECRET}", "TEL;WORK:030 5550002")
    assert ("Dr. Anna Eins", "0305550002") in household(tmp_path, extra)
    assert "0305550001" not in {
        number for name, number in household(tmp_path, extra) if "Anna" in name
    }


def test_a_card_that_the_book_leaves_out_still_marks_its_number(tmp_path: Path) -> None:
    assert "0305550001" not in {
        number for name, number in household(tmp_path, keys='groups = ["none"]') if "Anna" in name
    }
    text = card("FN:Anna Eins", "CATEGORIES:Gone", f"TEL;TYPE=X-Privat:{SECRET}") + card(
        "FN:Anna Eins", f"TEL:{SECRET}"
    )
    (tmp_path / "cards.vcf").write_text(text, newline="")
    assert [] == rows(built(tmp_path, CARDS + BOOK.format('"cards"', 'exclude_groups = ["gone"]')))


def test_without_merging_every_contact_stands_by_itself(tmp_path: Path) -> None:
    found = household(tmp_path, keys="merge = false")
    assert "01725550001" in {number for _, number in found}
    assert 5 == sum(number == "0305550001" for _, number in found)


def test_a_number_that_more_people_mark_than_one_looks_through_is_private_for_all(
    tmp_path: Path,
) -> None:
    names = [
        f"{chr(65 + place)}{chr(65 + place) * 4} Muster" for place in range(SHARED_NUMBER_LIMIT + 1)
    ]
    text = "".join(card(f"FN:{name}", f"TEL;TYPE=X-Privat:{SECRET}") for name in names) + card(
        "FN:Zoe Other", f"TEL:{SECRET}"
    )
    (tmp_path / "cards.vcf").write_text(text, newline="")
    assert [] == rows(built(tmp_path, CARDS + BOOK.format('"cards"', "")))


def test_why_it_is_left_out_is_told(tmp_path: Path) -> None:
    household(tmp_path)
    settings = load(tmp_path / "gateway.toml")
    assert {"only private numbers": 3} == {
        reason: count for reason, count in unlisted(settings).items() if "private" in reason
    }
    explanation = "\n".join(explain_lines(settings, "anna", as_json=False, report=print))
    assert 3 == explanation.count("private by its label ('Privat')")
    assert "030 5550001 (other, Phone; Privat)" in explanation


def test_a_label_among_others_is_known_to_check(tmp_path: Path) -> None:
    listed(tmp_path, f"TEL;TYPE=x-dect,x-privat:{SECRET}")
    answer = run("check", cwd=tmp_path)
    assert (0, False) == (answer.returncode, "no number has the label" in answer.stdout), answer


def test_neither_search_nor_lookup_shows_it(tmp_path: Path) -> None:
    household(tmp_path)
    config = (tmp_path / "gateway.toml").read_text(encoding="utf-8")
    text = card(
        "FN:Anna Eins",
        "N:Eins;Anna;;;",
        "TEL;CELL:0172 5550001",
        f"TEL;TYPE=X-Privat:{SECRET}",
        f"TEL;WORK:{SECRET}",
    )
    (tmp_path / "cards.vcf").write_text(text, newline="")
    write_people(
        tmp_path / "office.csv",
        [{"Name": "Anna Eins", "Phone": "+49 30 5550001"}, {"Name": "Eins, Anna", "Phone": SECRET}],
    )
    with WebSide(tmp_path, config) as gateway:
        assert 1 == len(rows(gateway.settings, "staff"))
        for number in (SECRET, "+49305550001", "5550001"):
            assert "" == gateway.text(f"/lookup?number={quote(number)}").strip()
        assert "Anna Eins" == gateway.text("/lookup?number=01725550001").strip()
        with Phone(CP_7821) as phone:
            for query in ("q=anna", "q=eins", "k=5550001", "k=030555", "k=2662"):
                shown = phone.get(f"{gateway.base}/search.xml?{query}")
                assert "0305550001" not in json.dumps(str(shown)), query
