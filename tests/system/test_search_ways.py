"""Tests of the keys of a search: back to the form, and past the thousandth row."""

from pathlib import Path

import pytest

from app.phones.strict.models import Model
from tests.support import contacts
from tests.support.offline_gateway import rows
from tests.support.phone.strict import (
    CP_860,
    CP_7821,
    CP_7965G,
    CP_8875,
    MODELS,
    DirectoryObject,
    InputObject,
    MenuObject,
    Phone,
    TextObject,
)
from tests.support.search_gateway import CROWD_COUNT
from tests.support.servers.gateway import Gateway
from tests.support.servers.web_side import WebSide


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize("book", ["", "staff/"])
def test_nothing_found_leads_back_to_the_form_with_what_was_typed(
    searchable: Gateway, model: Model, book: str
) -> None:
    with Phone(model) as phone:
        form = phone.get(f"{searchable.base}/{book}search.xml")
        if not isinstance(form, InputObject):
            assert "Search" not in [key.name for key in form.softkeys]
            return
        nothing = phone.submit(form, {"q": "no body's <ä> & c", "k": "12*"})
        assert isinstance(nothing, TextObject)
        assert phone.here.expired
        if not model.has_softkeys:
            return
        again = phone.softkey("Search")
        assert isinstance(again, InputObject)
        assert form.url == again.url
        assert {"q": "no body's <ä> & c", "k": "12*"} == {
            field.parameter: field.value for field in again.fields
        }
        assert not phone.here.expired


def test_where_the_way_back_stands(searchable: Gateway) -> None:
    for model, keys in (
        (CP_7821, ["Exit", "Search"]),
        (CP_7965G, ["Search", "Exit"]),
        (CP_8875, []),
        (CP_860, ["Exit"]),
    ):
        with Phone(model) as phone:
            nothing = phone.get(f"{searchable.base}/search.xml?q=nobody")
            assert isinstance(nothing, TextObject)
            assert keys == [key.name for key in nothing.softkeys], model.name
    with Phone(CP_7821, softkeys=False) as phone:
        nothing = phone.get(f"{searchable.base}/p/bare/search.xml?q=nobody")
        assert isinstance(nothing, TextObject)
        assert () == nothing.softkeys


def test_exit_from_nothing_found_shows_the_form_too(searchable: Gateway) -> None:
    with Phone(CP_7821) as phone:
        form = phone.get(f"{searchable.base}/search.xml")
        assert isinstance(form, InputObject)
        phone.submit(form, {"q": "nobody"})
        assert isinstance(phone.softkey("Exit"), InputObject)


def test_results_go_on_behind_the_last_that_is_counted(searchable: Gateway) -> None:
    with Phone(CP_7821, keep_alive=True) as phone:
        page = phone.get(f"{searchable.base}/p/crowd/search.xml?q=acme")
        seen: list[str] = []
        prompts: list[str] = []
        while isinstance(page, DirectoryObject):
            seen += [entry.number for entry in page.entries]
            prompts.append(page.prompt)
            if not any(key.name == "Next" for key in page.softkeys):
                break
            page = phone.softkey("Next")
        assert ("1-32 of 1000+", "993-1024 of 1000+", "1089-1100 of 1100") == (
            prompts[0],
            prompts[31],
            prompts[-1],
        )
        assert CROWD_COUNT == len(seen) == len(set(seen))
        for expected in reversed(prompts[:-1]):
            page = phone.softkey("Previous")
            assert isinstance(page, DirectoryObject)
            assert expected == page.prompt


def test_a_book_that_was_never_read_is_told_of(searchable: Gateway) -> None:
    def text(path: str) -> str:
        with Phone(CP_7821) as phone:
            page = phone.get(f"{searchable.base}/{path}")
            assert isinstance(page, TextObject)
            return page.text

    assert 'Nothing was found for "nobody".' == text("search.xml?q=nobody")
    assert 'Nothing was found for "nobody". Cannot be searched yet: Late & Co.' == text(
        "p/both/search.xml?q=nobody"
    )
    assert 'Nothing was found for "nobody".' == text("p/both/staff/search.xml?q=nobody")
    assert "again in a minute" in text("p/both/late/search.xml?q=nobody")
    assert "There is no directory to search here." == text("p/dials/search.xml?q=nobody")


def test_a_menu_without_the_word_leaves_the_key_out_and_the_address_answers(
    searchable: Gateway,
) -> None:
    with Phone(CP_7821) as phone:
        page = phone.get(f"{searchable.base}/p/quiet/staff.xml")
        while isinstance(page, MenuObject):
            page = phone.choose(page.items[0])
        assert isinstance(page, DirectoryObject)
        assert "Search" not in [key.name for key in page.softkeys]
        assert isinstance(
            phone.get(f"{searchable.base}/p/quiet/search.xml?q=acme"), DirectoryObject
        )


LONG = "n" * 32
LONG_CONFIG = f"""
[sources.staff]
connector = "csv"
path = "contacts.csv"
[books.{LONG}]
sources = ["staff"]
[profiles.{LONG}]
menu = ["{LONG}", "search"]
[profiles.default]
menu = ["{LONG}", "search"]
"""


def test_long_names_long_typed_texts_and_a_long_address_still_make_a_page(tmp_path: Path) -> None:
    base = f"http://{'h' * 43}.{'h' * 44}:8080"
    contacts.write(tmp_path / "contacts.csv", (contacts.person(row) for row in range(40)))
    with (
        WebSide(tmp_path, f'base_url = "{base}"\n' + LONG_CONFIG) as gateway,
        Phone(CP_7821) as phone,
    ):
        assert 40 == len(rows(gateway.settings, LONG, LONG))
        for typed in (
            "q=" + "%D0%9F" * 32 + "&k=" + "5" * 32,
            "k=" + "%23" * 32,
            "q=" + "%2A" * 32 + "x&k=" + "%2A" * 32,
        ):
            nothing = phone.get(f"{gateway.base}/p/{LONG}/{LONG}/search.xml?{typed}")
            assert isinstance(nothing, TextObject)
            assert "Nothing was found" in nothing.text
            assert ["Exit", "Search"] == [key.name for key in nothing.softkeys]
        page = phone.get(f"{gateway.base}/p/{LONG}/{LONG}/search.xml?q=acme&k=" + "8955")
        assert isinstance(page, DirectoryObject)
        assert "Next" in [key.name for key in page.softkeys]
