"""Read the lists of the People API from their first page to their last.

The facts in this file are those of the People API v1, discovery document of 2025-11-17.
"""

import functools
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from connectors.base import SourceUnavailable, check_count
from connectors.google.client import PeopleClient, host_of
from connectors.google.errors import RequestContext
from connectors.google.people import ApiObject, ContactGroup, Person

# Pages hold at most 1,000 entries.
PAGE_SIZE = 1000
# `people.connections.list` needs `personFields`; `otherContacts.list` and
# `people.listDirectoryPeople` need `readMask`. Of otherContacts' contacts only names, numbers,
# e-mail addresses, photos and metadata may be requested.
_FIELDS = "names,phoneNumbers,emailAddresses,organizations,memberships,metadata"
_DIRECTORY_FIELDS = "names,phoneNumbers,emailAddresses,organizations,metadata"
_OTHER_FIELDS = "names,phoneNumbers,emailAddresses,metadata"
_SCOPE = "https://www.googleapis.com/auth/"

MAX_PAGES = 2_000
MAX_ENTRIES = 1_000_000
"""Limits for one list. An endless list would fill the memory."""

READING = 1
"""Version of what `people.contact_of` reads from a person.

Raise it when more is read than before: older checkpoints then lead to a full read.
"""


class Page(ApiObject, frozen=True, gc=False):
    """Page of any list; each list uses fields of its own."""

    connections: tuple[Person, ...] = ()
    other_contacts: tuple[Person, ...] = ()
    people: tuple[Person, ...] = ()
    contact_groups: tuple[ContactGroup, ...] = ()
    total_items: int | None = None
    total_size: int | None = None
    next_page_token: str = ""
    next_sync_token: str = ""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """One list of people.

    `name` is its name in a checkpoint, `key` its key in the configuration. `method`
    returns the call, `parameters` are its fixed parameters. `prefix` precedes its ids:
    a person of the directory may have the same resource name as a contact.
    """

    name: str
    key: str
    scope: str
    method: Callable[[Any], Any]
    parameters: tuple[tuple[str, str | tuple[str, ...]], ...]
    prefix: str = ""


CONNECTIONS = PeopleList(
    name="contacts",
    key="contacts",
    scope=_SCOPE + "contacts.readonly",
    method=lambda service: service.people().connections().list,
    parameters=(("resourceName", "people/me"), ("personFields", _FIELDS)),
)
OTHER_CONTACTS = PeopleList(
    name="other",
    key="other_contacts",
    scope=_SCOPE + "contacts.other.readonly",
    method=lambda service: service.otherContacts().list,
    parameters=(("readMask", _OTHER_FIELDS),),
)
DIRECTORY = PeopleList(
    name="directory",
    key="directory",
    scope=_SCOPE + "directory.readonly",
    method=lambda service: service.people().listDirectoryPeople,
    parameters=(
        ("readMask", _DIRECTORY_FIELDS),
        # Connections are requested from contacts and linked profiles by default; the directory
        # needs `sources`.
        (
            "sources",
            ("DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE", "DIRECTORY_SOURCE_TYPE_DOMAIN_CONTACT"),
        ),
    ),
    prefix="directory/",
)


def _list_groups(service: Any) -> Any:
    return service.contactGroups().list


@functools.lru_cache(maxsize=16)
def request_maker(method: Callable[[Any], Any], endpoint: str) -> Callable[..., Any]:
    """Return the function that makes the requests of a list.

    The client library builds it from Google's description of the API, help texts
    included, which takes longer than the rest of a small fetch. It holds no connection:
    `PeopleClient` sends each request over its own.
    """
    import httplib2
    from googleapiclient.discovery import build

    # The endpoint and the paths are joined without change.
    service = build(
        "people",
        "v1",
        http=httplib2.Http(),
        static_discovery=True,
        cache_discovery=False,
        client_options={"api_endpoint": endpoint.rstrip("/") + "/"},
    )
    make_request: Callable[..., Any] = method(service)
    return make_request


def fingerprint(lists: tuple[PeopleList, ...], identity: str, endpoint: str) -> str:
    """Return a short hash of everything that a sync token is bound to.

    With a page token or a sync token every parameter must be the same as in the first
    call. The account and the server must be the same too.
    """
    bound = (
        READING,
        PAGE_SIZE,
        identity,
        endpoint,
        [(item.name, item.parameters) for item in lists],
    )
    return hashlib.sha256(msgspec.json.encode(bound)).hexdigest()[:16]


class ListReader:
    """Reader for the lists of one account; `server` is its name in errors."""

    def __init__(self, client: PeopleClient, endpoint: str) -> None:
        self._client = client
        self._endpoint = endpoint
        self.server = host_of(endpoint)

    def pages(self, people_list: PeopleList, sync_token: str = "") -> Iterator[Page]:
        """Yield every page of a list, or of its changes since the sync token.

        The last page alone contains the next sync token, which expires 7 days after the
        full read. Raises CheckpointExpired if the token is unusable, SourceUnavailable
        or SourceRefused.
        """
        # The client library accepts only lists as repeated parameters; it sends a tuple as Python
        # text.
        fixed = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in people_list.parameters
        }
        parameters = {**fixed, "pageSize": PAGE_SIZE, "requestSyncToken": True}
        if sync_token:
            parameters["syncToken"] = sync_token
        return self._pages(people_list.method, parameters, people_list.key)

    def groups(self) -> tuple[ContactGroup, ...]:
        """Return all contact groups, the system's and the owner's.

        Raises SourceUnavailable or SourceRefused.
        """
        # `contactGroups.list` has a sync token too. But a contact does not change when its group is
        # renamed, and we need all names anyway. So the groups are always read completely (one
        # request for up to 1,000).
        parameters = {"pageSize": PAGE_SIZE, "groupFields": "name"}
        pages = self._pages(_list_groups, parameters, "contacts")
        groups: list[ContactGroup] = []
        for page in pages:
            groups.extend(page.contact_groups)
            check_count(len(groups))
        if not groups:
            # Every account has the system groups; without names, books of groups would lose all
            # members.
            raise SourceUnavailable(
                f"{self.server} answered without a single contact group: this is not the People"
                " API. Check api_endpoint."
            )
        return tuple(groups)

    def _pages(
        self, method: Callable[[Any], Any], parameters: dict[str, Any], key: str
    ) -> Iterator[Page]:
        make_request = request_maker(method, self._endpoint)
        seen: set[str] = set()
        page_token = ""
        entries = 0
        while True:
            context = RequestContext(
                self.server, key, sync_token="syncToken" in parameters, page_token=bool(page_token)
            )
            page_parameters = {**parameters, "pageToken": page_token} if page_token else parameters
            page = self._client.get(
                functools.partial(make_request, **page_parameters), Page, context
            )
            entries += (
                len(page.connections)
                + len(page.other_contacts)
                + len(page.people)
                + len(page.contact_groups)
            )
            if len(seen) >= MAX_PAGES or entries > MAX_ENTRIES:
                raise SourceUnavailable(
                    f"{self.server} sent more than {MAX_PAGES:,} pages or {MAX_ENTRIES:,} entries:"
                    " the list has no end. Nothing of it was taken."
                )
            yield page
            # An empty page may name a next one. Nothing guarantees that page tokens differ, and one
            # that repeats would never end.
            page_token = page.next_page_token
            if not page_token:
                return
            if page_token in seen:
                raise SourceUnavailable(
                    f"{self.server} sent the same page token twice: the list has no end. Nothing of"
                    " it was taken."
                )
            seen.add(page_token)
