"""Phones in every language: each page, each charset, and what a phone says of itself."""

from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest

from app.languages.catalogue import ENGLISH, LANGUAGES, readable_language, words
from app.phones.cisco_charset import LATIN_1, UTF_8, spell
from app.phones.strict.labels import LINKS, english_label
from tests.support import contacts
from tests.support.phone.strict import (
    CP_860,
    CP_7821,
    CP_7942G,
    DirectoryObject,
    InputObject,
    MenuObject,
    Model,
    Phone,
    TextObject,
    walk,
)
from tests.support.servers.web_side import WebSide

COUNT = 40
SWEDISH = ("Åberg", "Ärlig", "Öman", "Zorn", "Adel")
CONFIG = """
[sources.staff]
connector = "csv"
path = "contacts.csv"
[sources.swedes]
connector = "csv"
path = "swedes.csv"
[books.staff]
title = "Acme"
sources = ["staff"]
[books.swedes]
title = "Swedes"
sources = ["swedes"]
[dial.nowhere]
title = "Nowhere"
number = "none"
[profiles.default]
comfort = 2
""" + "".join(f'[profiles.{code}]\nlanguage = "{code}"\ncomfort = 2\n' for code in LANGUAGES)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    folder = tmp_path_factory.mktemp("languages")
    contacts.write(
        folder / "contacts.csv", (contacts.person(row, second=True) for row in range(COUNT))
    )
    contacts.write(
        folder / "swedes.csv",
        (("Bo", name, "", "", "Work", f"0810{row}", "", "") for row, name in enumerate(SWEDISH)),
    )
    with WebSide(folder, CONFIG) as side:
        yield side


def page(gateway: WebSide, path: str, charset: str = UTF_8, **headers: str) -> str:
    status, sent, body = gateway.get(path, Accept_Charset=charset, **headers)
    assert 200 == status
    assert f"charset={charset}" in sent["content-type"]
    return unescape(body.decode(charset))


