"""Text fitted to a width: clean, short, and never two rows that look the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.text import are_clean, clean, clean_lines, make_unique, shorten, truncate, with_note

ANY_TEXT = st.text(st.characters(), max_size=90) | st.text(
    st.characters(categories=["Cs", "Cc", "Cf", "Cn", "Mn", "Lo"]), max_size=90
)


@pytest.mark.parametrize(
    "raw, shown",
    [
        ("Ann  Smith ", "Ann Smith"),
        ("Ann\tSmith\r\n", "Ann Smith"),
        ("Ann\u00a0Smith", "Ann Smith"),
        ("Ann\x00\x07Smith", "AnnSmith"),
        ("An\u0303n", "Añn"),
        ("\u202eevil\u202c", "evil"),
        ("a\ud800b\udfffc\ufffe\uffff\ufdd0", "abc"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("👩\u200d👩\u200d👧 Family", "👩\u200d👩\u200d👧 Family"),
        ("\ufeffAnn\u200b", "Ann"),
        ("A\u2028B", "A B"),
        ("\ufffc\ufffdAnn", "Ann"),
        ("\u8fbb\U000e0100", "\u8fbb"),
        ("", ""),
    ],
)
def test_clean(raw: str, shown: str) -> None:
    assert shown == clean(raw)


@given(
    texts=st.lists(
        st.text("Ae \n\u0301\u0308\u00a0\u200b\ufffd\u1100\u1161é", max_size=5) | ANY_TEXT,
        max_size=6,
    )
)
def test_a_page_called_clean_is_clean(texts: list[str]) -> None:
    if are_clean(texts):
        assert [clean(text) for text in texts] == texts


def test_a_page_of_usual_names_is_called_clean() -> None:
    assert are_clean(["Ann Smith", "Zoë Bergström (mobile)", "太郎 山田", "Мария", "-"])


def test_messages_keep_their_lines() -> None:
    assert "One two\nThree" == clean_lines("One  two\r\nThree\x00")


@pytest.mark.parametrize(
    "text, limit, shown",
    [
        ("Ann Smith", 32, "Ann Smith"),
        ("Wolfeschlegelsteinhausenbergerdorff", 32, "Wolfeschlegelsteinhausenbergerdo"),
        ("Maria Alexandra Sophie von Hohenlohe (mobile)", 32, "Maria von Hohenlohe (mobile)"),
        ("Hohenlohe, Maria Alexandra Sophie Theresa", 32, "Hohenlohe, Maria Alexandra"),
        ("Maximiliananton Hohenzollern-Sigmaringen", 32, "Maximiliananton Hohenzollern-Sig"),
        (
            "Wolfgangamadeusjohannes Hohenzollern-Sigmaringen",
            32,
            "Wolfgangamadeus Hohenzollern-Sig",
        ),
        ("von und zu Guttenberg-Aschaffenburg, Bernd", 32, "Guttenberg-Aschaffenburg, Bernd"),
        (
            "von und zu Guttenberg-Aschaffenburg, Bernd (mobile)",
            32,
            "Guttenberg-Ascha, Bernd (mobile)",
        ),
        ("von und zu Hohenlohe-Jagst, Maria Theresa", 32, "von und Hohenlohe-Jagst, Maria"),
        ("van der Berg Müller-Lüdenscheidt, Jan", 32, "Berg Müller-Lüdenscheidt, Jan"),
        ("García Márquez de la Concordia, Gabriel", 32, "García Márquez, Gabriel"),
        ("Anna Schmidt (Department of Physics and Math)", 32, "Anna Schmidt"),
        ("Anna Schmidt (Abteilung Einkauf und Logistik) (mobile)", 32, "Anna Schmidt (mobile)"),
        ("Maximilian Brandt [Leitung Einkauf Süd]", 32, "Maximilian Brandt"),
        ("Anna Schmidt - Vertrieb und Marketing Süd", 32, "Anna Schmidt"),
        ("Guttenberg-Aschaffenburg-Somewhere, Bernd", 32, "Guttenberg-Aschaffenburg, Bernd"),
        ("Van Der Westhuizen-Schalkwyk, Prof. Dr. Jan", 32, "Van Westhuizen-Schalkwyk, Jan"),
        ("Li, " + "Maximilianantonius" * 2, 32, "Li, " + ("Maximilianantonius" * 2)[:28]),
        ("Bernd Hohenzollern-Sigmaringen-Somewhere Jr.", 32, "Bernd Hohenzollern-Sigmaringen-S"),
        ("Prof. Dr. Anna Hohenzollern-Sigmaringen", 32, "Anna Hohenzollern-Sigmaringen"),
        ("ab (" + "x" * 40 + ")", 32, "ab (" + "x" * 28),
        ("x" * 31 + "👩🏽", 32, "x" * 31),
    ],
)
def test_shorten(text: str, limit: int, shown: str) -> None:
    assert shown == shorten(text, limit)
    assert len(shown) <= limit


@pytest.mark.parametrize(
    "name, note, shown",
    [
        ("Ann Smith", "mobile", "Ann Smith (mobile)"),
        ("Ann Smith (mobile)", "2", "Ann Smith (mobile 2)"),
        ("Maria Alexandra von Hohenlohe", "mobile", "Maria von Hohenlohe (mobile)"),
        ("Wolfeschlegelsteinhausenbergerdorff", "mobile", "Wolfeschlegelsteinhause (mobile)"),
        ("Ann (mobile abc 1234)", "0109", "Ann (0109)"),
    ],
)
def test_notes_stay(name: str, note: str, shown: str) -> None:
    assert shown == with_note(name, note, 32)
    assert len(shown) <= 32


def test_distinct_numbers_the_later_ones() -> None:
    assert ("Ann", "Ann (2)", "Bo", "Ann (3)") == make_unique(["Ann", "Ann", "Bo", "Ann"], 32)
    assert ("x" * 32, "x" * 28 + " (2)") == make_unique(["x" * 32, "x" * 32], 32)


@given(text=ANY_TEXT, limit=st.integers(4, 64))
def test_whatever_is_shown_is_clean_and_fits(text: str, limit: int) -> None:
    shown = shorten(clean(text), limit)
    assert len(shown) <= limit
    assert shown == clean(shown)
    assert bool(shown) == bool(clean(text))
    shown.encode("utf-8")


@given(
    names=st.lists(st.text("ab (2)", max_size=8) | ANY_TEXT, max_size=32), limit=st.integers(16, 40)
)
def test_no_two_look_the_same(names: list[str], limit: int) -> None:
    shown = make_unique((shorten(clean(name), limit) for name in names), limit)
    assert len(names) == len(shown) == len(set(shown))
    assert all(len(name) <= limit for name in shown)


@given(text=ANY_TEXT, limit=st.integers(1, 40))
def test_cutting_keeps_visible_characters_whole(text: str, limit: int) -> None:
    shown = truncate(clean(text), limit)
    assert len(shown) <= limit
    assert clean(text).startswith(shown)
