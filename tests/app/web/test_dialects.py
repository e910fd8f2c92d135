"""The language of an answer: the profile's own, what the phone says, else English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.languages.catalogue import LANGUAGES
from app.model.profile import Profile
from app.phones.cisco_charset import LATIN_1, UTF_8
from app.web.dialects import dialect_headers, phone_dialect, requested_language


def profile(language: str = "") -> Profile:
    return Profile(name="default", title="", books=(), language=language)


@pytest.mark.parametrize(
    ("own", "locale", "accepted", "charset", "language", "carried"),
    [
        ("", "", "", UTF_8, "en", ""),
        ("", "", "de", UTF_8, "de", ""),
        ("", "German_Germany", "", UTF_8, "de", "de"),
        ("", "German_Germany", "de-DE", UTF_8, "de", ""),
        # The locale of the first request wins, and the links keep it.
        ("", "English_United_States", "de", UTF_8, "en", "en"),
        ("", "sv", "de", UTF_8, "sv", "sv"),
        ("", "Chinese_China", "de", UTF_8, "de", ""),
        ("", "Chinese_China", "zh", UTF_8, "en", ""),
        ("fr", "German_Germany", "de", UTF_8, "fr", ""),
        ("en", "German_Germany", "de", UTF_8, "en", ""),
        # ISO-8859-1 has no Cyrillic, and there is nothing to carry if English is said anyway.
        ("ru", "", "", LATIN_1, "en", ""),
        ("ru", "", "", UTF_8, "ru", ""),
        ("", "", "uk", LATIN_1, "en", ""),
        ("", "Ukrainian_Ukraine", "", LATIN_1, "en", ""),
        ("", "Ukrainian_Ukraine", "de", LATIN_1, "en", "uk"),
        ("", "Ukrainian_Ukraine", "", UTF_8, "uk", "uk"),
        ("pl", "", "", LATIN_1, "pl", ""),
    ],
)
def test_who_decides(
    own: str, locale: str, accepted: str, charset: str, language: str, carried: str
) -> None:
    headers = {"accept-language": accepted, "accept-charset": charset}
    found = phone_dialect(profile(own), headers, requested_language({"locale": locale}))
    assert (charset, language, carried) == (found.charset, found.language, found.link_language)


@pytest.mark.parametrize(
    ("params", "language"),
    [
        ({}, ""),
        ({"locale": "germany"}, "de"),
        ({"lang": "uk"}, "uk"),
        # The administrator's `lang` in a directoryURL, and what the phone adds.
        ({"lang": "sv", "locale": "germany"}, "sv"),
        ({"lang": "xx", "locale": "germany"}, "de"),
        ({"lang": "German_Germany"}, ""),
    ],
)
def test_a_link_of_ours_goes_before_what_the_phone_adds(
    params: dict[str, str], language: str
) -> None:
    assert language == requested_language(params)


def test_a_profile_with_a_language_reads_no_header_of_languages() -> None:
    assert (*dialect_headers(profile("de")), "accept-language") == dialect_headers(profile())


@given(
    st.sampled_from(["", *LANGUAGES]),
    st.text() | st.sampled_from([*LANGUAGES.values()]),
    st.text() | st.sampled_from([*LANGUAGES]),
    st.sampled_from([UTF_8, LATIN_1]),
)
def test_the_next_request_gets_the_same_language(
    own: str, locale: str, accepted: str, charset: str
) -> None:
    headers = {"accept-language": accepted, "accept-charset": charset}
    first = phone_dialect(profile(own), headers, requested_language({"locale": locale}))
    assert first.language in LANGUAGES
    following = requested_language({"lang": first.link_language})
    assert first == phone_dialect(profile(own), headers, following)
