"""Rules of the People API, from the discovery document of google-api-python-client.

A request is refused for unknown parameters, missing required masks, unknown words in
masks, page sizes out of range, or invalid enums. Rules that the document states in
prose alone are coded here, each with its sentence.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient

CONNECTIONS = "people.people.connections.list"
OTHER = "people.otherContacts.list"
DIRECTORY = "people.people.listDirectoryPeople"
GROUPS = "people.contactGroups.list"

_MASKS = ("personFields", "readMask", "groupFields")
_WORD = re.compile(r"\* (\w+)")


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the document."""

    name: str
    path: str
    scopes: tuple[str, ...]
    parameters: dict[str, dict[str, Any]]


@cache
def methods() -> dict[str, Method]:
    """Return the list methods by their paths, as a client calls them."""
    document = json.loads(
        (
            Path(googleapiclient.__file__).parent / "discovery_cache/documents/people.v1.json"
        ).read_text()
    )
    found: dict[str, Method] = {}

    def walk(resource: dict[str, Any]) -> None:
        for method in resource.get("methods", {}).values():
            if method["id"] in (CONNECTIONS, OTHER, DIRECTORY, GROUPS):
                path = "/" + method["flatPath"].replace("{peopleId}", "me")
                parameters = {**document["parameters"], **method["parameters"]}
                found[path] = Method(method["id"], path, tuple(method["scopes"]), parameters)
        for child in resource.get("resources", {}).values():
            walk(child)

    walk(document)
    return found


def complaint(method: Method, query: dict[str, list[str]]) -> str:
    """Return why the request is refused (400), or "" if it is not."""
    for name, values in query.items():
        known = method.parameters.get(name)
        if known is None or known.get("location") == "path":
            return f"unknown parameter {name}"
        if len(values) > 1 and not known.get("repeated"):
            return f"{name} given more than once"
        if "enum" in known and not set(values) <= set(known["enum"]):
            return f"{name}: no such value"
        if known["type"] == "boolean" and values[0] not in ("true", "false"):
            return f"{name}: not a boolean"
    for name, known in method.parameters.items():
        # requestMask.includeField says "Required." too, but is the older name of personFields.
        if (
            known.get("description", "").startswith("Required.")
            and known["location"] == "query"
            and "." not in name
            and name not in query
        ):
            return f"{name} is required"
    for name in _MASKS:
        if name in query and not mask(query[name][0]) <= _words(method, name):
            return f"{name}: unknown field"
    # "Valid values are between 1 and 1000, inclusive."
    if "pageSize" in query and not (
        query["pageSize"][0].isdigit() and 1 <= int(query["pageSize"][0]) <= 1000
    ):
        return "pageSize out of range"
    return ""


def default_page_size(method: Method) -> int:
    """Return the documented page size for requests that name none."""
    found = re.search(r"Defaults to (\d+)", method.parameters["pageSize"]["description"])
    assert found is not None
    return int(found[1])


def mask(text: str) -> frozenset[str]:
    """Return the fields of a mask."""
    return frozenset(text.split(","))


def _words(method: Method, name: str) -> set[str]:
    text = method.parameters[name]["description"]
    if method.name == OTHER:
        # "If READ_SOURCE_TYPE_CONTACT is used, valid values are: ... If READ_SOURCE_TYPE_PROFILE is
        # used, ...": the former is the default.
        text = text.partition("READ_SOURCE_TYPE_PROFILE")[0]
    return set(_WORD.findall(text))
