"""Test the strict phone over sockets: what it sends, how it browses and walks."""

import socket

import pytest

from tests.support.patience import SHORT
from tests.support.phone.canned import (
    Canned,
    book,
    directory,
    execute,
    http,
    menu,
    page_keys,
    served,
    text,
)
from tests.support.phone.samples import INPUT
from tests.support.phone.strict import (
    CP_860,
    CP_7821,
    CP_7921G,
    CP_7940G,
    CP_7965G,
    CP_8845,
    CP_8875,
    DEVICE,
    DP_9841,
    DirectoryObject,
    ExecuteObject,
    InputObject,
    MenuObject,
    Phone,
    PhoneRefuses,
    TextObject,
    walk,
)


def refused(server: Canned, rule: int, why: str) -> None:
    with Phone(CP_7821) as phone, pytest.raises(PhoneRefuses, match=rf"^rule {rule}: .*{why}"):
        walk(phone, f"{server.base}/menu.xml")


def test_only_the_first_request_bears_name_and_locale() -> None:
    with served() as server:
        extra = f"locale=English_United_States&name={DEVICE}"
        server.pages.update(book(server.base, 3, 2))
        server.pages[f"/menu.xml?{extra}"] = server.pages[f"/menu.xml?a=1&{extra}"] = server.pages[
            "/menu.xml"
        ]
        phone = Phone(CP_7821)
        phone.press_directories(f"{server.base}/menu.xml?a=1")
        assert (
            f"GET /menu.xml?a=1&{extra} HTTP/1.1\r\n"
            == server.requests[0].splitlines(keepends=True)[0]
        )
        phone.press_directories(f"{server.base}/menu.xml")
        phone.choose("Staff")
        phone.choose("Part 0")
        last = phone.choose("Part 2")
    assert isinstance(last, DirectoryObject)
    assert ["/book.xml", "/menu/0.xml", "/2.xml"] == [
        head.split(" ")[1] for head in server.requests[2:]
    ]


def test_the_directories_button_wants_a_menu() -> None:
    with served() as server:
        server.pages[f"/menu.xml?locale=English_United_States&name={DEVICE}"] = http(
            directory(("A", "1"), keys=page_keys())
        )
        with pytest.raises(PhoneRefuses, match=r"^rule 30:"):
            Phone(CP_7821).press_directories(f"{server.base}/menu.xml")


def test_a_phone_pages_with_softkeys_and_goes_back() -> None:
    with served() as server:
        server.pages.update(book(server.base, 2, 2))
        server.pages["/sorry.xml"] = text("Nobody found.")
        phone = Phone(CP_7965G)
        with pytest.raises(PhoneRefuses, match=r"^rule 36:"):
            phone.get(f"{server.base}/0.xml")
        phone = Phone(CP_8845)
        first = phone.get(f"{server.base}/0.xml")
        second = phone.softkey("Next")
        assert first == phone.softkey("Previous")
        phone.softkey("Next")
        assert isinstance(phone.get(f"{server.base}/sorry.xml"), TextObject)
        assert second == phone.softkey("Exit")
        with pytest.raises(LookupError, match="no softkey 'Next'"):
            phone.softkey("Next")


def test_a_form_is_sent_without_its_blank_fields() -> None:
    with served() as server:
        form_page = http(
            INPUT.replace("http://192.168.1.10:8080/search.xml", f"{server.base}/search.xml?v=1")
        )
        found = text("Nobody found.")
        server.pages.update({"/search.xml?v=1": form_page, "/search.xml?v=1&q=a+b%C3%A9": found})
        server.pages["/search.xml?v=1&q=a%20b%E9&k=5"] = found
        phone = Phone(CP_8845)
        form = phone.get(f"{server.base}/search.xml?v=1")
        assert isinstance(form, InputObject)
        assert isinstance(phone.submit(form, {"q": "a bé", "k": ""}), TextObject)
        assert isinstance(
            phone.submit(form, {"q": "a bé", "k": "5"}, plus=False, encoding="latin-1"), TextObject
        )
        assert form == phone.submit(form, {})
        with pytest.raises(LookupError, match=r"no field \['x'\]"):
            phone.submit(form, {"x": "1"})


