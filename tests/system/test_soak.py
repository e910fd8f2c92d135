"""A short soak without an error, and what the soak's phones count as one."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.bench import soak_phones
from tests.bench.soak import figures, soak
from tests.bench.soak_phones import SoakPhone, Tally
from tests.support.patience import PATIENCE
from tests.support.phone.canned import PROLOG
from tests.support.phone.samples import EXIT

MENU = (
    f"{PROLOG}<CiscoIPPhoneMenu><Title>Company</Title><MenuItem><Name>Staff</Name>"
    "<URL>http://127.0.0.1/staff.xml</URL></MenuItem></CiscoIPPhoneMenu>"
)
MESSAGE = (
    f"{PROLOG}<CiscoIPPhoneText><Title>Staff</Title>{EXIT}<Text>Staff is not available"
    " yet.</Text></CiscoIPPhoneText>"
)


def test_a_short_soak_shows_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak_phones, "ANSWER_SECONDS", PATIENCE)
    # Clients that dribble are closed after ten seconds, and this machine may be busy.
    soaked = soak(tmp_path, 20, rate=40)
    assert [] == soaked.tally.errors
    assert ["met"] * 5 == ["met" if figure.met else figure.what for figure in figures(soaked)[:5]]
    assert (
        soaked.tally.pages > 100 and soaked.tally.searches > 20 and len(soaked.tally.versions) > 1
    )
    assert soaked.kills >= 2 and soaked.changes > 5
    # The server has closed clients that dribble, and clients that never read.
    assert soaked.attack.slow_closed >= 100 and soaked.attack.unread_closed >= 30


def answer(body: str, status: str = "200 OK", *headers: str) -> bytes:
    lines = (
        f"HTTP/1.1 {status}",
        "Content-Type: text/xml; charset=utf-8",
        f"Content-Length: {len(body)}",
        *headers,
        "",
        body,
    )
    return "\r\n".join(lines).encode()


EXPIRED = "Expires: Thu, 01 Jan 1998 00:00:00 GMT"
GOOD = answer(MENU)


@pytest.mark.parametrize(
    "sent, word",
    [
        (answer(MENU, "503 Service Unavailable"), "503"),
        (answer(MENU[:-4]), "rule 23"),
        (answer(f"{PROLOG}<CiscoIPPhoneMenu><Title>Company</Title></CiscoIPPhoneMenu>"), "empty"),
        (GOOD[:-20], "IncompleteReadError"),
        (b"", "IncompleteReadError"),
        (b"nonsense\r\n\r\n", "Error"),
        (answer(MESSAGE, "200 OK", EXPIRED), "not a menu"),
    ],
)
def test_a_phone_counts_what_is_no_valid_object(sent: bytes, word: str) -> None:
    tally = against(sent)
    assert tally.errors and len(tally.errors) == tally.requests
    assert all(word in error for error in tally.errors)


def test_a_phone_counts_a_message_in_place_of_a_page_and_nothing_else() -> None:
    tally = against(GOOD, answer(MESSAGE, "200 OK", EXPIRED))
    assert 0 < len(tally.errors) < tally.requests
    assert all(
        "/staff.xml: a message: Staff is not available yet." in error for error in tally.errors
    )


def test_a_phone_counts_no_error_for_pages() -> None:
    tally = against(GOOD, GOOD)
    assert tally.requests > 1 and not tally.errors


def against(menu: bytes, page: bytes = b"") -> Tally:
    """Return what a phone counts at a server that answers and closes.

    The root menu gets `menu`, and any other request `page`.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        writer.write(menu if request.startswith(b"GET /menu.xml") else page)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    return asyncio.run(_against(serve))


async def _against(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> Tally:
    tally = Tally()
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        # Number 5 is a CP-7821, which reads UTF-8.
        await SoakPhone(5, port, tally).run(0.05, asyncio.get_running_loop().time() + 0.5)
    return tally
