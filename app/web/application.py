"""Build the web application, with phone paths first and FastAPI for all other paths.

`app.web.worker` is the process that serves it.
"""

import asyncio
import time
from typing import TYPE_CHECKING

from app.settings.loader import Settings
from app.state.login_attempts import LoginAttempts
from app.state.recent_requests import RecentRequests
from app.state.shared_counters import Counters
from app.web.asgi import Receive, Scope, Send, send_body
from app.web.connections import ConnectionTable
from app.web.console.context import ConsoleContext
from app.web.lookup_path import DESCRIPTION, LOOKUP
from app.web.monitor_paths import MONITOR_PATHS
from app.web.operator_login import OperatorLogin
from app.web.phone_app import PhoneApp
from app.web.publisher import Publisher

if TYPE_CHECKING:
    from fastapi import FastAPI

_DESCRIPTION = """\
Phones request /menu.xml, /directory.xml, /search.xml and the pages of the books, which are not \
listed here. The home page of this server, /, shows their addresses.

Programs send GET or HEAD. Paths that begin with /-/ are for operators, except /-/healthy and \
/-/ready."""


def create_app(
    settings: Settings,
    publisher: Publisher,
    counters: Counters | None = None,
    table: ConnectionTable | None = None,
    begun: float | None = None,
    recent: RecentRequests | None = None,
    attempts: LoginAttempts | None = None,
) -> PhoneApp:
    """Return the application for a configuration.

    The caller closes the publisher, the counters and `recent`. `table` holds the
    connections of the server that runs it. `begun` is the start of the gateway
    (`time.monotonic`), None for now. `attempts` are the guesses of the operators'
    password over all workers.
    """
    counted = counters if counters is not None else Counters()

    def sums() -> dict[str, int]:
        counted.update(counter_values(phones, publisher, table))
        return counted.totals()

    recent = recent if recent is not None else RecentRequests()
    fallback = _LazyFastAPI()
    login = None
    if settings.access.operator_password_file is not None:
        login = OperatorLogin(
            settings.access.operator_password_file,
            settings.state_dir,
            attempts if attempts is not None else LoginAttempts(),
            recent.secret,
        )
    phones = PhoneApp(settings, publisher, fallback, recent, login)
    fallback.context = ConsoleContext(
        settings,
        publisher,
        phones,
        sums,
        time.monotonic() if begun is None else begun,
        recent,
        login,
    )
    return phones


def counter_values(
    phones: PhoneApp, publisher: Publisher, table: ConnectionTable | None = None
) -> tuple[int, ...]:
    """Return a worker's counts, in the order of `shared_counters.NAMES`."""
    requests, dropped = phones.requests, table.dropped if table is not None else 0
    return (
        requests["phone"],
        requests["refused"],
        requests["other"],
        publisher.hits + phones.responses.hits,
        publisher.misses,
        publisher.cached_bytes() + phones.responses.cached_bytes(),
        dropped,
    )


class _LazyFastAPI:
    """The FastAPI application, built at the first request that needs it.

    Loading FastAPI takes longer than everything that a phone needs. A worker that
    starts again must not make phones wait for it. So it is loaded in a thread, while
    phones are answered. Monitors are answered without it.
    """

    context: ConsoleContext

    def __init__(self) -> None:
        self._made: asyncio.Future[FastAPI] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        method, monitor = scope.get("method"), MONITOR_PATHS.get(scope.get("path", ""))
        if monitor is not None and method in ("GET", "HEAD"):
            status, media_type, body = monitor.answer(self.context)
            headers = ((b"content-type", media_type.encode("ascii")),)
            await send_body(send, status, body, method, headers)
            return
        if self._made is None or (self._made.done() and self._made.exception() is not None):
            loop = asyncio.get_running_loop()
            self._made = loop.run_in_executor(None, application, self.context)
        app = await asyncio.shield(self._made)
        # FastAPI's routes do not accept HEAD. The server leaves out the body of a reply to it.
        await app({**scope, "method": "GET"} if method == "HEAD" else scope, receive, send)


def application(context: ConsoleContext) -> "FastAPI":
    """Return the FastAPI application for people and monitors.

    It serves the console and the documentation of the paths for programs.
    """
    from fastapi import Depends, FastAPI, Request, Response
    from fastapi.responses import JSONResponse, PlainTextResponse

    from app.web.console import held, login, overview, people, phone, setup
    from app.web.console.errors import add_error_pages
    from app.web.console.page import VERSION, render_page
    from app.web.templating import load_templates

    app = FastAPI(
        title="Directory gateway",
        description=_DESCRIPTION,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    add_error_pages(app)

    for_people = Depends(load_templates)
    for page in (overview, held, phone, people, setup, login):
        app.include_router(page.router(context), dependencies=[for_people])

    @app.get("/docs", include_in_schema=False, dependencies=[for_people])
    async def docs(request: Request) -> Response:
        # FastAPI's own page loads its scripts from the internet, which a gateway in a local network
        # may not reach.
        return render_page(
            context,
            request,
            "api_docs.html",
            description=app.description,
            paths=app.openapi()["paths"],
        )

    async def answered_before() -> Response:
        # `_LazyFastAPI` and `PhoneApp` answer before. The paths are here for their description and
        # for status 405.
        raise NotImplementedError

    for path, monitor in MONITOR_PATHS.items():
        app.add_api_route(
            path,
            answered_before,
            name=monitor.name,
            summary=monitor.summary,
            response_class=JSONResponse if monitor.is_json else PlainTextResponse,
        )
    app.add_api_route(
        LOOKUP,
        answered_before,
        name="lookup",
        summary=(
            "The name for ?number=, for an exchange; ?profile= whose dial plan reads the number"
        ),
        response_class=PlainTextResponse,
        openapi_extra=DESCRIPTION,
    )

    # This runs in a thread. What is made now does not keep phones waiting later.
    app.openapi()
    return app
