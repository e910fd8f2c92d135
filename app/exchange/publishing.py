"""Publish a generation of this program through any exchange."""

from pathlib import Path

from app.exchange.base import Exchange, Lease, Publication
from app.generation.files import Published, publication_size
from app.generation.schema import SCHEMA


def publish_generation(
    exchange: Exchange, lease: Lease, folder: Path, published: Published
) -> Publication:
    """Publish a generation whose files are in a state directory, and return it.

    Raises what `Exchange.publish` raises.
    """
    size = publication_size(folder, published)
    publication = Publication(published, SCHEMA, size, lease.epoch)
    exchange.publish(lease, folder, publication)
    return publication
