"""Walks through servers that are hostile, broken or endless: each ends and says why."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.phone_walk.client import PhoneClient
from app.phone_walk.remedies import LEFT_LINKS, REMEDIES
from app.phone_walk.walk import LOCALE, Finding, Manner, Walk
from app.phones.strict.judge import Setting
from app.phones.strict.models import CP_7821, find_model
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE, SHORT
from tests.support.phone.canned import (
    PROLOG,
    Canned,
    CannedHandler,
    book,
    directory,
    http,
    menu,
    page_keys,
    served,
    text,
)
from tests.support.phone.samples import INPUT
from tests.support.phone.strict import DEVICE

ROOT_QUERY = f"?locale={LOCALE}&name={DEVICE}"


def walked(server: Canned, *searches: str, max_pages: int = 500, timeout: float = PATIENCE) -> Walk:
    client = PhoneClient(CP_7821, timeout=timeout)
    setting = Setting(CP_7821, softkeys=None)
    return Walk(client, setting, Manner(DEVICE, searches=searches, max_pages=max_pages))


def findings(server: Canned, *searches: str, **more: float) -> list[Finding]:
    walk = walked(server, *searches, **more)  # type: ignore[arg-type]
    return list(walk.findings(f"{server.base}/menu.xml"))


def rules(found: list[Finding]) -> list[int]:
    return [finding.breach.rule for finding in found]


@contextmanager
def rooted(root: bytes, **pages: bytes) -> Iterator[Canned]:
    """Serve a root menu and pages; BASE stands for the server's address in them."""
    with served() as server:
        base = server.base.encode()
        for path, page in (("menu", root), *pages.items()):
            head, _, body = page.partition(b"\r\n\r\n")
            body = body.replace(b"BASE", base)
            head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head)
            query = ROOT_QUERY if path == "menu" else ""
            server.pages[f"/{path}.xml{query}"] = head.replace(b"BASE", base) + b"\r\n\r\n" + body
        yield server


def test_a_good_book_is_walked_completely() -> None:
    with served() as server:
        server.pages.update(book(server.base, 7, 3))
        server.pages[f"/menu.xml{ROOT_QUERY}"] = server.pages["/menu.xml"]
        walk = walked(server)
        assert [] == list(walk.findings(f"{server.base}/menu.xml"))
        assert (10, 21) == (walk.progress.pages, walk.progress.rows)


def test_a_dead_link_is_told_with_the_page_that_has_it() -> None:
    with rooted(http(menu(("Gone", "BASE/gone.xml")))) as server:
        (found,) = findings(server)
        assert (15, f"{server.base}/gone.xml") == (found.breach.rule, found.url)
        assert f"{server.base}/menu.xml{ROOT_QUERY}" == found.linked_from


def test_every_breach_of_a_page_is_listed() -> None:
    page = menu(("A" * 65, "/relative.xml"), ("", "BASE/a.xml"), title="T" * 33)
    with rooted(http(page, ("Set-Cookie", "a=b")), a=text("Sorry.")) as server:
        assert [10, 25, 25, 9, 27] == rules(findings(server))


def test_redirects_are_told_and_followed_and_never_in_a_circle() -> None:
    def moved(to: str) -> bytes:
        return http("", ("Location", to), status="302 Found")

    with rooted(
        http(menu(("A", "BASE/a.xml"), ("B", "BASE/b.xml"), ("C", "BASE/c.xml"))),
        a=moved("/there.xml"),
        b=moved("b.xml"),
        c=moved("mailto:me"),
        there=http(menu(("D", "BASE/d.xml"))),
        d=moved("https://[broken"),
    ) as server:
        found = findings(server)
        problems = [finding.breach.problem for finding in found]
        assert 4 == problems.count("the answer is a redirect (302)")
        assert "the redirects lead in a circle" in problems
        assert 2 == problems.count("the redirects lead to no page")
        assert [7] * 7 == rules(found)


def test_an_endless_tree_is_left_with_a_clear_sentence() -> None:
    class Endless(Canned):
        def answer(self, path: str) -> bytes:
            links = [(str(item), f"{self.base}{path.split('?')[0]}/{item}"[:200]) for item in "ab"]
            return http(menu(*links))

    with Endless() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            walk = walked(server, max_pages=40)
            (found,) = list(walk.findings(f"{server.base}/menu.xml"))
        finally:
            server.shutdown()
            thread.join()
    assert LEFT_LINKS == found.breach.rule
    assert found.breach.problem.startswith("the walk ended after 40 pages; at least ")
    assert 40 == walk.progress.pages


