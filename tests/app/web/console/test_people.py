"""The page People over HTTP: who is found, who is not listed and why, and one person."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from app.build.once import build_once
from app.generation.files import people_file_name, read_current
from app.state import control
from tests.support.offline_gateway import write_people
from tests.support.people_gateway import OFFICE, people_side
from tests.support.servers.web_side import WebSide

HTML = "text/html"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    with people_side(tmp_path_factory.mktemp("people")) as running:
        yield running


def words(page: str) -> str:
    """Return the text of a page's content in one line."""
    content = page.partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", content)).split())


def listed(gateway: WebSide, query: dict[str, str]) -> list[str]:
    """Return source and id of the people on a page."""
    page = gateway.text(f"/-/people?{urlencode(query)}")
    links = re.findall(r'href="\.\./-/person\?source=(\w+)&amp;id=([^"]*)"', page)
    return [f"{source} {key}" for source, key in links]


def test_everybody_is_listed_page_by_page_in_reading_order(gateway: WebSide) -> None:
    pages, path = [], "/-/people"
    while path:
        page = gateway.text(path)
        pages.append(re.findall(r"person\?source=(\w+)&amp;id=([^\"]{1,9})", page))
        following = re.findall(r'rel="next" href="([^"]*)"', page)
        path = f"/-/people{html.unescape(following[0])}" if following else ""
    assert [25, 25, 18] == [len(people) for people in pages]
    keys = [key for people in pages for _, key in people]
    assert len(set(keys)) == len(OFFICE) + 2
    in_order = [key for key in keys if re.fullmatch(r"p\d+", key)]
    assert [f"p{row}" for row in range(60)] == in_order


@pytest.mark.parametrize(
    "typed, found",
    [
        ("smith", ["cloud c1", "office o1"]),
        ("blood lab", ["office o1"]),
        ("0172 555", ["cloud c1"]),
        ("una", ["unused u1"]),
        ("nobody", []),
        ("2033", ["office p33"]),
    ],
)
def test_who_is_found(gateway: WebSide, typed: str, found: list[str]) -> None:
    assert found == sorted(listed(gateway, {"q": typed}))


def test_a_merged_person_is_told_with_all_contacts(gateway: WebSide) -> None:
    page = words(gateway.text("/-/person?source=cloud&id=c1"))
    assert "A. Smith" in page and "listed with the same person of another source" in page
    assert "One person: office o1 , cloud c1 . office and cloud have the same number" in page
    assert "+49 (0)89 5550101 ( work, Work Phone , from cloud)" in page
    assert "Dials 0895550101 by the rule: national" in page
    assert "Not on the phone: dialled by the same digits as a number before" in page


def test_each_profile_dials_as_it_does(gateway: WebSide) -> None:
    page = words(gateway.text("/-/person?source=office&id=o1"))
    default, lobby = page.split("Profile lobby")
    assert "Ärzte & Co" in default and "Blood Lab" in default
    assert "Source office, office.csv line 2 Id there o1" in default
    assert "Dials 0895550101 by the rule: national" in default
    assert "Dials 00895550101 by the rule: national" in lobby
    assert re.search(r"Keys: Directories › \d .* › line \d+", default)
    assert "On the phone as Ann Smith" in default


@pytest.mark.parametrize(
    "key, message",
    [
        ("o2", "no number"),
        ("o3", "no dialable number"),
        ("p1", "in none of the book's groups (Sales); it is in: none"),
    ],
)
def test_why_somebody_is_not_listed(gateway: WebSide, key: str, message: str) -> None:
    assert message in words(gateway.text(f"/-/person?source=office&id={key}"))


def test_what_was_skipped_of_a_person_is_told(gateway: WebSide) -> None:
    page = words(gateway.text("/-/person?source=office&id=o5"))
    assert "office.csv line 6" in page
    assert "a number rounded by a spreadsheet (like 4.9E+11) (office.csv line 6 column" in page
    assert "Something of it was skipped" not in words(gateway.text("/-/person?source=office&id=o1"))


def test_a_source_that_no_book_uses(gateway: WebSide) -> None:
    page = words(gateway.text("/-/person?source=unused&id=u1"))
    assert "No book of any profile is made of source unused." in page


def test_the_counts_of_the_overview_lead_to_people(gateway: WebSide) -> None:
    links = re.findall(r'href="(\./-/people\?[^"]*reason=[^"]*)"', gateway.text("/"))
    assert links
    for link in links:
        page = gateway.text(html.unescape(link).removeprefix("."))
        assert re.search(r"1 to \d+ of \d+ p", words(page)), link
    no_number = {"profile": "default", "book": "all", "reason": "no number"}
    assert ["office o5", "office o2"] == listed(gateway, no_number)
    assert [] == listed(gateway, {**no_number, "q": "smith"})


