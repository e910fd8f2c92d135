"""The log of a whole run with failures contains no name or number at default level."""

import json
import re
from pathlib import Path

import msgspec

from connectors.base import Skipped
from connectors.contact import Contact, NumberKind, PhoneNumber
from tests.support.fakes.scripted import Mood
from tests.support.servers.gateway import eventually
from tests.support.servers.steered import Steered

NAMES = [
    f"{given} {family}"
    for family in ("Zyxquist", "Wolframowitz", "Ümläutiger", "Квазимодова")
    for given in ("Thrudbert", "Quisella", "Öznur")
]
PEOPLE = tuple(
    Contact(
        id=f"uid-{number}",
        name=name,
        given_name=name.split()[0],
        family_name=name.split()[1],
        organization=f"Vexillology & Sons {number}",
        emails=(f"person{number}@vexillology.example",),
        # One that cannot be dialled, and one that is too long: they are counted, never shown.
        numbers=(
            PhoneNumber(f"0777 31415{number:02}", NumberKind.WORK),
            PhoneNumber(f"ring Thrudbert {number}", NumberKind.HOME),
        ),
    )
    for number, name in enumerate(NAMES)
)


def private() -> set[str]:
    """Return every word and number that must not stand in a log."""
    words = {
        word
        for person in PEOPLE
        for word in (*person.name.split(), person.organization, *person.emails)
    }
    numbers = {number.value for person in PEOPLE for number in person.numbers} | {
        f"077731415{number:02}" for number in range(len(PEOPLE))
    }
    return words | numbers | {"hunter2-secret", "Vexillology"}


def run_through_everything(folder: Path, *options: str) -> str:
    """Let a source go through every state, and a phone look; returns the log."""
    gateway = Steered(folder, *options, source='password = "hunter2-secret"', people=PEOPLE)
    text = (
        f"{PEOPLE[0].name} {PEOPLE[0].numbers[0].value} {msgspec.json.encode(PEOPLE[1]).decode()}"
    )
    with gateway:
        eventually(lambda: gateway.listed(), "people")
        assert any("Thrudbert" in name for name in gateway.listed())
        faults: tuple[Mood, ...] = ("crash", "quit")
        for mood in faults:
            gateway.say(mood, *PEOPLE, text=text)
            gateway.until("failing")
            gateway.say("well", *PEOPLE, skipped=(Skipped("no name", "line 7"),))
            gateway.until("ok")
        gateway.say("well", *PEOPLE[:2])
        gateway.until("held")
        gateway.get("/p/Thrudbert/menu.xml")
        gateway.get("/search.xml?q=Zyxquist&k=07773141500")
        gateway.get("/Wolframowitz.xml", method="POST")
        for path in gateway.state.glob("gen-*.sqlite"):
            path.write_bytes(b"Thrudbert Zyxquist" * 1000)
        (gateway.state / "sources.sqlite").write_bytes(b"Thrudbert Zyxquist" * 1000)
        gateway.get("/staff.xml?name=SEPThrudbert")
        gateway.say("well", *PEOPLE)
        eventually(lambda: "store_set_aside" in gateway.logged(), "the store is set aside")
        gateway.until("ok")
    return gateway.logged()


def test_no_name_and_no_number_stands_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "json").mkdir()
    plain = run_through_everything(tmp_path / "plain", "--access-log")
    assert {
        "source_changed",
        "source_crashed",
        "source_recovered",
        "source_held_back",
        "store_set_aside",
        "request",
    } <= events(plain)
    found = {word for word in private() if word.casefold() in plain.casefold()}
    assert set() == found
    as_json = run_through_everything(tmp_path / "json", "--access-log", "--log-json")
    assert set() == {
        word
        for word in private()
        if word.casefold() in as_json.casefold() or json.dumps(word)[1:-1] in as_json
    }
    lines = [json.loads(line) for line in as_json.splitlines() if line.startswith("{")]
    assert events(plain) == {line["event"] for line in lines}
    assert {"timestamp", "level", "event"} <= set.intersection(*(set(line) for line in lines))


def events(log: str) -> set[str]:
    """Return the events in a log of key=value lines."""
    return set(re.findall(r"^timestamp=\S+ level=\w+ event=(\w+)", log, re.MULTILINE))