def test_http_1_0_and_lower_case_and_kept_connections() -> None:
    with served() as server:
        server.pages.update(book(server.base, 4, 2))
        server.pages["/a.xml"] = http(
            menu(("A", f"{server.base}/b.xml")).replace("utf-8", "iso-8859-1"), charset="iso-8859-1"
        )
        Phone(CP_7921G).get(f"{server.base}/a.xml")
        assert server.requests[-1].startswith("GET /a.xml HTTP/1.0\r\nHost: 127.0.0.1:")
        assert "Accept-Charset: iso-8859-1\r\n" in server.requests[-1]
        assert "x-CiscoIPPhoneDisplay: 176, 140, 16, C\r\n" in server.requests[-1]
        Phone(DP_9841).get(f"{server.base}/menu.xml")
        assert "x-ciscoipphonemodelname: DP-9841\r\n" in server.requests[-1]
        Phone(CP_7965G).get(f"{server.base}/menu.xml")
        assert "Connection" not in server.requests[-1]
        before = server.connections
        with Phone(CP_7821, keep_alive=True) as phone:
            walk(phone, f"{server.base}/menu.xml")
        assert (before + 1, 7) == (server.connections, phone.requests)


def test_a_kept_connection_that_the_server_dropped_is_opened_anew() -> None:
    with served() as server, Phone(CP_7821, keep_alive=True) as phone:
        page = http(menu(("A", f"{server.base}/a.xml")))
        server.pages["/menu.xml"] = (page, b"", page)
        assert phone.get(f"{server.base}/menu.xml") == phone.get(f"{server.base}/menu.xml")
        assert 2 == server.connections


def test_the_same_request_twice_gives_the_same_page() -> None:
    with served() as server:
        one, other = (
            http(menu(("A", f"{server.base}/a.xml"))),
            http(menu(("B", f"{server.base}/a.xml"))),
        )
        server.pages["/menu.xml"] = (one, one, other)
        phone = Phone(CP_7965G, twice=True)
        phone.get(f"{server.base}/menu.xml")
        server.pages["/menu.xml"] = (one, other)
        with pytest.raises(PhoneRefuses, match=r"^rule 13:"):
            phone.get(f"{server.base}/menu.xml")


