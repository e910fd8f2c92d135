"""The phone in the browser, without a browser: it is drawn from what a phone gets."""

from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from lxml import html

from app.phone_display.models import MODELS, PhoneModel, request_headers
from app.phone_display.objects import PhoneCall, PhoneDirectory, PhoneForm, PhoneMenu, PhoneText
from app.phone_display.response import read_response
from app.phones.strict.judge import OpenedPage
from app.phones.strict.objects import (
    DirectoryObject,
    ExecuteObject,
    InputObject,
    MenuObject,
    TextObject,
    softkeys_of,
)
from app.web.publisher import Answer
from tests.support.offline_gateway import write_people
from tests.support.phone.strict import Model, Phone
from tests.support.servers.web_side import WebSide, demo_side

HOSTILE = ("<script>alert(1)</script>", "\"'&amp;", "שלום", "x" * 5000, "\u202egnp.exe")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    with demo_side(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    folder = tmp_path_factory.mktemp("company")
    people = [{"Name": name, "Phone": f"100{row}"} for row, name in enumerate(HOSTILE)]
    write_people(folder / "contacts.csv", people)
    config = """
title = "<b>Company</b>"
[sources.staff]
connector = "csv"
path = "contacts.csv"
[profiles.default]
[profiles.board]
title = "Board"
restricted = true
networks = ["192.0.2.0/24"]
[profiles.browsers]
format = "html"
"""
    with WebSide(folder, config) as running:
        yield running


class Drawn:
    """What stands on the display of a page."""

    def __init__(self, gateway: WebSide, **query: str) -> None:
        parameters = "&".join(f"{name}={quote(value)}" for name, value in query.items())
        status, _, body = gateway.get(f"/-/phone?{parameters}")
        assert 200 == status
        self.text = body.decode("utf-8")
        self._page = html.document_fromstring(body)

    def all(self, kind: str) -> list[str]:
        found = self._page.xpath(f'//*[contains(concat(" ", @class, " "), " {kind} ")]')
        return [element.text_content().strip() for element in found]

    @property
    def title(self) -> str:
        return self.all("display-title")[0].strip("\xa0")

    @property
    def prompt(self) -> str:
        return self.all("prompt-text")[0]

    @property
    def softkeys(self) -> list[str]:
        return [span.text or "" for span in self._page.xpath('//p[@class="display-softkeys"]/span')]

    def parameter(self, name: str) -> str:
        """Return a parameter of the state that the keys start from."""
        return str(
            self._page.xpath(f'//form[starts-with(@class, "phone ")]/input[@name="{name}"]/@value')[
                0
            ]
        )

    @property
    def values(self) -> list[str]:
        return list(self._page.xpath('//input[@class="field-text"]/@value'))


def strict(model: PhoneModel, charset: str) -> Model:
    headers = request_headers(model, charset)
    return Model(model.sent_name, (*headers, ("Connection", "close")))


def every_page(phone: Phone, start: str) -> list[OpenedPage]:
    seen: dict[str, OpenedPage] = {}
    waiting = [start, f"{start.rpartition('/')[0]}/search.xml?q=a"]
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        page = seen[url] = phone.look(url)
        links = [key.url for key in softkeys_of(page.screen)]
        if isinstance(page.screen, MenuObject):
            links += [item.url for item in page.screen.items]
        waiting += [link for link in links if link.startswith("http")]
    return list(seen.values())


def slots(page: OpenedPage) -> list[str]:
    """Return the first four softkeys of a page that has its own."""
    keys = {key.position: key.name for key in softkeys_of(page.screen)}
    more = ["more"] if max(keys) > 4 else [keys.get(4, "")]
    return [keys.get(place, "") for place in (1, 2, 3)] + more


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.label)
def test_the_phone_in_the_browser_agrees_with_the_strict_phone(
    demo: WebSide, model: PhoneModel, charset: str
) -> None:
    kinds = set()
    with Phone(strict(model, charset)) as phone:
        pages = every_page(phone, f"{demo.base}/p/default/menu.xml")
    assert len(pages) >= 15
    for page in pages:
        screen = page.screen
        kinds.add(type(screen))
        read = read_response(200, dict(page.answer.headers), page.answer.body)
        parts = urlsplit(page.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        drawn = Drawn(demo, model=model.label, charset=charset, path=path)
        assert page.expired == read.expired
        assert page.answer.body.decode(charset) in unescape(drawn.text)
        if isinstance(screen, ExecuteObject):
            assert PhoneCall(screen.number) == read.content
            assert [screen.number] == drawn.all("display-line")
            continue
        assert (screen.title, screen.prompt) == (drawn.title, drawn.prompt)
        if screen.softkeys:
            assert slots(page) == [key.replace("More", "more") for key in drawn.softkeys]
        if isinstance(screen, MenuObject | DirectoryObject):
            assert isinstance(read.content, PhoneMenu | PhoneDirectory)
            names = [
                row.name for row in (*getattr(screen, "items", ()), *getattr(screen, "entries", ()))
            ]
            assert names == [row.name for row in read.content.rows]
            assert names[: model.rows] == drawn.all("row-text")
        if isinstance(screen, DirectoryObject):
            assert isinstance(read.content, PhoneDirectory)
            assert [f"Dial:{row.number}" for row in screen.entries] == [
                row.uri for row in read.content.rows
            ]
        if isinstance(screen, InputObject):
            assert isinstance(read.content, PhoneForm)
            assert [(field.label, field.value) for field in screen.fields] == list(
                zip(drawn.all("field-label"), drawn.values, strict=True)
            )
        if isinstance(screen, TextObject):
            assert isinstance(read.content, PhoneText)
            assert screen.text == read.content.text
    assert {MenuObject, DirectoryObject, InputObject, ExecuteObject} <= kinds


def test_every_profile_is_shown_to_an_operator(company: WebSide) -> None:
    assert 403 == company.get("/p/board/menu.xml")[0]
    assert "Board" == Drawn(company, profile="board").title
    assert "Board" == Drawn(company, path="/p/board/menu.xml").title
    assert "list" in Drawn(company, profile="browsers").text
    assert ["Staff", "Search"] == Drawn(company, profile="browsers").all("row-text")


def test_another_profile_begins_at_its_menu(company: WebSide) -> None:
    drawn = Drawn(company, profile="board", path="/p/default/staff.xml", back="/p/default/menu.xml")
    assert "Board" == drawn.title
    assert 'name="back"' not in drawn.text


def test_what_the_display_does_not_show_stands_beside_it(company: WebSide) -> None:
    assert "A phone leaves the directory here" in Drawn(company, press="back").text
    assert "A phone leaves" not in Drawn(company, press="down").text
    book = Drawn(company, path="/p/default/staff.xml").text
    assert "<strong>Dial</strong> would call <code>1001</code>" in book


def test_without_softkeys_the_phone_has_its_own(tmp_path: Path) -> None:
    people = [{"Name": f"Ann {row}", "Phone": f"20{row:02}"} for row in range(40)]
    write_people(tmp_path / "contacts.csv", people)
    config = """
[sources.staff]
connector = "csv"
path = "contacts.csv"
[profiles.default]
softkeys = false
"""
    with WebSide(tmp_path, config) as gateway:
        menu = {"path": "/p/default/staff.xml", "press": "1"}
        assert ["Exit", "Dial", "Next", "EditDial"] == Drawn(gateway, **menu).softkeys
        assert ["Dial", "EditDial", "Exit", "Next"] == Drawn(
            gateway, model="CP-7965", **menu
        ).softkeys
        first = Drawn(gateway, **menu)
        path = first.parameter("path")
        assert "1-20 of 40" == first.prompt
        assert "21-40 of 40" == Drawn(gateway, path=path, press="soft3").prompt


def test_a_change_of_one_byte_is_on_the_display(
    company: WebSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Drawn(company)
    phones = company.app
    original = phones.answer_operator

    def answer(old: bytes, new: bytes) -> None:
        def changed(url: str, headers: dict[bytes, bytes], base: str) -> Answer | None:
            found = original(url, headers, base)
            assert found is not None
            assert old in found.body
            return replace(found, body=found.body.replace(old, new, 1))

        monkeypatch.setattr(phones, "answer_operator", changed)

    assert ["Staff", "Search"] == before.all("row-text")
    answer(b"<Name>Staff", b"<Name>Stuff")
    assert ["Stuff", "Search"] == Drawn(company).all("row-text")
    answer(b"<Name>Staff", b"<Name<Staff")
    drawn = Drawn(company)
    assert ["XML Error [4]: Parse Error"] == drawn.all("display-line")
    assert "The phone does not accept this page" in drawn.text


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/-/status", "File Not Found"),
        ("http://elsewhere.example/menu.xml", "Host Not Found"),
        ("//elsewhere.example/menu.xml", "There is no such page here"),
        ("/p/default/../../etc.xml", "There is no such page here"),
    ],
)
def test_a_path_that_is_none_for_phones(company: WebSide, path: str, shown: str) -> None:
    lines = Drawn(company, path=path).all("display-line")
    assert shown in " ".join(lines)


