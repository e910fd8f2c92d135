"""Show who would go if a held result is accepted, and accept it.

The store is opened only here, in a thread, when an operator asks. The names of people
are on the page alone, never in a log.
"""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from app.refresh.acceptance import accept_held, find_held_loss
from app.refresh.brake import describe_loss
from app.settings.loader import Settings
from app.state import control
from app.state.directory import describe_error
from app.state.store import StoreError
from app.web.console.actions import read_action
from app.web.console.context import ConsoleContext
from app.web.console.page import render_page
from app.web.console.times import Moment, tell_time

MAX_SHOWN = 100
"""Names on the page unless all are asked for."""


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A held result: the loss in words, and the names of the contacts that would go."""

    source: str
    digest: str
    loss: str
    names: tuple[str, ...]
    since: Moment
    contacts: int


def read_held(settings: Settings, source: str, now: float) -> HeldPage | None:
    """Return the held result of a source, None if nothing is held.

    Raises StoreError if the store cannot be read.
    """
    found = find_held_loss(settings.state_dir, source)
    if found is None or found.held.accepted:
        return None
    held = found.held
    return HeldPage(
        source,
        held.digest,
        describe_loss(held),
        found.names,
        tell_time(held.since, now, settings.timezone),
        held.before,
    )


def router(context: ConsoleContext) -> APIRouter:
    """Return the routes of held results and of reading a source now."""
    routes = APIRouter(include_in_schema=False)
    settings = context.settings

    def checked(name: str) -> str:
        if settings.source(name) is None:
            raise HTTPException(404, "There is no source of this name.")
        return name

    @routes.get("/-/held")
    async def held(request: Request, source: str = "", names: str = "") -> Response:
        try:
            found = await run_in_threadpool(read_held, settings, checked(source), context.clock())
        except StoreError as error:
            raise HTTPException(503, str(error)) from error
        shown = None if names == "all" else MAX_SHOWN
        return render_page(context, request, "held.html", source=source, held=found, shown=shown)

    @routes.post("/-/accept")
    async def accept(request: Request) -> Response:
        form = await read_action(context, request)
        source = checked(form.get("source", ""))
        try:
            is_accepted = await run_in_threadpool(
                accept_held, settings.state_dir, source, form.get("digest", "")
            )
        except StoreError as error:
            raise HTTPException(503, str(error)) from error
        except OSError as error:
            raise HTTPException(503, describe_error(error)) from error
        if not is_accepted:
            raise HTTPException(
                409,
                "The source has returned another result meanwhile. Nothing was accepted. Look at"
                " what is held now.",
            )
        return RedirectResponse(f"../?accepted={source}", 303)

    @routes.post("/-/refresh")
    async def refresh(request: Request) -> Response:
        form = await read_action(context, request)
        source = checked(form.get("source", ""))
        try:
            await run_in_threadpool(control.send, settings.state_dir, control.REFRESH, source)
        except OSError as error:
            raise HTTPException(503, describe_error(error)) from error
        return RedirectResponse(f"../?reading={source}", 303)

    return routes
