"""Build the screens of a search, which are the form, pages of results and messages.

A link to a further page contains the query, the first row to show and the version that
it was made from. Results therefore do not move while someone pages through them.
"""

from dataclasses import dataclass

from app.generation.reader import BookTable, Generation
from app.model.profile import Book, Profile
from app.model.screens import Field, Limits, Message, Page, Screen, SearchForm
from app.search.query import Query, expression

SEARCH_PAGE = "search.xml"
# Each page counts the results again, so counting stops here. Paging goes on.
MAX_COUNTED = 1000
MAX_START = 99_999
"""The last position that a page may start at.

All rows before it are read, which takes 7 ms for this many. Nobody presses Next that
often.
"""

HINT = "Type a name, or press its keys"
NOTHING_TYPED = "Type letters or digits, please"

_MOST_WORDS = 32
_LONGEST_REST = len(f"?q=&k=&start={MAX_START}&v=") + 12


def search_path(book: Book | None) -> str:
    """Return the path of the form for a book, or for all books."""
    return f"{book.name}/{SEARCH_PAGE}" if book is not None else SEARCH_PAGE


def with_note(text: str, note: str, limit: int) -> str:
    """Return a prompt with a note on old data, or the note alone if both do not fit."""
    both = f"{text}, {note}" if note else text
    return both if len(both) <= limit else note


@dataclass(frozen=True, slots=True)
class Search:
    """One search in a book, or in all books of a profile if `book` is None.

    `note` is a remark on old data ("" for none).
    """

    profile: Profile
    limits: Limits
    generation: Generation | None
    book: Book | None
    note: str = ""

    def screen(self, asked: Query) -> Screen:
        """Return the form, a page of results or a message.

        Raises BrokenGeneration if the file cannot be read.
        """
        query = asked.shortened(self._room())
        if query.form or not (query.q or query.k):
            return self._form(query, HINT)
        if not self.profile.books:
            return self._message("There is no directory to search here.", query)
        shelf = self._shelf()
        if self.generation is None or shelf is None or not shelf.known:
            return self._message(
                "There is nothing to search yet. Please try again in a minute.", query
            )
        wanted = self._expression(self.generation, shelf, query)
        if not wanted:
            return self._form(query, NOTHING_TYPED)
        found = self.generation.search(shelf, wanted, MAX_COUNTED + 1) if shelf.rows else ()
        return (
            self._page(self.generation, shelf, query, wanted, found)
            if found
            else self._nothing(query)
        )

    def _expression(self, generation: Generation, shelf: BookTable, query: Query) -> str:
        return expression(
            query,
            lambda beginning: generation.words_with_prefix(shelf, beginning, _MOST_WORDS),
            shelf.subset,
        )

    def _shelf(self) -> BookTable | None:
        if self.generation is None:
            return None
        if self.book is None:
            return self.generation.all_rows(self.profile.name)
        return self.generation.book_table(self.profile.name, self.book.name)

    def _room(self) -> int:
        path = len(f"p/{self.profile.name}/{search_path(self.book)}")
        return max(self.limits.link - path - _LONGEST_REST, 2)

    def _title(self) -> str:
        return f"Search {self.book.title}" if self.book is not None else "Search"

    def _nothing(self, query: Query) -> Message:
        text = f'Nothing was found for "{query.as_text()}".'
        # The person searched for may be in a book that could not be read yet.
        missing = " and ".join(self._missing())
        return self._message(
            f"{text} {missing} cannot be searched yet." if missing else text, query
        )

    def _missing(self) -> tuple[str, ...]:
        books = self.profile.books if self.book is None else ()
        shelves = (
            ((book, self.generation.book_table(self.profile.name, book.name)) for book in books)
            if self.generation is not None
            else ()
        )
        return tuple(book.title for book, shelf in shelves if shelf is None or not shelf.known)

    def _message(self, text: str, query: Query) -> Message:
        return Message(self._title(), text, self.profile.softkeys, self._form_path(query))

    def _form_path(self, query: Query) -> str:
        return f"{search_path(self.book)}?{query.as_url_query()}&form=1"

    def _form(self, query: Query, prompt: str) -> SearchForm:
        fields = (
            Field("Name", "q", keypad=False, value=query.q),
            Field("Keys or number", "k", keypad=True, value=query.k),
        )
        return SearchForm(
            self._title(), prompt, search_path(self.book), fields, self.profile.softkeys
        )

    def _page(
        self,
        generation: Generation,
        shelf: BookTable,
        query: Query,
        wanted: str,
        found: tuple[int, ...],
    ) -> Page:
        size = self.limits.page_rows

        def following(first: int) -> tuple[int, ...]:
            if len(found) <= MAX_COUNTED or first + size <= MAX_COUNTED:
                return found[first : first + size + 1]
            return generation.search(shelf, wanted, size + 1, first)

        first = (min(query.start, MAX_START) - 1) // size * size
        ids = following(first)
        if not ids:  # a link from a generation that had more results
            first = (min(len(found), MAX_COUNTED) - 1) // size * size
            ids = following(first)
        last = first + min(len(ids), size)
        total = (
            f"{MAX_COUNTED}+"
            if len(found) > MAX_COUNTED and len(ids) > size
            else f"{max(last, len(found))}"
        )
        link = f"{search_path(self.book)}?{query.as_url_query()}&v={generation.version}&start="
        return Page(
            title=self._title(),
            # Two books may each have their own row for one number of a person. It is shown once.
            rows=tuple(dict.fromkeys(generation.rows_at(shelf, ids[:size]))),
            prompt=with_note(f"{first + 1}-{last} of {total}", self.note, self.limits.title),
            next=f"{link}{last + 1}" if len(ids) > size and last < MAX_START else None,
            previous=f"{link}{first - size + 1}" if first else None,
            search=self._form_path(query),
            softkeys=self.profile.softkeys,
        )
