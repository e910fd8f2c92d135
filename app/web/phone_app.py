"""Answer HTTP requests for phone paths, and pass other allowed requests on.

`PhoneApp` is a bare ASGI callable before FastAPI's own routing. Measured, it serves a
page in a quarter of the time. FastAPI serves what is for people (`/`, `/docs`, most of
`/-/...`).
"""

# Phones send HTTP/1.0 or 1.1 with any Host. A reply must have Content-Length and be neither
# chunked, compressed nor redirected.

import asyncio
from collections.abc import MutableMapping
from typing import Any

from app.model.networks import Address, device_name
from app.navigation.search_screens import SEARCH_PAGE
from app.settings.loader import Settings
from app.state.recent_requests import RecentRequests
from app.web.access import ProfileSelector, Visitor
from app.web.asgi import (
    FOR_PEOPLE,
    App,
    Receive,
    Scope,
    Send,
    receive_form,
    send_answer,
    send_line,
    send_page,
)
from app.web.lookup_path import LOOKUP, NUMBER, LookupPath
from app.web.operator_login import OperatorLogin
from app.web.phone_application import PhoneRequest, PhoneResponse
from app.web.phone_paths import OPERATORS_ONLY, PhonePaths
from app.web.publisher import SCREENS_SHARE, Publisher
from app.web.query_string import has_param, parse_params
from app.web.refusals import (
    NO_NUMBER,
    NO_SUCH_PROFILE,
    PHONES_USE_GET,
    SEE_OTHER,
    Refusal,
    foreign_host,
    not_an_operator,
    outside_networks,
    outside_profile,
)
from app.web.request_reader import RequestReader
from app.web.response_cache import ResponseCache
from app.web.static_files import find_static_file

HEALTHY = "/-/healthy"
_PUBLIC = (HEALTHY, "/-/ready")


