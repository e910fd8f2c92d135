"""Search a directory: pages, long lists of values, references and the schema.

ldap3 raises nothing for a size limit, so the result code is checked after every page.
Every code but success means that the list is incomplete.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from connectors.base import SourceRefused, SourceUnavailable
from connectors.ldap.ber import Entry, capture_entries
from connectors.ldap.connection import Server, translate_errors
from connectors.ldap.errors import ADMIN_LIMIT, NO_SUCH_OBJECT, search_refused
from connectors.ldap.timed_socket import restart

if TYPE_CHECKING:
    from ldap3 import Connection

Scope = Literal["subtree", "one", "base"]

# Paged results (RFC 2696): the response to each page has a cookie, which is empty after the last
# one.
_PAGED_RESULTS = "1.2.840.113556.1.4.319"
_SCOPES: dict[Scope, Literal["SUBTREE", "LEVEL", "BASE"]] = {
    "subtree": "SUBTREE",
    "one": "LEVEL",
    "base": "BASE",
}
_HOST = re.compile(r"ldaps?://([^/?]*)", re.IGNORECASE)
_SCHEMA_NAMES = re.compile(r"\bNAME\s+(?:'([^']*)'|\(([^)]*)\))")
# Active Directory sends at most 1,500 values of an attribute, as "member;range=0-1499". The rest is
# requested piece by piece, and the last piece says "*" (MS-ADTS 3.1.1.3.1.3.3). ldap3's own loop
# takes an error there for the end.
_RANGE = re.compile(r"(.+);range=(\d+)-(\d+|\*)")


MAX_ENTRIES = 2_000_000
"""Limit of one search, over all pages. An endless list would fill the memory."""
MAX_EMPTY_PAGES = 1_000
"""Limit of successive pages without an entry.

