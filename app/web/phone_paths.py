"""Make the pages of phone paths, for phones and for operators that look at them."""

from urllib.parse import unquote

from app.model.networks import device_name
from app.navigation.tree import ROOT_NAMES, is_search
from app.phones.registry import BROWSER
from app.settings.loader import Settings
from app.web.access import ProfileSelector, SelectedProfile, Visitor
from app.web.asgi import Scope
from app.web.dialects import requested_language
from app.web.lookup_path import LOOKUP
from app.web.phone_application import PhoneRequest, PhoneResponse
from app.web.publisher import Answer, Publisher
from app.web.query_string import parse_params, parse_search
from app.web.request_reader import RequestReader

OPERATORS_ONLY = ("/", "/docs", "/openapi.json")
"""Operators' paths that go before a book of that name."""
# A book is looked at as a phone shows it, even if its profile is for browsers.
_MODEL = b"x-ciscoipphonemodelname"
_MAX_PATH = 512
_MAX_SHOWN = 100


class PhonePaths:
    """The paths of menus, books, searches and dial-now items."""

    def __init__(
        self,
        settings: Settings,
        publisher: Publisher,
        reader: RequestReader,
        selector: ProfileSelector,
    ) -> None:
        self._publisher = publisher
        self._reader = reader
        self._selector = selector
        self._names = ROOT_NAMES.union(
            item.name
            for profile in settings.profiles
            for items in (profile.books, profile.dials)
            for item in items
        )

    def has(self, path: str, headers: dict[bytes, bytes]) -> bool:
        """Return whether a request is answered with a page for phones.

        The `.xml` of the first part of a path may be missing. A phone gets a page for
        an unknown path too.
        """
        below = path.strip("/")
        if below.endswith(".xml") or below == "p" or below.startswith("p/"):
            return True
        if path in OPERATORS_ONLY or path == LOOKUP or path.startswith("/-/"):
            return False
        return below.partition("/")[0] in self._names or _is_from_phone(headers)

    def answer(
        self, scope: Scope, headers: dict[bytes, bytes], path: str, who: Visitor, posted: bytes
    ) -> PhoneResponse | None:
        """Return the page of a phone path; None if the profile is not for the client.

        `posted` is the body of a form.
        """
        named, below = _profile_and_page(path)
        raw: bytes = scope["query_string"]
        params = parse_params(raw + b"&" + posted) if raw or posted else {}
        device = device_name(params.get("name", ""))
        choice = self._selector.select(named, device, who.address)
        if choice is None or choice.profile.format == BROWSER:
            return None
        below = below if choice.known else ""
        base = self._reader.base_url(scope, headers, who)
        answer = self._screen(choice, below, headers, base, params)
        model = headers.get(_MODEL, b"")[:_MAX_SHOWN].decode("latin-1")
        request = PhoneRequest(choice.profile.name, device, model, below)
        return PhoneResponse(answer, request, who.address)

    def answer_operator(self, url: str, headers: dict[bytes, bytes], base: str) -> Answer | None:
        """Return the response to a phone with these headers.

        Returns None if `url` is no phone path. `url` is a path with its query. An
        operator may look at every profile. The request is not recorded as a phone's.
        """
        path, _, raw = url.partition("?")
        path = unquote(path)
        if not self.has(path, headers):
            return None
        named, below = _profile_and_page(path)
        choice = self._selector.select_any(named)
        params = parse_params(raw.encode("utf-8", "replace"))
        return self._screen(choice, below if choice.known else "", headers, base, params)

    def profile_for_browsers(self, scope: Scope, who: Visitor) -> str:
        """Return the profile of a request if it is for browsers, else ""."""
        named, _ = _profile_and_page(scope["path"])
        device = device_name(parse_params(scope["query_string"]).get("name", ""))
        choice = self._selector.select(named, device, who.address)
        return choice.profile.name if choice and choice.profile.format == BROWSER else ""

    def _screen(
        self,
        choice: SelectedProfile,
        below: str,
        headers: dict[bytes, bytes],
        base: str,
        params: dict[str, str],
    ) -> Answer:
        dialect = self._reader.dialect(choice.profile, headers, requested_language(params))
        query = parse_search(params) if is_search(below) else None
        return self._publisher.answer(choice, below, dialect, base, query)


def _is_from_phone(headers: dict[bytes, bytes]) -> bool:
    return _MODEL in headers or b"x-ciscoipphone/" in headers.get(b"accept", b"").lower()


def _profile_and_page(path: str) -> tuple[str | None, str]:
    """Return the profile that a path names, if it names one, and the page below it."""
    below = path.strip("/")[:_MAX_PATH]
    if below != "p" and not below.startswith("p/"):
        return None, below
    _, named, below = (below + "//").split("/", 2)
    return named, below.rstrip("/")
