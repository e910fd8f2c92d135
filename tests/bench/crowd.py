"""Measure a worker's memory among very many connections, slow clients and queries.

The clients are 200 that send byte by byte, as many idle connections as a worker takes,
and one that searches for something else each time. Meanwhile a phone asks for pages.
"""

import asyncio
import http.client
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from app.web.connections import MAX_CONNECTIONS
from tests.bench import data
from tests.bench.figures import Figure, at_most, plain
from tests.bench.load import ask
from tests.bench.processes import built, memory
from tests.bench.soak_hostile import Attack, dribble
from tests.support.servers.gateway import Gateway

SLOW = 200
PER_ADDRESS = 64
IDLE = MAX_CONNECTIONS - SLOW


@dataclass(slots=True)
class Crowd:
    """The clients beside the phone: how many idle connections are open, and their end."""

    open: int = 0
    stop: threading.Event = field(default_factory=threading.Event)


def run(quick: bool) -> list[Figure]:
    """Return the worker's resident memory in MB, and how many answers a phone missed."""
    contacts, queries = (1_000, 2_000) if quick else (10_000, 50_000)
    folder, _ = built(contacts)
    with Gateway(folder, data.configuration(folder / "contacts.csv"), "--no-builder") as gateway:
        (worker,) = gateway.children("app.web.worker")
        begun = memory(worker)
        crowd = Crowd()
        clients = threading.Thread(target=lambda: asyncio.run(_all(gateway.port, crowd)))
        clients.start()
        missed = taken = 0
        line = http.client.HTTPConnection("127.0.0.1", gateway.port)
        try:
            while crowd.open < IDLE - 2 * PER_ADDRESS:
                taken += 1
                missed += not _is_page(ask(gateway.port, "/staff.xml"))
            connected, crowded = memory(worker), crowd.open + SLOW
            for number in range(queries):
                line.request("GET", f"/search.xml?q={_word(number)}")
                line.getresponse().read()
                if number % 100 == 0:
                    taken += 1
                    missed += not _is_page(ask(gateway.port, "/staff.xml"))
            ended = memory(worker)
        finally:
            crowd.stop.set()
            clients.join()
            line.close()
    return [
        plain("crowd", "web process at its start", begun, "MB"),
        plain("crowd", f"with {crowded:,} connections, {SLOW} of slow clients", connected, "MB"),
        at_most("crowd", f"and after {queries:,} different searches", ended, 200, "MB"),
        at_most("crowd", f"pages that a phone missed, of {taken:,}", missed, 0),
    ]


def _is_page(response: bytes) -> bool:
    return response.startswith(b"HTTP/1.1 200 ") and b"<CiscoIPPhoneMenu>" in response


def _word(number: int) -> str:
    """Return another word for each number, of letters alone."""
    letters = ""
    while number or not letters:
        number, letter = divmod(number, 26)
        letters += chr(ord("a") + letter)
    return letters


async def _all(port: int, crowd: Crowd) -> None:
    until = asyncio.get_running_loop().time() + 3600
    attack = Attack()
    tasks = [asyncio.create_task(dribble(number, port, attack, until)) for number in range(SLOW)]
    tasks += [asyncio.create_task(_idle(number, port, crowd)) for number in range(IDLE)]
    while not crowd.stop.is_set():
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _idle(number: int, port: int, crowd: Crowd) -> None:
    """Keep a connection open without a request; open another one when it is closed."""
    address = (f"127.70.0.{number // PER_ADDRESS + 1}", 0)
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=address)
            crowd.open += 1
            try:
                await reader.read()
            finally:
                crowd.open -= 1
                writer.close()
        await asyncio.sleep(1)
