"""Answer the path /lookup, at which exchanges request the name of a caller."""

import msgspec

from app.model.profile import DEFAULT
from app.web.access import ProfileSelector, SelectedProfile, Visitor
from app.web.asgi import FOR_PEOPLE
from app.web.caller_lookup import as_plain_text, caller_name, wants_json
from app.web.publisher import Answer, Publisher

LOOKUP = "/lookup"
NUMBER = "number"
"""The parameter that must be there; it is blank if the caller withholds the number."""

DESCRIPTION = {
    "parameters": [
        {
            "name": NUMBER,
            "in": "query",
            "required": True,
            "description": "The number of the caller, in any spelling, or blank if it is withheld.",
            "schema": {"type": "string"},
        },
        {
            "name": "profile",
            "in": "query",
            "description": "The profile whose dial plan reads the number. Without it, the profile"
            " whose networks contain the address, or default.",
            "schema": {"type": "string"},
        },
    ],
    "responses": {
        "200": {
            "description": "The name, or an empty text if the number is unknown or blank. With"
            " Accept: application/json, an object with the number and the name.",
            "content": {
                "text/plain": {"schema": {"type": "string"}},
                "application/json": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "number": {"type": "string"},
                            "name": {"type": "string"},
                        },
                        "required": ["number", "name"],
                    }
                },
            },
        },
        "400": {"description": "There is no parameter number."},
        "403": {"description": "The address may not use the directory or this profile."},
        "404": {"description": "There is no such profile."},
    },
}
"""What the OpenAPI document says of the path."""


class LookupPath:
    """Selects the profile of a lookup, and makes its response."""

    def __init__(self, publisher: Publisher, selector: ProfileSelector) -> None:
        self._publisher = publisher
        self._selector = selector

    def select(self, params: dict[str, str], who: Visitor) -> SelectedProfile | None:
        """Return the profile whose dial plan reads the number, or None if refused.

        Names are those of the default profile, so its restriction applies to every
        lookup.
        """
        if self._selector.select(DEFAULT, "", who.address) is None:
            return None
        return self._selector.select(params.get("profile"), "", who.address)

    def answer(self, params: dict[str, str], selected: SelectedProfile, accept: str) -> Answer:
        """Return the response with the name, which is "" if it is unknown."""
        number, plan = params.get(NUMBER, ""), selected.profile.plan
        name = self._publisher.read_current(
            lambda generation: caller_name(generation, number, plan)
        )
        if wants_json(accept):
            kind, body = b"application/json", msgspec.json.encode({"number": number, "name": name})
        else:
            kind, body = b"text/plain; charset=utf-8", as_plain_text(name).encode("utf-8")
        headers = (
            (b"content-length", str(len(body)).encode("ascii")),
            (b"content-type", kind),
            *FOR_PEOPLE,
        )
        return Answer(headers, body, b"".join(b"%s: %s\r\n" % header for header in headers))
