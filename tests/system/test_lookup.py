"""Exchanges look up a caller's name.

Tested are the dial plan that reads the number, access, and what the answer may contain.
"""

import csv
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from app.web.caller_lookup import as_plain_text, wants_json
from tests.support.offline_gateway import rows
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import Gateway, eventually
from tests.support.servers.web_side import WebSide
from tests.support.servers.worker import DATE

ROWS = (
    ("Name", "Organization Name", "Phone"),
    ("Ann Smith", "", "+1 212 555 0100"),
    ("Eva Muster", "", "+49 89 555 0101"),
    ('Robert "Bob" O\'Neill, Jr. (Sales)', "", "+49 30 4440001"),
    ("Two\r\nLines\x07\u202e): NoOp", "", "+49 30 4440002"),
    ("Long " + "name " * 40, "", "+49 30 4440003"),
    ("", "Bright & Co", "+49 30 777-0"),
)
SECRET = (("Name", "Phone"), ("Secret Person", "+49 89 9990001"))
CONFIG = """
[numbers]
region = "DE"
outside_line = "0"
[sources.staff]
connector = "csv"
path = "staff.csv"
[sources.board]
connector = "csv"
path = "board.csv"
[books.staff]
sources = ["staff"]
[books.board]
sources = ["board"]
[profiles.default]
menu = ["staff", "search"]
[profiles.us]
menu = ["staff", "search"]
[profiles.us.numbers]
region = "US"
outside_line = "9"
[profiles.board]
menu = ["staff", "board"]
restricted = true
networks = ["10.99.0.0/16"]
"""


