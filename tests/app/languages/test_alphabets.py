"""Names stand in the order of their readers' alphabet."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.languages.alphabets import respelling
from app.languages.catalogue import LANGUAGES
from app.model.names import fold, fold_in, sort_key, sort_key_in
from app.navigation.paging import label

# Names in the order of Unicode::Collate::Locale 1.31 (Perl 5.36), where each row is the locale of
# the file's name: nb for no, sv__reformed for sv, fi__phonebook for fi. It knows no [reorder Cyrl],
# so in ru and uk the names of other scripts follow by hand.
ORDERED = sorted((Path(__file__).parent / "data").glob("*.txt"))
WITHOUT_RULES = ("en", "fr", "it", "nl", "pt", "de")


def in_order(names: list[str], language: str) -> list[str]:
    key = sort_key_in(language)
    return sorted(names, key=lambda name: key(name, name, ""))


@pytest.mark.parametrize("path", ORDERED, ids=lambda path: path.stem)
def test_names_stand_as_a_collation_of_unicode_has_them(path: Path) -> None:
    names = path.read_text(encoding="utf-8").split()
    assert len(names) > 20
    assert names == in_order(names, path.stem)


def test_every_language_has_names_or_the_usual_order() -> None:
    assert len(ORDERED) == 12
    assert set(LANGUAGES) == {path.stem for path in ORDERED} | set(WITHOUT_RULES)


@pytest.mark.parametrize("language", ["", *WITHOUT_RULES])
def test_the_usual_order_costs_no_respelling(language: str) -> None:
    assert respelling(language) is None
    assert sort_key_in(language) is sort_key
    assert fold_in(language) is fold


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("sv", "Zeta Åberg Ärlig Öberg"),
        ("da", "Zeta Æble Østergaard Åberg Aagaard"),
        ("no", "Zeta Ærlig Øverland Ås"),
        ("de", "Adler Ärger Arndt"),
        ("cs", "Cyril Čapek Horák Chalupa Jech"),
        ("pl", "Azor Ącki Lwów Łoś"),
        ("es", "Nuza Ñíguez Ochoa"),
        ("hu", "Cukor Csaba Duna Dzurinda Dzsida"),
        ("tr", "Hikmet Ilgaz Irmak İnce Jale"),
        ("uk", "Гончар Ґонта Дорош Ердман Єва Жук Ивко Іваненко Їжакевич Йовенко"),
        ("ru", "Ёлкин Елкина Ершов Жуков Яшин Adams Zander"),
    ],
)
def test_the_letters_that_readers_look_for(language: str, names: str) -> None:
    assert names.split() == in_order(names.split(), language)


def test_a_letter_is_the_same_whether_composed_or_not() -> None:
    assert fold_in("sv")("A\u030angstro\u0308m") == fold_in("sv")("Ångström") != fold("Ångström")


def test_a_doubled_letter_of_two_signs_is_two_letters() -> None:
    # Hungarian doubles the first sign alone: ssz is sz and sz, not s and sz.
    assert fold_in("hu")("Rossz") == fold_in("hu")("Roszsz")


@pytest.mark.parametrize(
    ("language", "before", "first", "last", "after", "expected"),
    [
        ("sv", "", "Abel", "Zeta", "Åberg", "Ab - Ze"),
        ("sv", "Zeta", "Åberg", "Ås", "Äng", "Åb - Ås"),
        # Ål and Äl are the same without accents, but other letters in Swedish.
        ("sv", "Ålund", "Älund", "Öberg", "", "Äl - Öb"),
        ("", "Ålund", "Älund", "Öberg", "", "Älund - Öb"),
        ("cs", "Hýbl", "Chalupa", "Chytil", "Ivanov", "Ch"),
        ("cs", "Chalupa", "Chytil", "Jech", "Jehla", "Chy - Jec"),
        ("hu", "Duna", "Dzurinda", "Dzsida", "Egri", "Dz"),
        ("uk", "Гончар", "Ґонта", "Єва", "Жук", "Ґо - Єв"),
    ],
)
def test_a_label_of_a_menu_ends_where_letters_differ(
    language: str, before: str, first: str, last: str, after: str, expected: str
) -> None:
    assert expected == label(before, first, last, after, 3, fold=fold_in(language))


@given(st.sampled_from([path.stem for path in ORDERED]), st.text(max_size=12))
def test_any_text_has_a_place_and_equal_ones_stay_in_order(language: str, text: str) -> None:
    plain = sort_key(text, "shown", "owner").split(b"\0", 1)
    placed = sort_key_in(language)(text, "shown", "owner").split(b"\0", 1)
    assert plain[1] == placed[1]
    # The marks between letters change no word's letters.
    assert bool(plain[0]) == bool(placed[0])


@given(
    st.sampled_from(["da", "es", "fi", "no", "pl", "sv"]),
    st.lists(st.text("bcdefghijkmpqrtvwx", min_size=1, max_size=5), max_size=8),
)
def test_names_without_special_letters_stand_as_ever(language: str, names: list[str]) -> None:
    assert in_order(names, "") == in_order(names, language)
