"""Every catalogue is complete, in step with its .mo file, and fits on a phone."""

import gettext
import re

import pytest
from babel.dates import get_month_names
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from app.languages.catalogue import CATALOGUES, ENGLISH, LANGUAGES, readable_language, words
from app.phones.cisco_charset import LATIN_1, UTF_8, spell
from app.phones.registry import FORMATS
from app.phones.strict.labels import LINKS, english_label
from tests.support.paths import ROOT

TRANSLATED = sorted(set(LANGUAGES) - {ENGLISH})
# Of what the gateway's own words leave room for on a row of a phone, a name needs most.
KIND_LIMIT = 12
# The labels of Cisco's own softkeys have at most as many letters on a CP-78xx.
SOFTKEY_LIMIT = 8
# The narrowest of all formats.
TITLE_LIMIT = min(family.LIMITS.title for family in FORMATS.values())
TEXT_LIMIT = min(family.LIMITS.text for family in FORMATS.values())
# The labels of a form stand beside its fields.
FIELD_LIMIT = 20
# What the longest title, prompt and range of rows need beside the words.
PROMPTS = (
    "Choose a directory",
    "Directory",
    "Search",
    "Type a name, or press its keys",
    "Type letters or digits, please",
)
FIELDS = ("Name", "Keys or number")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
ALSO_ALLOWED = {"as of {day} {month} {time}": {"number"}}


def key_of(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def in_code() -> set[tuple[str | None, object]]:
    return {
        (context, text if isinstance(text, str) else tuple(text))
        for _, _, text, _, context in extract_from_dir(str(ROOT / "app"))
    }


def texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    for kind in ("po", "mo"):
        assert TRANSLATED == sorted(path.stem for path in CATALOGUES.glob(f"*.{kind}"))


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_complete(language: str) -> None:
    found = messages(language)
    assert in_code() == set(map(key_of, found)), "make languages adds new words to the catalogues"
    for message in found:
        assert all(text.strip() for text in texts(message)), f"{english(message)} has no text"
        assert not message.fuzzy, f"{english(message)} is fuzzy"
    assert not catalogue(language).obsolete
    number = get_plural(language).num_plurals
    assert {number} == {len(texts(one)) for one in found if not isinstance(one.id, str)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_file_is_in_step(language: str) -> None:
    compiled = words(language)
    assert isinstance(compiled, gettext.GNUTranslations)
    for message in messages(language):
        if not isinstance(message.id, str):
            forms = {compiled.ngettext(*message.id, count) for count in range(120)}
            assert forms <= set(texts(message))
        elif message.context:
            assert message.string == compiled.pgettext(message.context, message.id)
        else:
            assert message.string == compiled.gettext(message.id)
    size = len(compiled._catalog)  # type: ignore[attr-defined]
    assert size == 1 + sum(len(texts(message)) for message in messages(language))


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_those_of_the_english_text(language: str) -> None:
    for message in messages(language):
        expected, also = placeholders(english(message)), ALSO_ALLOWED.get(english(message), set())
        for text in texts(message):
            found = placeholders(text)
            assert found == expected or (found - also < expected and also & found), text


@pytest.mark.parametrize("charset", [UTF_8, LATIN_1])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_within_its_limit(language: str, charset: str) -> None:
    spoken = words(readable_language(language, charset))
    for message in messages("de"):
        text = (
            spoken.pgettext(message.context, english(message))
            if message.context
            else spoken.gettext(english(message))
        )
        shown = spell(text, charset)
        assert "?" not in shown and len(shown) == len(text), "it loses accents, and no letter"
        limit = {"softkey": SOFTKEY_LIMIT, "number": KIND_LIMIT}.get(message.context or "")
        if english(message) in FIELDS:
            limit = FIELD_LIMIT
        elif english(message) in PROMPTS and not message.context:
            limit = TITLE_LIMIT
        assert limit is None or len(shown) <= limit, f"{shown}: over {limit} characters"
        assert len(shown) <= TEXT_LIMIT
        assert text == text.strip() and "  " not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_prompt_with_numbers_fits(language: str) -> None:
    spoken = words(language)
    longest = spoken.gettext("{first}-{last} of {total}").format(
        first=99_968, last=99_999, total="1000+"
    )
    count = spoken.ngettext("{count} entry", "{count} entries", 999_999).format(count=999_999)
    assert max(len(longest), len(count)) <= TITLE_LIMIT
    months = [spoken.pgettext("month", month) for month in MONTHS]
    assert len(set(months)) == 12
    for number, month in enumerate(months, 1):
        note = spoken.gettext("as of {day} {month} {time}").format(
            day=28, month=month, number=number, time="19:12"
        )
        assert len(note) <= TITLE_LIMIT


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_are_abbreviated_as_in_cldr(language: str) -> None:
    usual = get_month_names("abbreviated", context="format", locale=language)
    assert list(usual.values()) == [words(language).pgettext("month", month) for month in MONTHS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_set_of_softkeys_has_no_label_twice(language: str) -> None:
    label = {
        english: words(language).pgettext("softkey", english)
        for english in ("Dial", "EditDial", "Exit", "Next", "Previous", "Search", "Select")
    }
    assert len(set(label.values())) == len(label)
    # The strict phone finds these by their label, also without accents.
    for name in LINKS:
        for charset in (UTF_8, LATIN_1):
            if readable_language(language, charset) == language:
                assert name == english_label(spell(label[name], charset))


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en", 1, "1 entry"),
        ("de", 41, "41 Einträge"),
        ("pl", 33, "33 wpisy"),
        ("pl", 36, "36 wpisów"),
        ("cs", 41, "41 záznamů"),
        ("ru", 41, "41 запись"),
        ("ru", 42, "42 записи"),
        ("ru", 45, "45 записей"),
        ("uk", 1011, "1011 записів"),
        ("fr", 1, "1 entrée"),
        ("fi", 395, "395 merkintää"),
        ("hu", 395, "395 bejegyzés"),
    ],
)
def test_numbers_have_their_plural(language: str, count: int, expected: str) -> None:
    found = words(language).ngettext("{count} entry", "{count} entries", count)
    assert expected == found.format(count=count)


def test_cyrillic_words_are_english_without_utf_8() -> None:
    assert {"ru", "uk"} == {
        language for language in LANGUAGES if readable_language(language, LATIN_1) == ENGLISH
    } - {ENGLISH}
    assert all(language == readable_language(language, UTF_8) for language in LANGUAGES)


def test_the_documentation_names_every_language() -> None:
    page = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    named = re.findall(r"([A-Z][a-z]+) \(`([a-z]{2})`\)", page)
    assert dict(LANGUAGES) == {code: name for name, code in named}
