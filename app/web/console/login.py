"""The login of operators, and its end."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.logs import Log
from app.web.console.actions import form_token, read_action
from app.web.console.context import ConsoleContext
from app.web.login_rules import LOGIN, read_target
from app.web.operator_login import OperatorLogin
from app.web.refusals import Refusal
from app.web.session import COOKIE, SESSION_SECONDS, new_session
from app.web.templating import render_template

_NO_LOGIN = "No password is set, so operators need no login. Their addresses decide."
_log = Log("web")


def router(context: ConsoleContext) -> APIRouter:
    """Return the routes of the login."""
    routes = APIRouter(include_in_schema=False)

    def known_login() -> OperatorLogin:
        if context.login is None:
            raise HTTPException(404, _NO_LOGIN)
        return context.login

    def form(request: Request, target: str, refusal: Refusal | None = None) -> Response:
        # The page shows nothing of this gateway, because anybody may come as far as this.
        page = render_template(
            "console/login.html",
            root="../",
            token=form_token(context, request),
            target=target,
            problem=refusal.line if refusal else "",
        )
        headers = {
            name.decode("ascii"): value.decode("ascii")
            for name, value in (refusal.headers if refusal else ())
        }
        return HTMLResponse(page, refusal.status if refusal else 200, headers)

    @routes.get(LOGIN)
    async def show_form(request: Request, to: str = "") -> Response:
        known_login()
        target = read_target(to)
        if request.scope["session_id"]:
            return RedirectResponse(f"../{target}", 303)
        return form(request, target)

    @routes.post(LOGIN)
    async def log_in(request: Request) -> Response:
        login = known_login()
        fields = await read_action(context, request)
        target = read_target(fields.get("to", ""))
        address = request.scope["client_address"]
        found = await login.verify(address, fields.get("password", ""))
        if isinstance(found, Refusal):
            context.recent.note_refused(address, "", LOGIN, found.line)
            return form(request, target, found)
        _log.info("operator_logged_in", address=str(address))
        answer = RedirectResponse(f"../{target}", 303)
        _set_cookie(answer, request, new_session(found, context.clock()), SESSION_SECONDS)
        return answer

    @routes.post("/-/logout")
    async def log_out(request: Request) -> Response:
        known_login()
        await read_action(context, request)
        answer = RedirectResponse("login", 303)
        _set_cookie(answer, request, "", 0)
        return answer

    return routes


def _set_cookie(answer: Response, request: Request, value: str, seconds: int) -> None:
    answer.set_cookie(
        COOKIE,
        value,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=request.scope["is_secure"],
    )