@pytest.mark.parametrize(
    "rule, answer",
    [
        (5, http(menu(("A", "http://h/a"))).replace(b"HTTP/1.1", b"ICAP/1.0")),
        (5, b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n\r\n"),
        (5, http(menu(("A", "http://h/a"))) + b"more"),
        (5, http(menu(("A", "http://h/a")))[:-4]),
        (7, b"HTTP/1.1 200 OK\r\nContent-"),
        (7, b""),
        (7, http("", ("Location", "/a.xml"), status="302 Found")),
        (15, http("", status="404 Not Found")),
    ],
)
def test_what_is_no_answer_is_refused(rule: int, answer: bytes) -> None:
    with served({"/a.xml": answer}) as server, pytest.raises(PhoneRefuses, match=rf"^rule {rule}:"):
        Phone(CP_7821).get(f"{server.base}/a.xml")


def test_a_walk_finds_everything_in_reading_order() -> None:
    with served() as server:
        base = server.base
        server.pages.update(book(base, 7, 3, menu_of=3))
        items = (
            ("Staff", f"{base}/book.xml"),
            ("Few", f"{base}/few.xml"),
            ("Desk", f"{base}/desk.xml"),
            ("Soon", f"{base}/soon.xml"),
        )
        server.pages["/menu.xml"] = http(menu(*items, ("Search", f"{base}/search.xml")))
        server.pages["/few.xml"] = http(directory(("Few", "9"), keys=page_keys()))
        server.pages["/desk.xml"] = execute("1001")
        server.pages["/soon.xml"] = text("Not yet.")
        server.pages["/search.xml"] = http(INPUT)
        with Phone(CP_7821) as phone:
            found = walk(phone, f"{base}/menu.xml")
    assert (*((f"Name {n // 3} {n % 3}", str(n)) for n in range(21)), ("Few", "9")) == found.rows
    assert (8, 2, 5, 3) == (found.pages, found.chains, found.menus, found.deepest)
    assert (("Desk", "1001"),) == found.dials
    assert (["Not yet."], ["Search"]) == (
        [message.text for message in found.messages],
        [form.title for form in found.forms],
    )
    assert phone.requests == len(server.requests) == len(set(server.requests)) == 16


def test_a_walk_follows_a_refresh_where_there_are_no_softkeys() -> None:
    with served() as server:
        base = server.base
        server.pages["/menu.xml"] = http(menu(("Staff", f"{base}/0.xml")))
        server.pages["/0.xml"] = http(directory(("A", "1")), ("Refresh", f"0; url={base}/1.xml"))
        server.pages["/1.xml"] = http(directory(("B", "2")))
        phone = Phone(CP_8875)
        assert (("A", "1"), ("B", "2")) == walk(phone, f"{base}/menu.xml").rows
        assert isinstance(phone.get(f"{base}/0.xml"), DirectoryObject)
        following = phone.softkey("Next")
        assert isinstance(following, DirectoryObject)
        assert "B" == following.entries[0].name
        server.pages["/menu.xml"] = http(menu(("Staff", f"{base}/book.xml")))
        server.pages["/book.xml"] = http(menu(("A", f"{base}/0.xml"), ("B", f"{base}/1.xml")))
        server.pages["/0.xml"] = http(directory(("A", "1")))
        with pytest.raises(PhoneRefuses, match=r"^rule 26: Next does not lead"):
            walk(phone, f"{base}/menu.xml")


def test_a_walk_reads_menus_in_place_of_directories() -> None:
    with served() as server:
        keys = (("Exit", 1, "SoftKey:Exit"), ("Select", 2, "SoftKey:Select"))
        server.pages["/0.xml"] = http(
            menu(("A", "Dial:1"), keys=(*keys, ("Next", 3, f"{server.base}/1.xml")))
        )
        server.pages["/1.xml"] = http(
            menu(("B", "Dial:2"), keys=(*keys, ("Previous", 3, f"{server.base}/0.xml")))
        )
        phone = Phone(CP_860)
        found = walk(phone, f"{server.base}/0.xml")
        assert isinstance(phone.get(f"{server.base}/0.xml"), MenuObject)
        assert ExecuteObject("1") == phone.choose("A")
    assert ((("A", "1"), ("B", "2")), 2, 1, 0) == (
        found.rows,
        found.pages,
        found.chains,
        found.menus,
    )


def test_a_walk_refuses_what_one_page_cannot_show() -> None:
    with served() as server:
        base = server.base
        good = book(base, 4, 2)

        def broken(**pages: bytes | None) -> None:
            server.pages.clear()
            server.pages.update(
                good
                | {
                    f"/{name.strip('_')}.xml": page
                    for name, page in pages.items()
                    if page is not None
                }
            )
            for name in [name for name, page in pages.items() if page is None]:
                del server.pages[f"/{name.strip('_')}.xml"]

        def page(number: int, following: str, before: str) -> bytes:
            rows = [(f"Name {number} {row}", f"{number * 2 + row}") for row in range(2)]
            links = [f"{base}/{name}.xml" if name else "" for name in (following, before)]
            return http(directory(*rows, keys=page_keys(*links)))

        broken(_2=None)
        refused(server, 15, "404")
        broken(_2=text("Gone."))
        refused(server, 26, "opens a message")
        broken(book=http(menu(("Staff", f"{base}/0.xml"))), _2=text("Gone."))
        refused(server, 38, "leads to a TextObject")
        broken(_1=page(1, "3", "0"))
        refused(server, 38, "Previous does not lead back")
        broken(_1=page(1, "3", "0"), _3=page(3, "", "1"))
        refused(server, 26, "the menus and Next")
        broken(_1=page(1, "", "0"))
        refused(server, 38, "no page's Next")
        broken(_1=page(1, "", "0"), _2=page(2, "3", ""))
        refused(server, 26, "Next does not lead")
        broken(_2=page(2, "3", ""))
        refused(server, 38, "has no Previous")
        broken(_3=page(3, "0", "2"))
        refused(server, 38, "read already")
        broken(_3=page(3, "3", "2"))
        refused(server, 38, "read already")
        broken(book=http(menu(("Again", f"{base}/menu.xml"))))
        refused(server, 26, "leads back to itself")
        broken(menu=http(menu(("One", f"{base}/book.xml"), ("Two", f"{base}/book.xml"))))
        refused(server, 26, "two menu items")


def test_a_server_that_never_answers_and_https_are_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        phone = Phone(CP_7821, timeout=SHORT)
        with pytest.raises(PhoneRefuses, match=r"^rule 6:"):
            phone.get(f"http://127.0.0.1:{mute.getsockname()[1]}/a.xml")
        with pytest.raises(PhoneRefuses, match=r"^rule 9:"):
            phone.get(f"https://127.0.0.1:{mute.getsockname()[1]}/a.xml")


def test_a_link_to_a_silent_host_is_refused() -> None:
    with served() as gone:
        nobody = f"{gone.base}/a.xml"
    with served() as server:
        server.pages["/menu.xml"] = http(menu(("Staff", nobody)))
        refused(server, 7, "nothing answers")


def test_a_phone_that_knows_no_softkeys_refuses_a_book_with_some() -> None:
    with served() as server:
        server.pages.update(book(server.base, 1, 1))
        with pytest.raises(PhoneRefuses, match=r"^rule 3: "):
            walk(Phone(CP_7940G), f"{server.base}/menu.xml")
        with pytest.raises(PhoneRefuses, match=r"^rule 40: "):
            walk(Phone(CP_8875), f"{server.base}/menu.xml")