HOSTILE_XML = f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE x [<!ENTITY a "{"lol" * 50}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY f SYSTEM "file:///etc/passwd">]>
<CiscoIPPhoneText><Title>&b;</Title><Text>&f;&b;</Text></CiscoIPPhoneText>"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (HOSTILE_XML, 23),
        (PROLOG + "<a>" * 5_000, 22),
        (PROLOG + "<CiscoIPPhoneMenu" + " " * 30_000, 23),
        (PROLOG + "<!--" * 7_000, 23),
        (PROLOG + "<!DOCTYPE [" + "<" * 30_000, 23),
        (PROLOG + "<CiscoIPPhoneMenu><Title>" + "&" * 30_000, 23),
        (PROLOG + '<x a="' + "'" * 30_000, 23),
        ("\x00" * 30_000, 2),
    ],
    ids=["entities", "depth", "blanks", "comments", "dtd", "ampersands", "quotes", "nul"],
)
def test_hostile_xml_is_refused_and_never_expanded(body: str, expected: int) -> None:
    with rooted(http(body)) as server:
        found = findings(server)
    assert expected in rules(found)
    assert not any(len(finding.breach.found) > 1_000 for finding in found)
    assert "root:" not in str(found) and "lollollol" * 40 not in str(found)


def test_a_huge_answer_is_not_read_to_its_end() -> None:
    class Flood(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.readline()
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n\r\n")
            try:
                while True:
                    self.wfile.write(b" " * 65_536)
            except OSError:
                pass

    assert [14] == rules(of_handler(Flood))


def test_headers_without_end_are_not_read_to_their_end() -> None:
    class Headers(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            try:
                while True:
                    self.wfile.write(b"X-More: and more\r\n" * 1_000)
            except OSError:
                pass

    (found,) = of_handler(Headers)
    assert "the headers have more than 65536 bytes" == found.breach.problem


def test_a_server_that_stays_silent_is_given_up() -> None:
    class Silent(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while self.request.recv(65_536):
                pass

    (found,) = of_handler(Silent, timeout=SHORT)
    assert (6, "the server neither goes on nor closes the connection") == (
        found.breach.rule,
        found.breach.problem,
    )


def of_handler(
    handler: Callable[..., socketserver.BaseRequestHandler], timeout: float = PATIENCE
) -> list[Finding]:
    """Return what a walk finds that begins at a server of one handler."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        client = PhoneClient(CP_7821, timeout=timeout)
        walk = Walk(client, Setting(CP_7821, softkeys=None), Manner(DEVICE))
        try:
            return list(walk.findings(f"http://127.0.0.1:{server.server_address[1]}/menu.xml"))
        finally:
            server.shutdown()
            thread.join()


def test_a_server_that_is_gone_ends_the_walk() -> None:
    links = [(f"Page {number}", f"BASE/{number}.xml") for number in range(50)]
    with rooted(http(menu(*links))) as server:
        for number in range(50):
            server.pages[f"/{number}.xml"] = b""
        found = findings(server)
    assert [7] * 6 == rules(found)
    assert "the server no longer answers; 45 links were not followed" == found[-1].breach.problem


@pytest.mark.parametrize(
    "link",
    [
        f"http://{'a' * 70}.example/a.xml",
        "http://a..b/a.xml",
        "http://127.0.0.1:1/a.xml",
        "https://127.0.0.1:1/a.xml",
    ],
)
def test_a_link_to_no_server_is_told(link: str) -> None:
    with rooted(http(menu(("A", link)))) as server:
        (found,) = findings(server)
        assert (7, link) == (found.breach.rule, found.url)


def test_links_of_another_host_are_opened_but_not_followed() -> None:
    with served() as other, rooted(http(menu(("Other", "BASE/a.xml")))) as server:
        there = other.base.replace("127.0.0.1", "localhost")
        other.pages["/a.xml"] = http(menu(("Deeper", f"{there}/b.xml"), title="T" * 33))
        server.pages[f"/menu.xml{ROOT_QUERY}"] = http(menu(("Other", f"{there}/a.xml")))
        assert [25] == rules(findings(server))
        assert 1 == len(other.requests)


def test_texts_are_typed_into_the_forms() -> None:
    form = http(INPUT.replace("http://192.168.1.10:8080/search.xml", "BASE/find.xml?a=1"))
    with rooted(http(menu(("Search", "BASE/search.xml"))), search=form) as server:
        server.pages["/find.xml?a=1&q=a+b&k=a+b"] = text("Nothing.")
        assert [] == findings(server, "a b")
        assert "/find.xml?a=1&q=a+b&k=a+b" == server.requests[-1].split(" ")[1]
        assert [] == findings(server)


def test_next_and_previous_lead_from_page_to_page_and_back() -> None:
    with served() as server:
        base = server.base
        pages = [
            http(directory((f"N {n}", f"{n}"), keys=page_keys(*keys)))
            for n, keys in (
                (0, (f"{base}/1.xml", "")),
                (1, (f"{base}/2.xml", f"{base}/2.xml")),
                (2, (f"{base}/0.xml", f"{base}/1.xml")),
            )
        ]
        server.pages.update({f"/{number}.xml": page for number, page in enumerate(pages)})
        server.pages[f"/menu.xml{ROOT_QUERY}"] = http(menu(("A", f"{base}/0.xml")))
        problems = [finding.breach.problem for finding in findings(server)]
    assert [
        "Previous does not lead back to the page before",
        "the page comes after another one and has no Previous",
        "Next leads in a circle of 3 pages",
    ] == problems


def test_https_that_fails_is_told() -> None:
    with served() as server:
        client = PhoneClient(CP_7821)
        walk = Walk(client, Setting(CP_7821, softkeys=None), Manner(DEVICE))
        url = server.base.replace("http:", "https:")
        (found,) = list(walk.findings(f"{url}/menu.xml"))
        assert 7 == found.breach.rule and "nothing answers" in found.breach.problem


@pytest.mark.parametrize(
    ("name", "charset", "expected"),
    [
        ("cp-7965", "", "utf-8,iso-8859-1;q=0.8"),
        ("CP-7921G", "", "iso-8859-1"),
        ("CP-7841", "", "utf-8,iso-8859-1;q=0.8"),
        ("CP-7841", "iso-8859-1", "iso-8859-1"),
    ],
)
def test_models_by_their_name(name: str, charset: str, expected: str) -> None:
    assert expected == find_model(name, charset).header("Accept-Charset")


def test_every_rule_that_is_noted_has_a_remedy_and_is_explained() -> None:
    folders = ("app/phones", "app/phone_walk")
    sources = "".join(
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
    )
    numbers = {
        int(found)
        for pattern in (
            r"(?:add|remark|stop|NoAnswer|_BadRedirect|Breach)\(\s*(\d+),",
            r"missing=(\d+)",
            r'_FORBIDDEN|"[a-z-]+", (\d+)\)',
        )
        for found in re.findall(pattern, sources)
        if found
    }
    assert len(numbers) > 25
    assert numbers | {3, 39, 40} <= set(REMEDIES)
    page = (ROOT / "docs" / "phone-rules.md").read_text(encoding="utf-8")
    assert [] == [rule for rule in REMEDIES if rule and f"\n{rule}. " not in page]


def test_an_answer_in_chunks_is_told_and_read() -> None:
    page = menu(("Staff", "BASE/staff.xml"), title="T" * 33)
    with rooted(http(page), staff=text("Sorry.")) as server:
        body = page.replace("BASE", server.base).encode()
        parts = (body[:50], body[50:300], body[300:])
        chunks = b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in parts)
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        server.pages[f"/menu.xml{ROOT_QUERY}"] = head + chunks + b"0\r\n\r\n"
        found = findings(server)
    assert [5, 25] == rules(found)
    assert "the page comes in chunks" == found[0].breach.problem


def test_a_compressed_page_is_told_and_nothing_else() -> None:
    page = http(b"\x1f\x8b\x08\x00", ("Content-Encoding", "gzip"))
    with rooted(page) as server:
        assert [5] == rules(findings(server))


def test_a_connection_that_stays_open_is_told_once() -> None:
    """A phone that says close may wait for it; a walk waits one time."""

    class Open(Canned):
        def answer(self, path: str) -> bytes:
            links = [("A", f"{self.base}/a.xml"), ("B", f"{self.base}/b.xml")]
            return http(menu(*links))

    class Keeping(CannedHandler):
        def handle(self) -> None:
            super().handle()
            while self.request.recv(65_536):
                pass

    with Open() as server:
        server.RequestHandlerClass = Keeping
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            found = findings(server)
        finally:
            server.shutdown()
            thread.join()
    assert [6] == rules(found)
    assert "keeps the connection open" in found[0].breach.problem
