"""Short lists of many languages in undeclared code pages, read by the connector."""

import itertools
import random
from pathlib import Path

import pytest

from connectors.base import Full
from connectors.csv.charset_detection import detect_charset, rival
from connectors.csv.languages import languages
from tests.connectors.csv.lists import read, write
from tests.support.listed_names import PAGES, people

WINDOWS = [page for page in PAGES if page[1].startswith(("cp12", "cp874", "cp9", "gb", "big"))]


def csv_of(names: list[str], encoding: str) -> bytes:
    return "".join(
        f"{line}\r\n" for line in ("Name;Phone", *(f"{name};020 7946 0001" for name in names))
    ).encode(encoding)


def listed(tmp_path: Path, names: list[str], encoding: str) -> tuple[list[str], Full]:
    result = read(write(tmp_path / "a.csv", csv_of(names, encoding)))
    return [contact.name for contact in result.contacts], result


def subsets(language: str, size: int, count: int = 3) -> list[list[str]]:
    found = random.Random(f"{language} {size}")
    return [found.sample(people(language), size) for _ in range(count)]


@pytest.mark.parametrize(("language", "encoding"), PAGES)
def test_a_list_of_thirty_is_read_as_it_was_written(
    tmp_path: Path, language: str, encoding: str
) -> None:
    names = list(people(language))
    assert names == listed(tmp_path, names, encoding)[0]


@pytest.mark.parametrize(("language", "encoding"), WINDOWS)
def test_a_short_list_of_windows_is_read_as_it_was_written(language: str, encoding: str) -> None:
    for names in itertools.chain(subsets(language, 5), subsets(language, 10)):
        data = csv_of(names, encoding)
        assert names == [
            line.split(";")[0] for line in data.decode(detect_charset(data)).splitlines()[1:]
        ]


@pytest.mark.parametrize(("language", "encoding"), PAGES)
def test_a_list_of_two_is_read_as_it_was_written_or_the_doubt_is_told(
    language: str, encoding: str
) -> None:
    for names in (*subsets(language, 2, 6), *subsets(language, 5)):
        data = csv_of(names, encoding)
        guessed = detect_charset(data)
        assert data.decode(guessed) == data.decode(encoding) or rival(data, guessed)


OWN_NAMES = [
    (
        "cp1250",
        "Żółć",
        "Jan Kowalski|Łukasz Żak|Michał Wójcik|Paweł Dąbrowski|Zofia Zając|Jan Żółć",
    ),
    ("cp1250", "Łęć", "Agnieszka Woźniak|Jędrzej Bąk|Anna Łęć"),
    ("cp1250", "Őű", "Kovács Ágnes|Szűcs Jenő|Őű Ernő"),
    ("cp1250", "Šíš", "Jiří Novák|Dvořák Petr|Karel Šíš"),
    ("cp1250", "Čáč", "Ľubomír Šťastný|Mária Kováčová|Ján Čáč"),
    ("cp1252", "Éé", "Hélène Lefèvre|François Noël|Zoé Éé"),
    ("cp1252", "Ëöü", "Jürgen Groß|Käthe Müller|Anna Ëöü"),
    ("cp1252", "Åöå", "Åsa Sjögren|Björn Öberg|Bo Åöå"),
    ("cp1252", "Óðö", "Guðrún Jónsdóttir|Þór Ólafsson|Jón Óðö"),
    ("cp1254", "Öğüş", "Ayşe Yıldız|Çağlar Şahin|Ali Öğüş"),
    ("cp1257", "Šėčė", "Rūta Kazlauskienė|Šarūnas Žukas|Ona Šėčė"),
    ("iso8859_2", "Żółć", "Łukasz Śliwa|Michał Wójcik|Paweł Dąbrowski|Jan Żółć"),
]


@pytest.mark.parametrize(
    ("encoding", "word", "names"), OWN_NAMES, ids=[case[1] for case in OWN_NAMES]
)
def test_one_name_without_an_ascii_letter_turns_no_file(
    tmp_path: Path, encoding: str, word: str, names: str
) -> None:
    assert word in names
    assert names.split("|") == listed(tmp_path, names.split("|"), encoding)[0]
    assert names.split("|")[::-1] == listed(tmp_path, names.split("|")[::-1], encoding)[0]


def test_the_columns_of_a_polish_export_are_known_beside_such_a_name(tmp_path: Path) -> None:
    rows = [
        "Imię;Nazwisko;Telefon służbowy;Telefon komórkowy",
        "Michał;Wójcik;22 123 45 67;600 100 200",
        "Paweł;Dąbrowski;22 123 45 68;",
        "Jan;Żółć;22 123 45 69;600 100 201",
    ]
    result = read(write(tmp_path / "a.csv", "\r\n".join(rows).encode("cp1250") + b"\r\n"))
    assert [2, 1, 2] == [len(contact.numbers) for contact in result.contacts]
    assert ["Michał Wójcik", "Paweł Dąbrowski", "Jan Żółć"] == [
        contact.name for contact in result.contacts
    ]


