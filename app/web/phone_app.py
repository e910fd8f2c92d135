"""Answer HTTP requests for phone paths, and pass other allowed requests on.

`PhoneApp` is a bare ASGI callable before FastAPI's own routing. Measured, it serves a
page in a quarter of the time. FastAPI serves the rest (`/`, `/-/...`, `/docs`). Phones
send HTTP/1.0 or 1.1 with any Host. A reply must have Content-Length and be neither
chunked, compressed nor redirected.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from app.model.hosts import is_authority, is_ours, machine_names
from app.model.networks import device_name, parse_address
from app.model.profile import DEFAULT
from app.model.screens import Dialect
from app.navigation.search_screens import SEARCH_PAGE
from app.navigation.tree import is_search
from app.phones.registry import FORMATS
from app.settings.loader import Settings
from app.web.access import (
    FORWARDED,
    ProfileSelector,
    SelectedProfile,
    Visitor,
    is_forwarded,
    visitor,
)
from app.web.publisher import Answer, Publisher
from app.web.query_string import FORM, MOST_BYTES, parse_params, search_query

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPERATORS_ONLY = ("/", "/docs", "/openapi.json")
HEALTHY = "/-/healthy"
LOOKUP = "/lookup"
_NOT_YOURS = "This profile is not for your address.\n"
_PUBLIC = (HEALTHY, "/-/ready")
_NO_SNIFFING = (b"x-content-type-options", b"nosniff")
_FOR_PEOPLE = (
    _NO_SNIFFING,
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    ),
)
"""Headers of the pages for people (CSP Level 3).

