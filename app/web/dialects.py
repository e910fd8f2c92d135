"""Choose a phone's dialect, and its language, from its profile and its request."""

from collections.abc import Mapping

import msgspec

from app.languages.catalogue import ENGLISH, LANGUAGES, readable_language
from app.languages.locales import accepted_language, locale_language
from app.model.profile import Profile
from app.model.screens import Dialect
from app.phones.registry import FORMATS

_ACCEPT_LANGUAGE = "accept-language"


def dialect_headers(profile: Profile) -> tuple[str, ...]:
    """Return the request headers that decide the dialect of a profile's phones."""
    names = FORMATS[profile.format].HEADERS
    return names if profile.language else (*names, _ACCEPT_LANGUAGE)


def requested_language(params: Mapping[str, str]) -> str:
    """Return the language that the parameters of a request name, "" for none.

    A link of ours has a code as `lang`. A phone adds `locale` to its first request, and
    only to this one.
    """
    code = params.get("lang", "")
    return code if code in LANGUAGES else locale_language(params.get("locale", ""))


def phone_dialect(profile: Profile, headers: Mapping[str, str], requested: str = "") -> Dialect:
    """Return the dialect for a phone's request headers (lower-case names).

    The language is the profile's own one. If it has none, it is the requested one, else
    that of the header Accept-Language, else English.
    """
    dialect = FORMATS[profile.format].dialect(headers)
    said = accepted_language(headers.get(_ACCEPT_LANGUAGE, "")) or ENGLISH
    wanted = profile.language or requested or said
    language = readable_language(wanted, dialect.charset)
    is_said = profile.language or language == readable_language(said, dialect.charset)
    return msgspec.structs.replace(
        dialect, language=language, link_language="" if is_said else wanted
    )
