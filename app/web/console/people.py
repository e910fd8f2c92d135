"""People: who is on the phones, how their numbers are dialled, and who is not and why.

The people file is opened here alone, in a thread, when an operator asks.
"""

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.generation.files import file_name
from app.generation.reader import BrokenGeneration, Generation
from app.people.reader import NoPeopleFileError, PeopleFile, Wanted
from app.state import control
from app.state.store import StoreError
from app.web.console.context import ConsoleContext
from app.web.console.page import render_page
from app.web.console.people_lists import PAGE_SIZE, PeopleList, read_list
from app.web.console.person import PersonPage, read_person

_MOST_DIGITS = 8
_FIELDS = ("profile", "book", "reason", "odd", "dialled")
_Found = TypeVar("_Found")


def router(context: ConsoleContext) -> APIRouter:
    """Return the routes of people and of one person."""
    routes = APIRouter(include_in_schema=False)
    settings = context.settings

    async def read(use: Callable[[PeopleFile, Generation], _Found]) -> _Found | str:
        """Return what `use` makes of the files, or why they cannot be read."""
        context.publisher.poll()
        served = context.publisher.generation
        if served is None:
            return ""
        try:
            return await run_in_threadpool(_with_files, settings.state_dir, served.version, use)
        except (NoPeopleFileError, BrokenGeneration) as error:
            with suppress(OSError):
                control.send(settings.state_dir, control.REBUILD)
            return str(error)
        except StoreError as error:
            raise HTTPException(503, str(error)) from error

    def failed(request: Request, why: str) -> Response:
        return render_page(context, request, "no_people.html", status=503, why=why)

    @routes.get("/-/people")
    async def people(request: Request) -> Response:
        query = {name: request.query_params.get(name, "") for name in ("q", *_FIELDS)}
        wanted = Wanted(*query.values())
        first = _position(request.query_params.get("start", ""))

        def use(file: PeopleFile, generation: Generation) -> PeopleList:
            return read_list(settings, file, generation, wanted, first)

        found = await read(use)
        if isinstance(found, str):
            return failed(request, found)
        chosen = [(name, value) for name, value in query.items() if value]
        return render_page(
            context,
            request,
            "people.html",
            wanted=wanted,
            found=found,
            first=first,
            hidden_fields=[pair for pair in chosen if pair[0] != "q"],
            before=f"?{urlencode([*chosen, ('start', max(first - PAGE_SIZE, 0))])}",
            after=f"?{urlencode([*chosen, ('start', first + PAGE_SIZE)])}",
            profile_count=len(settings.profiles),
        )

    @routes.get("/-/person")
    async def person(request: Request) -> Response:
        source, key = (request.query_params.get(name, "") for name in ("source", "id"))

        def use(file: PeopleFile, generation: Generation) -> PersonPage | None:
            return read_person(settings, file, generation, source, key)

        found = await read(use)
        if isinstance(found, str):
            return failed(request, found)
        if found is None:
            raise HTTPException(404, "This source has nobody with this id now.")
        return render_page(
            context, request, "person.html", person=found, profile_count=len(settings.profiles)
        )

    return routes


def _with_files(
    folder: Path, version: str, use: Callable[[PeopleFile, Generation], _Found]
) -> _Found:
    with (
        closing(PeopleFile(folder, version)) as file,
        closing(Generation(folder / file_name(version))) as generation,
    ):
        return use(file, generation)


def _position(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else 0