def test_odd_numbers_are_a_list_to_work_off(gateway: WebSide) -> None:
    page = gateway.text("/-/people")
    assert "Odd numbers to look at" in words(page)
    links = [html.unescape(link) for link in re.findall(r'href="(\?[^"]*odd=[^"]*)"', page)]
    pages = [words(gateway.text(f"/-/people{link}")) for link in links]
    assert all("of 1 person" in page for page in pages)
    assert any(
        "It is too long to be dialled." in page and "dials nothing" in page for page in pages
    )


def test_the_phone_leads_to_whom_a_number_belongs(gateway: WebSide) -> None:
    page = gateway.text("/-/phone?profile=lobby&path=/p/lobby/all.xml&press=select")
    links = re.findall(r'href="(\.\./-/people\?[^"]*dialled=[^"]*)"', page)
    assert 1 == len(links)
    assert "of 1 person" in words(gateway.text(html.unescape(links[0]).removeprefix("..")))
    whose = listed(gateway, {"profile": "lobby", "dialled": "00895550101"})
    assert ["cloud c1", "office o1"] == sorted(whose)
    assert [] == listed(gateway, {"profile": "default", "dialled": "00895550101"})
    assert [] == listed(gateway, {"profile": "lobby", "dialled": "0895550101"})


@pytest.mark.parametrize("start", ["-1", "abc", "1" * 30, "9999999", "²", ""])
def test_no_position_is_too_strange(gateway: WebSide, start: str) -> None:
    status, _, body = gateway.get(f"/-/people?start={quote(start)}", Accept=HTML)
    assert 200 == status
    assert b"of 68 people" in body or b"than 68 people" in body


@pytest.mark.parametrize(
    "query", ["", "?source=office", "?source=office&id=nobody", "?source=nothing&id=o1"]
)
def test_somebody_who_is_not_there(gateway: WebSide, query: str) -> None:
    status, _, body = gateway.get(f"/-/person{query}", Accept=HTML)
    assert (404, True) == (status, b"has nobody with this id now" in body)


@pytest.mark.parametrize("path", ["/-/people", "/-/people?q=ann", "/-/person?source=office&id=o1"])
def test_only_operators_see_people(gateway: WebSide, path: str) -> None:
    status, _, body = gateway.get(path, Accept=HTML, X_Forwarded_For="10.1.2.3")
    assert (403, False) == (status, b"Smith" in body)
    status, _, _ = gateway.get(path, "POST")
    assert 405 == status


def test_a_generation_is_replaced_while_people_are_looked_at(tmp_path: Path) -> None:
    with people_side(tmp_path) as gateway:
        assert [] == listed(gateway, {"q": "Newcomer"})
        write_people(
            tmp_path / "office.csv",
            [*OFFICE[1:], {"ID": "new", "Name": "Newcomer", "Work Phone": "3000"}],
        )
        build_once(gateway.settings)
        assert ["office new"] == listed(gateway, {"q": "Newcomer"})
        assert 404 == gateway.get("/-/person?source=office&id=o1")[0]


@pytest.mark.parametrize("fault", ["missing", "damaged", "of another form"])
def test_without_a_usable_file_the_page_says_so_and_asks_for_one(
    tmp_path: Path, fault: str
) -> None:
    with people_side(tmp_path) as gateway:
        state = gateway.settings.state_dir
        path = state / people_file_name(read_current(state).version)
        data = path.read_bytes()
        if fault == "missing":
            path.unlink()
        elif fault == "damaged":
            path.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))
        else:
            path.write_bytes(data[:60] + (9).to_bytes(4, "big") + data[64:])
        for query in ("people", "people?q=ann", "person?source=office&id=o1"):
            status, _, body = gateway.get(f"/-/{query}")
            assert (503, True) == (status, b"The file about people cannot be read" in body)
        assert control.receive(state, control.REBUILD)
        assert 200 == gateway.get("/all.xml")[0]


def test_before_the_first_generation(tmp_path: Path) -> None:
    gateway = people_side(tmp_path)
    for path in gateway.settings.state_dir.glob("*-*.sqlite"):
        path.unlink()
    (gateway.settings.state_dir / "current").unlink()
    with gateway:
        status, _, body = gateway.get("/-/people")
    assert (503, True) == (status, b"No generation is served yet" in body)
