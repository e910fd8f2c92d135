"""Tests of searching with phones: forms, queries, pages, and hostile clients."""

import http.client
import json
import socket
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support import contacts
from tests.support.patience import PATIENCE
from tests.support.phone.strict import (
    CP_7821,
    EACH_CHARSET_AND_LAYOUT,
    MODELS,
    DirectoryObject,
    InputObject,
    MenuObject,
    Model,
    Phone,
    TextObject,
)
from tests.support.search_gateway import STAFF_COUNT
from tests.support.servers.gateway import Gateway, eventually, run
from tests.support.servers.web_side import WebSide


@pytest.mark.parametrize(
    "model",
    EACH_CHARSET_AND_LAYOUT,
    ids=lambda model: f"{model.name} {model.header('Accept-Charset')}",
)
@pytest.mark.parametrize(
    "typed", [{"q": "mueller j"}, {"q": "MÜLLER"}, {"k": "685"}, {"q": "acme", "k": "58743"}]
)
def test_form_pages_and_the_way_back(
    searchable: Gateway, model: Model, typed: dict[str, str]
) -> None:
    with Phone(model, keep_alive=True) as phone:
        menu = phone.press_directories(f"{searchable.base}/menu.xml")
        assert isinstance(menu, MenuObject)
        form = phone.choose("Search")
        assert isinstance(form, InputObject)
        assert [("q", "A", ""), ("k", "T", "")] == [
            (field.parameter, field.flags, field.value) for field in form.fields
        ]
        page = phone.submit(form, typed, encoding="iso-8859-1")
        seen: list[str] = []
        prompts = []
        while isinstance(page, DirectoryObject):
            seen += [entry.number for entry in page.entries]
            prompts.append(page.prompt)
            if not any(key.name == "Next" for key in page.softkeys):
                break
            page = phone.softkey("Next")
        assert ["1-32 of 120", "33-64 of 120", "65-96 of 120", "97-120 of 120"] == prompts
        assert [f"08955{row:07d}" for row in range(STAFF_COUNT)] == seen
        phone.softkey("Previous")
        assert "65-96 of 120" == phone.here.screen.prompt
        again = phone.softkey("Search")
        assert isinstance(again, InputObject)
        assert typed == {field.parameter: field.value for field in again.fields if field.value}
        assert form.url == again.url


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_model_searches_or_is_told_that_it_cannot(searchable: Gateway, model: Model) -> None:
    with Phone(model) as phone:
        phone.press_directories(f"{searchable.base}/menu.xml")
        form = phone.choose("Search")
        if "x-CiscoIPPhone/Menu" in model.header("Accept") and "Input" not in model.header(
            "Accept"
        ):
            assert isinstance(form, TextObject)
        else:
            assert isinstance(form, InputObject)
        found = phone.look(f"{searchable.base}/search.xml?q=petrov")
        assert ["08988888888"[:3]] == [number[:3] for _, number in found.rows]


def test_a_book_is_searched_from_within(searchable: Gateway) -> None:
    with Phone(CP_7821) as phone:
        phone.get(f"{searchable.base}/friends.xml")
        form = phone.softkey("Search")
        assert isinstance(form, InputObject)
        assert f"{searchable.base}/friends/search.xml" == form.url
        page = phone.submit(form, {"q": "jurgen"}, plus=False)
        assert isinstance(page, DirectoryObject)
        assert ["Jurgen Friend"] == [entry.name for entry in page.entries]
        phone.submit(form, {"q": "petrov"})
        assert isinstance(phone.here.screen, TextObject)
        blank = phone.submit(form, {})
        assert isinstance(blank, InputObject)
        assert blank.prompt


def test_a_profile_keeps_its_phones(searchable: Gateway) -> None:
    with Phone(CP_7821, softkeys=False) as phone:
        page = phone.look(f"{searchable.base}/p/bare/search.xml?q=mul")
        assert page.refresh.startswith(f"{searchable.base}/p/bare/search.xml?q=mul&")
    with Phone(CP_7821) as phone:
        quiet = phone.press_directories(f"{searchable.base}/p/quiet/menu.xml")
        assert isinstance(quiet, MenuObject)
        assert "Search" not in [item.name for item in quiet.items]
        book = phone.choose("Staff")
        assert isinstance(book, MenuObject)
        page_object = phone.choose(book.items[0])
        assert isinstance(page_object, DirectoryObject)
        assert "Search" not in [key.name for key in page_object.softkeys]


