"""The requests that a host passes on to the host that builds, and takes from others."""

from app.build.saved_sources import readable_held
from app.exchange.base import FOR_EVERY_HOST, Exchange, ExchangeError
from app.logs import Log
from app.refresh.acceptance import accept_held
from app.settings.loader import Settings
from app.state import control
from app.state.control import Request
from app.state.store import Store, StoreError

_log = Log("builder")


class HostRequests:
    """The requests of one host. One thread uses it."""

    def __init__(self, settings: Settings, exchange: Exchange, store: Store) -> None:
        self._settings, self._exchange, self._store = settings, exchange, store
        self._folder = settings.state_dir

    def pass_on(self) -> bool:
        """Pass this host's requests on to the host that builds.

        Returns whether a web worker found what is served damaged. Raises ExchangeError;
        then all that were not passed on stay.
        """
        waiting = list(
            control.receive(self._folder, control.REFRESH, control.FULL, control.REBUILD)
        )
        try:
            for request in tuple(waiting):
                if request.verb != control.REBUILD:
                    self._exchange.ask(self._as_passed_on(request))
                    waiting.remove(request)
        except ExchangeError:
            for request in waiting:
                control.send(self._folder, request.verb, request.source)
            raise
        return bool(waiting)

    def _as_passed_on(self, request: Request) -> Request:
        """Return a request as the host that builds gets it."""
        held = readable_held(self._store, request.source)
        if held is not None and held.accepted:
            return Request(control.ACCEPT, request.source, held.digest)
        return request

    def take(self, *, builds: bool) -> None:
        """Take the requests of other hosts: for every host, or for the one that builds.

        Raises ExchangeError, and StoreError or OSError if the state directory cannot be
        written; then those for the host that builds that were not taken are left there.
        """
        waiting = list(self._exchange.requests(builds=builds))
        try:
            for request in tuple(waiting):
                self._take(request)
                waiting.remove(request)
        except (StoreError, OSError):
            for request in waiting:
                if request.verb not in FOR_EVERY_HOST:
                    self._exchange.ask(request)
            raise

    def _take(self, request: Request) -> None:
        if request.source and self._settings.source(request.source) is None:
            _log.warning("request_of_another_host_refused", verb=request.verb)
        elif request.verb != control.ACCEPT:
            control.send(self._folder, request.verb, request.source)
        elif not accept_held(self._folder, request.source, request.digest):
            _log.warning("accept_too_late", source=request.source)
