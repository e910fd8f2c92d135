"""Render a page of the console: the header with navigation and state, and its content."""

from importlib.metadata import PackageNotFoundError, version

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from app.web.console.actions import form_token
from app.web.console.condition import find_condition
from app.web.console.context import ConsoleContext
from app.web.operator_login import BASIC_SESSION
from app.web.templating import render_template

NAVIGATION = (("", "Overview"), ("-/phone", "Phone"), ("-/people", "People"), ("-/setup", "Set-up"))
"""The pages in the header, as path and title; "" is the front page."""
try:
    VERSION = version("directory-gateway")
except PackageNotFoundError:
    VERSION = ""


def render_page(
    context: ConsoleContext, request: Request, name: str, *, status: int = 200, **values: object
) -> Response:
    """Return the page of the template `console/NAME`.

    The template gets `values`, and what the header needs. Raises jinja2.UndefinedError
    if it uses a value that was not passed.
    """
    path = str(request.scope["path"]).lstrip("/")
    settings, publisher = context.settings, context.publisher
    publisher.poll()
    page = render_template(
        f"console/{name}",
        title=settings.title,
        is_demo=settings.is_demo,
        # Links are relative, because a proxy may put the gateway below a path.
        root="../" * path.count("/") or "./",
        here=path,
        navigation=NAVIGATION,
        version=VERSION,
        condition=find_condition(settings, publisher.generation, publisher.status, context.clock()),
        token=form_token(context, request),
        can_log_out=request.scope.get("session_id", "") not in ("", BASIC_SESSION),
        **values,
    )
    return HTMLResponse(page, status)