def test_results_do_not_move_under_the_thumb(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", (contacts.person(row) for row in range(300)))
    with Gateway(tmp_path, contacts.CONFIG) as gateway, Phone(CP_7821) as phone:
        eventually(
            lambda: gateway.status()["profiles"]["default"]["books"]["staff"]["rows"] == 300,
            "it is served",
        )
        page = phone.get(f"{gateway.base}/search.xml?q=acme")
        assert isinstance(page, DirectoryObject)
        contacts.write(tmp_path / "contacts.csv", (contacts.person(row + 31) for row in range(300)))
        before = gateway.status()["generation"]["version"]
        eventually(lambda: gateway.status()["generation"]["version"] != before, "it is replaced")
        seen = list(page.entries)
        while any(key.name == "Next" for key in page.softkeys):
            page = phone.softkey("Next")
            assert isinstance(page, DirectoryObject)
            seen += page.entries
    assert 300 == len({entry.number for entry in seen}) == len(seen)


HOSTILE = (
    b"q=%22",
    b"q=%22%22%22+OR+%22",
    b"q=a+AND",
    b"q=NEAR(a+b)",
    b"q=a*+NOT+b",
    b"q=t%3Aa",
    b"q=%25%5F%27%3B--",
    b"q=" + b"x" * 10_000,
    b"q=" + b"%22" * 3_000,
    b"q=a%00b",
    b"q=%00",
    b"q=%FF%FE%C3",
    b"q=%C3%28&k=%FF",
    b"q=%ED%A0%80",
    b"q=%",
    b"q=%zz",
    b"k=" + b"9" * 10_000,
    b"k=%2A%23%2A",
    b"k=%22OR%22",
    b"k=+49?name=SEP001122334455",
    b"q=a&start=-1",
    b"q=a&start=99999999999999999999",
    b"q=a&start=%00&v=../../etc/passwd",
    b"q=a&v=zzzzzzzz&start=33",
    b"q=%F0%9F%8C%B8",
    b"q=%E2%80%AE%E2%80%8F",
    b"&&&==&=?&?=q",
    b"q=~a&k==",
    b"q=" + b"%D0%9F" * 32 + b"&k=" + b"5" * 32,
    b"&".join(b"q%d=a" % number for number in range(1_000)),
)


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_get_a_page(searchable: Gateway, query: bytes) -> None:
    for path in ("search.xml", "staff/search.xml", "p/bare/search.xml"):
        with Phone(CP_7821, softkeys="bare" not in path) as phone:
            phone.look(f"{searchable.base}/{path}?{query.decode('ascii')}")
    for path in ("/search.xml", "/friends/search.xml"):
        status, body = post(searchable, path, query)
        assert (200, True) == (status, body.startswith(b'<?xml version="1.0" encoding="utf-8"?>'))


def post(
    searchable: Gateway, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded"
) -> tuple[int, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", searchable.port, timeout=PATIENCE)
    try:
        link.request("POST", path, body, {"Content-Type": kind})
        answer = link.getresponse()
        return answer.status, answer.read()
    finally:
        link.close()


def test_a_form_may_be_posted_to_searches_alone(searchable: Gateway) -> None:
    assert b"Zeller" in post(searchable, "/search.xml", b"q=zeller")[1]
    assert b"Zeller" in post(searchable, "/p/default/friends/search.xml?k=935", b"q=zo%C3%AB")[1]
    assert (
        b"CiscoIPPhoneInput"
        in post(searchable, "/search.xml", b'{"q": "zeller"}', "application/json")[1]
    )
    assert (
        b"CiscoIPPhoneInput" in post(searchable, "/search.xml", b"q=zeller&x=" + b"x" * 10_000)[1]
    )
    for path in ("/menu.xml", "/friends.xml", "/research.xml"):
        assert 405 == post(searchable, path, b"q=zeller")[0]


def test_a_form_that_never_ends_holds_nobody_up(searchable: Gateway) -> None:
    with socket.create_connection(("127.0.0.1", searchable.port), PATIENCE) as link:
        link.sendall(
            b"POST /search.xml HTTP/1.1\r\nHost: x\r\nContent-Type:"
            b" application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\nq=a"
        )
        assert 200 == searchable.status_code("/search.xml?q=zeller")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=Zo%C3%AB", True),
        ("q=Zo%EB", True),
        ("q=zoe+zel", True),
        ("q=zoe%20zel", True),
        ("q=zoe?k=935", True),
        ("name=SEP001122334455&locale=x&q=zoe", True),
        ("q=&q=+&q=zoe", True),
        ("k=0171", True),
        ("q=zoe&k=999", False),
    ],
)
def test_spellings_of_a_query(searchable: Gateway, query: str, found: bool) -> None:
    assert found == ("Zeller" in searchable.text(f"/search.xml?{query}"))


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("+49 89 8888888", "Игорь Петров"),
        ("%2B49898888888", "Игорь Петров"),
        ("0898888888", "Игорь Петров"),
        ("00498988 88888", "Игорь Петров"),
        ("49898888888", "Игорь Петров"),
        ("+49304440", "Bright & Co"),
        ("+493044412", "Bright & Co"),
        ("030444123", "Bright & Co"),
        ("+493055512", ""),
        ("+49", ""),
        ("", ""),
        ("anonymous", ""),
        ("'; DROP TABLE", ""),
        ("9" * 5_000, ""),
        ("\x00\ud7ff", ""),
    ],
)
def test_the_callers_name(searchable: Gateway, number: str, name: str) -> None:
    parameter = number if "%" in number else quote(number)
    status, headers, body = searchable.get(f"/lookup?number={parameter}")
    assert (200, "text/plain; charset=utf-8", name) == (
        status,
        headers["content-type"],
        body.decode("utf-8"),
    )
    status, headers, body = searchable.get(f"/lookup?number={parameter}", Accept="application/json")
    assert (200, "application/json", name) == (
        status,
        headers["content-type"],
        json.loads(body)["name"],
    )


def test_the_command_line_shows_what_is_found(searchable: Gateway) -> None:
    shown = run("show", "/friends/search.xml?q=zo%C3%AB", cwd=searchable.folder).stdout
    assert "Zeller" in shown


def test_a_restricted_directory_tells_no_names(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", (contacts.person(row) for row in range(3)))
    restricted = '[profiles.default]\nrestricted = true\nnetworks = ["10.99.0.0/16"]\n'
    with WebSide(tmp_path, contacts.CONFIG + restricted) as gateway:
        assert 403 == gateway.get("/lookup?number=004989550000001")[0]
        assert 403 == gateway.get("/search.xml?q=a")[0]
