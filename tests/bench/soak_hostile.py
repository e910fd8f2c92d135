"""Hostile clients of the soak.

Some dribble requests that never end, some send requests and never read.
"""

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass

from app.phones.strict.models import CP_7821

DRIBBLE_SECONDS = 0.5
"""A byte is sent so often."""
PER_ADDRESS = 10
_FILLER = "".join(f"{name}: {value}\r\n" for name, value in CP_7821.headers)
_DRIBBLED = (
    # A first line, headers, and a body that never end.
    b"GET /menu.xml?" + b"x" * 2000,
    f"GET /staff.xml HTTP/1.1\r\n{_FILLER * 3}".encode("ascii"),
    b"POST /search.xml HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + b"q" * 4000,
)
_STARTS = (5, 30, len(b"POST /search.xml HTTP/1.1\r\nContent-Length: 5000\r\n\r\n"))


@dataclass(slots=True)
class Attack:
    """How many connections were made, and how many of them the server closed."""

    slow_made: int = 0
    slow_closed: int = 0
    unread_made: int = 0
    unread_closed: int = 0
    unread_bytes: int = 0


async def dribble(number: int, port: int, attack: Attack, until: float) -> None:
    """Send a request byte by byte until the server closes, then the next one."""
    clock = asyncio.get_running_loop().time
    request, begin = _DRIBBLED[number % len(_DRIBBLED)], _STARTS[number % len(_DRIBBLED)]
    while clock() < until:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, local_addr=(_address(66, number), 0)
            )
            attack.slow_made += 1
            try:
                writer.write(request[:begin])
                for place in range(begin, len(request)):
                    if clock() > until:
                        return
                    # The server says nothing before it closes, or `400` and then closes.
                    if await _ended(reader):
                        break
                    writer.write(request[place : place + 1])
            finally:
                attack.slow_closed += clock() <= until
                writer.close()
                await writer.wait_closed()
        await asyncio.sleep(0.05)


async def _ended(reader: asyncio.StreamReader) -> bool:
    try:
        await asyncio.wait_for(reader.read(), DRIBBLE_SECONDS)
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


async def ask_unread(number: int, port: int, attack: Attack, until: float) -> None:
    """Send requests for a large page as fast as they are taken, and read nothing.

    It begins anew when the server closes.
    """
    loop = asyncio.get_running_loop()
    batch = b"GET /search.xml?q=a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 100
    while loop.time() < until:
        with socket.socket() as line, suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            line.bind((_address(67, number), 0))
            line.setblocking(False)
            await loop.sock_connect(line, ("127.0.0.1", port))
            attack.unread_made += 1
            offset = 0
            while loop.time() < until:
                try:
                    sent = line.send(batch[offset:])
                    attack.unread_bytes += sent
                    offset = (offset + sent) % len(batch)
                except BlockingIOError:
                    sent = 0
                except OSError:
                    attack.unread_closed += 1
                    break
                await asyncio.sleep(0.01 if sent else 0.25)
        await asyncio.sleep(0.05)


def _address(network: int, number: int) -> str:
    return f"127.{network}.0.{number // PER_ADDRESS + 1}"
