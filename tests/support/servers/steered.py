"""A running gateway whose source a test steers: the scripted connector, found through an installed entry point, and a clock to jump with.

What a third party's package would install is written into a temporary folder: a `.dist-info` with `entry_points.txt`. The same folder holds
a `sitecustomize.py` that adds the seconds in the file `clock` to the time of every process started with it, and lets it write no file
longer than the bytes in the file `longest`.
"""

import os
import re
from pathlib import Path
from typing import Any

from app.state import control
from connectors.contact import Contact, NumberKind, PhoneNumber
from tests.support.fakes.scripted import Mood, Script, calls
from tests.support.servers.gateway import ROOT, Gateway, eventually, run

_METADATA = "Metadata-Version: 2.1\nName: scripted-connector\nVersion: 1.0\n"
_POINTS = "[directory_gateway.connectors]\nscripted = tests.support.fakes.scripted:ScriptedConnector\n"
_CLOCK = """import pathlib, time
_file, _real = pathlib.Path(__file__).with_name("clock"), time.time
def _jumped() -> float:
    try:
        return _real() + float(_file.read_text())
    except (OSError, ValueError):
        return _real()
time.time = _jumped
_longest = _file.with_name("longest")
if _longest.exists():
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(_longest.read_text()), resource.RLIM_INFINITY))
"""
ROW = re.compile(r"<Name>([^<]*)</Name>\s*<Telephone>([^<]*)</Telephone>")


def somebody(key: str, name: str, number: str) -> Contact:
    """Return a contact with one number."""
    given, _, family = name.rpartition(" ")
    return Contact(id=key, name=name, given_name=given, family_name=family, numbers=(PhoneNumber(number, NumberKind.WORK),))


def crowd(count: int, first: int = 0) -> tuple[Contact, ...]:
    """Return so many people, each with a name and a number of its own, numbered from `first`."""
    return tuple(somebody(f"p{n}", f"Person N{n:03}", f"0895550{n:03}") for n in range(first, first + count))


class Steered(Gateway):
    """A gateway with the source `staff`, which holds `people` and does what `say` says."""

    def __init__(self, folder: Path, *options: str, source: str = "", rest: str = "", ready: bool = True, **script: Any) -> None:
        self.package = folder / "installed"
        self.package.mkdir(exist_ok=True)
        about = self.package / "scripted_connector-1.0.dist-info"
        about.mkdir(exist_ok=True)
        (about / "METADATA").write_text(_METADATA)
        (about / "entry_points.txt").write_text(_POINTS)
        (self.package / "sitecustomize.py").write_text(_CLOCK)
        self.script = folder / "script.json"
        self.state = folder / "state"
        self.say(script.pop("mood", "well"), **script)
        self.places = {"PYTHONPATH": f"{self.package}{os.pathsep}{ROOT}"}
        super().__init__(folder, self.config(source, rest), *options, ready=ready, **self.places)

    def __exit__(self, *exception: object) -> None:
        print(f"{self.folder}:\n{self.logged()}")
        super().__exit__(*exception)

    @staticmethod
    def config(source: str = "", rest: str = "") -> str:
        """Return a configuration; `source` are more keys of the source, `rest` more sections."""
        own = source if "refresh" in source else f'refresh = "1s"\n{source}'
        return (
            'title = "Company"\ntimezone = "Europe/Berlin"\n'
            f'[sources.staff]\nconnector = "scripted"\nscript = "script.json"\n{own}\n'
            '[numbers]\noutside_line = ""\n'
            f"{rest}\n"
        )

    def say(self, mood: Mood, *people: Contact, **more: Any) -> None:
        """Let the source hold these people from now on, and feel so."""
        Script(mood=mood, people=people or more.pop("people", ()), **more).write(self.script)

    def jump(self, seconds: float) -> None:
        """Set the clock of all processes so many seconds before or after the true time."""
        draft = self.package / "clock-draft"
        draft.write_text(str(seconds))
        draft.replace(self.package / "clock")

    def bound(self, size: int | None) -> None:
        """Let processes that start from now on write no file longer than this (None: any)."""
        if size is None:
            (self.package / "longest").unlink()
        else:
            (self.package / "longest").write_text(str(size))

    def refresh(self) -> None:
        """Let the builder read the source now; returns when it has."""
        before = self.asked()
        control.send(self.state, control.REFRESH, "staff")
        eventually(lambda: self.asked() > before, "a fetch")

    def checkpoints(self) -> tuple[str | None, ...]:
        """Return the checkpoints that the source was asked with so far, one for each fetch."""
        return calls(self.script)

    def asked(self) -> int:
        """Return how often the source was asked so far."""
        return len(self.checkpoints())

    def asked_again(self, times: int = 1) -> None:
        """Return when the source was asked so many more times."""
        before = self.asked()
        eventually(lambda: self.asked() >= before + times, f"{times} more fetches")

    def source(self) -> dict[str, Any]:
        """Return what `/-/status` says of the source."""
        return dict(self.status()["sources"]["staff"])

    def until(self, state: str) -> dict[str, Any]:
        """Return what `/-/status` says of the source, once it is in this state."""
        return eventually(lambda: (found := self.source())["state"] == state and found, f"state {state}") or {}

    def listed(self) -> list[str]:
        """Return the names that a phone sees on the first page of the book."""
        return [name for name, _ in ROW.findall(self.text("/staff.xml"))]

    def until_listed(self, *names: str) -> None:
        """Return when a phone sees exactly these names."""
        eventually(lambda: self.listed() == list(names), f"{names}")

    def until_seen(self, text: str, path: str = "/staff.xml") -> str:
        """Return a page once it holds a text."""
        return eventually(lambda: page if text in (page := self.text(path)) else "", repr(text))

    def command(self, *words: str) -> str:
        """Run a command of the gateway in its folder and return what it printed."""
        done = run(*words, cwd=self.folder, **self.places)
        assert 0 == done.returncode, done.stderr
        return done.stdout

    def refused(self, *words: str) -> str:
        """Run a command that must fail, and return what it said."""
        done = run(*words, cwd=self.folder, **self.places)
        assert 1 == done.returncode, done.stdout
        return done.stdout + done.stderr

    def events(self, event: str) -> list[str]:
        """Return the log's lines about an event."""
        return [line for line in self.logged().splitlines() if f"event={event}" in line]

    def version(self) -> str:
        """Return the version of the generation that is served."""
        return str(self.status()["generation"]["version"])
