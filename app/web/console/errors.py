"""Show errors of the pages for people as pages, and those for programs as JSON."""

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from app.web.error_page import error_page
from app.web.templating import load_templates

_TEXTS = {
    404: "Nothing is at this address. The overview leads to every page.",
    405: "It can only be looked at, or only be sent a form.",
}
_FAILED = "The log of the gateway says what happened. Please report it."


def add_error_pages(app: FastAPI) -> None:
    """Register the pages for errors."""

    def wants_html(request: Request) -> bool:
        return "text/html" in request.headers.get("accept", "")

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if not wants_html(request):
            return await http_exception_handler(request, error)
        # FastAPI's own errors have the standard's words, such as "Not Found".
        is_own = request.scope.get("route") is not None and error.status_code != 405
        text = error.detail if is_own else _TEXTS.get(error.status_code, error.detail)
        return await _page(request, error.status_code, text, error.headers)

    @app.exception_handler(Exception)
    async def failed(request: Request, _: Exception) -> Response:
        if not wants_html(request):
            return PlainTextResponse("Internal Server Error", 500)
        return await _page(request, 500, _FAILED)


async def _page(
    request: Request, status: int, text: str, headers: Mapping[str, str] | None = None
) -> Response:
    await run_in_threadpool(load_templates)
    return HTMLResponse(error_page(status, text, request.scope["path"]), status, headers)
