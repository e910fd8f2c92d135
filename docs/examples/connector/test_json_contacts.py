"""Run the contract tests of all connectors on a real JSON file."""

import json
from pathlib import Path

import pytest
from json_contacts import JsonConnector

from connectors.base import Connector
from connectors.contact import Contact
from tests.connectors.contract import ConnectorContract, World


class JsonFile(World):
    def __init__(self, path: Path) -> None:
        self._path = path
        self._people: dict[str, object] = {}

    def connector(self) -> Connector:
        return JsonConnector.model_validate({"path": str(self._path)})

    def put(self, *people: Contact) -> None:
        for one in people:
            phones = [{"value": number.value, "kind": str(number.kind)} for number in one.numbers]
            self._people[one.id] = {"id": one.id, "name": one.name, "phones": phones}
        self.repair()

    def remove(self, *keys: str) -> None:
        for key in keys:
            del self._people[key]
        self.repair()

    def break_down(self) -> None:
        self._path.unlink(missing_ok=True)

    def repair(self) -> None:
        self._path.write_text(json.dumps(list(self._people.values())), encoding="utf-8")


class TestJsonConnector(ConnectorContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> World:
        return JsonFile(tmp_path / "people.json")