No script runs, nothing is loaded, and no other page shows these pages in a frame.
"""
_MOST_REMEMBERED = 10_000
_LONGEST_REMEMBERED = 1_000
_LONGEST_PATH = 512
_LONGEST_SHOWN = 100
_PORTS = {"http": 80, "https": 443}


class PhoneApp:
    """Answers phone paths, and passes other allowed requests to another application."""

    def __init__(self, settings: Settings, publisher: Publisher, behind: App) -> None:
        self._settings = settings
        self._publisher = publisher
        self._behind = behind
        self._chooser = ProfileSelector(settings.profiles)
        self._books = frozenset(
            book.name for profile in settings.profiles for book in profile.books
        )
        self._visitors: dict[tuple[str, bytes, bool], Visitor] = {}
        self._dialects: dict[tuple[str, tuple[bytes | None, ...]], Dialect] = {}
        self._bases: dict[tuple[str, bytes | None], str] = {}
        self._wanted = {
            name: tuple(header.encode("ascii") for header in family.HEADERS)
            for name, family in FORMATS.items()
        }
        self._names = machine_names() | {
            *settings.access.hosts,
            (urlsplit(settings.base_url).hostname or "").lower(),
        } - {""}
        self._longest_base = min(
            FORMATS[profile.format].LIMITS.base_url for profile in settings.profiles
        )
        self.requests: dict[str, int] = {"phone": 0, "refused": 0, "other": 0}
        """Counts of requests since the start.

        A request was answered for a phone, refused (403, 404 and 405) or passed on.
        """

    def try_answer(self, scope: Scope, headers: dict[bytes, bytes]) -> Answer | None:
        """Return a phone's page for a GET or HEAD.

        Returns None if the path is no phone path or the request is refused; `__call__`
        replies then. Of the scope only path, query, headers, client, server and scheme
        are read.
        """
        path: str = scope["path"]
        if not self._is_phone_path(path):
            return None
        who = self._visitor(scope, headers)
        answer = self._phone(scope, headers, path, who, b"") if who.allowed else None
        if answer is not None:
            self.requests["phone"] += 1
        return answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        # Header names arrive in lower case (ASGI specification, "Connection Scope").
        if scope["type"] != "http":
            await self._behind(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        path: str = scope["path"]
        method: str = scope["method"]
        answer = self.try_answer(scope, headers) if method in ("GET", "HEAD") else None
        if answer is not None:
            await _page(send, answer, method)
            return
        who = self._visitor(scope, headers, thorough=True)
        phone = self._is_phone_path(path)
        # Operators outside the networks may open the operators' pages, but not the directory.
        if not who.allowed and (
            phone or path == LOOKUP or not (who.operator or (path == HEALTHY and who.local))
        ):
            await self._refuse(send, 403, "Your address may not use this directory.\n", method)
        elif not phone:
            await self._other(scope, headers, who, receive, send)
        # A form is sent with GET. A POST is answered only on the paths of searches
        # (facts, rule 49).
        elif method == "POST" and path.rstrip("/").endswith(f"/{SEARCH_PAGE}"):
            answer = self._phone(scope, headers, path, who, await _form(headers, receive))
            if answer is None:
                await self._refuse(send, 403, _NOT_YOURS, method)
                return
            self.requests["phone"] += 1
            await _page(send, answer, method)
        elif method not in ("GET", "HEAD"):
            await self._refuse(
                send, 405, "Phones ask with GET.\n", method, ((b"allow", b"GET, HEAD"),)
            )
        else:
            await self._refuse(send, 403, _NOT_YOURS, method)

    async def _other(
        self, scope: Scope, headers: dict[bytes, bytes], who: Visitor, receive: Receive, send: Send
    ) -> None:
        path: str = scope["path"]
        if path in OPERATORS_ONLY or (path.startswith("/-/") and path not in _PUBLIC):
            strange = next(
                (host for host in _hosts(headers, who) if not is_ours(host, self._names)), None
            )
            if not who.operator or strange is not None:
                line = (
                    "Only operators may see this page.\n"
                    if not who.operator
                    else _not_our_name(strange or "")
                )
                await self._refuse(send, 403, line, scope["method"])
                return
        if path == LOOKUP:
            asked = parse_params(scope["query_string"])
            choice = self._of_lookup(asked, who)
            if choice is None or not choice.known:
                status, line = (
                    (403, _NOT_YOURS) if choice is None else (404, "There is no such profile.\n")
                )
                await self._refuse(send, status, line, scope["method"])
                return
            scope["number"], scope["plan"] = asked.get("number", ""), choice.profile.plan
        self.requests["other"] += 1
        scope["base"] = self._settings.base_url or self._base(scope, headers, who)

        async def send_to_people(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_FOR_PEOPLE]
            await send(message)

        await self._behind(scope, receive, send_to_people)

    async def _refuse(
        self,
        send: Send,
        status: int,
        line: str,
        method: str,
        extra: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        self.requests["refused"] += 1
        await _plain(send, status, line, method, extra)

    def _is_phone_path(self, path: str) -> bool:
        below = path.strip("/")
        return (
            below.endswith(".xml")
            or below == "p"
            or below.startswith("p/")
            or below.partition("/")[0] in self._books
        )

    def _phone(
        self, scope: Scope, headers: dict[bytes, bytes], path: str, who: Visitor, posted: bytes
    ) -> Answer | None:
        below = path.strip("/")[:_LONGEST_PATH]
        named = None
        if below == "p" or below.startswith("p/"):
            _, named, below = (below + "//").split("/", 2)
            below = below.rstrip("/")
        raw: bytes = scope["query_string"]
        asked = parse_params(raw + b"&" + posted) if raw or posted else {}
        device = device_name(asked.get("name", ""))
        choice = self._chooser.select(named, device, who.address)
        if choice is None:
            return None
        dialect = self._dialect(choice.profile.format, headers)
        base = self._settings.base_url or self._base(scope, headers, who)
        below = below if choice.known else ""
        return self._publisher.answer(
            choice, below, dialect, base, search_query(asked) if is_search(below) else None
        )

    def _of_lookup(self, asked: dict[str, str], who: Visitor) -> SelectedProfile | None:
        """Return the profile whose dial plan reads the number, or None if refused.

        Names are those of the default profile, so its restriction applies to every
        lookup.
        """
        if self._chooser.select(DEFAULT, "", who.address) is None:
            return None
        return self._chooser.select(asked.get("profile"), "", who.address)

    def _visitor(
        self, scope: Scope, headers: dict[bytes, bytes], *, thorough: bool = False
    ) -> Visitor:
        """Return the client of a request and its rights.

        `thorough` is for requests that `try_answer` does not answer. For them, unknown
        headers with the prefix x-forwarded show a proxy too.
        """
        client = scope.get("client")
        peer = client[0] if client else ""
        forwarded = is_forwarded(headers) if thorough else not FORWARDED.isdisjoint(headers)
        claims = (
            b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
            if forwarded
            else b""
        )
        key = (peer, claims, forwarded)
        found = self._visitors.get(key)
        if found is None:
            if len(self._visitors) >= _MOST_REMEMBERED:
                self._visitors.clear()
            found = visitor(self._settings.access, peer, claims.decode("latin-1"), forwarded)
            if len(claims) <= _LONGEST_REMEMBERED:
                self._visitors[key] = found
        return found

    def _dialect(self, word: str, headers: dict[bytes, bytes]) -> Dialect:
        wanted = self._wanted[word]
        key = (word, tuple(map(headers.get, wanted)))
        found = self._dialects.get(key)
        if found is None:
            if len(self._dialects) >= _MOST_REMEMBERED:
                self._dialects.clear()
            told = {
                name.decode("ascii"): (value or b"")[:1000].decode("latin-1")
                for name, value in zip(wanted, key[1], strict=True)
            }
            found = FORMATS[word].dialect(told)
            if sum(len(value) for value in key[1] if value) <= _LONGEST_REMEMBERED:
                self._dialects[key] = found
        return found

    def _base(self, scope: Scope, headers: dict[bytes, bytes], who: Visitor) -> str:
        """Return the base URL of links, from the host that the request names.

        If that host cannot be used, it is the address that the request arrived at.
        """
        scheme: str = scope.get("scheme", "http")
        key = (scheme, headers.get(b"host"))
        if not who.proxied and (known := self._bases.get(key)) is not None:
            return known
        host = headers.get(b"host", b"").decode("latin-1")
        if who.proxied:
            # If there are several values, the first is the one that the phone itself requested.
            claimed, outer = (
                headers.get(name, b"").decode("latin-1").split(",")[0].strip()
                for name in (b"x-forwarded-proto", b"x-forwarded-host")
            )
            scheme = claimed.lower() if claimed.lower() in _PORTS else scheme
            host = outer or host
        if len(scheme) + 3 + len(host) <= self._longest_base and is_authority(host):
            base = f"{scheme}://{host}"
            if not who.proxied:
                if len(self._bases) >= _MOST_REMEMBERED:
                    self._bases.clear()
                self._bases[key] = base
            return base
        server = scope.get("server") or ("127.0.0.1", self._settings.port)
        # A listener on :: sees IPv4 as ::ffff:a.b.c.d, and link-local addresses with a zone.
        # Phones can use neither in a URL.
        address = str(parse_address(str(server[0])) or server[0])
        address = f"[{address}]" if ":" in address else address
        return (
            f"{scheme}://{address}"
            if server[1] == _PORTS.get(scheme)
            else f"{scheme}://{address}:{server[1]}"
        )


def _hosts(headers: dict[bytes, bytes], who: Visitor) -> list[str]:
    """Return the names that a request uses for this gateway.

    These are the Host and, from a trusted proxy, the values of X-Forwarded-Host. A
    script in a browser cannot set Host. It can set X-Forwarded-Host, which many proxies
    pass on. Every browser sends a Host.
    """
    outer = headers.get(b"x-forwarded-host", b"").split(b",") if who.proxied else []
    return [
        host.decode("latin-1").strip()
        for host in (headers.get(b"host", b""), *outer)
        if host.strip()
    ]


def _not_our_name(host: str) -> str:
    shown = "".join(char if " " <= char <= "~" else "?" for char in host[:_LONGEST_SHOWN])
    remedy = "Ask by its IP address, or add the name to hosts under [access] in gateway.toml."
    return f'"{shown}" is not known as a name of this gateway. {remedy}\n'


async def _page(send: Send, answer: Answer, method: str) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})


async def _form(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    """Return the body of a form sent by POST, b"" if it is no form or too long."""
    body = b""
    more = headers.get(b"content-type", b"").partition(b";")[0].strip().lower() in (FORM, b"")
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > MOST_BYTES:
            return b""
    return body


async def _plain(
    send: Send, status: int, line: str, method: str, extra: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    body = line.encode("ascii")
    kind = (b"content-type", b"text/plain; charset=utf-8")
    length = (b"content-length", str(len(body)).encode("ascii"))
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": (kind, length, _NO_SNIFFING, *extra),
        }
    )
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})