class PhoneApp:
    """Answers phone paths, and passes other allowed requests to another application."""

    def __init__(
        self,
        settings: Settings,
        publisher: Publisher,
        fallback: App,
        recent: RecentRequests,
        login: OperatorLogin | None = None,
    ) -> None:
        self._access = settings.access
        self._publisher = publisher
        self._fallback = fallback
        self._recent = recent
        self._login = login
        self._selector = ProfileSelector(settings.profiles)
        self._lookup = LookupPath(publisher, self._selector)
        self._reader = RequestReader(settings, self._selector)
        self.direct_client = self._reader.direct_client
        self.is_repeatable = self._reader.is_repeatable
        self.edition = publisher.edition
        self.responses = ResponseCache(int(settings.cache_bytes * (1 - SCREENS_SHARE)), self)
        self._paths = PhonePaths(settings, publisher, self._reader, self._selector)
        self.answer_operator = self._paths.answer_operator
        self.requests: dict[str, int] = {"phone": 0, "refused": 0, "other": 0}
        """Counts of requests since the start.

        A request was answered for a phone, refused (400, 403, 404 and 405) or passed on.
        """

    def report(self, address: Address | None, request: PhoneRequest) -> None:
        """Record a phone's request that is answered."""
        self.requests["phone"] += 1
        self._recent.note_phone(address, request.device, request.model, request.profile)

    def try_answer(self, scope: Scope, headers: dict[bytes, bytes]) -> PhoneResponse | None:
        """Return a phone's page or a caller's name for a GET or HEAD.

        Returns None if the path is another one or the request is refused; `__call__`
        replies then. Of the scope only path, query, headers, client, server and scheme
        are read.
        """
        path: str = scope["path"]
        if path == LOOKUP:
            return self._look_up(scope, headers)
        if not self._paths.has(path, headers):
            return None
        who = self._reader.visitor(scope, headers)
        return self._phone(scope, headers, path, who, b"") if who.allowed else None

    def _look_up(self, scope: Scope, headers: dict[bytes, bytes]) -> PhoneResponse | None:
        who = self._reader.visitor(scope, headers, thorough=True)
        params = parse_params(scope["query_string"])
        selected = self._lookup.select(params, who) if who.allowed else None
        if selected is None or not selected.known or not has_param(scope["query_string"], NUMBER):
            return None
        self.requests["other"] += 1
        accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
        answer = self._lookup.answer(params, selected, accept.decode("latin-1"))
        return PhoneResponse(answer, None, who.address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection.

        For the access log, the scope gets `client_address`, `phone` (the phone's
        request) and `refusal`.
        """
        # Header names arrive in lower case (ASGI specification, "Connection Scope").
        if scope["type"] != "http":
            await self._fallback(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        path: str = scope["path"]
        method: str = scope["method"]
        response = self.try_answer(scope, headers) if method in ("GET", "HEAD") else None
        if response is not None:
            scope["client_address"], scope["phone"] = response.address, response.request
            await send_answer(send, response.answer, method)
            return
        static = find_static_file(path) if method in ("GET", "HEAD") else None
        if static is not None:
            self.requests["other"] += 1
            await send_answer(send, static, method)
            return
        who = self._reader.visitor(scope, headers, thorough=True)
        scope["client_address"] = who.address
        is_phone = self._paths.has(path, headers)
        # Operators outside the networks may open the operators' pages, but not the directory.
        if not who.allowed and (
            is_phone or path == LOOKUP or not (who.operator or (path == HEALTHY and who.local))
        ):
            await self._refuse(scope, headers, who, send, outside_networks(who))
        elif not is_phone:
            await self._other(scope, headers, who, receive, send)
        elif profile := self._paths.profile_for_browsers(scope, who):
            await self._send_to_console(scope, send, profile)
        # The gateway's forms are sent with GET. A POST is accepted too, on paths of searches only.
        elif method == "POST" and path.rstrip("/").endswith(f"/{SEARCH_PAGE}"):
            response = self._phone(scope, headers, path, who, await receive_form(headers, receive))
            if response is None:
                await self._refuse(scope, headers, who, send, outside_profile(who))
                return
            scope["phone"] = response.request
            await send_answer(send, response.answer, method)
        elif method not in ("GET", "HEAD"):
            await self._refuse(scope, headers, who, send, PHONES_USE_GET)
        else:
            await self._refuse(scope, headers, who, send, outside_profile(who))

    async def _other(
        self, scope: Scope, headers: dict[bytes, bytes], who: Visitor, receive: Receive, send: Send
    ) -> None:
        refusal = self._refusal(scope, headers, who)
        is_secure = self._reader.scheme(scope, headers, who) == "https"
        if refusal is None and self._login is not None and _is_operators_path(scope["path"]):
            refusal = await self._login.check(scope, headers, who, is_secure=is_secure)
        if refusal is not None:
            await self._refuse(scope, headers, who, send, refusal)
            return
        self.requests["other"] += 1
        scope["base"] = self._reader.base_url(scope, headers, who)
        scope["is_secure"] = is_secure

        async def send_to_people(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *FOR_PEOPLE]
            await send(message)

        await self._fallback(scope, receive, send_to_people)

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes], who: Visitor) -> Refusal | None:
        """Return why an allowed client may not open a path that is not a phone's."""
        path: str = scope["path"]
        if _is_operators_path(path):
            if not who.operator:
                return not_an_operator(who, self._access)
            strange = self._reader.foreign_host(headers, who)
            return None if strange is None else foreign_host(strange)
        if path == LOOKUP:
            selected = self._lookup.select(parse_params(scope["query_string"]), who)
            if selected is None:
                return outside_profile(who)
            if not selected.known:
                return NO_SUCH_PROFILE
            if scope["method"] in ("GET", "HEAD") and not has_param(scope["query_string"], NUMBER):
                return NO_NUMBER
            return None
        return None

    async def _refuse(
        self,
        scope: Scope,
        headers: dict[bytes, bytes],
        who: Visitor,
        send: Send,
        refusal: Refusal,
    ) -> None:
        path: str = scope["path"]
        method: str = scope["method"]
        if refusal.status == SEE_OTHER:
            self.requests["other"] += 1
            await send_line(send, refusal.status, f"{refusal.line}\n", method, refusal.headers)
            return
        self.requests["refused"] += 1
        scope["refusal"] = refusal.line
        device = device_name(parse_params(scope["query_string"]).get("name", ""))
        self._recent.note_refused(who.address, device, path, refusal.line)
        if _is_operators_path(path) and b"text/html" in headers.get(b"accept", b""):
            # The template library is loaded in a thread, so that no phone waits for it.
            loop = asyncio.get_running_loop()
            page = await loop.run_in_executor(None, _error_page, refusal, path)
            await send_page(send, refusal.status, page, method, refusal.headers)
        else:
            await send_line(send, refusal.status, f"{refusal.line}\n", method, refusal.headers)

    async def _send_to_console(self, scope: Scope, send: Send, profile: str) -> None:
        self.requests["other"] += 1
        path: str = scope["path"]
        location = f"{'../' * (path.count('/') - 1) or './'}-/phone?profile={profile}"
        extra = ((b"location", location.encode("ascii")),)
        line = "A browser shows this profile on the console's phone.\n"
        await send_line(send, 303, line, scope["method"], extra)

    def _phone(
        self, scope: Scope, headers: dict[bytes, bytes], path: str, who: Visitor, posted: bytes
    ) -> PhoneResponse | None:
        response = self._paths.answer(scope, headers, path, who, posted)
        if response is not None and response.request is not None:
            self.report(who.address, response.request)
        return response


def _is_operators_path(path: str) -> bool:
    return path in OPERATORS_ONLY or (path.startswith("/-/") and path not in _PUBLIC)


def _error_page(refusal: Refusal, path: str) -> bytes:
    from app.web.error_page import error_page

    return error_page(refusal.status, refusal.line, path)
