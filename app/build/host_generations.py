"""The generations that a host of several fetches, serves and publishes."""

from dataclasses import replace
from pathlib import Path

from app.build.composer import Publish
from app.build.current import is_of, is_readable
from app.exchange import decisions
from app.exchange.base import DamagedError, Exchange, Lease, Publication
from app.exchange.publishing import publish_generation
from app.generation.files import Published, has_files, read_current
from app.logs import Log
from app.settings.loader import Settings

_log = Log("builder")


class HostGenerations:
    """The generations of one host; `publish_here` publishes on this host alone.

    One thread uses it. All methods raise ExchangeError.
    """

    def __init__(self, settings: Settings, exchange: Exchange, publish_here: Publish) -> None:
        self._settings, self._folder = settings, settings.state_dir
        self._exchange, self._publish_here = exchange, publish_here
        self._unusable: Publication | None = None

    def current(self) -> Publication | None:
        """Return what is published.

        One that this host cannot use is like one in a form that it cannot read.
        """
        seen = self._exchange.current()
        return replace(seen, schema=-1) if seen is not None and seen == self._unusable else seen

    def served(self) -> Published:
        """Return what is served: NOTHING if it is damaged, or not of this schema.

        The host must not publish such a generation again.
        """
        found = read_current(self._folder)
        is_sound = has_files(self._folder, found) and is_readable(self._folder, found.version)
        return found if is_sound else decisions.NOTHING

    def fetch(self, publication: Publication, *, holds_lease: bool) -> bool:
        """Fetch a publication and serve it; return False if this host cannot use it.

        It cannot either if the exchange's copy is damaged, and it holds the lease: then
        it is this host that builds another one. Raises OSError too.
        """
        try:
            self._exchange.fetch(publication, self._folder)
        except DamagedError as error:
            if not holds_lease:
                raise
            _log.warning(
                "generation_not_used",
                version=publication.published.version,
                reason=str(error),
                effect="this host builds another one",
            )
            self._unusable = publication
            return False
        if not is_of(self._settings, publication.published.version):
            if self._unusable is None:
                _log.warning(
                    "generation_not_used",
                    version=publication.published.version,
                    reason="another configuration or release of the host that builds",
                    effect="phones of this host keep what they have",
                )
            self._unusable = publication
            return False
        self._unusable = None
        self._publish_here(self._folder, publication.published)
        _log.info("generation_fetched", version=publication.published.version)
        return True

    def publish(self, lease: Lease, folder: Path, published: Published) -> Publication:
        """Publish for all hosts, then here. Raises Fenced or OSError too."""
        publication = publish_generation(self._exchange, lease, folder, published)
        self._publish_here(folder, published)
        return publication
