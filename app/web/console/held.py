"""Show who would go if a held result is accepted, and accept it.

The store is opened only here, in a thread, when an operator asks. The names of people
are on the page alone, never in a log.
"""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from app.refresh.brake import describe_loss
from app.settings.loader import Settings
from app.state import control
from app.state.directory import describe_error
from app.state.store import FILE, Store, StoreError
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
    if not (settings.state_dir / FILE).is_file():
        return None
    store = Store(settings.state_dir)
    held = store.held(source)
    if held is None or held.accepted:
        return None
    return HeldPage(
        source,
        held.digest,
        describe_loss(held),
        store.going(source),
        tell_time(held.since, now, settings.timezone),
        held.before,
    )


def accept_held(settings: Settings, source: str, digest: str) -> bool:
    """Accept the held result with this digest, and request a refresh.

    Return False if another one, or none, is held by now. Raises StoreError or OSError
    if the state directory cannot be written.
    """
    if not (settings.state_dir / FILE).is_file():
        return False
    is_accepted = Store(settings.state_dir).accept(source, digest)
    if is_accepted:
        control.send(settings.state_dir, control.REFRESH, source)
    return is_accepted


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
                accept_held, settings, source, form.get("digest", "")
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
