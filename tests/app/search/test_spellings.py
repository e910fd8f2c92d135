"""Tests of names in fifteen scripts, typed as letters in `q` and as keys in `k`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.search.spellings import spellings
from app.search.transliteration import consonants
from connectors.contact import Contact, NumberKind, PhoneNumber
from tests.support.search_directory import Searchable

KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")


def contact(key: str, given: str = "", family: str = "", number: str = "", **more: str) -> Contact:
    return Contact(
        id=key,
        given_name=given,
        family_name=family,
        numbers=(PhoneNumber(number, NumberKind.WORK),),
        **more,
    )


# What a source holds (given, family), the script, and what people type for it; a text in brackets
# is typed as letters alone.
TABLE: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "Latin",
        "Jürgen",
        "Müller",
        ("muller", "mueller", "Müller", "jurgen", "juergen mue", "j m", "mul jur"),
    ),
    ("Latin", "Anna", "Mueller", ("muller", "mueller", "müller", "a m")),
    ("Latin", "Søren", "Østergård", ("ostergard", "ostergaard", "oestergaard", "soren", "soeren")),
    ("Latin", "Łukasz", "Źdźbło", ("lukasz", "zdzblo")),
    ("Latin", "Nguyễn", "Văn Đặng", ("nguyen", "van", "dang", "vandang")),
    ("Latin", "Şule", "Iğdır", ("sule", "igdir")),
    ("Latin", "Siobhán", "O'Neill", ("oneill", "o'neill", "neill", "siobhan", "o neill")),
    (
        "Latin",
        "José-María",
        "de la Cruz",
        ("jose", "maria", "josemaria", "cruz", "delacruz", "jose-maria"),
    ),
    ("Latin", "Weiß", "Großmann", ("weiss", "grossmann")),
    ("Cyrillic", "Игорь", "Петров", ("igor", "petrov", "Петров", "петр", "petrow")),
    ("Cyrillic", "Фёдор", "Щукин", ("fedor", "fyodor", "shchukin", "фёдор", "федор")),
    ("Cyrillic", "Юлия", "Чехова", ("yulia"[:3], "julija", "iuliia", "chekhova", "tschechowa")),
    (
        "Greek",
        "Ελένη",
        "Παπαδοπούλου",
        ("eleni", "papadopoulou", "papadopoylou"[:9], "Ελένη", "ελενη"),
    ),
    ("Greek", "Παύλος", "Ευαγγέλου", ("pavlos", "evangelou")),
    ("Hebrew", "יוסף", "כהן", ("(yosef)", "(cohen)", "yvsf", "כהן")),
    ("Arabic", "محمد", "خالد", ("mhmd", "(mohamed)", "(muhammad)", "(khaled)", "محمد")),
    ("Arabic", "أحمد", "علي", ("(ahmed)", "(ahmad)", "(ali)")),
    ("Han", "小明", "王", ("wang", "xiaoming", "ming", "王小明", "王", "明", "wang ming")),
    ("Han", "娜娜", "欧阳", ("ouyang", "nana")),
    ("Kana", "さくら", "オオノ", ("sakura", "oono", "ono", "さく")),
    ("Kana with Han", "太郎", "佐藤", ("sato", "satou", "taro", "佐藤")),
    ("Hangul", "민준", "김", ("kim", "gim", "minjun", "min", "김", "민준")),
    ("Hangul", "영희", "박", ("park", "bag", "younghui"[:5])),
    ("Devanagari", "मोहन", "कुमार", ("(mohan)", "kumar", "मोहन")),
    ("Bengali", "রহিম", "আলম", ("(rahim)", "(alam)")),
    ("Tamil", "கமலா", "தமிழ்", ("(kamala)", "(tamil)")),
    ("Thai", "สมชาย", "ใจดี", ("(somchai)", "สมชาย")),
    ("Georgian", "გიორგი", "ბერიძე", ("giorgi", "beridze", "გიორგი")),
    ("Armenian", "Գևորգ", "Պետրոսյան", ("gevorg", "petrosyan")),
    ("Khmer", "សុខា", "ចាន់", ("(sokha)",)),
    ("Ethiopic", "አበበ", "በቀለ", ("abebe", "bekele")),
    ("Latin", "Đorđe", "Petrović", ("dorde", "djordje", "petrovic")),
    ("Cyrillic", "Мария", "Соловьёва", ("maria", "mariya", "marija", "solovieva", "solovyova")),
    ("Cyrillic", "Алексей", "Гагарин", ("alexey", "alexei", "aleksey", "alexej")),
    (
        "Cyrillic",
        "Дмитрий",
        "Хрущёв",
        ("dmitry", "dmitri", "dmitrij", "khrushchev", "chruschtschow"),
    ),
    ("Cyrillic", "Евгений", "Ксенин", ("evgeny", "evgeni", "yevgeny", "xenin", "ksenin")),
    ("Cyrillic", "Сергій", "Їжак", ("serhiy", "serhii", "sergiy", "yizhak")),
    ("Cyrillic", "Євгенія", "Гнатюк", ("yevhenia", "gnatiuk", "gnatyuk")),
    ("Greek", "Γιώργος", "Χριστοδούλου", ("giorgos", "yiorgos", "christodoulou", "hristodoulou")),
    ("Greek", "Ευγενία", "Μπακογιάννη", ("evgenia", "eugenia", "bakogianni")),
    ("Hebrew", "דוד", "בן גוריון", ("(david)", "(ben)", "(gurion)")),
    ("Hebrew", "יצחק", "חיים", ("(itzhak)", "(yitzhak)", "(yitzchak)", "(chaim)", "(haim)")),
    ("Hebrew", "רחל", "צבי", ("(rachel)", "(rahel)", "(tzvi)", "(zvi)")),
    ("Hebrew", "דן", "רבין", ("(rabin)", "(dan)")),
    (
        "Arabic",
        "عبد الله",
        "الفيصل",
        (
            "(abdullah)",
            "(abdallah)",
            "(faisal)",
            "(alfaisal)",
            "(al-faisal)",
            "عبدالله",
            "(al faisal)",
        ),
    ),
    ("Arabic", "عمر", "الشريف", ("(omar)", "(sharif)", "(al-sharif)")),
    ("Kana", "ゆうこ", "おおた", ("yuko", "ota", "oota", "ohta")),
    ("Hangul", "지훈", "이", ("lee", "yi", "jihun", "jihoon")),
    ("Hangul", "현우", "정", ("jung", "chung", "hyunwoo", "hyeonu")),
    ("Hangul", "영희", "안", ("younghee", "younghui", "ahn")),
    ("Hangul", "수진", "권", ("soojin", "sujin", "kwon")),
    ("Devanagari", "संजय", "शर्मा", ("(sanjay)", "(sharma)")),
    ("Devanagari", "अमिताभ", "बच्चन", ("(amitabh)", "(bachchan)")),
    ("Devanagari", "प्रिया", "सिंह", ("(priya)", "(singh)")),
)
SHOWN = {f"{given} {family}" for _, given, family, _ in TABLE}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searchable]:
    contacts = [
        contact(
            str(place),
            given,
            family,
            f"+49 89 7{place:06d}",
            name=f"{given} {family}",
            phonetic_family_name="サトウ" if family == "佐藤" else "",
            phonetic_given_name="タロウ" if family == "佐藤" else "",
        )
        for place, (_, given, family, _) in enumerate(TABLE)
    ]
    others = [
        contact(f"other{place}", "Bob", f"Unlike{place}", f"+1 212 55{place:05d}")
        for place in range(50)
    ]
    found = Searchable(tmp_path_factory.mktemp("people"), {"staff": [*contacts, *others]})
    yield found
    found.close()


def test_there_are_fifteen_scripts() -> None:
    assert len({script for script, *_ in TABLE}) >= 15


@pytest.mark.parametrize(
    ("script", "given", "family", "typed"), TABLE, ids=[row[2] for row in TABLE]
)
def test_typed_as_people_type(
    people: Searchable, script: str, given: str, family: str, typed: tuple[str, ...]
) -> None:
    name = f"{given} {family}"
    assert [] == [text for text in typed if name not in people.found(text.strip("()"))]


@pytest.mark.parametrize(
    ("script", "given", "family", "typed"), TABLE, ids=[row[2] for row in TABLE]
)
def test_pressed_as_people_press(
    people: Searchable, script: str, given: str, family: str, typed: tuple[str, ...]
) -> None:
    name = f"{given} {family}"
    pressed = [
        text.translate(KEYS)
        for text in typed
        if text.isascii() and text.isalpha() and text.islower()
    ]
    assert [] == [keys for keys in pressed if name not in people.found(k=keys)]


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ("mullers", "Müller"),
        ("uller", "Müller"),
        ("m x", "Müller"),
        ("petrovic", "Петров"),
        ("jm", "Müller"),
        ("kimz", "민준 김"),
        ("unlik x", ""),
    ],
)
def test_what_is_not_meant_is_not_found(people: Searchable, typed: str, missing: str) -> None:
    assert [] == [name for name in people.found(typed) if missing and missing in name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller", ("muller", "mueller")),
        ("Mueller", ("mueller", "muller")),
        ("O'Neill", ("oneill", "o", "neill")),
        ("Ann", ("ann",)),
        ("Åse Æbelø", ("ase", "aebelo", "aase", "aebeloe", "abelo", "abelo")),
        ("", ()),
        ("!?", ()),
        ("\x00\ud800", ()),
    ],
)
def test_spellings(text: str, expected: tuple[str, ...]) -> None:
    assert set(expected) <= set(spellings(text))
    assert len(spellings(text)) == len(set(spellings(text)))


@pytest.mark.parametrize("name", ["ا ا", "々 محمد", "ꠁ ا 々", "ー ー", "अ"])
def test_letters_that_have_no_latin_form(tmp_path: Path, name: str) -> None:
    searchable = Searchable(tmp_path, {"staff": [contact("1", name, "", "1001")]})
    try:
        assert (name,) == searchable.found(name)
    finally:
        searchable.close()


@pytest.mark.parametrize(
    ("word", "bones"),
    [
        ("mohammed", "mhmd"),
        ("muhamad", "mhmd"),
        ("cohen", "hn"),
        ("chaim", "hm"),
        ("itzhak", "zhk"),
        ("yosef", "ysp"),
        ("joseph", "ysph"),
        ("walid", "wld"),
        ("ali", "l"),
        ("", ""),
    ],
)
def test_consonants(word: str, bones: str) -> None:
    assert bones == consonants(word)
