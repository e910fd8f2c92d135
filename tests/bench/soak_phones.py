"""Honest phones of the soak, which follow links, search, and check every answer."""

import asyncio
import random
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlsplit

from app.phone_walk.walk import LOCALE
from app.phones.strict.judge import OpenedPage, Setting
from app.phones.strict.models import CURL, MODELS, Model
from app.phones.strict.objects import DirectoryObject, InputObject, MenuObject, TextObject
from app.phones.strict.response import Answer
from tests.support.phone.browser import DEVICE
from tests.support.phone.refusal import PhoneRefuses, judge

ANSWER_SECONDS = 10.0
"""Seconds after which a phone counts an error."""
EXPECTED_MESSAGES = ("Nothing was found", "This phone cannot show a search form")
"""Messages that a search may give, the second to a CP-860.

Any other message replaces a page that should exist.
"""
VISIT = 12
"""Most pages that a phone opens before it returns to the root menu."""
_PHONES = tuple(model for model in MODELS if model is not CURL)
VERSION = re.compile(rb"(?:/staff/|[?&;]v=)([0-9a-z]{6,12})\b(?!\.)")
_LETTERS = ("a", "mu", "ha", "xa", "ann", "company", "zo", "jan f", "qqq")
_KEYS = ("2", "26", "468", "1632", "96", "0772", "555000")


@dataclass(slots=True)
class Tally:
    """Results of all phones.

    `reopened` counts kept connections that the server had closed before the next
    request, `excused` requests without an answer that count as no error.
    """

    waits: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    versions: set[bytes] = field(default_factory=set)
    pages: int = 0
    searches: int = 0
    new_connections: int = 0
    reopened: int = 0
    excused: int = 0

    @property
    def requests(self) -> int:
        """How many requests were answered or given up."""
        return len(self.waits)


