"""The phone in the browser: what a model shows, drawn from the bytes that it gets.

The state of the phone stands in the query of the page. Each key is a button of one form
with that state, so no script is needed. `app.phone_display` says what a key does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from app.model.profile import Profile
from app.phone_display.keys import KEYPAD, LETTERS, press
from app.phone_display.models import CHARSETS, MODELS, PhoneModel, request_headers
from app.phone_display.picture import Picture, describe_display
from app.phone_display.response import HOST_NOT_FOUND, LoadedPage, failed_page, read_response
from app.phone_display.state import MAX_HISTORY, PhoneState, chosen_number
from app.web.base_url import find_base_url
from app.web.console.context import ConsoleContext
from app.web.console.page import render_page
from app.web.publisher import Answer

_MAX_FIELDS = 5
_MAX_POSITION = 10_000


@dataclass(frozen=True, slots=True)
class _Choice:
    """The phone that is looked at."""

    profile: Profile
    model: PhoneModel
    charset: str

    @property
    def home(self) -> str:
        """The path of the key for the directory."""
        return f"/p/{self.profile.name}/menu.xml"


def router(context: ConsoleContext) -> APIRouter:
    """Return the route of the phone."""
    routes = APIRouter(include_in_schema=False)
    profiles = context.settings.profiles

    @routes.get("/-/phone")
    async def phone(request: Request) -> Response:
        query = request.query_params
        choice = _read_choice(query, profiles)
        state = _read_state(query, query.getlist("back"), choice.home)
        if _profile_of(state.url, profiles) is not choice.profile:
            state = PhoneState(choice.home)
        server = request.scope.get("server")
        port = server[1] if server else context.settings.port
        base = find_base_url(context.settings, port, request.scope["base"]).base
        pages = _Pages(context, choice, base)
        state, loaded = press(query.get("press", ""), state, pages.load, choice.model, choice.home)
        state = replace(state, url=pages.path(state.url))
        answer = pages.answer(state.url)
        fields = _fields(state, choice)
        picture = describe_display(state, loaded, choice.model)
        field_names = _field_names(state, picture)
        return render_page(
            context,
            request,
            "phone.html",
            choice=choice,
            profiles=profiles,
            models=MODELS,
            charsets=CHARSETS,
            keypad=tuple(zip(KEYPAD, LETTERS, strict=True)),
            state=state,
            hidden_fields=[pair for pair in fields if pair[0] not in field_names],
            field_names=field_names,
            link=f"?{urlencode(fields)}",
            picture=picture,
            number=chosen_number(state, loaded),
            xml=answer.body.decode(choice.charset, "replace") if answer else "",
            size=len(answer.body) if answer else 0,
            content_type=_headers(answer).get("content-type", "") if answer else "",
        )

    return routes


class _Pages:
    """The pages of the gateway's own phone paths, as the chosen phone gets them."""

    def __init__(self, context: ConsoleContext, choice: _Choice, base: str) -> None:
        self._phones = context.phones
        self._base = base
        self._sent = {
            name.encode("ascii"): value.encode("ascii")
            for name, value in request_headers(choice.model, choice.charset)
        }

    def path(self, url: str) -> str:
        """Return the path of a link, or the link if it leads to another server."""
        return url.removeprefix(self._base) if url.startswith(f"{self._base}/") else url

    def answer(self, url: str) -> Answer | None:
        """Return the response at a link, None if it is not a path for phones."""
        path = self.path(url)
        if not path.startswith("/"):
            return None
        return self._phones.answer_operator(path, self._sent, self._base)

    def load(self, url: str) -> LoadedPage:
        """Return the page at a link as the phone understands it."""
        if not self.path(url).startswith("/"):
            return failed_page(HOST_NOT_FOUND, f"The link leads to another server: {url}")
        answer = self.answer(url)
        if answer is None:
            return read_response(404, {}, b"")
        return read_response(200, _headers(answer), answer.body)


def _headers(answer: Answer) -> Mapping[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}


def _profile_of(path: str, profiles: tuple[Profile, ...]) -> Profile:
    """Return the profile that a path names, else the usual one."""
    named = path.split("/")[2] if path.startswith("/p/") else "default"
    return next((profile for profile in profiles if profile.name == named), profiles[0])


def _read_choice(query: Mapping[str, str], profiles: tuple[Profile, ...]) -> _Choice:
    by_name = {profile.name: profile for profile in profiles}
    models = {model.label: model for model in MODELS}
    charset = query.get("charset", "")
    return _Choice(
        by_name.get(query.get("profile", "")) or _profile_of(query.get("path", ""), profiles),
        models.get(query.get("model", ""), MODELS[0]),
        charset if charset in CHARSETS else CHARSETS[0],
    )


def _read_state(query: Mapping[str, str], history: list[str], home: str) -> PhoneState:
    values: list[str] = []
    while len(values) < _MAX_FIELDS and (name := f"v{len(values)}") in query:
        values.append(query[name])
    return PhoneState(
        url=query.get("path") or home,
        history=tuple(history[-MAX_HISTORY:]),
        cursor=_position(query.get("cursor", "")),
        top=_position(query.get("top", "")),
        softkey_set=_position(query.get("more", "")),
        digits=query.get("digits", "") if _position(query.get("digits", "")) else "",
        values=tuple(values),
        tapped=query.get("tapped", ""),
        edited=query.get("edited"),
        called=query.get("called", ""),
    )


def _position(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < len(str(_MAX_POSITION))
    return int(text) if is_number else 0


def _fields(state: PhoneState, choice: _Choice) -> tuple[tuple[str, str], ...]:
    """Return the fields of a form, or the parameters of a link, that hold the state."""
    pairs = (
        ("profile", choice.profile.name),
        ("model", choice.model.label),
        ("charset", choice.charset),
        ("path", state.url),
        *(("back", path) for path in state.history),
        ("cursor", str(state.cursor or "")),
        ("top", str(state.top or "")),
        ("more", str(state.softkey_set or "")),
        ("digits", state.digits),
        ("tapped", state.tapped),
        ("called", state.called),
    )
    texts = tuple((f"v{index}", text) for index, text in enumerate(state.values))
    edited = (("edited", state.edited),) if state.edited is not None else ()
    return (*((name, value) for name, value in pairs if value), *texts, *edited)


def _field_names(state: PhoneState, picture: Picture) -> tuple[str, ...]:
    """Return the names of the fields that a person can type into."""
    is_edited = state.edited is not None
    return tuple("edited" if is_edited else f"v{field.index}" for field in picture.fields)
