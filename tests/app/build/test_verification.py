"""Verification: every screen is rendered once, and again only if it changed."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from app.build.composer import Composed, Composer
from app.generation.draft_file import BuildError
from app.generation.files import current_version
from app.languages.catalogue import LANGUAGES
from app.model.screens import Dialect, Link, Page, Screen, ScreenError
from app.phones import cisco
from app.refresh.refresher import Refresher
from app.settings.loader import load
from app.state.directory import prepare_state_dir
from app.state.source_records import SourceRecord
from app.state.store import Store
from connectors.base import Full
from connectors.contact import Contact, NumberKind, PhoneNumber

PEOPLE = [
    Contact(id=f"{row:04d}", name=f"Person {row:04d}", numbers=(PhoneNumber(f"{1000 + row}"),))
    for row in range(200)
]


class Rendered:
    """Collects the names on each rendered page, and refuses a page with `broken`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pages: list[set[str]] = []
        self.broken = ""
        render = cisco.render

        def counted(screen: Screen, link: Link, dialect: Dialect) -> bytes:
            if isinstance(screen, Page):
                self.pages.append({row.name for row in screen.rows})
                if self.broken in self.pages[-1]:
                    raise ScreenError("it is broken")
            return render(screen, link, dialect)

        monkeypatch.setattr(cisco, "render", counted)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Rendered:
    return Rendered(monkeypatch)


def composer_of(folder: Path, config: str) -> tuple[Composer, Store]:
    (folder / "gateway.toml").write_text(config, encoding="utf-8")
    settings = load(folder / "gateway.toml")
    prepare_state_dir(settings.state_dir)
    store = Store(settings.state_dir)
    store.open("aside")
    return Composer(settings, store, settings.state_dir), store


def test_a_page_is_rendered_again_only_if_it_changed(tmp_path: Path, rendered: Rendered) -> None:
    config = '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'
    composer, store = composer_of(tmp_path, config)

    def compose(people: list[Contact]) -> int:
        rendered.pages.clear()
        store.apply(SourceRecord("staff", last_success=1.0), Full(tuple(people)))
        return composer.compose().screens

    screens = compose(PEOPLE)
    assert {person.name for person in PEOPLE} == set().union(*rendered.pages)
    assert screens == compose(PEOPLE)
    assert [] == rendered.pages
    number = PhoneNumber("4711", NumberKind.WORK)
    changed = Contact(id="0040", name="Person 0040", numbers=(number,))
    assert screens == compose([*PEOPLE[:40], changed, *PEOPLE[41:]])
    assert rendered.pages
    assert all("Person 0040" in page for page in rendered.pages)
    # A screen that was never verified is still refused, and what was published stays.
    version = current_version(tmp_path / "state")
    rendered.broken = "Person 0100"
    with pytest.raises(BuildError, match="it is broken"):
        compose(PEOPLE[:90] + PEOPLE[91:])
    assert version == current_version(tmp_path / "state")
    rendered.broken = ""
    assert screens == compose(PEOPLE)
    assert rendered.pages
    assert all("Person 0040" in page for page in rendered.pages)


@pytest.mark.parametrize(
    ("config", "languages"),
    [
        ("", set(LANGUAGES)),
        ('[profiles.default]\nlanguage = "de"\n', {"de"}),
        # ISO-8859-1 has no Cyrillic.
        ('[profiles.default]\nlanguage = "uk"\n', {"uk", "en"}),
        ('[profiles.default]\nlanguage = "de"\n[profiles.a]\nlanguage = "sv"\n', {"de", "sv"}),
    ],
)
def test_screens_are_rendered_in_each_language_that_phones_can_get(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str, languages: set[str]
) -> None:
    rendered: set[tuple[str, str]] = set()
    broken = ""
    render = cisco.render

    def noted(screen: Screen, link: Link, dialect: Dialect) -> bytes:
        if dialect.language == broken:
            raise ScreenError("it is broken")
        rendered.add((type(screen).__name__, dialect.language))
        return render(screen, link, dialect)

    monkeypatch.setattr(cisco, "render", noted)
    source = '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n'
    composer, store = composer_of(tmp_path, source + config)
    store.apply(SourceRecord("staff", last_success=1.0), Full(tuple(PEOPLE)))
    composer.compose()
    kinds = {"Menu", "Page", "SearchForm", "Message"}
    assert rendered == {(kind, language) for kind in kinds for language in languages}
    rendered.clear()
    composer.compose()
    assert not rendered
    broken = max(languages)
    store.apply(SourceRecord("staff", last_success=1.0), Full(tuple(PEOPLE[1:])))
    with pytest.raises(BuildError, match="it is broken"):
        composer.compose()


class Growing:
    """A source of people in the order of their numbers, and the builds from it."""

    def __init__(self, folder: Path, rendered: Rendered) -> None:
        (folder / "gateway.toml").write_text(
            '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n', encoding="utf-8"
        )
        self.settings = load(folder / "gateway.toml")
        prepare_state_dir(self.settings.state_dir)
        store = Store(self.settings.state_dir)
        store.open("aside")
        self._rendered = rendered
        self._refresher = Refresher(self.settings.sources[0], store)
        self._composer = Composer(self.settings, store, self.settings.state_dir)

    def compose(self, numbers: Iterable[int]) -> Composed:
        """Compose a generation of people; `rendered.pages` are those of this build."""
        self._refresher.handle_result(
            Full(
                tuple(
                    Contact(
                        id=f"{number:04d}",
                        name=f"Person {number:04d}",
                        numbers=(PhoneNumber(f"{1000 + number}"),),
                    )
                    for number in numbers
                )
            )
        )
        self._rendered.pages.clear()
        return self._composer.compose()

    def rendered(self) -> set[int]:
        """Return the numbers of the people on the rendered pages of the book."""
        return {
            int(name[-4:])
            for page in self._rendered.pages
            if len(page) > 20  # not those of the search
            for name in page
            if name.startswith("Person")
        }


ALL = range(0, 2000, 2)


@pytest.fixture
def growing(tmp_path: Path, rendered: Rendered) -> Growing:
    growing = Growing(tmp_path, rendered)
    assert not growing.compose(ALL).is_update
    assert set(ALL) == growing.rendered()
    return growing


def test_after_an_insertion_pages_are_proven_by_their_parts(growing: Growing) -> None:
    screens = growing.compose(ALL).screens
    composed = growing.compose([*ALL, 1501])
    assert composed.is_update and composed.screens == screens
    seen = growing.rendered()
    # All pages from there on begin with another row, and some of them are rendered.
    assert set(range(1450, 1550, 2)) | {1501} <= seen
    assert {0, 1020, 1998} <= seen
    assert seen.isdisjoint(range(200, 900)) and seen.isdisjoint(range(1650, 1850))
    composed = growing.compose(number for number in (*ALL, 1501) if number != 402)
    assert composed.is_update
    assert {400, 404} <= growing.rendered()
    assert growing.rendered().isdisjoint(range(1200, 1800))


def test_a_row_that_cannot_be_shown_stops_an_update(growing: Growing, rendered: Rendered) -> None:
    version = current_version(growing.settings.state_dir)
    rendered.broken = "Person 1501"
    with pytest.raises(BuildError, match="it is broken"):
        growing.compose([*ALL, 1501])
    assert version == current_version(growing.settings.state_dir)


def test_if_a_page_could_be_too_large_all_are_rendered(
    growing: Growing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cisco, "PAGE_LIMIT", 6000)
    assert growing.compose([*ALL, 1501]).is_update
    assert {*ALL, 1501} == growing.rendered()
