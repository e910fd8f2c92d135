"""A directory without processes that is searched by name or by number."""

from collections.abc import Iterable
from pathlib import Path

from app.build.composer import Composer
from app.generation.files import current_version, file_name
from app.generation.reader import Generation
from app.model.profile import Profile
from app.model.screens import Limits, Page, Screen
from app.navigation.tree import Tree, parse_path
from app.search.query import Query, normalise_query
from app.settings.loader import Settings, load
from app.state.source_records import SourceRecord
from app.state.store import Store
from app.web.caller_lookup import caller_name
from connectors.base import Full
from connectors.contact import Contact

LIMITS = Limits(
    page_rows=32,
    menu_items=100,
    title=32,
    row_name=32,
    number=32,
    item_name=64,
    text=4000,
    base_url=100,
    link=154,
)
SOURCE = '[sources.{name}]\nconnector = "csv"\npath = "unused.csv"\n'


class Searchable:
    """A generation of contacts by source, under a configuration. Close it in the end."""

    def __init__(
        self, folder: Path, sources: dict[str, Iterable[Contact]], config: str = ""
    ) -> None:
        (folder / "gateway.toml").write_text(
            config + "".join(SOURCE.format(name=name) for name in sources), encoding="utf-8"
        )
        self.settings: Settings = load(folder / "gateway.toml")
        state = self.settings.state_dir
        state.mkdir(exist_ok=True)
        store = Store(state)
        store.open("aside")
        for name, contacts in sources.items():
            store.apply(SourceRecord(name, last_success=1.0), Full(tuple(contacts)))
        Composer(self.settings, store, state).compose()
        version = current_version(state)
        assert version is not None
        self.generation = Generation(state / file_name(version))

    def close(self) -> None:
        """Close the generation."""
        self.generation.close()

    def profile(self, name: str = "default") -> Profile:
        """Return a profile."""
        found = self.settings.profile(name)
        assert found is not None
        return found

    def screen(
        self, q: str = "", k: str = "", book: str = "", start: int = 1, profile: str = "default"
    ) -> Screen:
        """Return the screen for what was typed."""
        path = f"{book}/search.xml" if book else "search.xml"
        return Tree(self.profile(profile), LIMITS, self.generation).screen(
            parse_path(path, Query(*normalise_query(q, k), start))
        )

    def found(
        self, q: str = "", k: str = "", book: str = "", profile: str = "default"
    ) -> tuple[str, ...]:
        """Return the names on the first page of what was found, in order."""
        screen = self.screen(q, k, book, profile=profile)
        return tuple(row.name for row in screen.rows) if isinstance(screen, Page) else ()

    def caller(self, number: str) -> str:
        """Return the name for a number."""
        return caller_name(self.generation, number, self.profile().plan)
