"""Read people from a JSON file (`connector = "json"`)."""

import hashlib

import msgspec

from connectors.base import (
    MEGABYTE,
    Connector,
    Delta,
    Full,
    Progress,
    Size,
    Skipped,
    SourceRefused,
    SourceUnavailable,
    bounded_progress,
)
from connectors.contact import Contact, NumberKind, PhoneNumber, without_placeholders
from connectors.fields import LocalPath
from connectors.local_file import read_file

KINDS = {
    "work": NumberKind.WORK,
    "mobile": NumberKind.MOBILE,
    "home": NumberKind.HOME,
    "fax": NumberKind.FAX,
}


class Phone(msgspec.Struct):
    value: str
    kind: str = ""


class Person(msgspec.Struct):
    id: str
    name: str
    phones: tuple[Phone, ...] = ()

    def as_contact(self) -> Contact:
        numbers = tuple(
            PhoneNumber(phone.value, KINDS.get(phone.kind, NumberKind.OTHER), phone.kind)
            for phone in self.phones
        )
        return Contact(id=self.id, name=without_placeholders(self.name), numbers=numbers)


class JsonConnector(Connector):
    path: LocalPath
    max_size: Size = 64 * MEGABYTE

    def fetch(self, since: str | None, progress: Progress | None = None) -> Full | Delta:
        try:
            data = read_file(self.path, self.max_size)
            entries = msgspec.json.decode(data, type=list[msgspec.Raw])
        except OSError as error:
            raise SourceUnavailable(
                f"{self.path} cannot be read ({error.strerror or error}). Check path and its"
                " permissions."
            ) from error
        except msgspec.ValidationError as error:
            raise SourceRefused(f"{self.path} does not hold a JSON list. Check path.") from error
        except msgspec.DecodeError as error:
            raise SourceUnavailable(
                f"{self.path} is not complete JSON. Export it again if this stays."
            ) from error
        checkpoint = "1:" + hashlib.sha256(data).hexdigest()
        if since == checkpoint:
            return Delta(checkpoint=checkpoint)
        contacts: dict[str, Contact] = {}
        skipped = []
        report = bounded_progress(progress)
        for position, entry in enumerate(entries, 1):
            where = f"{self.path.name} entry {position}"
            try:
                person = msgspec.json.decode(entry, type=Person)
            except (msgspec.DecodeError, UnicodeDecodeError):
                skipped.append(Skipped("no id and name as text, or phones in another form", where))
                continue
            if person.id in contacts:
                skipped.append(Skipped("an id that an earlier entry has", where))
            else:
                contacts[person.id] = person.as_contact()
            report(len(contacts), None)
        return Full(tuple(contacts.values()), checkpoint, tuple(skipped))
