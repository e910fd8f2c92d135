"""Connector that follows a script, to control a real gateway's source from a test.

It is found through the entry-point group, like a third party's. Unless its `mood` makes
it fail, it returns full results, true deltas and checkpoints. The script is a JSON file
(`Script`), replaced by rename and read at each fetch. Beside it, `.calls` has one line
for each fetch with the checkpoint that it got, and `.known/` keeps what was returned
under each checkpoint.
"""

import json
import os
import time
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import msgspec
from pydantic import SecretStr

from connectors.base import (
    Connector,
    Delta,
    Full,
    Progress,
    Skipped,
    SourceRefused,
    SourceUnavailable,
)
from connectors.contact import Contact, NumberKind, PhoneNumber
from connectors.fields import LocalPath

Mood = Literal["well", "hang", "crash", "quit", "unavailable", "refused", "half a delta", "garbage"]


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """What the source holds and how it behaves.

    `many` is the number of made-up contacts besides `people`. `text` is the text of an
    exception. `forgets` means that no checkpoint is recognised any more. `seconds` is
    the duration of a fetch. `secret` is the only one that is accepted, or "" for any.
    Mood "half a delta" always answers a Delta, which no connector may.
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
        """Replace the script atomically."""
        draft = path.with_name(f".{path.name}-{os.getpid()}")
        draft.write_bytes(msgspec.json.encode(self))
        draft.replace(path)


def read(path: Path) -> Script:
    """Return the script in a file."""
    return msgspec.json.decode(path.read_bytes(), type=Script)


def calls(path: Path) -> tuple[str | None, ...]:
    """Return the checkpoints that were passed to a script's connector.

    There is one for each fetch.
    """
    file = path.with_name(f"{path.name}.calls")
    return (
        tuple(json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
        if file.exists()
        else ()
    )


def made_up(count: int) -> tuple[Contact, ...]:
    """Return `count` contacts, each with a name and a number of its own."""
    return tuple(
        Contact(
            id=f"m{number}",
            name=f"Made Up{number:06}",
            numbers=(PhoneNumber(f"0{800_000_000 + number}", NumberKind.WORK),),
        )
        for number in range(count)
    )


class ScriptedConnector(Connector):
    """Connector that follows the script at `script`."""

    script: LocalPath
    password: str = ""
    secret: SecretStr | None = None

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        """Follow the script; see `Script`."""
        try:
            script = read(self.script)
        except OSError as error:
            raise SourceUnavailable(
                f"{self.script.name} cannot be read ({error.strerror}). Check sources.NAME.script."
            ) from error
        with self.script.with_name(f"{self.script.name}.calls").open("a", encoding="utf-8") as file:
            file.write(json.dumps(since) + "\n")
        if script.seconds:
            time.sleep(script.seconds)
        while script.mood == "hang":
            time.sleep(0.05)
            script = read(self.script)
        if script.secret and (
            self.secret is None or self.secret.get_secret_value() != script.secret
        ):
            raise SourceRefused("the server refuses the secret. Check sources.NAME.secret.")
        match script.mood:
            case "crash":
                raise KeyError(script.text)
            case "quit":
                raise SystemExit(script.text)
            case "unavailable":
                raise SourceUnavailable(script.text, retry_after=script.retry_after)
            case "refused":
                raise SourceRefused(
                    script.text,
                    until_changed=Path(script.until_changed) if script.until_changed else None,
                )
            case "garbage":
                return None  # type: ignore[return-value]  # the requested fault
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
        return Delta(
            changed, tuple(key for key in before if key not in now), checkpoint, script.skipped
        )

    def _before(self, known: Path, since: str) -> dict[str, Contact] | None:
        names = {path.name: path for path in known.iterdir()} if known.is_dir() else {}
        if since not in names:
            return None
        return {
            contact.id: contact
            for contact in msgspec.msgpack.decode(
                names[since].read_bytes(), type=tuple[Contact, ...]
            )
        }
