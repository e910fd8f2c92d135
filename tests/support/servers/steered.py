"""Running gateway with a scripted source and a clock that a test controls.

The scripted connector is found through an installed entry point. A temporary folder
holds what a third party's package would install: a `.dist-info` with
`entry_points.txt`. A `sitecustomize.py` there adds the seconds in the file `clock` to
the time of every process. It also limits the size of written files to the bytes in the
file `longest`.
"""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from app.state import control
from connectors.contact import Contact, NumberKind, PhoneNumber
from tests.support.fakes.scripted import Mood, Script, calls
from tests.support.paths import ROOT
from tests.support.servers.forks import forks
from tests.support.servers.gateway import Gateway, environment, eventually

_METADATA = "Metadata-Version: 2.1\nName: scripted-connector\nVersion: 1.0\n"
_POINTS = (
    "[directory_gateway.connectors]\nscripted = tests.support.fakes.scripted:ScriptedConnector\n"
)
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
    return Contact(
        id=key,
        name=name,
        given_name=given,
        family_name=family,
        numbers=(PhoneNumber(number, NumberKind.WORK),),
    )


def crowd(count: int, first: int = 0) -> tuple[Contact, ...]:
    """Return `count` people, each with a name and a number, numbered from `first`."""
    return tuple(
        somebody(f"p{n}", f"Person N{n:03}", f"0895550{n:03}") for n in range(first, first + count)
    )


class Steered(Gateway):
    """A gateway with the source `staff`, whose contacts and mood `say` sets."""

    # Connectors are looked for when a configuration is read.
    takes_over_variables = True

    def __init__(
        self,
        folder: Path,
        *options: str,
        source: str = "",
        rest: str = "",
        ready: bool = True,
        **script: Any,
    ) -> None:
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
        """Return a configuration.

        `source` holds more keys of the source, `rest` more sections.
        """
        own = source if "refresh" in source else f'refresh = "1s"\n{source}'
        return (
            'title = "Company"\ntimezone = "Europe/Berlin"\n'
            f'[sources.staff]\nconnector = "scripted"\nscript = "script.json"\n{own}\n'
            '[numbers]\noutside_line = ""\n'
            f"{rest}\n"
        )

    def say(self, mood: Mood, *people: Contact, **more: Any) -> None:
        """Set the people of the source and its mood."""
        Script(mood=mood, people=people or more.pop("people", ()), **more).write(self.script)

    def jump(self, seconds: float) -> None:
        """Set the clock of all processes to this many seconds from the true time."""
        draft = self.package / "clock-draft"
        draft.write_text(str(seconds))
        draft.replace(self.package / "clock")

    def bound(self, size: int | None) -> None:
        """Limit the files that new processes write to this size (None: no limit)."""
        if size is None:
            (self.package / "longest").unlink()
        else:
            (self.package / "longest").write_text(str(size))

    def refresh(self) -> None:
        """Request a refresh of the source and wait for it."""
        before = self.fetches()
        control.send(self.state, control.REFRESH, "staff")
        eventually(lambda: self.fetches() > before, "a fetch")

    def checkpoints(self) -> tuple[str | None, ...]:
        """Return the checkpoints passed to the source so far, one for each fetch."""
        return calls(self.script)

    def fetches(self) -> int:
        """Return the number of fetches so far."""
        return len(self.checkpoints())

    def await_fetches(self, times: int = 1) -> None:
        """Wait for this many more fetches."""
        before = self.fetches()
        eventually(lambda: self.fetches() >= before + times, f"{times} more fetches")

    def source(self) -> dict[str, Any]:
        """Return the source's part of `/-/status`."""
        return dict(self.status()["sources"]["staff"])

    def until(self, state: str) -> dict[str, Any]:
        """Wait until the source is in a state; return its part of `/-/status`."""
        return (
            eventually(
                lambda: (found := self.source())["state"] == state and found, f"state {state}"
            )
            or {}
        )

    def listed(self) -> list[str]:
        """Return the names on the first page of the book."""
        return [name for name, _ in ROW.findall(self.text("/staff.xml"))]

    def until_listed(self, *names: str) -> None:
        """Wait until a phone sees exactly these names."""
        eventually(lambda: self.listed() == list(names), f"{names}")

    def until_seen(self, text: str, path: str = "/staff.xml") -> str:
        """Wait until a page contains a text, and return the page."""
        return eventually(lambda: page if text in (page := self.text(path)) else "", repr(text))

    def command(self, *words: str) -> str:
        """Run a command of the gateway in its folder and return its output."""
        done = self._run(*words)
        assert 0 == done.returncode, done.stderr
        return done.stdout

    def refused(self, *words: str, code: int = 1) -> str:
        """Run a command that must end with an exit code, and return its output."""
        done = self._run(*words)
        assert code == done.returncode, done.stdout
        return done.stdout + done.stderr

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return forks().run(words, self.folder, environment(**self.places))

    def events(self, event: str) -> list[str]:
        """Return the lines of the log about an event."""
        return [line for line in self.logged().splitlines() if f"event={event}" in line]

    def version(self) -> str:
        """Return the version of the generation that is served."""
        return str(self.status()["generation"]["version"])
