"""The overview: how the gateway is, its sources and books, and who asked for them."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from app.device_config.lines import directory_lines
from app.generation.reader import Generation
from app.model.profile import Book, Profile
from app.people.records import DUPLICATE_ROW
from app.settings.loader import Settings
from app.state.locks import is_held
from app.web.base_url import find_base_url
from app.web.console.context import ConsoleContext
from app.web.console.hosts import hosts_shown
from app.web.console.page import render_page
from app.web.console.sources import MAX_OPEN, source_rows
from app.web.console.times import Moment, tell_time


@dataclass(frozen=True, slots=True)
class BookRow:
    """One book of a profile, with its entries and who is not listed, most first."""

    profile: Profile
    book: Book
    entries: int
    unlisted: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ProfileUnlisted:
    """Who is in no book of a profile, as count and reason, most first."""

    profile: str
    reasons: tuple[tuple[int, str], ...]


def profile_unlisted(
    settings: Settings, generation: Generation | None
) -> tuple[ProfileUnlisted, ...]:
    """Return who is in no book, for each profile that leaves somebody out."""
    found: dict[str, list[tuple[int, str]]] = {}
    for item in generation.unlisted if generation is not None else ():
        if not item.book and settings.profile(item.profile) is not None:
            found.setdefault(item.profile, []).append((item.count, item.reason))
    return tuple(
        ProfileUnlisted(profile, tuple(sorted(reasons, reverse=True)))
        for profile, reasons in found.items()
    )


def book_rows(settings: Settings, generation: Generation | None) -> tuple[BookRow, ...]:
    """Return the books of every profile, in the order of the configuration."""
    unlisted: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for item in generation.unlisted if generation is not None else ():
        unlisted.setdefault((item.profile, item.book), []).append((item.count, item.reason))
    rows = []
    for profile in settings.profiles:
        for book in profile.books:
            key = (profile.name, book.name)
            table = generation.book_table(*key) if generation is not None else None
            reasons = tuple(sorted(unlisted.get(key, ()), reverse=True))
            rows.append(BookRow(profile, book, table.rows if table is not None else 0, reasons))
    return tuple(rows)


def router(context: ConsoleContext) -> APIRouter:
    """Return the routes of the overview."""
    routes = APIRouter(include_in_schema=False)
    settings, publisher = context.settings, context.publisher

    @routes.get("/")
    async def overview(request: Request, reading: str = "", accepted: str = "") -> Response:
        publisher.poll()
        generation, status, now = publisher.generation, publisher.status, context.clock()
        server = request.scope.get("server")
        port = server[1] if server else settings.port
        base_url = find_base_url(settings, port, request.scope["base"])
        sources = source_rows(settings, status, now)
        is_long = len(sources) > MAX_OPEN
        refused, phones = context.recent.read()

        def moment(seconds: float) -> Moment:
            return tell_time(seconds, now, settings.timezone)

        return render_page(
            context,
            request,
            "overview.html",
            # Only names of the configuration are shown, whatever the address of the page says.
            reading=reading if settings.source(reading) else "",
            accepted=accepted if settings.source(accepted) else "",
            has_builder=is_held(settings.state_dir),
            sources=[row for row in sources if row.kind != "ok" or not is_long],
            folded=[row for row in sources if row.kind == "ok" and is_long],
            hosts=hosts_shown(status, now, settings.timezone),
            books=book_rows(settings, generation),
            duplicate_row=DUPLICATE_ROW,
            profile_unlisted=profile_unlisted(settings, generation),
            profile_count=len(settings.profiles),
            built=moment(generation.built_at) if generation else None,
            generation=generation,
            refused=[(item, moment(item.last)) for item in refused],
            phones=[(item, moment(item.last)) for item in phones],
            base_url=base_url,
            line=directory_lines(base_url.base, settings.profiles[0])[0].xml,
        )

    return routes