class SoakPhone:
    """A phone with its own address and model that sends requests at a steady pace."""

    def __init__(
        self,
        number: int,
        port: int,
        tally: Tally,
        *,
        keeps: bool = True,
        check: Callable[[str, OpenedPage], str] = lambda _url, _page: "",
        is_excused: Callable[[float], bool] = lambda _begun: False,
        new_socket: Callable[[], socket.socket] = socket.socket,
    ) -> None:
        """`keeps` lets every other phone of a model keep its connection.

        `check` returns what is wrong with a page of a URL, "" if nothing is.
        `is_excused` returns whether a request that began at a time (seconds since 1970)
        may remain without an answer. `new_socket` makes the socket of each connection.
        """
        self._chance = random.Random(number)
        self._address = f"127.77.{number // 200}.{number % 200 + 1}"
        self._setting = Setting(_PHONES[number % len(_PHONES)])
        self._keeps = (
            keeps and self._setting.model.http == "HTTP/1.1" and number // len(_PHONES) % 2 == 0
        )
        self._device = f"{DEVICE[:-4]}{number:04X}"
        self._port = port
        self._tally = tally
        self._check = check
        self._is_excused, self._new_socket = is_excused, new_socket
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def run(self, pace: float, until: float) -> None:
        """Send a request every `pace` seconds; one that is late is made up for."""
        clock = asyncio.get_running_loop().time
        turn = clock() + self._chance.uniform(0, pace)
        url, opened = "", 0
        while turn < until:
            await asyncio.sleep(turn - clock())
            turn += pace
            is_root = not url or opened >= VISIT
            if is_root:
                url, opened = (
                    f"http://127.0.0.1:{self._port}/menu.xml?locale={LOCALE}&name={self._device}",
                    0,
                )
            opened += 1
            seen = await self.open(url, is_root)
            url = self._next_url(seen) if seen is not None else ""
        await self.hang_up()

    async def open(self, url: str, is_root: bool = False) -> OpenedPage | None:
        """Return the accepted page; count an error and return None if there is none."""
        begun, moment = time.perf_counter(), time.time()
        try:
            answer = await asyncio.wait_for(self._ask(url), ANSWER_SECONDS)
        except (OSError, EOFError, ValueError) as error:  # TimeoutError is an OSError
            self._tally.waits.append(time.perf_counter() - begun)
            if not isinstance(error, ValueError) and self._is_excused(moment):
                self._tally.excused += 1
                await self.hang_up()
                return None
            await self._fail(url, f"{type(error).__name__}: {error}")
            return None
        self._tally.waits.append(time.perf_counter() - begun)
        try:
            seen = judge(answer, url, self._setting, is_root)
        except PhoneRefuses as refusal:
            await self._fail(url, f"{refusal}; {answer.body[:120]!r}")
            return None
        if isinstance(seen.screen, TextObject) and not seen.screen.text.startswith(
            EXPECTED_MESSAGES
        ):
            await self._fail(url, f"a message: {seen.screen.text}")
            return None
        if wrong := self._check(url, seen):
            await self._fail(url, f"a wrong page: {wrong}")
            return None
        self._tally.versions.update(VERSION.findall(answer.body))
        self._tally.pages += isinstance(seen.screen, DirectoryObject)
        self._tally.searches += "/search.xml?" in url
        return seen

    async def _fail(self, url: str, why: str) -> None:
        await self.hang_up()
        self._tally.errors.append(f"{self._setting.model.name} {urlsplit(url).path}: {why}")

    def _next_url(self, seen: OpenedPage) -> str:
        """Return a page that can be opened from this one; "" if the visit ends here."""
        screen = seen.screen
        if isinstance(screen, InputObject):
            query = (
                f"q={quote_plus(self._chance.choice(_LETTERS))}"
                if self._chance.random() < 0.6
                else f"k={self._chance.choice(_KEYS)}"
            )
            return f"{screen.url}{'&' if '?' in screen.url else '?'}{query}"
        if seen.is_list:
            return seen.next if self._chance.random() < 0.8 else ""
        if isinstance(screen, MenuObject):
            links = [item.url for item in screen.items if not item.number]
            return self._chance.choice(links) if links else ""
        return ""

    async def _ask(self, url: str) -> Answer:
        request = self._request(url)
        if self._line is not None:
            try:
                return await self._exchange(request)
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                # The server may close an idle connection at any moment; a client then uses a new
                # one (RFC 9112, section 9.3.1).
                await self.hang_up()
                if isinstance(error, asyncio.IncompleteReadError) and error.partial:
                    raise
                self._tally.reopened += 1
        self._line = await self._connect()
        self._tally.new_connections += 1
        return await self._exchange(request)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        opened = self._new_socket()
        try:
            opened.setblocking(False)
            opened.bind((self._address, 0))
            await asyncio.get_running_loop().sock_connect(opened, ("127.0.0.1", self._port))
        except BaseException:
            opened.close()
            raise
        return await asyncio.open_connection(sock=opened)

    def _request(self, url: str) -> bytes:
        parts, model = urlsplit(url), self._setting.model
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = [("Host", parts.netloc), *_headers(model, keep=self._keeps)]
        lines = (
            f"GET {path} {model.http}",
            *(f"{name}: {value}" for name, value in headers),
            "",
            "",
        )
        return "\r\n".join(lines).encode("ascii")

    async def _exchange(self, request: bytes) -> Answer:
        assert self._line is not None
        reader, writer = self._line
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        pairs = (line.partition(":") for line in lines)
        answer = Answer(
            int(first.partition(" ")[2][:3]),
            tuple((name.strip().lower(), value.strip()) for name, _, value in pairs),
            b"",
        )
        length = int((answer.all("content-length") or ("0",))[0])
        body = await reader.readexactly(length)
        if not self._keeps or "close" in answer.all("connection"):
            body += await reader.read()  # a phone reads until the server closes
            await self.hang_up()
        return Answer(answer.status, answer.headers, body)

    async def hang_up(self) -> None:
        """Close the connection if one is open."""
        if self._line is not None:
            writer, self._line = self._line[1], None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def _headers(model: Model, *, keep: bool) -> tuple[tuple[str, str], ...]:
    """Return what the model sends, asked to close or to keep its connection."""
    others = tuple((name, value) for name, value in model.headers if name.lower() != "connection")
    return others if keep else (*others, ("Connection", "close"))
