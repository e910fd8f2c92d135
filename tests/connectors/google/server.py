"""A Google account for tests: the fake People API, a signed-in person, and contacts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from connectors.contact import Contact, NumberKind
from connectors.google.client import RetryPolicy
from connectors.google.connector import GoogleConnector
from tests.connectors.contract import World
from tests.support.fakes.people_api import CONNECTIONS, PeopleApi, membership
from tests.support.fakes.people_oauth import CONTACTS, DIRECTORY, OTHER
from tests.support.patience import PATIENCE

WAITS: list[float] = []
"""The seconds that the connector would have waited, in order; emptied by
`google_world`.
"""


class Hasty(GoogleConnector):
    """The connector, but that it notes its waits instead of waiting."""

    retry_policy: ClassVar[RetryPolicy] = RetryPolicy(pause=WAITS.append)


_TYPES = {NumberKind.FAX: "workFax", NumberKind.INTERNAL: "other"}


def person_json(contact: Contact) -> dict[str, Any]:
    """Return a contact as the People API tells of it."""
    own = {"source": {"type": "CONTACT", "id": contact.id}, "primary": True}
    name = {
        "displayName": contact.name,
        "givenName": contact.given_name,
        "familyName": contact.family_name,
        "metadata": own,
    }
    return {
        "resourceName": f"people/c{contact.id}",
        "names": [name],
        "phoneNumbers": [
            {
                "value": number.value,
                "type": _TYPES.get(number.kind, number.kind.value),
                "metadata": {"source": own["source"]},
            }
            for number in contact.numbers
        ],
        "organizations": (
            [{"name": contact.organization, "metadata": own}] if contact.organization else []
        ),
        "memberships": [
            membership(f"contactGroups/{group}") for group in ("myContacts", *contact.groups)
        ],
        "photos": [{"url": "https://example.com/photo", "metadata": own}],
    }


@dataclass(slots=True)
class GoogleWorld(World):
    """One account: `keys` are the keys of the configuration beside the usual ones."""

    api: PeopleApi
    folder: Path
    keys: dict[str, Any] = field(default_factory=dict)

    @property
    def token_file(self) -> Path:
        return self.folder / "token.json"

    def sign_in(self, *scopes: str, **more: Any) -> str:
        """Write a token file without an access token; return the refresh token in it."""
        token = self.api.oauth.grant(*(scopes or (CONTACTS, OTHER, DIRECTORY)))
        content = {
            "client_id": "client-1.apps.example",
            "client_secret": "secret-1",
            "refresh_token": token,
            **more,
        }
        self.token_file.write_text(json.dumps(content))
        return token

    def connector(self, **keys: Any) -> GoogleConnector:
        data = {
            "token_file": "token.json",
            "api_endpoint": self.api.url,
            "token_uri": f"{self.api.url}/token",
            "timeout": PATIENCE,
            **self.keys,
            **keys,
        }
        return Hasty.model_validate(data, context={"base": self.folder})

    def put(self, *people: Contact) -> None:
        self.api.put(CONNECTIONS, *(person_json(contact) for contact in people))

    def remove(self, *keys: str) -> None:
        self.api.remove(CONNECTIONS, *(f"people/c{key}" for key in keys))

    def break_down(self) -> None:
        self.api.stop()

    def repair(self) -> None:
        self.api.start()


@contextmanager
def google_world(folder: Path) -> Iterator[GoogleWorld]:
    """Start a server, and sign somebody in to it."""
    WAITS.clear()
    api = PeopleApi()
    api.start()
    world = GoogleWorld(api, folder)
    world.sign_in()
    try:
        yield world
    finally:
        api.stop()