@pytest.mark.parametrize("model", [CP_7821, CP_7942G, CP_860], ids=lambda model: model.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_strict_phone_walks_a_profile_in_its_language(
    gateway: WebSide, language: str, model: Model
) -> None:
    with Phone(model, keep_alive=True) as phone:
        found = walk(phone, f"{gateway.base}/p/{language}/menu.xml", directories=True)
    expected = Counter(
        number for row in range(COUNT) for number in contacts.numbers_of(row, second=True)
    )
    expected.update(f"0810{row}" for row in range(len(SWEDISH)))
    assert expected == Counter(number for _, number in found.rows)
    # The search forms, or the message that replaces them, and the item that dials nothing.
    counts = (0, 2) if model is CP_860 else (3, 1)
    assert counts == (len(found.forms), len(found.messages))


PAGES = {
    "menu.xml": ("Directory", "Choose a directory", "Search"),
    "staff.xml": ("{count} entries",),
    "search.xml": ("Search", "Type a name, or press its keys", "Name", "Keys or number"),
    "search.xml?q=-": ("Type letters or digits, please",),
    "search.xml?q=nobodyatall": (),
    "nowhere.xml": (
        "The number set for this item cannot be dialled. Please tell your administrator.",
    ),
    "none.xml": ("There is no such page here. Press the Directory key to start again.",),
}


@pytest.mark.parametrize("charset", [UTF_8, LATIN_1])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_has_the_words_of_the_language(
    gateway: WebSide, language: str, charset: str
) -> None:
    readable = readable_language(language, charset)
    spoken = words(readable)
    for path, texts in PAGES.items():
        shown = page(gateway, f"/p/{language}/{path}", charset)
        for text in texts:
            wanted = (
                spoken.ngettext("{count} entry", "{count} entries", 80).format(count=80)
                if text == "{count} entries"
                else spoken.gettext(text)
            )
            assert f">{spell(wanted, charset)}<" in shown
        if readable != ENGLISH:
            english = {text for text in texts if spoken.gettext(text) != text}
            assert [] == [text for text in english if f">{text}<" in shown]
    nothing = spoken.gettext('Nothing was found for "{query}".').format(query="nobodyatall")
    shown = page(gateway, f"/p/{language}/search.xml?q=nobodyatall", charset)
    assert spell(nothing, charset) in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_softkeys_and_kinds_of_numbers(gateway: WebSide, language: str) -> None:
    spoken = words(language)
    with Phone(CP_7821) as phone:
        screen = phone.look(f"{gateway.base}/p/{language}/staff.xml").screen
        while isinstance(screen, MenuObject):
            screen = phone.look(screen.items[0].url).screen
    assert isinstance(screen, DirectoryObject)
    labels = [key.name for key in screen.softkeys]
    assert labels == [
        spoken.pgettext("softkey", label)
        for label in ("Exit", "Dial", "Next", "EditDial", "Search")
    ]
    assert "?" not in "".join(labels)
    kinds = Counter(entry.name.rpartition(" (")[2] for entry in screen.entries)
    assert kinds[f"{spoken.pgettext('number', 'mobile')})"] >= 10
    assert {"Next", "Search"} == {english_label(label) for label in labels} & set(LINKS)


def test_names_stand_in_the_alphabet_of_the_profile(gateway: WebSide) -> None:
    def names(profile: str) -> list[str]:
        with Phone(CP_7821) as phone:
            screen = phone.look(f"{gateway.base}/p/{profile}/swedes.xml").screen
        assert isinstance(screen, DirectoryObject)
        return [entry.name.removeprefix("Bo ") for entry in screen.entries]

    assert ["Adel", "Zorn", "Åberg", "Ärlig", "Öman"] == names("sv") == names("fi")
    assert ["Åberg", "Adel", "Ärlig", "Öman", "Zorn"] == names("de") == names("default")
    assert ["Adel", "Zorn", "Ärlig", "Öman", "Åberg"] == names("da")


def test_a_phone_keeps_the_language_of_its_first_request(gateway: WebSide) -> None:
    # Its other requests say nothing: neither `locale` nor, in this case, Accept-Language.
    silent = Model("CP-7821", (("x-CiscoIPPhoneModelName", "CP-7821"),))
    german, menu = words("de"), f"{gateway.base}/menu.xml?locale=germany"
    with Phone(silent) as phone:
        root = phone.get(menu)
        assert isinstance(root, MenuObject)
        assert german.gettext("Choose a directory") == root.prompt
        form = phone.choose(german.gettext("Search"))
        assert isinstance(form, InputObject)
        assert german.gettext("Type a name, or press its keys") == form.prompt
        nothing = phone.submit(form, {"q": "nobodyatall"})
        assert isinstance(nothing, TextObject)
        assert "wurde nichts gefunden" in nothing.text
        again = phone.softkey("Search")
        assert isinstance(again, InputObject)
        assert german.gettext("Name") == again.fields[0].label
        found = phone.submit(form, {"q": "a"})
        assert isinstance(found, DirectoryObject)
        assert "von" in found.prompt
        following = phone.softkey("Next")
        assert isinstance(following, DirectoryObject)
        assert following.prompt.startswith("33-") and "von" in following.prompt
        walked = walk(phone, menu)
    assert COUNT * 2 + len(SWEDISH) == len(walked.rows)
    # A phone that says the same in each request gets links as short as ever.
    assert "lang=" not in page(gateway, "/menu.xml?locale=germany", Accept_Language="de")


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/menu.xml", "", "en"),
        ("/menu.xml", "de", "de"),
        ("/menu.xml", "en_US", "en"),
        ("/menu.xml", "zh", "en"),
        ("/menu.xml", "pl;q=0.3, cs;q=0.7", "cs"),
        ("/menu.xml?locale=Swedish_Sweden&name=SEP001122334455", "de", "sv"),
        ("/menu.xml?lang=fi&locale=Swedish_Sweden", "de", "fi"),
        ("/p/fr/menu.xml?locale=Swedish_Sweden", "de", "fr"),
        ("/p/no-such-profile/menu.xml", "de", "de"),
        (f"/menu.xml?locale={'x' * 3000}", "de", "de"),
        ("/menu.xml?locale=%00%ff", "de", "de"),
        ("/staff/zzzzzzzz/1.xml?lang=cs", "de", "cs"),
    ],
)
def test_who_decides_on_the_language(
    gateway: WebSide, path: str, accepted: str, language: str
) -> None:
    spoken = words(language)
    expected = (spoken.gettext("Choose a directory"), spoken.pgettext("softkey", "Exit"))
    # The second time it comes from the cache of screens, the third time from that of responses.
    for _ in range(4):
        shown = page(gateway, path, Accept_Language=accepted)
        assert any(f">{text}<" in shown for text in expected)
        assert ">Kies een telefoonlijst<" in page(gateway, "/menu.xml", Accept_Language="nl")
