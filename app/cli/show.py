"""Implement the command `show`.

It calls the publisher in the same way as the web worker does.
"""

from contextlib import closing, nullcontext

from app.cli.local_data import built_from_sources
from app.cli.selection import find_profile
from app.model.profile import Profile
from app.navigation.tree import is_search, parse_path
from app.search.query import Query
from app.settings.loader import Settings
from app.web.access import SelectedProfile
from app.web.dialects import phone_dialect, requested_language
from app.web.publisher import Publisher
from app.web.query_string import parse_params, parse_search


def render_path(
    settings: Settings, url: str, profile: str | None, model: str, charset: str
) -> tuple[bytes, str]:
    """Return the bytes that a phone would get for a path, and an error message.

    `url` is a path, or a complete URL. The message is "" if the profile has this page.
    Without a generation a temporary one is built. Raises WrongWord if the profile
    does not exist, StoreError or BuildError if the build fails.
    """
    path, _, parameters = _without_base(url, settings.base_url).partition("?")
    path = path.strip("/")
    if profile is None and path.startswith("p/"):
        _, profile, path = (path + "//").split("/", 2)
    path = path.rstrip("/")
    found = find_profile(settings, profile)
    params = parse_params(parameters.encode("utf-8", "replace"))
    headers = {"x-ciscoipphonemodelname": model, "accept-charset": charset}
    dialect = phone_dialect(found, headers, requested_language(params))
    base = settings.base_url or f"{settings.scheme}://127.0.0.1:{settings.port}"
    choice = SelectedProfile(found, "" if profile is None else f"p/{found.name}/")
    query = parse_search(params) if is_search(path) else None
    with (
        nullcontext(settings)
        if _has_generation(settings)
        else built_from_sources(settings) as there,
        closing(Publisher(there)) as publisher,
    ):
        body = publisher.answer(choice, path, dialect, base, query).body
    return body, _missing_page(found, path, query)


def _without_base(url: str, base_url: str) -> str:
    if "://" not in url:
        return url
    path = url.removeprefix(base_url) if base_url else url
    return "/" + path.split("/", 3)[-1] if "://" in path else path


def _has_generation(settings: Settings) -> bool:
    with closing(Publisher(settings)) as publisher:
        return publisher.generation is not None


def _missing_page(profile: Profile, path: str, query: Query | None) -> str:
    """Return a message if a profile has no page at this path, else ""."""
    target = parse_path(path, query)
    pages = (
        "menu",
        "directory",
        "search",
        *(book.name for book in profile.books),
        *(item.name for item in profile.dials),
    )
    if target is not None and target.name in pages:
        return ""
    names = ", ".join(f"{name}.xml" for name in pages)
    return (
        f'profile {profile.name} has no page "/{path}": the output is what a phone would show.'
        f" There are: {names}."
    )
