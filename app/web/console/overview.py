"""The overview: how the gateway is, its sources and its books."""

from fastapi import APIRouter, Request, Response

from app.web.base_url import find_base_url
from app.web.console.context import ConsoleContext
from app.web.console.page import render_page
from app.web.status_report import report


def router(context: ConsoleContext) -> APIRouter:
    """Return the routes of the overview."""
    routes = APIRouter(include_in_schema=False)
    settings, publisher = context.settings, context.publisher

    @routes.get("/")
    async def overview(request: Request) -> Response:
        publisher.poll()
        server = request.scope.get("server")
        port = server[1] if server else settings.port
        return render_page(
            context,
            request,
            "overview.html",
            is_demo=settings.demo,
            profiles=settings.profiles,
            report=report(settings, publisher.generation, publisher.status),
            base_url=find_base_url(settings, port, request.scope["base"]),
        )

    return routes
