"""Fake People API on loopback over real HTTP, with its OAuth server.

It has four lists, sync tokens and paging. It enforces the discovery document
(`people_rules`), and that parameters match those of a token's first call. If Google
documents nothing, it takes the stricter interpretation and a comment says so.
"""

import json
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.support.fakes import people_rules as rules
from tests.support.fakes.people_faults import EXPIRED_400, Fault, answer, error_body
from tests.support.fakes.people_oauth import OAuth

CONNECTIONS = "/v1/people/me/connections"
OTHER = "/v1/otherContacts"
DIRECTORY = "/v1/people:listDirectoryPeople"
GROUPS = "/v1/contactGroups"
TOKEN = "/token"

_LISTED = {
    CONNECTIONS: "connections",
    OTHER: "otherContacts",
    DIRECTORY: "people",
    GROUPS: "contactGroups",
}
SYSTEM_GROUPS = {f"contactGroups/{word}": word for word in ("myContacts", "starred", "friends")}


@dataclass(slots=True)
class _Record:
    """A person in a list: data, last change, former names, and if it was deleted."""

    person: dict[str, Any]
    revision: int
    previous: tuple[str, ...] = ()
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class _Paging:
    """Meaning of a page token: a list as it was when its first page was requested."""

    items: tuple[dict[str, Any], ...]
    start: int
    parameters: str
    sync_token: str


