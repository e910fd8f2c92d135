"""Set up phones: the lines and the whole file for one, and the check of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.device_config.lines import ConfigLines, directory_lines, directory_urls
from app.device_config.lint import Report, lint_text
from app.device_config.sep_file import PhoneSettings, WrongSettings, sep_file
from app.device_config.time_zones import TIME_ZONES
from app.model.profile import Profile
from app.web.base_url import UNKNOWN, BaseUrl, find_base_url
from app.web.console.actions import read_action
from app.web.console.context import ConsoleContext
from app.web.console.page import render_page

_PASTED = "SEP file"
_EMPTY = PhoneSettings(mac="", proxy="", account="", password="", time_zone="")


@dataclass(frozen=True, slots=True)
class ProfileLines:
    """A profile with the lines for its phones."""

    profile: Profile
    lines: tuple[ConfigLines, ...]


def read_phone(form: Mapping[str, str]) -> PhoneSettings:
    """Return the phone that a form describes. What is not valid is kept as it is."""
    words = {
        name: form.get(name, "").strip()
        for name in ("mac", "proxy", "account", "time_zone", "label", "load", "dial_template")
    }
    port = form.get("port", "").strip()
    return PhoneSettings(
        **words,
        password=form.get("password", ""),
        ntp=form.get("ntp", "").strip(),
        port=int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0,
    )


def router(context: ConsoleContext) -> APIRouter:
    """Return the routes of the set-up."""
    routes = APIRouter(include_in_schema=False)
    settings = context.settings

    def base_url(request: Request) -> BaseUrl:
        server = request.scope.get("server")
        port = server[1] if server else settings.port
        return find_base_url(settings, port, request.scope["base"])

    def page(
        request: Request,
        *,
        status: int = 200,
        phone: PhoneSettings = _EMPTY,
        profile: str = "",
        problems: Mapping[str, str] | None = None,
        report: Report | None = None,
    ) -> Response:
        url = base_url(request)
        return render_page(
            context,
            request,
            "setup.html",
            status=status,
            base_url=url,
            profiles=[
                ProfileLines(profile, directory_lines(url.base, profile))
                for profile in settings.profiles
            ],
            # A page never shows a password, not even the one that was just typed.
            phone=replace(phone, password=""),
            chosen=profile,
            problems=problems or {},
            time_zones=TIME_ZONES,
            report=report,
        )

    @routes.get("/-/setup")
    async def setup(request: Request) -> Response:
        return page(request)

    @routes.post("/-/setup/file")
    async def file(request: Request) -> Response:
        form = await read_action(context, request)
        phone = read_phone(form)
        profile = settings.profile(form.get("profile", ""))
        base = base_url(request).base
        if profile is not None and UNKNOWN not in base:
            menu, directory = directory_urls(base, profile)
            phone = replace(phone, menu_url=menu, directory_url=directory)
        try:
            text = sep_file(phone)
        except WrongSettings as error:
            problems = {problem.name: problem.message for problem in error.problems}
            name = profile.name if profile is not None else ""
            return page(request, status=422, phone=phone, profile=name, problems=problems)
        return Response(
            text,
            media_type="application/xml",
            headers={"content-disposition": f'attachment; filename="{phone.file_name}"'},
        )

    @routes.post("/-/setup/check")
    async def check(request: Request) -> Response:
        form = await read_action(context, request)
        report = await run_in_threadpool(lint_text, _PASTED, form.get("text", ""))
        return page(request, report=report)

    return routes
