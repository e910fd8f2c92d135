"""Write people files without a build, and open those of a build."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from app.books.entries import search_words
from app.generation.files import current_version
from app.people.reader import PeopleFile, Wanted
from app.people.writer import PeopleWriter
from app.settings.loader import Settings
from connectors.contact import Contact

VERSION = "0abcdef1"


def put_contact(
    writer: PeopleWriter, contact: Contact, dialled: Sequence[str] = (), source: str = "staff"
) -> None:
    """Put a contact that is sorted by its name as written."""
    words = search_words(contact, contact.name)
    writer.put(source, contact, contact.name.encode(), words, dialled)


def write_people_file(folder: Path, contacts: Iterable[Contact]) -> None:
    """Write a people file of version VERSION with contacts of the source `staff`."""
    with PeopleWriter(folder) as writer:
        for contact in contacts:
            put_contact(writer, contact)
        writer.finish()
        writer.commit(VERSION)


def open_people(settings: Settings) -> PeopleFile:
    """Open the people file of what is published."""
    version = current_version(settings.state_dir)
    assert version is not None
    return PeopleFile(settings.state_dir, version)


def found_names(settings: Settings, wanted: Wanted) -> list[str]:
    """Return the names of the people who are wanted, in reading order."""
    with closing(open_people(settings)) as people:
        return [person.contact.name for person in people.page(wanted, 0, 1000).people]
