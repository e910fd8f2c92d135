"""A host of the exchange's contract suite."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from app.exchange.base import (
    Exchange,
    Lease,
    Publication,
)
from app.generation.files import (
    Published,
    file_digest,
    file_name,
    people_file_name,
    publication_size,
)
from app.generation.schema import SCHEMA
from app.state.directory import prepare_state_dir
from app.state.source_copies import SourceCopies
from app.state.source_records import SourceRecord
from app.state.store import Store
from connectors.base import Full
from connectors.contact import Contact
from tests.support.patience import PATIENCE


@dataclass(slots=True)
class ContractHost:
    """A host: its state directory, its store and its view of the exchange."""

    folder: Path
    exchange: Exchange

    def __post_init__(self) -> None:
        prepare_state_dir(self.folder)
        self.store.open("test")

    @property
    def store(self) -> Store:
        return Store(self.folder)

    @property
    def data(self) -> SourceCopies:
        return SourceCopies(self.store)

    def held_lease(self) -> Lease:
        """Return this host's lease; it is free by now or soon."""
        until = time.monotonic() + PATIENCE
        while (lease := self.exchange.lease()) is None:
            assert time.monotonic() < until
            time.sleep(0.02)
        return lease

    def make_generation(self, version: str, text: str = "") -> Publication:
        """Write files of a generation that is not published yet."""
        content = (text or version).encode() * 300_000
        for name in (file_name(version), people_file_name(version)):
            (self.folder / name).write_bytes(content + name.encode())
            (self.folder / name).chmod(0o600)
        digests = [
            file_digest(self.folder / name)
            for name in (file_name(version), people_file_name(version))
        ]
        published = Published(version, digests[0], 0.25, digests[1])
        return Publication(published, SCHEMA, publication_size(self.folder, published), 0)

    def publish(self, version: str) -> Publication:
        publication = self.make_generation(version)
        self.exchange.publish(self.held_lease(), self.folder, publication)
        return publication

    def store_contacts(self, count: int, source: str = "staff") -> None:
        contacts = tuple(Contact(id=f"c{row}", name=f"Person {row}") for row in range(count))
        record = SourceRecord(source, "print", f"after {count}", last_success=float(count))
        result = Full(contacts, record.checkpoint)
        change = self.store.compare(record, result)
        self.store.apply(replace(record, digest=change.digest, contacts=count), result)
