"""Encodings and delimiters are detected in real texts and in generated rows."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.base import SourceUnavailable
from connectors.contact import without_placeholders
from connectors.csv.charset_detection import detect_charset
from tests.connectors.csv.lists import read, write

TEXTS = {
    "utf-8": "Ann Smith\nДимитър\n山田太郎\nZoë 🎈\nنور",
    "utf-8-sig": "Ann Smith\nДимитър\n山田太郎\nZoë 🎈\nنور",
    "utf-16": "Ann Smith\nДимитър\n山田太郎\nZoë 🎈",
    "utf-16-le": "Ann Smith\nДимитър\nZoë",
    "utf-16-be": "Ann Smith\nДимитър\nZoë",
    "utf-32": "Ann Smith\nZoë 🎈",
    "ascii": "Ann Smith\nBob Jones",
    "cp1252": "Jürgen Weiß\nBärbel Götz\nO’Neill",
    "cp1250": "Łukasz Żółkiewski\nZażółć Gęślą",
    "cp1251": "Иван Петров\nМария Сидорова",
    "cp1253": "Γιώργος Παπαδόπουλος\nΜαρία",
    "cp1254": "Şükrü Çağlar\nİbrahim Yıldız",
    "cp1255": "דוד כהן\nשרה לוי",
    "cp1256": "محمد علي\nفاطمة",
    "cp1257": "Žydrūnas Šimėnas\nĄžuolas",
    "cp874": "สมชาย ใจดี\nสมหญิง",
    "koi8_r": "Иван Петров\nМария Сидорова",
    "mac_roman": "Jürgen Weiß\nBärbel Götz",
    "cp850": "Jürgen Weiß\nBärbel Götz",
    "cp932": "山田太郎\n鈴木花子\nスズキ",
    "gb18030": "王芳\n李伟",
    "big5": "陳志明\n林淑芬",
    "cp949": "김민준\n이서연",
}


def table(names: list[str], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(
        [("name", "phone"), *((name, "020 7946 0001") for name in names)]
    )
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", TEXTS)
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    names = TEXTS[encoding].split("\n")
    result = read(write(tmp_path / "a.csv", table(names, delimiter).encode(encoding)))
    assert names == [contact.name for contact in result.contacts]


SHORT = [
    ("cp1252", "Zoë Meier\nAnna Groß\nPeter Lang\nRenée Koch\nKarl Weiß"),
    ("cp1252", "Jürgen Groß\nZoë"),
    ("cp1252", "Anna Meier – privat"),
    ("cp1252", "Zoë"),
    ("cp1252", "Weiß"),
    ("cp1252", "Muñoz"),
    ("cp1252", "Renè Groß\nFrançois Müller"),
    ("cp1252", "Søren\nJosé Muñoz\nZoë Weiß"),
    ("cp1252", "João\nJürgen\nSørensen\nAndré"),
    ("cp1252", "Müller „Bäckerei“\nGroß"),
    ("cp1252", "Björk Guðmundsdóttir\nNúria Solà"),
    ("cp1252", "Niccolò Rossi\nRenée Noël"),
    ("cp1250", "Jan Leśniak"),
    ("cp1250", "Michał Bąk\nĽubomír Kučera\nJiří Novák"),
    ("cp1250", "Antonín Dvořák\nJan Novák\nEva Černá"),
    ("cp1250", "Dvořák"),
    ("cp1250", "Lech Wałęsa"),
    ("cp1250", "Łucja\nJiří Dvořák"),
    ("cp1250", "Kovač\nMarić\nĐurić"),
    ("cp1250", "Jürgen\nDvořák\nŘehoř"),
    ("iso8859_2", "Agnieszka Śliwińska\nMichał Bąk"),
    ("cp1251", "Анна"),
    ("cp1251", "Иван Петров\nBob Jones"),
    ("cp1253", "Μαρία"),
    ("mac_roman", "Muñoz"),
    ("cp850", "Bärbel Groß"),
    ("gb18030", "王芳"),
    ("cp932", "ABC株式会社\n山田"),
]


@pytest.mark.parametrize("encoding, names", SHORT)
def test_a_short_list_is_read_in_the_likelier_alphabet(
    tmp_path: Path, encoding: str, names: str
) -> None:
    result = read(write(tmp_path / "a.csv", table(names.split("\n"), ";").encode(encoding)))
    assert names.split("\n") == [contact.name for contact in result.contacts]


@pytest.mark.parametrize(
    "good",
    [
        "Jürgen Müller\nKäthe Groß\n{}\nAnna Meier",
        "Jürgen Müller\n{}",
        "Müller\nKäthe\n{}",
        "Wałęsa\nŻak\n{}",
        "山田太郎\n{}",
        "Иван\n{}",
    ],
)
def test_one_damaged_line_of_a_short_file_is_an_error(tmp_path: Path, good: str) -> None:
    data = table(good.split("\n"), ",").encode().replace(b"{}", b"Bj\xf6rn K\xf6hler")
    line = 2 + good.split("\n").index("{}")
    with pytest.raises(
        SourceUnavailable,
        match=f"a.csv line {line} holds a byte that is not UTF-8, though the rest is",
    ):
        read(write(tmp_path / "a.csv", data))


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_given_encoding_wins(tmp_path: Path, encoding: str) -> None:
    names = TEXTS[encoding].split("\n")
    result = read(
        write(tmp_path / "a.csv", table(names, ";").encode(encoding)),
        encoding=encoding,
        delimiter=";",
    )
    assert names == [contact.name for contact in result.contacts]


def test_a_delimiter_within_names_does_not_mislead(tmp_path: Path) -> None:
    result = read(
        write(tmp_path / "a.csv", 'name;phone\n"Smith, Ann, Dr.";1001\nJones, Bob, Mr.;1002\n')
    )
    assert ["Smith, Ann, Dr.", "Jones, Bob, Mr."] == [contact.name for contact in result.contacts]


def test_an_unusual_delimiter_can_be_given(tmp_path: Path) -> None:
    assert (
        "Ann"
        == read(write(tmp_path / "a.csv", "name~phone\nAnn~1\n"), delimiter="~").contacts[0].name
    )


@given(st.binary(min_size=1, max_size=300))
@settings(max_examples=150, deadline=None)
def test_whatever_is_guessed_can_be_read(data: bytes) -> None:
    assert isinstance(data.decode(detect_charset(data)), str)


ENCODINGS = {
    "utf-8": st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    "utf-8-sig": st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    "utf-16": st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    "cp1252": st.characters(codec="cp1252", exclude_characters="\0"),
    "cp1251": st.characters(codec="cp1251", exclude_characters="\0"),
}
BLANKS = " \t\r\n"


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str, str, int, list[tuple[str, str]]]:
    encoding = draw(st.sampled_from(sorted(ENCODINGS)))
    cell = st.text(ENCODINGS[encoding], max_size=30).filter(lambda text: text.strip(BLANKS) != "")
    rows = draw(st.lists(st.tuples(cell, cell), min_size=1, max_size=8))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    # csv.writer leaves a lone CR unquoted where lines end with LF; no reader can tell it from a
    # line's end.
    quoting = (
        csv.QUOTE_ALL if end == "\n" else draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    )
    return encoding, draw(st.sampled_from(",;\t|")), end, quoting, rows


@given(files())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_written_comes_back(
    tmp_path: Path, file: tuple[str, str, str, int, list[tuple[str, str]]]
) -> None:
    encoding, delimiter, end, quoting, rows = file
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(("name", "company", "phone"))
    writer.writerows((name, company, "1001") for name, company in rows)
    path = write(tmp_path / "a.csv", text.getvalue().encode(encoding))
    # A handful of letters does not tell one code page from another: these are given, as an
    # administrator would.
    keys = {} if encoding.startswith("utf") else {"encoding": encoding}
    result = read(path, **keys)
    expected = [
        (without_placeholders(name.strip(BLANKS)), without_placeholders(company.strip(BLANKS)))
        for name, company in rows
    ]
    assert expected == [(contact.name, contact.organization) for contact in result.contacts]
    assert () == result.skipped
    assert len(rows) == len({contact.id for contact in result.contacts})