@dataclass(slots=True)
class PeopleApi:
    """The state of the server, and the server.

    `requests` counts requests by path. `connections` counts accepted TCP connections.
    """

    oauth: OAuth = field(default_factory=OAuth)
    requests: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    repeats_page_tokens: bool = False
    starts_with_an_empty_page: bool = False
    url: str = ""
    _lists: dict[str, dict[str, _Record]] = field(
        default_factory=lambda: {CONNECTIONS: {}, OTHER: {}, DIRECTORY: {}}
    )
    _groups: dict[str, str] = field(default_factory=lambda: dict(SYSTEM_GROUPS))
    _faults: dict[str, deque[Fault | None]] = field(default_factory=dict)
    _tokens: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    _pages: dict[str, _Paging] = field(default_factory=dict)
    _revision: int = 1
    _server: "_Server | None" = None

    # Called by tests.

    def start(self) -> None:
        """Listen on any free port the first time, and on the same one after `stop`."""
        port = urlsplit(self.url).port or 0
        self._server = _Server(self, port)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    def stop(self) -> None:
        """Stop listening; the state stays."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def put(self, path: str, *people: dict[str, Any]) -> None:
        """Add people to a list, or replace those with the same resource name."""
        for person in people:
            self._write(path, person["resourceName"], person)

    def remove(self, path: str, *names: str) -> None:
        """Delete people of a list by their resource names."""
        for name in names:
            self._write(path, name, None)

    def rename_person(self, path: str, old: str, person: dict[str, Any]) -> None:
        """Give a person another resource name.

        Google does so when a contact is linked with a profile.
        """
        former = self._lists[path].pop(old)
        self._write(path, person["resourceName"], person, (*former.previous, old))

    def _write(
        self, path: str, name: str, person: dict[str, Any] | None, more: tuple[str, ...] = ()
    ) -> None:
        """Record a change.

        "Any former resource names this person has had": Google does not document that
        deleted ones list them too.
        """
        self._revision += 1
        known = self._lists[path].get(name)
        previous = (*(known.previous if known else ()), *more)
        self._lists[path][name] = _Record(
            person or {"resourceName": name}, self._revision, previous, deleted=person is None
        )

    def put_group(self, name: str, title: str) -> None:
        """Add a contact group or rename it.

        Its members do not count as changed, because Google does not document that they
        do.
        """
        self._groups[name] = title

    def remove_group(self, name: str) -> None:
        """Delete a group; its members lose it and do not count as changed."""
        del self._groups[name]
        for record in self._lists[CONNECTIONS].values():
            kept = [
                item for item in record.person.get("memberships", ()) if item != membership(name)
            ]
            record.person = {**record.person, "memberships": kept}

    def fail(self, path: str, *faults: Fault | None) -> None:
        """Answer the next requests to a path by these faults, one each.

        None is a proper answer.
        """
        self._faults.setdefault(path, deque()).extend(faults)

    def fault(self, path: str) -> Fault | None:
        """Remove and return the next fault of a path."""
        waiting = self._faults.get(path)
        return waiting.popleft() if waiting else None

    def expire_tokens(self) -> None:
        """Make every sync token older than seven days."""
        self._tokens.clear()

    # Called for requests.

    def listing(self, path: str, query: dict[str, list[str]], authorization: str) -> Fault:
        """Answer a request for a list."""
        method = rules.methods()[path]
        scopes = self.oauth.scopes_of(authorization)
        if scopes is None:
            return answer(401, error_body(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED"))
        if not set(scopes) & set(method.scopes):
            return answer(
                403, error_body(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
            )
        complaint = rules.complaint(method, query)
        if complaint:
            return answer(400, error_body(400, "INVALID_ARGUMENT", complaint))
        one = {name: values[0] for name, values in query.items()}
        page_token, sync_token = one.pop("pageToken", ""), one.pop("syncToken", "")
        parameters = urlencode(
            sorted(
                (name, value) for name, values in query.items() if name in one for value in values
            )
        )
        if page_token:
            paging = self._pages.get(page_token)
            if paging is None or (paging.parameters, paging.sync_token) != (
                path + parameters,
                sync_token,
            ):
                # Google does not document the error's words.
                return answer(400, error_body(400, "INVALID_ARGUMENT"))
            return self._page(path, paging, method, one, first=False)
        since = 0
        if sync_token:
            if sync_token not in self._tokens:
                return EXPIRED_400
            of_path, of_parameters, since = self._tokens[sync_token]
            if (of_path, of_parameters) != (path, parameters):
                return answer(400, error_body(400, "INVALID_ARGUMENT"))
        items = self._items(
            path, since, rules.mask(one.get("personFields") or one.get("readMask") or "name")
        )
        return self._page(
            path, _Paging(items, 0, path + parameters, sync_token), method, one, first=True
        )

    def _items(self, path: str, since: int, fields: frozenset[str]) -> tuple[dict[str, Any], ...]:
        if path == GROUPS:
            return tuple(_group(name, title) for name, title in self._groups.items())
        found = sorted(
            (
                record
                for record in self._lists[path].values()
                if record.revision > since and (since or not record.deleted)
            ),
            key=lambda record: record.revision,
        )
        return tuple(_visible(record, fields, incremental=bool(since)) for record in found)

    def _page(
        self, path: str, paging: _Paging, method: rules.Method, one: dict[str, str], *, first: bool
    ) -> Fault:
        size = int(one.get("pageSize", rules.default_page_size(method)))
        if self.starts_with_an_empty_page and first:
            size = 0
        end = paging.start + size
        body: dict[str, Any] = {_LISTED[path]: list(paging.items[paging.start : end])}
        body["totalSize" if path == OTHER else "totalItems"] = len(paging.items)
        if end < len(paging.items) or size == 0:
            token = "page-again" if self.repeats_page_tokens else f"page-{len(self._pages)}"
            # A server that repeats its token returns the same page for it every time.
            self._pages[token] = _Paging(
                paging.items,
                paging.start if self.repeats_page_tokens else end,
                paging.parameters,
                paging.sync_token,
            )
            body["nextPageToken"] = token
        elif one.get("requestSyncToken") == "true":
            # As long as Google's: a request with one may not fit into a URL.
            token = f"sync-{len(self._tokens)}-{self._revision}-" + "x" * 2000
            self._tokens[token] = (path, paging.parameters.removeprefix(path), self._revision)
            body["nextSyncToken"] = token
        return answer(
            200, json.dumps({key: value for key, value in body.items() if value != []}).encode()
        )


def membership(group: str) -> dict[str, Any]:
    """Return a membership as it appears in a person."""
    return {
        "contactGroupMembership": {
            "contactGroupId": group.removeprefix("contactGroups/"),
            "contactGroupResourceName": group,
        }
    }


def _group(name: str, title: str) -> dict[str, Any]:
    kind = "SYSTEM_CONTACT_GROUP" if name in SYSTEM_GROUPS else "USER_CONTACT_GROUP"
    # Translated in the language of the account, for system groups.
    formatted = "Meine Kontakte" if title == "myContacts" else title
    return {"resourceName": name, "name": title, "formattedName": formatted, "groupType": kind}


def _visible(record: _Record, fields: frozenset[str], *, incremental: bool) -> dict[str, Any]:
    """Return what the mask includes.

    That `metadata.deleted` needs `metadata` in the mask is not documented, but follows
    from it.
    """
    shown = {key: value for key, value in record.person.items() if key in fields}
    metadata: dict[str, Any] = {}
    if record.previous and incremental:
        metadata["previousResourceNames"] = list(record.previous)
    if record.deleted:
        metadata["deleted"] = True
    if "metadata" in fields:
        shown["metadata"] = metadata
    return {"resourceName": record.person["resourceName"], "etag": f"%{record.revision}", **shown}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, api: PeopleApi, port: int) -> None:
        self.api = api
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 30
    server: _Server

    def setup(self) -> None:
        self.server.api.connections += 1
        super().setup()

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        # A GET that is too long for a URL (developers.google.com/api-client-library,
        # "X-HTTP-Method-Override").
        self._answer(body)

    def _answer(self, content: str) -> None:
        api, path = self.server.api, urlsplit(self.path).path
        api.requests[path] += 1
        fault = api.fault(path)
        if fault is None:
            fault = self._proper(api, path, content)
        fault(self)

    def _proper(self, api: PeopleApi, path: str, content: str) -> Fault:
        if path == TOKEN and self.command == "POST":
            given = api.oauth.token(
                self.headers.get("Content-Type", ""), self.headers.get("Authorization", ""), content
            )
            return answer(given.status, json.dumps(given.body).encode())
        if path == "/consent" and self.command == "GET":
            given = api.oauth.consent(content)
            more = {"location": given.location} if given.location else {}
            return answer(given.status, json.dumps(given.body).encode(), **more)
        if path in _LISTED and (
            self.command == "GET" or self.headers.get("X-HTTP-Method-Override") == "GET"
        ):
            return api.listing(
                path,
                parse_qs(content, keep_blank_values=True),
                self.headers.get("Authorization", ""),
            )
        return answer(404, b"<html>404. That's an error.</html>", "text/html")

    # The name `format` is that of the base class.
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the output of the tests clean."""
