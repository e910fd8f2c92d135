"""Test the strict phone on headers and softkeys, for each model."""

from dataclasses import replace

import pytest

from app.phones.strict.response import wanted_charsets
from tests.support.phone.canned import PAST, directory, menu, page_keys
from tests.support.phone.samples import (
    BASE,
    DIRECTORY,
    EXECUTE,
    EXIT,
    INPUT,
    LIST_MENU,
    MENU,
    TEXT,
    URL,
    answered,
    changed,
)
from tests.support.phone.strict import (
    CP_860,
    CP_7821,
    CP_7921G,
    CP_7940G,
    CP_7942G,
    CP_7965G,
    CP_8845,
    CP_8875,
    CURL,
    DP_9841,
    MODELS,
    Answer,
    Model,
    PhoneRefuses,
    Setting,
    judge,
)

EXPIRES = PAST[0].lower()


def with_header(answer: Answer, name: str, value: str | None) -> Answer:
    others = tuple((key, old) for key, old in answer.headers if key != name)
    return replace(answer, headers=others if value is None else (*others, (name, value)))


@pytest.mark.parametrize(
    "rule, page, name, value",
    [
        (1, MENU, "content-type", "application/xml; charset=utf-8"),
        (1, MENU, "content-type", "text/plain; charset=utf-8"),
        (1, MENU, "content-type", None),
        (2, MENU, "content-type", "text/xml"),
        (2, MENU, "content-type", "text/xml; charset="),
        (3, MENU, "content-type", "text/xml; charset=utf-16"),
        (3, MENU, "content-type", "text/xml; charset=iso-8859-1"),
        (5, MENU, "content-length", None),
        (5, MENU, "content-length", "1"),
        (5, MENU, "content-length", "100000"),
        (5, MENU, "transfer-encoding", "chunked"),
        (5, MENU, "content-encoding", "gzip"),
        (7, MENU, "location", BASE),
        (9, LIST_MENU, "refresh", "0; url=/next.xml"),
        (10, MENU, "set-cookie", "a=b"),
        (11, MENU, "www-authenticate", "Basic"),
        (39, LIST_MENU, "refresh", "0"),
        (39, MENU, "refresh", f"0; url={BASE}/next.xml"),
        (39, DIRECTORY, "refresh", f"0; url={BASE}/next.xml"),
        (42, TEXT, EXPIRES, None),
        (42, EXECUTE, EXPIRES, None),
        (42, TEXT, EXPIRES, "0"),
        (42, TEXT, EXPIRES, "Sat, 01 Jan 2000 00:00:00 +0000"),
        (42, TEXT, EXPIRES, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (42, TEXT, EXPIRES, "Fri, 01 Jan 2199 00:00:00 GMT"),
        (42, TEXT, EXPIRES, "Sat, 31 Feb 2000 00:00:00 GMT"),
        (42, MENU, EXPIRES, PAST[1]),
        (42, DIRECTORY, EXPIRES, PAST[1]),
        (42, INPUT, EXPIRES, PAST[1]),
        (43, LIST_MENU, "refresh", f"5; url={BASE}/next.xml"),
    ],
)
def test_a_header_that_breaks_a_rule_is_refused(
    rule: int, page: str, name: str, value: str | None
) -> None:
    judge(answered(page), URL, Setting(CP_7821))
    with pytest.raises(PhoneRefuses, match=rf"^rule {rule}:"):
        judge(with_header(answered(page), name, value), URL, Setting(CP_7821))


@pytest.mark.parametrize(
    "rule, status", [(7, 301), (7, 304), (11, 401), (15, 404), (15, 500), (15, 503), (15, 206)]
)
def test_a_status_other_than_200_is_refused(rule: int, status: int) -> None:
    with pytest.raises(PhoneRefuses, match=rf"^rule {rule}:"):
        judge(replace(answered(MENU), status=status), URL, Setting(CP_7821))


def test_the_size_of_a_page() -> None:
    room = 32 * 1024 - 1 - len(MENU)
    judge(answered(MENU + "\n" * room), URL, Setting(CP_7821))
    for page in (MENU + "\n" * (room + 1), ""):
        with pytest.raises(PhoneRefuses, match=r"^rule 14:"):
            judge(answered(page), URL, Setting(CP_7821))


@pytest.mark.parametrize(
    "header, expected",
    [
        ("utf-8,iso-8859-1;q=0.8", {"utf-8"}),
        ("iso-8859-1,utf-8;q=0.8", {"iso-8859-1"}),
        ("iso-8859-1, utf-8;q=0.8", {"iso-8859-1"}),
        ("utf-8;q=0.5, ISO-8859-1;q=0.6", {"iso-8859-1"}),
        ("iso-8859-1", {"iso-8859-1"}),
        ("iso-8859-1;q=0", {"utf-8"}),
        ("shift_jis", {"utf-8"}),
        ("", {"utf-8"}),
        ("utf-8,iso-8859-1", {"utf-8", "iso-8859-1"}),
    ],
)
def test_the_charset_that_a_phone_prefers(header: str, expected: set[str]) -> None:
    assert expected == wanted_charsets(header)


@pytest.mark.parametrize("model", MODELS)
def test_each_model_is_refused_the_other_charset(model: Model) -> None:
    other = (
        "iso-8859-1" if wanted_charsets(model.header("Accept-Charset")) == {"utf-8"} else "utf-8"
    )
    page = changed(changed(MENU, "utf-8", other), "<Prompt>Select a directory</Prompt>", "")
    with pytest.raises(PhoneRefuses, match=r"^rule 3:"):
        judge(answered(page, other), URL, Setting(model))


DIALS = {
    "Exit": "SoftKey:Exit",
    "Dial": "SoftKey:Dial",
    "EditDial": "SoftKey:EditDial",
    "Select": "SoftKey:Select",
}


def keyed(keys: str) -> tuple[tuple[str, int, str], ...]:
    """Return softkeys by their order: "Exit Dial - Next" is Exit 1, Dial 2, Next 4."""
    return tuple(
        (name, position, DIALS.get(name, f"{BASE}/{name}.xml"))
        for position, name in enumerate(keys.split(), start=1)
        if name != "-"
    )


def verdict(model: Model, page: str, softkeys: bool = True) -> int:
    """Return 0 if the phone accepts the page, else the rule that it breaks."""
    charset = min(wanted_charsets(model.header("Accept-Charset")))
    try:
        judge(
            answered(page.replace("utf-8", charset), charset),
            URL,
            Setting(model, softkeys=softkeys),
        )
    except PhoneRefuses as refusal:
        return refusal.rule
    return 0


@pytest.mark.parametrize(
    "model, keys, expected",
    [
        (CP_7821, "Exit Dial EditDial", 0),
        (CP_7821, "Exit Dial EditDial Search", 0),
        (CP_7821, "Exit Dial Next EditDial", 0),
        (CP_7821, "Exit Dial Next EditDial Search", 0),
        (CP_7821, "Exit Dial Next Previous EditDial", 0),
        (CP_8845, "Exit Dial Next Previous EditDial Search", 0),
        (DP_9841, "Exit Dial EditDial Previous Search", 0),
        (CURL, "Exit Dial EditDial Previous", 0),
        (CP_7942G, "Dial EditDial Exit", 0),
        (CP_7921G, "Dial EditDial Exit Search", 0),
        (CP_7965G, "Dial Next Exit EditDial Search", 0),
        (CP_7965G, "Dial Next Exit Previous EditDial Search", 0),
        (CP_7942G, "Dial EditDial Exit Previous Search", 0),
        (CP_7821, "Dial Next Exit Previous EditDial", 36),
        (CP_7965G, "Exit Dial Next Previous EditDial", 36),
        (CP_7821, "Exit Dial Previous EditDial", 36),
        (CP_7821, "Exit Dial Next Previous Search EditDial", 36),
        (CP_7821, "Exit Dial Next Previous EditDial - Search", 36),
        (CP_7821, "Exit Dial Next - EditDial", 35),
        (CP_7821, "Exit Dial - Previous EditDial", 35),
        (CP_7821, "Exit EditDial", 34),
        (CP_7821, "Exit Dial", 34),
        (CP_7821, "Dial EditDial", 34),
        (CP_7821, "Exit Dial EditDial Help", 34),
        (CP_8875, "Exit Dial EditDial", 40),
        (CP_7940G, "Dial EditDial Exit", 39),
        (CP_7821, "", 34),
        (CP_8875, "", 0),
        (CP_7940G, "", 0),
    ],
)
def test_where_the_softkeys_of_a_directory_stand(model: Model, keys: str, expected: int) -> None:
    assert expected == verdict(model, directory(("John Smith", "1001"), keys=keyed(keys)))


@pytest.mark.parametrize(
    "keys, expected",
    [
        ("", 0),
        ("Exit Select Next", 0),
        ("Exit Select Next Previous", 0),
        ("Exit Select Previous", 0),
        ("Exit Select Previous Next", 36),
        ("Exit Select - Previous", 35),
        ("Exit Select", 34),
        ("Exit Next", 34),
        ("Exit Dial Next", 37),
    ],
)
def test_where_the_softkeys_of_a_menu_in_place_of_a_directory_stand(
    keys: str, expected: int
) -> None:
    assert expected == verdict(CP_860, menu(("John Smith", "Dial:1001"), keys=keyed(keys)))


def test_a_position_is_taken_once_and_a_way_to_a_list_has_no_softkeys() -> None:
    keys = keyed("Exit Dial Next Previous")
    assert 35 == verdict(
        CP_7821,
        directory(("John Smith", "1001"), keys=(*keys, ("EditDial", 4, "SoftKey:EditDial"))),
    )
    assert 34 == verdict(
        CP_7821, menu(("Staff", f"{BASE}/staff.xml"), keys=keyed("Exit Select Next"))
    )


def test_the_softkeys_of_texts_and_forms() -> None:
    assert 0 == verdict(CP_7965G, TEXT)
    assert 0 == verdict(CP_7965G, changed(TEXT, "<Position>1<", "<Position>3<"))
    assert 35 == verdict(CP_7821, changed(TEXT, "<Position>1<", "<Position>3<"))
    assert 40 == verdict(CP_8875, TEXT)
    assert 0 == verdict(CP_8875, changed(TEXT, EXIT, ""))
    without_keys = INPUT[: INPUT.index("<SoftKeyItem>")] + INPUT[INPUT.index("<URL>http") :]
    assert 0 == verdict(CP_8875, without_keys)
    assert 40 == verdict(CP_8875, INPUT)
    moved = changed(changed(changed(INPUT, ">1<", ">0<"), ">3<", ">1<"), ">0<", ">3<")
    assert 36 == verdict(CP_7965G, moved)
    one_less = INPUT[: INPUT.index("<SoftKeyItem><Name>Cancel")] + INPUT[INPUT.index("<URL>http") :]
    assert 34 == verdict(CP_7821, one_less)


def test_softkeys_that_are_switched_off_stay_away() -> None:
    assert 0 == verdict(CP_7821, directory(("John Smith", "1001")), softkeys=False)
    assert 34 == verdict(
        CP_7821, directory(("John Smith", "1001"), keys=page_keys()), softkeys=False
    )
    assert 34 == verdict(CP_7821, TEXT, softkeys=False)
    assert 0 == verdict(CP_7821, changed(TEXT, EXIT, ""), softkeys=False)


def test_a_refresh_leads_on_where_there_are_no_softkeys() -> None:
    answer = with_header(
        answered(directory(("John Smith", "1001"))), "refresh", f"0; url={BASE}/next.xml"
    )
    assert f"{BASE}/next.xml" == judge(answer, URL, Setting(CP_8875)).next
