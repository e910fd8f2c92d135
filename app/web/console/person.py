"""What the page of one person shows: from the source to the keys on a phone."""

from dataclasses import dataclass, replace

from app.generation.reader import Generation
from app.people.explanation import BookOutcome, Explainer, Explanation
from app.people.reader import PeopleFile, Person
from app.people.skipped_parts import skipped_parts
from app.settings.loader import Settings
from app.state.store import Store
from connectors.contact import Contact


@dataclass(frozen=True, slots=True)
class ProfileOutcomes:
    """What the books of one profile make of a person."""

    profile: str
    books: tuple[BookOutcome, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A contact, and what became of it.

    `explained` has its place in the source at the last reading, "" if its id says it.
    """

    explained: Explanation
    contact: Contact
    profiles: tuple[ProfileOutcomes, ...]


def read_person(
    settings: Settings, file: PeopleFile, generation: Generation, source: str, key: str
) -> PersonPage | None:
    """Return a contact with its outcomes, None if the file does not have it.

    Raises NoPeopleFileError, BrokenGeneration or StoreError.
    """
    contact = file.contact(source, key)
    if contact is None or settings.source(source) is None:
        return None
    explained = Explainer(settings.profiles, file, generation).explain(Person(source, contact))
    store = Store(settings.state_dir)
    place = store.place(source, key)
    skipped = skipped_parts(store.record(source).skipped, place, key)
    explained = replace(explained, where=place, skipped=skipped)
    return PersonPage(
        explained,
        contact,
        tuple(
            ProfileOutcomes(
                profile.name,
                tuple(book for book in explained.books if book.profile == profile.name),
            )
            for profile in settings.profiles
        ),
    )