@pytest.mark.parametrize("text", ["-1", "9" * 300, "x", "٣", "<script>", "\0"])
def test_parameters_from_elsewhere_are_harmless(company: WebSide, text: str) -> None:
    names = ("model", "charset", "back", "cursor", "top", "more", "digits", "tapped")
    names += ("edited", "called", "v0", "v9", "press")
    drawn = Drawn(company, **dict.fromkeys(names, text))
    assert "<script>" not in drawn.text
    assert 404 != Drawn(company, profile=text, path=text)


def test_hostile_names_are_shown_and_not_run(company: WebSide) -> None:
    shown = [
        name
        for top in ("0", "4")
        for name in Drawn(company, path="/p/default/staff.xml", cursor=top, top=top).all("row-text")
    ]
    assert any(name.startswith("<script>alert(1)") for name in shown)
    text = Drawn(company, path="/p/default/staff.xml").text
    assert 2 == text.count("<script")
    assert "<b>" not in text


def test_only_operators_see_the_phone(company: WebSide) -> None:
    assert 403 == company.get("/-/phone", X_Forwarded_For="127.0.0.1")[0]


def test_what_an_operator_looks_at_is_no_request_of_a_phone(company: WebSide) -> None:
    before = company.app.requests["phone"]
    Drawn(company, path="/p/default/staff.xml", press="down")
    assert before == company.app.requests["phone"]