A server that filters after paging may send a few.
"""


class PageTooLargeError(Exception):
    """The server refuses pages of this size; nothing was read yet."""


class Searcher:
    """Searches over one connection.

    `references` are the other servers that searches pointed to, one for each time.
    """

    def __init__(self, connection: "Connection", server: Server, timeout: float) -> None:
        self.references: list[str] = []
        self._connection = connection
        self._server = server
        self._timeout = timeout
        self._entries: list[Entry] = []
        capture_entries(connection, self._entries)

    def search(
        self, base: str, filter_: str, scope: Scope, attributes: tuple[str, ...], size: int
    ) -> Iterator[tuple[Entry, ...]]:
        """Yield all entries of a search in pages, with all values.

        A page has at most `size` entries. Raises PageTooLargeError if the first page is
        refused for its size. Raises SourceUnavailable or SourceRefused for every other
        incomplete end. What was yielded before must then be discarded.
        """
        cookie: bytes | None = None
        first = True
        entries = empty = 0
        while True:
            code, diagnosis = self._search(base, filter_, scope, attributes, size, cookie)
            # A page that is too large is refused at once with code 11 (adminLimitExceeded), by
            # OpenLDAP among others. Active Directory silently sends smaller pages.
            if code == ADMIN_LIMIT and first and size > 1:
                raise PageTooLargeError
            if code != 0:
                raise search_refused(self._server.url, code, diagnosis)
            page = tuple(self._entries)
            entries += len(page)
            empty = 0 if page else empty + 1
            if entries > MAX_ENTRIES or empty > MAX_EMPTY_PAGES:
                raise SourceRefused(
                    f"{self._server.url} never comes to the end of its list ({MAX_ENTRIES:,}"
                    f" entries, or {MAX_EMPTY_PAGES:,} pages without one). Check base_dn and"
                    " filter, and the server."
                )
            cookie = self._next_cookie(len(page) >= size)
            yield (
                tuple(self._with_all_values(entry) for entry in page)
                if any(entry.tagged for entry in page)
                else page
            )
            if not cookie:
                return
            first = False

    def check_base(self, dn: str) -> None:
        """Raise the error for an entry that does not exist or may not be seen.

        This search has no pages: 389 Directory Server answers a paged search below a
        name that does not exist with success.
        """
        code, diagnosis = self._search(dn, "(objectClass=*)", "base", ("1.1",))
        if code != 0:
            raise search_refused(self._server.url, code, diagnosis)

    def read_one(self, dn: str, filter_: str, attributes: tuple[str, ...]) -> Entry | None:
        """Return one entry by its name, with all values.

        Returns None if it is gone or does not match the filter.
        """
        code, diagnosis = self._search(dn, filter_, "base", attributes)
        if code == NO_SUCH_OBJECT:
            return None
        if code != 0:
            raise search_refused(self._server.url, code, diagnosis)
        return self._with_all_values(self._entries[0]) if self._entries else None

    def known_attributes(self) -> frozenset[str]:
        """Return the names, in lower case, of all attributes that the server knows.

        The entry that subschemaSubentry of the root names lists them (RFC 4512, section
        4.2). Returns an empty set if the server does not say.
        """
        root = self._read_attribute("", "(objectClass=*)", "subschemaSubentry")
        if not root:
            return frozenset()
        schema = self._read_attribute(
            root[0].decode(errors="replace"), "(objectClass=subschema)", "attributeTypes"
        )
        names: set[str] = set()
        for definition in schema:
            match = _SCHEMA_NAMES.search(definition.decode(errors="replace"))
            if match is not None:
                names.update((match[1] or match[2]).replace("'", " ").lower().split())
        return frozenset(names)

    def _read_attribute(self, dn: str, filter_: str, attribute: str) -> tuple[bytes, ...]:
        code, _ = self._search(dn, filter_, "base", (attribute,))
        if code != 0 or not self._entries:
            return ()
        return self._with_all_values(self._entries[0]).values.get(attribute.lower(), ())

    def _with_all_values(self, entry: Entry) -> Entry:
        """Return the entry with all values.

        A server holds values back if there are too many.
        """
        for name in tuple(entry.values) if entry.tagged else ():
            match = _RANGE.fullmatch(name)
            if match is not None:
                entry = entry.with_values(
                    match[1],
                    self._remaining_values(entry.dn, match[1], entry.values[name], match[3]),
                )
        return entry

    def _remaining_values(
        self, dn: str, attribute: str, values: tuple[bytes, ...], last: str
    ) -> tuple[bytes, ...]:
        while last != "*":
            start = int(last) + 1
            code, diagnosis = self._search(
                dn, "(objectClass=*)", "base", (f"{attribute};range={start}-*",)
            )
            if code != 0:
                raise search_refused(self._server.url, code, diagnosis)
            pieces = [
                (match[3], entry.values[name])
                for entry in self._entries
                for name in entry.values
                if (match := _RANGE.fullmatch(name)) is not None
                and match[1] == attribute
                and int(match[2]) == start
            ]
            if not pieces:
                raise SourceUnavailable(
                    f"{self._server.url} did not send the rest of a long list of values. It is"
                    " tried again."
                )
            last, more = pieces[0]
            values += more
        return values

    def _search(
        self,
        base: str,
        filter_: str,
        scope: Scope,
        attributes: tuple[str, ...],
        page_size: int | None = None,
        cookie: bytes | None = None,
    ) -> tuple[int, str]:
        """Search once; return the result code and the server's diagnostic message.

        The entries are in `_entries` afterwards.
        """
        from ldap3.core.exceptions import LDAPInvalidFilterError

        self._entries.clear()
        restart(self._connection)
        with translate_errors(self._server, self._timeout):
            try:
                self._connection.search(
                    base,
                    filter_,
                    search_scope=_SCOPES[scope],
                    dereference_aliases="NEVER",
                    attributes=list(attributes),
                    paged_size=page_size,
                    paged_criticality=True,
                    paged_cookie=cookie,
                )
            except LDAPInvalidFilterError as error:
                raise SourceRefused(
                    'filter is not valid: it looks like "(&(objectClass=person)(ou=Sales))".'
                ) from error
        for item in self._connection.response or ():
            if item["type"] == "searchResRef":
                # A search may bring references to other servers (RFC 4511, section 4.5.3). They are
                # not followed.
                self.references.append(_host(item["uri"]))
        result = self._connection.result
        return int(result["result"]), str(result["message"])

    def _next_cookie(self, full: bool) -> bytes:
        control = (self._connection.result.get("controls") or {}).get(_PAGED_RESULTS)
        if control is not None:
            return bytes(control["value"]["cookie"])
        if full:
            # It accepted paging (the control is critical) and filled a page, but does not say
            # whether that was all.
            raise SourceRefused(
                f"{self._server.url} sends no pages, so the list may have holes. Let its"
                " administrator allow paged results."
            )
        return b""


def _host(uris: list[str]) -> str:
    match = _HOST.match(uris[0]) if uris else None
    return match[1] if match is not None else "another server"