SOUTH_SLAVIC = [
    (
        "Ivan Kovačević|Marija Horvat|Ana Babić|Petar Marić|Luka Jurić|Iva Novak|Josip"
        " Vuković|Marko Petrović|Nikola Pavlović"
    ),
    "Ivan Babić|Ana Marić",
    "Janez Kovačič|Marija Novak|Anton Potočnik",
    "Petar Kovač",
    "Nikola Jokić|Luka Čović",
    "Peter Peček|Ana Čuk|Jure Zorič",
]


@pytest.mark.parametrize("names", SOUTH_SLAVIC)
@pytest.mark.parametrize("encoding", ["cp1250", "iso8859_2"])
def test_south_slavic_names_with_two_letters_alone_are_not_french(
    tmp_path: Path, names: str, encoding: str
) -> None:
    assert names.split("|") == listed(tmp_path, names.split("|"), encoding)[0]


@pytest.mark.parametrize(
    ("language", "encoding"), [page for page in PAGES if "Greek" not in page[0]]
)
def test_latin_words_are_never_read_in_another_script(language: str, encoding: str) -> None:
    names = [name for name in people(language) if any("a" <= char.lower() <= "z" for char in name)]
    for size in (1, 2, 4) if len(names) > 4 else ():
        sample = random.Random(f"{language} {encoding} {size}").sample(names, size)
        text = csv_of(sample, encoding).decode(detect_charset(csv_of(sample, encoding)))
        assert not [char for char in text if char.isalpha() and char > "\u024f"]


MIXED = [
    (
        "cp1250",
        "Jan Kowalski|Łukasz Żak|Jürgen Müller|Jiří Dvořák|Győző Szűcs|Ana Babić|Ştefan Mureşan",
    ),
    (
        "cp1252",
        (
            "Jürgen Groß|Søren Nørgaard|François Lefèvre|José Muñoz|João Simões|Åsa Sjögren|Niccolò"
            " Ferri"
        ),
    ),
    ("cp1254", "Ayşe Yıldırım|Jürgen Müller|Hüseyin Şahin|François Besson|İsmail Çakır"),
    ("cp1257", "Rūta Kazlauskienė|Jānis Bērziņš|Tõnu Mägi|Jürgen Müller|Šarūnas Žukas"),
    ("cp1251", "Иван Петров|Bob Jones|Олена Ткаченко|Ann Smith|Јован Ђурић"),
    ("cp932", "ABC株式会社|山田太郎|Bob Jones|NTT東日本|鈴木花子"),
    ("gb18030", "王建华|Bob Jones|IBM中国公司|李秀兰"),
]


@pytest.mark.parametrize(("encoding", "names"), MIXED)
def test_names_of_several_languages_are_read_in_the_page_that_holds_all(
    tmp_path: Path, encoding: str, names: str
) -> None:
    assert names.split("|") == listed(tmp_path, names.split("|"), encoding)[0]


def test_a_guess_is_told_with_the_key(tmp_path: Path) -> None:
    _, result = listed(tmp_path, list(people("Croatian")), "cp1250")
    (note,) = result.notes
    assert "a.csv is read as cp1250: that is a guess" in note
    assert "encoding" in note


def test_a_doubtful_guess_names_the_other_encoding(tmp_path: Path) -> None:
    _, result = listed(tmp_path, ["Ana Šef", "Bob Jones"], "iso8859_2")
    (note,) = result.notes
    assert 'encoding = "' in note
    assert any(f'"{encoding}"' in note for encoding in ("cp1250", "cp1252", "iso8859_2"))


def test_what_reads_the_same_is_no_doubt(tmp_path: Path) -> None:
    names, result = listed(tmp_path, ["Jürgen Müller", "Käthe Groß"], "cp1252")
    assert ["Jürgen Müller", "Käthe Groß"] == names
    assert 'encoding = "' not in result.notes[0]


def test_one_odd_word_far_down_keeps_the_encoding_of_the_rest(tmp_path: Path) -> None:
    names = [*people("Polish")] * 60 + ["Żółć", "Őű"]
    assert names == listed(tmp_path, names, "cp1250")[0]


def test_a_byte_beyond_the_sample_that_the_page_does_not_know_changes_the_page(
    tmp_path: Path,
) -> None:
    data = csv_of([*people("German")] * 200, "cp1252") + b"Bob \x81;020 7946 0001\r\n"
    assert all(name in data.decode(detect_charset(data)) for name in people("German"))


@pytest.mark.parametrize(
    ("language", "encoding"), [("Japanese", "iso2022_jp"), ("Korean", "iso2022_kr")]
)
def test_escape_sequences_tell_iso_2022(tmp_path: Path, language: str, encoding: str) -> None:
    names, result = listed(tmp_path, list(people(language)), encoding)
    assert list(people(language)) == names
    assert "a.csv is read as iso2022" in result.notes[0]


def test_bytes_that_are_of_no_language_are_told(tmp_path: Path) -> None:
    odd = random.Random(1)
    names = [bytes(odd.choices(range(0x80, 0x100), k=9)).decode("cp437") for _ in range(60)]
    _, result = listed(tmp_path, names, "cp437")
    assert "fits no language well" in result.notes[0] or 'encoding = "' in result.notes[0]


def test_the_corpus_is_of_many_languages_with_enough_words() -> None:
    assert len(languages()) >= 30
    assert all(len(language.words) > 30 for language in languages())
