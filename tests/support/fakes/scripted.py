"""A connector made for the purpose: it does what a script says, so that a test in another process steers a real gateway's source.

Law of this file: it is a connector like a third party's, found through the entry-point group and honest where its script is: full reads,
true deltas against what it handed out before, checkpoints. Its `mood` makes it fail in every way that a source or a connector can.

The script is a JSON file (`Script`), replaced by rename, read anew at each fetch. Beside it stand `.calls`, one line for each fetch
with the checkpoint that it was given, and `.known/`, what was handed out under each checkpoint.
"""

import json
import os
import time
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import msgspec
from pydantic import SecretStr

from connectors.base import Connector, Delta, Full, Progress, Skipped, SourceRefused, SourceUnavailable
from connectors.contact import Contact, NumberKind, PhoneNumber
from connectors.fields import LocalPath

Mood = Literal["well", "hang", "crash", "quit", "unavailable", "refused", "half a delta", "garbage"]


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """What the source holds and how it feels.

    `many`: so many made-up contacts besides `people`. `text`: what an exception says. `forgets`: no checkpoint is known any more.
    `seconds`: how long a fetch takes. `secret`: the only one that is let in ("" for any). Mood "half a delta" answers a Delta whatever
    was known, which no connector may.
    """

    mood: Mood = "well"
    people: tuple[Contact, ...] = ()
    many: int = 0
    skipped: tuple[Skipped, ...] = ()
    text: str = "the server does not answer"
    retry_after: float | None = None
    until_changed: str = ""
    forgets: bool = False
    deltas: bool = True
    seconds: float = 0.0
    secret: str = ""

    def write(self, path: Path) -> None:
        """Make this the script, at once and whole."""
        draft = path.with_name(f".{path.name}-{os.getpid()}")
        draft.write_bytes(msgspec.json.encode(self))
        draft.replace(path)


def read(path: Path) -> Script:
    """Return the script in a file."""
    return msgspec.json.decode(path.read_bytes(), type=Script)


def calls(path: Path) -> tuple[str | None, ...]:
    """Return the checkpoints that a script's connector was asked with so far, one for each fetch."""
    told = path.with_name(f"{path.name}.calls")
    return tuple(json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()) if told.exists() else ()


def made_up(count: int) -> tuple[Contact, ...]:
    """Return so many contacts, each with a name and a number of its own."""
    return tuple(
        Contact(id=f"m{number}", name=f"Made Up{number:06}", numbers=(PhoneNumber(f"0{800_000_000 + number}", NumberKind.WORK),))
        for number in range(count)
    )


class ScriptedConnector(Connector):
    """Does what the script at `script` says."""

    script: LocalPath
    password: str = ""
    secret: SecretStr | None = None

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Follow the script; see `Script`."""
        try:
            script = read(self.script)
        except OSError as error:
            raise SourceUnavailable(f"{self.script.name} cannot be read ({error.strerror}). Check sources.NAME.script.") from error
        with self.script.with_name(f"{self.script.name}.calls").open("a", encoding="utf-8") as told:
            told.write(json.dumps(since) + "\n")
        if script.seconds:
            time.sleep(script.seconds)
        while script.mood == "hang":
            time.sleep(0.05)
            script = read(self.script)
        if script.secret and (self.secret is None or self.secret.get_secret_value() != script.secret):
            raise SourceRefused("the server refuses the secret. Check sources.NAME.secret.")
        match script.mood:
            case "crash":
                raise KeyError(script.text)
            case "quit":
                raise SystemExit(script.text)
            case "unavailable":
                raise SourceUnavailable(script.text, retry_after=script.retry_after)
            case "refused":
                raise SourceRefused(script.text, until_changed=Path(script.until_changed) if script.until_changed else None)
            case "garbage":
                return None  # type: ignore[return-value]  # the fault that is asked for
            case "half a delta":
                return Delta(changed=script.people, checkpoint="x")
        return self._honest(script, since, progress)

    def _honest(self, script: Script, since: str | None, progress: Progress | None) -> Full | Delta:
        people = (*script.people, *made_up(script.many))
        data = msgspec.msgpack.encode(people)
        checkpoint = blake2b(data, digest_size=8).hexdigest()
        if progress is not None:
            progress(len(people), len(people))
        if not script.deltas:
            return Full(people, None, script.skipped)
        known = self.script.with_name(f"{self.script.name}.known")
        before = self._before(known, since) if since and not script.forgets else None
        known.mkdir(exist_ok=True)
        (known / checkpoint).write_bytes(data)
        if before is None:
            return Full(people, checkpoint, script.skipped)
        now = {contact.id: contact for contact in people}
        changed = tuple(contact for key, contact in now.items() if before.get(key) != contact)
        return Delta(changed, tuple(key for key in before if key not in now), checkpoint, script.skipped)

    def _before(self, known: Path, since: str) -> dict[str, Contact] | None:
        names = {path.name: path for path in known.iterdir()} if known.is_dir() else {}
        if since not in names:
            return None
        return {contact.id: contact for contact in msgspec.msgpack.decode(names[since].read_bytes(), type=tuple[Contact, ...])}
