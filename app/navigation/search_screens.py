"""Build the screens of a search, which are the form, pages of results and messages.

A link to a further page contains the query, the first row to show and the version that
it was made from. Results therefore do not move while someone pages through them.
"""

from gettext import NullTranslations

import msgspec

from app.generation.reader import Generation
from app.generation.schema import BookTable
from app.model.profile import Book, Profile
from app.model.screens import Field, Limits, Message, Page, Screen, SearchForm
from app.search.query import Query, Search, search_of

SEARCH_PAGE = "search.xml"
MAX_START = 99_999
"""The last position that a page may start at.

All rows before it are read, which takes 7 ms for this many. Nobody presses Next that
often.
"""

_MAX_SUFFIX = len(f"?q=&k=&start={MAX_START}&v=") + 12


def search_path(book: Book | None) -> str:
    """Return the path of the form for a book, or for all books."""
    return f"{book.name}/{SEARCH_PAGE}" if book is not None else SEARCH_PAGE


def with_note(text: str, note: str, limit: int) -> str:
    """Return a prompt with a note on old data, or the note alone if both do not fit."""
    both = f"{text}, {note}" if note else text
    return both if len(both) <= limit else note


def row_range(words: NullTranslations, first: int, last: int, total: int | str) -> str:
    """Return the prompt of a page, such as "33-64 of 395"."""
    return words.gettext("{first}-{last} of {total}").format(first=first, last=last, total=total)


class SearchScreens(msgspec.Struct, frozen=True):
    """One search in a book, or in all books of a profile if `book` is None.

    `note` is a remark on old data ("" for none).
    """

    profile: Profile
    limits: Limits
    words: NullTranslations
    generation: Generation | None
    book: Book | None
    note: str = ""

    def screen(self, query: Query) -> Screen:
        """Return the form, a page of results or a message.

        Raises BrokenGeneration if the file cannot be read.
        """
        gettext = self.words.gettext
        query = query.shortened(self._room())
        if query.form or not (query.q or query.k):
            return self._form(query, gettext("Type a name, or press its keys"))
        if not self.profile.books:
            return self._message(gettext("There is no directory to search here."), query)
        generation, table = self.generation, self._table()
        if generation is None or table is None or not table.known:
            text = gettext("There is nothing to search yet. Please try again in a minute.")
            return self._message(text, query)
        index = generation.index(table)
        search = search_of(query, index, table.subset)
        if not search.terms:
            return self._form(query, gettext("Type letters or digits, please"))
        ids = index.search(search, search.counted + 1) if table.rows else ()
        return self._page(generation, table, query, search, ids) if ids else self._no_results(query)

    def _table(self) -> BookTable | None:
        if self.generation is None:
            return None
        if self.book is None:
            return self.generation.all_rows(self.profile.name)
        return self.generation.book_table(self.profile.name, self.book.name)

    def _room(self) -> int:
        path = len(f"p/{self.profile.name}/{search_path(self.book)}")
        return max(self.limits.link - path - _MAX_SUFFIX, 2)

    def _title(self) -> str:
        if self.book is None:
            return self.words.gettext("Search")
        return self.words.gettext("Search {title}").format(title=self.book.title)

    def _no_results(self, query: Query) -> Message:
        text = self.words.gettext('Nothing was found for "{query}".').format(query=query.as_text())
        # The person searched for may be in a book that could not be read yet.
        if unread := ", ".join(self._unread_books()):
            also = self.words.gettext("Cannot be searched yet: {titles}.")
            text = f"{text} {also.format(titles=unread)}"
        return self._message(text, query)

    def _unread_books(self) -> tuple[str, ...]:
        """Return the titles of the profile's books that hold no result yet."""
        if self.generation is None or self.book is not None:
            return ()
        tables = (
            (book, self.generation.book_table(self.profile.name, book.name))
            for book in self.profile.books
        )
        return tuple(book.title for book, table in tables if table is None or not table.known)

    def _message(self, text: str, query: Query) -> Message:
        return Message(self._title(), text, self.profile.softkeys, self._form_path(query))

    def _form_path(self, query: Query) -> str:
        return f"{search_path(self.book)}?{query.as_url_query()}&form=1"

    def _form(self, query: Query, prompt: str) -> SearchForm:
        fields = (
            Field(self.words.gettext("Name"), "q", keypad=False, value=query.q),
            Field(self.words.gettext("Keys or number"), "k", keypad=True, value=query.k),
        )
        return SearchForm(
            self._title(), prompt, search_path(self.book), fields, self.profile.softkeys
        )

    def _page(
        self,
        generation: Generation,
        table: BookTable,
        query: Query,
        search: Search,
        counted: tuple[int, ...],
    ) -> Page:
        """Return a page of results from the ids of the results that are counted."""
        size, most = self.limits.page_rows, search.counted

        def ids_from(first: int) -> tuple[int, ...]:
            if len(counted) <= most or first + size <= most:
                return counted[first : first + size + 1]
            return generation.index(table).search(search, size + 1, first)

        first = (min(query.start, MAX_START) - 1) // size * size
        ids = ids_from(first)
        if not ids:  # a link from a generation that had more results
            first = (min(len(counted), most) - 1) // size * size
            ids = ids_from(first)
        last = first + min(len(ids), size)
        has_more = len(ids) > size
        total = f"{most}+" if has_more and len(counted) > most else str(max(last, len(counted)))
        link = f"{search_path(self.book)}?{query.as_url_query()}&v={generation.version}&start="
        return Page(
            title=self._title(),
            # Two books may each have their own row for one number of a person. It is shown once.
            rows=tuple(dict.fromkeys(generation.rows_at(table, ids[:size]))),
            prompt=with_note(
                row_range(self.words, first + 1, last, total), self.note, self.limits.title
            ),
            next=f"{link}{last + 1}" if has_more and last < MAX_START else None,
            previous=f"{link}{first - size + 1}" if first else None,
            search=self._form_path(query),
            softkeys=self.profile.softkeys,
        )
