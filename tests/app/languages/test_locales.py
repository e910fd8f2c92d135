"""Tests of the language that a phone says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.languages.catalogue import LANGUAGES
from app.languages.locales import accepted_language, locale_language


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        # Seen in requests of phones.
        ("germany", "de"),
        ("English_United_States", "en"),
        # User locales of CUCM.
        ("English_United_Kingdom", "en"),
        ("German_Germany", "de"),
        ("French_France", "fr"),
        ("French_Canada", "fr"),
        ("Spanish_Spain", "es"),
        ("Italian_Italy", "it"),
        ("Portuguese_Portugal", "pt"),
        ("Portuguese_Brazil", "pt"),
        ("Dutch_Netherlands", "nl"),
        ("Polish_Poland", "pl"),
        ("Czech_Czech_Republic", "cs"),
        ("Swedish_Sweden", "sv"),
        ("Danish_Denmark", "da"),
        ("Norwegian_Norway", "no"),
        ("Finnish_Finland", "fi"),
        ("Hungarian_Hungary", "hu"),
        ("Turkish_Turkey", "tr"),
        ("Russian_Russia", "ru"),
        ("Russian_Russian_Federation", "ru"),
        ("Ukrainian_Ukraine", "uk"),
        # What administrators write without CUCM.
        ("Ukraine", "uk"),
        ("czech republic", "cs"),
        ("Russian_Federation", "ru"),
        ("United_Kingdom", "en"),
        ("de_DE", "de"),
        ("de-AT.UTF-8", "de"),
        ("PT_br", "pt"),
        ("nb_NO", "no"),
        ("UK", "en"),
        ("uk_UA", "uk"),
        ("GB", "en"),
        ("SE", "sv"),
        ("cz", "cs"),
        ("  sv  ", "sv"),
        # Nothing is known of these.
        ("Chinese_China", ""),
        ("", ""),
        ("_", ""),
        ("x" * 5000, ""),
        ("österreich", ""),
    ],
)
def test_the_name_of_a_user_locale(locale: str, language: str) -> None:
    assert language == locale_language(locale)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("en_US", "en"),
        ("en-US", "en"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.5, fr-CH;q=0.9", "fr"),
        ("zh-CN, sv;q=0.3", "sv"),
        ("nn-NO", "no"),
        ("de;q=0, en;q=0.1", "en"),
        ("DE ; q = 0.4 , pl;q=0.5", "pl"),
        ("de;q=abc", "de"),
        ("de;q=nan,sv", "sv"),
        ("zh", ""),
        ("*", ""),
        ("", ""),
        (",;q=,=;", ""),
        ("de," * 5000, "de"),
    ],
)
def test_the_language_that_is_preferred(header: str, language: str) -> None:
    assert language == accepted_language(header)


@given(st.text())
def test_any_text_names_one_of_ours_or_none(text: str) -> None:
    assert {locale_language(text), accepted_language(text)} <= {*LANGUAGES, ""}
