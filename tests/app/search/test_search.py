"""Tests of searching a generation: which rows of which book, in which order."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.model.names import NameOrder, clean_contact, display_name, fold
from app.model.screens import Message, Page, SearchForm
from app.navigation.tree import is_search, parse_path
from app.search.query import Query, normalise_query, search_of
from app.search.terms import index_digits
from connectors.contact import Contact, NumberKind, PhoneNumber
from tests.support.search_directory import Searchable

KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
MakeDirectory = Callable[..., Searchable]
GERMAN = '[numbers]\nregion = "DE"\noutside_line = "0"\n'


def person(key: int, given_name: str, family_name: str, *numbers: str, **more: str) -> Contact:
    return Contact(
        id=f"{key:06d}",
        name=f"{given_name} {family_name}".strip(),
        given_name=given_name,
        family_name=family_name,
        numbers=tuple(PhoneNumber(number, NumberKind.WORK) for number in numbers),
        **more,
    )


def staff(count: int) -> list[Contact]:
    return [
        person(row, "Ann", f"Smith{row:04d}", f"+49 89 55{row:07d}", organization="Acme")
        for row in range(count)
    ]


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[MakeDirectory]:
    """Give a function that makes a directory of contacts by source."""
    opened: list[Searchable] = []

    def make(sources: dict[str, list[Contact]], config: str = "") -> Searchable:
        opened.append(Searchable(tmp_path, sources, config))
        return opened[-1]

    yield make
    for searchable in opened:
        searchable.close()


BOOKS = """
[books.all]
sources = ["staff", "friends"]
[books.friends]
sources = ["friends"]
[books.sales]
sources = ["staff"]
groups = ["sales"]
[profiles.default]
[profiles.lobby]
menu = ["friends", "search"]
"""


def test_one_book_all_books_and_the_profile_that_asks(directory: MakeDirectory) -> None:
    searchable = directory(
        {
            "staff": [
                person(1, "Ann", "Smith", "1001"),
                person(2, "Anna", "Sold", "1002", department="Sales"),
            ],
            "friends": [person(3, "Anne", "Far", "+1 212 5550100")],
        },
        BOOKS,
    )
    assert ("Anne Far", "Ann Smith", "Anna Sold") == searchable.found("ann")
    assert ("Anne Far",) == searchable.found("ann", book="friends")
    assert () == searchable.found("ann", book="sales")
    assert ("Anne Far", "Ann Smith", "Anna Sold") == searchable.found("an", book="all")
    assert ("Anne Far",) == searchable.found("ann", profile="lobby")
    assert ("Anna Sold",) == searchable.found("sal ann")
    assert isinstance(searchable.screen("ann", book="nothing"), Message)
    assert isinstance(searchable.screen("ann", book="all", profile="lobby"), Message)


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        ("7648", {"Ann Smith"}),  # smit
        ("76484", {"Ann Smith"}),
        ("266", {"Ann Smith", "Bob Conn"}),  # ann, con
        ("5550", {"Ann Smith", "Bob Conn"}),
        ("55501", {"Ann Smith", "Bob Conn"}),
        ("0101", {"Ann Smith"}),
        ("5550101", {"Ann Smith"}),
        ("498955", {"Ann Smith"}),
        ("08955", {"Ann Smith"}),
        ("+49 89/555", {"Ann Smith"}),
        ("0049895550101", set()),  # neither written nor dialled so
        ("1001", {"Eve Short"}),
        ("00", {"Ann Smith", "Bob Conn"}),  # one or two digits: beginnings alone
        ("01", set()),
        ("95", set()),
        ("1", {"Eve Short"}),
        ("2", {"Ann Smith", "Bob Conn"}),  # a, b, c
        ("001", {"Bob Conn", "Eve Short"}),
        ("*98", {"Voicemail"}),
        ("99999", set()),
    ],
)
def test_keys_find_names_and_parts_of_numbers(
    directory: MakeDirectory, k: str, expected: set[str]
) -> None:
    people = [
        person(1, "Ann", "Smith", "+49 89 555 0101"),
        person(2, "Bob", "Conn", "001 212 5550199"),
        person(3, "Eve", "Short", "1001"),
        person(4, "Voicemail", "", "*98"),
    ]
    assert expected == set(directory({"staff": people}, GERMAN).found(k=k))


def test_a_long_number_is_found_only_where_its_digits_stand_together(
    directory: MakeDirectory,
) -> None:
    # 1234 and 2345 stand in the second number too, and 0000 in the third.
    numbers = ("00499123455", "00492345912349", "00490000900009")
    searchable = directory(
        {"staff": [person(row, "Ann", f"Box{row}", text) for row, text in enumerate(numbers)]}
    )
    assert ("Ann Box0",) == searchable.found(k="12345")
    assert ("Ann Box2",) == searchable.found(k="0000")
    assert () == searchable.found(k="00000")
    assert ("Ann Box1",) == searchable.found(k="234591234")
    assert ("Ann Box1",) == searchable.found("box1", k="234591234")
    assert () == searchable.found("box0", k="234591234")


def test_counting_a_long_number_ends_earlier_and_paging_goes_on(directory: MakeDirectory) -> None:
    # Every second number holds the rare part, and every one the common part.
    contacts = [
        person(row, "Ann", f"Smith{row:04d}", f"00498955{row % 2}5500{row:04d}")
        for row in range(700)
    ]
    searchable = directory({"staff": contacts})
    expected = tuple(f"Ann Smith{row:04d}" for row in range(1, 700, 2))
    found: tuple[str, ...] = ()
    for start in range(1, 350, 32):
        page = searchable.screen(k="89551550", start=start)
        assert isinstance(page, Page)
        found += tuple(row.name for row in page.rows)
        if start < 200:
            assert page.prompt == f"{start}-{start + 31} of 250+"
    assert expected == found
    assert isinstance(page, Page) and page.prompt == "321-350 of 350"
    assert page.next is None


def test_both_fields_must_match(directory: MakeDirectory) -> None:
    searchable = directory(
        {"staff": [person(1, "Ann", "Smith", "1001"), person(2, "Ann", "Jones", "2002")]}
    )
    assert ("Ann Jones", "Ann Smith") == searchable.found("ann")
    assert ("Ann Jones",) == searchable.found("ann", "2002")
    assert () == searchable.found("jones", "1001")


def test_the_form_its_hint_and_what_was_typed(directory: MakeDirectory) -> None:
    searchable = directory({"staff": staff(3)})
    blank, signs = searchable.screen(), searchable.screen("!?")
    assert isinstance(blank, SearchForm) and isinstance(signs, SearchForm)
    assert blank.prompt and signs.prompt and blank.prompt != signs.prompt
    assert ["", ""] == [field.value for field in blank.fields]
    message = searchable.screen("nobody")
    assert isinstance(message, Message) and "nobody" in message.text


@pytest.mark.parametrize(
    ("count", "start", "prompt", "rows", "following", "previous"),
    [
        (32, 1, "1-32 of 32", 32, "", ""),
        (33, 1, "1-32 of 33", 32, "33", ""),
        (33, 33, "33-33 of 33", 1, "", "1"),
        (33, 999_999, "33-33 of 33", 1, "", "1"),
        (120, 40, "33-64 of 120", 32, "65", "1"),
        (1000, 1, "1-32 of 1000", 32, "33", ""),
        (1001, 1, "1-32 of 1000+", 32, "33", ""),
        (1001, 993, "993-1001 of 1001", 9, "", "961"),
        (1024, 993, "993-1024 of 1024", 32, "", "961"),
        (1030, 961, "961-992 of 1000+", 32, "993", "929"),
        (1030, 993, "993-1024 of 1000+", 32, "1025", "961"),
        (1030, 1025, "1025-1030 of 1030", 6, "", "993"),
        (1030, 999_999, "993-1024 of 1000+", 32, "1025", "961"),
    ],
)
def test_full_pages(
    directory: MakeDirectory,
    count: int,
    start: int,
    prompt: str,
    rows: int,
    following: str,
    previous: str,
) -> None:
    searchable = directory({"staff": staff(count)})
    page = searchable.screen("smith", start=start)
    assert isinstance(page, Page)
    version = searchable.generation.version
    links = [
        f"search.xml?q=smith&v={version}&start={place}" if place else None
        for place in (following, previous)
    ]
    assert (prompt, rows, links) == (page.prompt, len(page.rows), [page.next, page.previous])
    assert "search.xml?q=smith&form=1" == page.search


def test_a_word_that_everybody_shares_and_one_that_few_begin(directory: MakeDirectory) -> None:
    searchable = directory({"staff": [*staff(1200), person(9999, "Zoe", "Acmeist", "1001")]})
    for typed_word in ("a", "acm", "acme", "ann", "smith"):
        screen = searchable.screen(typed_word)
        assert isinstance(screen, Page) and screen.prompt == "1-32 of 1000+"
    assert ("Zoe Acmeist",) == searchable.found("acmei")
    # More words begin so than are asked for one by one.
    screen = searchable.screen("smith00")
    assert isinstance(screen, Page) and screen.prompt == "1-32 of 100"


def test_doubles_are_found_by_the_words_of_both(directory: MakeDirectory) -> None:
    one = person(1, "Ann", "Smith", "1001", organization="Acme")
    other = person(2, "Ann", "Smith", "1001", organization="Bright")
    searchable = directory(
        {"staff": [one], "more": [other]},
        '[books.all]\nsources = ["staff", "more"]\nmerge = false\n',
    )
    assert 1 == len(searchable.found("smith"))
    assert searchable.found("smith") == searchable.found("acme") == searchable.found("bright")


@pytest.mark.parametrize(
    "path",
    ["search.xml", "staff/search.xml", "p/search.xml"],
)
def test_paths_of_searches(path: str) -> None:
    target = parse_path(path, Query("a"))
    assert is_search(path) and target is not None and target.query == Query("a")


@pytest.mark.parametrize(
    "path", ["staff.xml", "a/b/search.xml", "research.xml", "search", "", "staff/search.xml/1.xml"]
)
def test_paths_of_no_search(path: str) -> None:
    assert not is_search(path)


@pytest.mark.parametrize(
    ("q", "k", "expected"),
    [
        ("  Ann  ", " 12 ", ("Ann", "12")),
        ("x" * 10_000, "5" * 10_000, ("x" * 32, "5" * 32)),
        ("a\x00b\r\nc", "1a2\x00", ("ab c", "122")),
        ("", "+49 (89) #*", ("", "4989#*")),
        ("", "٠١٢", ("", "012")),
        ("", "ab-C", ("", "222")),
    ],
)
def test_what_counts_of_what_was_typed(q: str, k: str, expected: tuple[str, str]) -> None:
    assert expected == normalise_query(q, k)


@given(st.text(max_size=60), st.text(max_size=60), st.integers(2, 200))
@example(":", "*", 4)
@example("x" * 32, "#" * 32, 42)
def test_a_query_fits_its_link(q: str, k: str, room: int) -> None:
    query = Query(*normalise_query(q, k)).shortened(room)
    assert len(query.as_url_query()) <= room + len("q=&k=")
    assert query.as_url_query().isascii()


class _AnyIndex:
    """An index that knows a word with each prefix, and another one."""

    def words(self, prefix: str) -> tuple[str, ...]:
        return (prefix, "“x")

    def rarity(self, term: str) -> int:
        return len(set(term))


class _NoIndex(_AnyIndex):
    """An index without words."""

    def words(self, prefix: str) -> tuple[str, ...]:
        return ()


@given(
    st.text(max_size=40),
    st.text(alphabet="0123456789*#", max_size=32),
    st.sampled_from((_AnyIndex(), _NoIndex())),
)
def test_expressions_hold_quoted_terms_alone(q: str, k: str, index: _AnyIndex) -> None:
    found = search_of(Query(*normalise_query(q, k)), index, "book_3")
    for text in (found.terms, found.rare):
        outside = " ".join(text.split('"')[::2]).replace("(", " ").replace(")", " ")
        assert set(outside.split()) <= {"AND", "OR", "*"}


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (("0049895550109", "+49 89 5550109"), "0049895550109"),
        (("089 5550109", "498955501 09"), "0895550109 49895550109"),
        (("", "no number"), ""),
        (("*98#",), "*98#"),
        (("٠٨٩",), "089"),
    ],
)
def test_digits(numbers: tuple[str, ...], expected: str) -> None:
    assert expected.strip() == index_digits(numbers).strip()


LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéłøñçабвгдежюяαβγωאבגدمخ明王김민さくकमर' -"
NAME = st.text(alphabet=LETTERS + "ABCÄÖÜ", min_size=1, max_size=14).filter(
    lambda text: bool(fold(text))
)
PEOPLE = st.lists(st.tuples(NAME, NAME, NAME), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PEOPLE)
def test_every_listed_contact_is_found_and_known(people: list[tuple[str, str, str]]) -> None:
    contacts = [
        person(
            row,
            first,
            last,
            f"+49 89 555{row:02d}{row:04d}",
            f"0171 77{row:02d}{row:04d}",
            organization=firm,
        )
        for row, (first, last, firm) in enumerate(people)
    ]
    with tempfile.TemporaryDirectory() as folder:
        searchable = Searchable(Path(folder), {"staff": contacts}, GERMAN)
        try:
            for row, (contact, texts) in enumerate(zip(contacts, people, strict=True)):
                work, mobile = f"0089555{row:02d}{row:04d}", f"0017177{row:02d}{row:04d}"
                numbers = {work, mobile}
                for text in texts:
                    for word in fold(text).split():
                        assert numbers <= _numbers(searchable, q=word), (word, text)
                        if word.isascii():
                            assert numbers <= _numbers(searchable, k=word.translate(KEYS)), (
                                word,
                                text,
                            )
                    assert numbers <= _numbers(searchable, q=text), text
                assert work in _numbers(searchable, k=work[-6:])
                assert mobile in _numbers(searchable, k=mobile[-6:])
                for national in (work[1:], mobile[1:]):
                    for spelling in _five(national):
                        assert _shown(contact) == searchable.caller(spelling), spelling
        finally:
            searchable.close()


def _five(national: str) -> tuple[str, ...]:
    rest = national[1:]
    return (
        f"+49 {rest[:3]} {rest[3:]}",
        f"0049{rest}",
        f"49{rest}",
        f"{national[:4]}/{national[4:]}",
        f"0{national}",
        f"+49 (0){rest}",
    )


def _shown(contact: Contact) -> str:
    return display_name(clean_contact(contact), NameOrder.FIRST_LAST)


def _numbers(searchable: Searchable, q: str = "", k: str = "") -> set[str]:
    screen = searchable.screen(q, k)
    return {row.number for row in screen.rows} if isinstance(screen, Page) else set()
