"""The scripted connector keeps the contract of connectors.

Otherwise the scenarios would prove nothing.
"""

from pathlib import Path

import msgspec
import pytest

from connectors.base import Connector, Full
from connectors.contact import Contact
from tests.connectors.contract import ConnectorContract, World
from tests.support.fakes.scripted import Script, ScriptedConnector, calls, read


class ScriptedWorld(World):
    def __init__(self, folder: Path) -> None:
        self._path = folder / "script.json"
        self._aside = folder / "aside.json"
        Script().write(self._path)

    def connector(self) -> Connector:
        return ScriptedConnector.model_validate(
            {"script": "script.json"}, context={"base": self._path.parent}
        )

    def put(self, *people: Contact) -> None:
        known = {contact.id: contact for contact in (*read(self._path).people, *people)}
        Script(people=tuple(known.values())).write(self._path)

    def remove(self, *keys: str) -> None:
        Script(
            people=tuple(contact for contact in read(self._path).people if contact.id not in keys)
        ).write(self._path)

    def break_down(self) -> None:
        self._path.rename(self._aside)

    def repair(self) -> None:
        self._aside.rename(self._path)


class TestScripted(ConnectorContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> ScriptedWorld:
        return ScriptedWorld(tmp_path)


def test_it_can_hold_a_hundred_thousand_and_forget_what_it_handed_out(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    script = Script(many=100_000)
    script.write(path)
    connector = ScriptedConnector.model_validate({"script": path})
    first = connector.fetch(None)
    assert isinstance(first, Full) and 100_000 == len({contact.id for contact in first.contacts})
    msgspec.structs.replace(script, forgets=True).write(path)
    assert isinstance(connector.fetch(first.checkpoint), Full)
    assert (None, first.checkpoint) == calls(path)
