"""Placeholders for names: what counts as no name, and which unusual names are names."""

import pytest

from connectors.contact import without_placeholders

NOTHING = """
- . -- N/A n/a n.a. ? ??? — – _ __ ... … / * , + | "" #N/A n/a. ・ 「」 · ~ = !
"""
NAMES = """
O. A Bauer-Klein 7-Eleven 3 &Co 李 山田・太郎 Ñ O'Neill N.A. Na Nadia n
C++ (Anna) Dr. Naan/Anna 😀 ★ ٣ Ⅳ ตา मो Müller.
"""


@pytest.mark.parametrize(
    "text",
    [
        *NOTHING.split(),
        "",
        " ",
        "- -",
        "N/A N/A",
        "n. a.",
        "( )",
        "-, -",
        "N / A",
        "\u3000",
        "\u200b",
        "ー",
        "ーー",
        "ｰ",
        "ㅡ",
        "➖",
        "(-)",
        "(null)",
        "[NULL]",
        "<null>",
        "(None)",
        "\\N",
    ],
)
def test_no_name(text: str) -> None:
    assert "" == without_placeholders(text)


@pytest.mark.parametrize(
    "text",
    [
        *NAMES.split(),
        "小 明",
        "N. A.",
        "Tom & Jerry",
        "Anna - Einkauf",
        "Hotel ***",
        "Yahoo !",
        "N.A. Smith",
        "Anna 😀",
        "Dr. No",
        "Null",
        "NULL",
        "Nadja Null",
        "(Nullmeier)",
        "ルー",
        "ーナ",
        "으",
        "一",
    ],
)
def test_names_stay(text: str) -> None:
    assert text == without_placeholders(text)


@pytest.mark.parametrize(
    "text, left",
    [
        ("Anna .", "Anna"),
        ("Anna -", "Anna"),
        ("- Mono", "Mono"),
        ("Anna (null)", "Anna"),
        (". Mono", "Mono"),
        ("-- Anna Bauer-Klein --", "Anna Bauer-Klein"),
        ("Anna N/A", "Anna"),
        ("N/A Klein", "Klein"),
        ("-, Anna", "Anna"),
        ("Klein, -", "Klein"),
        ("Klein, N/A", "Klein"),
        ("n.a. Klein", "Klein"),
        ("Anna —", "Anna"),
        ("_ Anna ?", "Anna"),
        (" - Anna ", "Anna"),
        ("李 -", "李"),
        ("- 7", "7"),
        ("Anna /", "Anna"),
        ("/ Anna", "Anna"),
        ("Anna (-)", "Anna"),
        ("Anna ()", "Anna"),
        ("Anna ➖", "Anna"),
    ],
)
def test_placeholders_at_the_ends_of_a_whole_name_go(text: str, left: str) -> None:
    assert left == without_placeholders(text)