def write(path: Path, rows: tuple[tuple[str, ...], ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def write_files(folder: Path) -> Path:
    write(folder / "staff.csv", ROWS)
    write(folder / "board.csv", SECRET)
    return folder


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with Gateway(write_files(tmp_path_factory.mktemp("lookup")), CONFIG) as running:
        eventually(
            lambda: running.status()["profiles"]["board"]["books"]["board"]["rows"] == 1,
            "it is served",
        )
        eventually(
            lambda: (
                running.status()["profiles"]["default"]["books"]["staff"]["rows"] == len(ROWS) - 1
            ),
            "it is served",
        )
        yield running


@pytest.mark.parametrize(
    ("number", "default", "us"),
    [
        ("2125550100", "", "Ann Smith"),
        ("(212) 555-0100", "", "Ann Smith"),
        ("912125550100", "", "Ann Smith"),
        ("12125550100", "Ann Smith", "Ann Smith"),
        ("01149895550101", "", "Eva Muster"),
        ("0895550101", "Eva Muster", ""),
        ("00895550101", "Eva Muster", ""),
        ("+49895550101", "Eva Muster", "Eva Muster"),
    ],
)
def test_the_dial_plan_of_a_profile(gateway: Gateway, number: str, default: str, us: str) -> None:
    names = [
        gateway.text(f"/lookup?number={quote(number)}{more}")
        for more in ("", "&profile=", "&profile=default", "&profile=us")
    ]
    assert [default, default, default, us] == names


NOT_YOURS = (
    b"This profile is not for your address. You are 127.0.0.1; add it to networks of the profile.\n"
)


def test_a_profile_that_there_is_not_and_one_for_others(gateway: Gateway) -> None:
    for query, status, line in (
        ("profile=nowhere", 404, b"There is no such profile.\n"),
        ("profile=us&profile=nowhere", 200, b""),
        ("profile=nowhere&profile=us", 404, b"There is no such profile.\n"),
        ("profile=board", 403, NOT_YOURS),
        ("profile=%00", 404, b"There is no such profile.\n"),
    ):
        assert (status, line) == gateway.get(f"/lookup?number=498999&{query}")[::2]


def test_names_of_a_restricted_profile_are_told_by_no_other(gateway: Gateway) -> None:
    for profile in ("", "default", "us"):
        assert "" == gateway.text(f"/lookup?number=%2B49899990001&profile={profile}")


def test_an_address_reads_by_the_plan_of_its_profile(tmp_path: Path) -> None:
    with WebSide(
        write_files(tmp_path),
        CONFIG.replace("[profiles.us]\n", '[profiles.us]\nnetworks = ["127.0.0.0/8"]\n'),
    ) as gateway:
        assert "Ann Smith" == gateway.text("/lookup?number=2125550100")
        assert "" == gateway.text("/lookup?number=2125550100&profile=default")


def test_what_the_default_profile_keeps_from_an_address_no_profile_tells(tmp_path: Path) -> None:
    config = CONFIG.replace(
        "[profiles.default]\n",
        '[profiles.default]\nrestricted = true\nnetworks = ["10.99.0.0/16"]\n',
        1,
    )
    with WebSide(write_files(tmp_path), config) as gateway:
        assert len(ROWS) - 1 == len(rows(gateway.settings, profile="us"))
        for profile in ("", "default", "us", "board", "nowhere"):
            assert 403 == gateway.get(f"/lookup?number=12125550100&profile={profile}")[0]


@pytest.mark.parametrize(
    ("number", "text", "whole"),
    [
        ("+49304440001", "Robert 'Bob' O'Neill, Jr. (Sales)", 'Robert "Bob" O\'Neill, Jr. (Sales)'),
        ("+49304440002", "Two Lines): NoOp", "Two Lines): NoOp"),
        ("+49304440003", ("Long " + "name " * 15).strip(), ("Long " + "name " * 40).strip()),
        ("+493077712", "Bright & Co", "Bright & Co"),
    ],
)
def test_nothing_in_a_name_upsets_an_exchange(
    gateway: Gateway, number: str, text: str, whole: str
) -> None:
    path = f"/lookup?number={quote(number)}"
    assert text == gateway.text(path)
    assert whole == json.loads(gateway.get(path, Accept="application/json")[2])["name"]


def test_a_head_tells_what_a_get_does(gateway: Gateway) -> None:
    for number in ("%2B49304440001", "1"):
        _, got, body = gateway.get(f"/lookup?number={number}")
        _, headed, nothing = gateway.get(f"/lookup?number={number}", method="HEAD")
        assert (b"", str(len(body))) == (nothing, headed["content-length"])
        assert got["content-type"] == headed["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("tel:%2B49-89-555-0101", "Eva Muster"),
        ("sip:%2B49895550101@10.0.0.1", "Eva Muster"),
        ("+49%2089%20555%200101", "Eva Muster"),
        ("%2B49%20(0)89%205550101", "Eva Muster"),
        ("0895550101%0D%0A", "Eva Muster"),
        ("%C2%A0089%205550101%00", "Eva Muster"),
        ("089%FF5550101", ""),
        ("restricted", ""),
        ("unknown", ""),
        ("0", ""),
        ("%2B", ""),
    ],
)
def test_numbers_as_carriers_write_them(gateway: Gateway, number: str, name: str) -> None:
    assert name == gateway.text(f"/lookup?number={number}")


def test_lookup_without_a_number_and_a_plus_that_became_a_space(gateway: Gateway) -> None:
    for query in ("?number=", "?number", "?number=%20", "?profile=us&number="):
        assert (200, b"") == gateway.get(f"/lookup{query}")[::2]
    for query in ("", "?", "?num=0895550101", "?profile=us"):
        status, headers, line = gateway.get(f"/lookup{query}")
        assert (400, b"Write the caller's number behind /lookup?number=\n") == (status, line)
        assert "text/plain" in headers["content-type"]
    assert "Eva Muster" == gateway.text("/lookup?number=+49895550101")
    assert 405 == gateway.get("/lookup", method="DELETE")[0]
    assert (200, b"") == gateway.get("/lookup?number=0895550101", method="HEAD")[::2]


@pytest.mark.parametrize(
    "path",
    [
        "/lookup",
        "/lookup?number=",
        "/lookup?number=%2B49895550101",
        "/lookup?number=2125550100&profile=us",
        "/lookup?number=1&profile=board",
        "/lookup?number=1&profile=none",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "header", ["Accept: application/json", "Accept: text/plain", "X-Forwarded-For: 10.0.0.1"]
)
def test_a_lookup_that_is_parsed_by_uvicorn_gets_the_same_bytes(
    gateway: WebSide, path: str, method: str, header: str
) -> None:
    answers = set()
    for more in ("", "Content-Length: 0\r\n"):
        with socket.create_connection(("127.0.0.1", gateway.port), PATIENCE) as line:
            head = f"{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            line.sendall(f"{head}{header}\r\n{more}\r\n".encode())
            answer = b"".join(iter(lambda: line.recv(65536), b""))
            answers.add(DATE.sub(b"", answer))
    assert 1 == len(answers)


def test_the_openapi_document_describes_the_path(gateway: WebSide) -> None:
    operation = json.loads(gateway.text("/openapi.json"))["paths"]["/lookup"]["get"]
    assert ["number", "profile"] == [item["name"] for item in operation["parameters"]]
    assert {"200", "400", "403", "404"} == set(operation["responses"])
    kinds = operation["responses"]["200"]["content"]
    assert {"text/plain", "application/json"} == set(kinds)
    path = "/lookup?number=%2B49895550101"
    assert set(kinds["application/json"]["schema"]["properties"]) == set(
        json.loads(gateway.get(path, Accept="application/json")[2])
    )


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/json, text/plain, */*", True),
        ("text/plain;q=0.5, application/json", True),
        ("text/plain, application/json;q=0.5", False),
        ("application/json;q=0", False),
        ("application/json; q=0.0, */*", False),
        ("application/json;q=x", True),
        ("application/json-patch", False),
        ("text/plain", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_who_wants_json(accept: str, expected: bool) -> None:
    assert expected == wants_json(accept)


def test_the_text_for_an_exchange() -> None:
    assert "a'b/c" == as_plain_text('a"b\\c')
    assert 80 == len(as_plain_text("x" * 500))
