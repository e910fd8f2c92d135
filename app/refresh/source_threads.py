"""The threads of all sources, and the watches on the folders that connectors name."""

from collections.abc import Callable, Iterable

from app.refresh.folder_watch import FolderWatch
from app.refresh.refresher import Refresher
from app.refresh.source_thread import SourceThread
from app.state.status import SourceStatus

_JOIN_SECONDS = 30.0


class SourceThreads:
    """Keeps the sources' stored contacts up to date from `start` to `stop`.

    `on_changed`, `on_status` and `on_stuck` are those of `SourceThread`.
    """

    def __init__(
        self,
        refreshers: Iterable[Refresher],
        on_changed: Callable[[], None],
        on_status: Callable[[], None],
        on_stuck: Callable[[str], None],
    ) -> None:
        self._threads = tuple(
            SourceThread(refresher, on_changed, on_status, on_stuck) for refresher in refreshers
        )
        watches = []
        for thread in self._threads:
            connector = thread.refresher.source.connector
            if folders := connector.watched_folders():
                watches.append(FolderWatch(folders, connector.file_state, thread.trigger))
        self._watches = tuple(watches)

    def start(self) -> None:
        """Begin to read the sources."""
        for started in (*self._threads, *self._watches):
            started.start()

    def stop(self) -> None:
        """Let all threads end; a connector's call under way is not waited for."""
        for thread in self._threads:
            thread.stop()
        for watch in self._watches:
            watch.stop()

    def join(self) -> None:
        """Wait until no thread writes; a fetch under way is not waited for."""
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)

    def trigger(self, source: str, *, full: bool) -> None:
        """Read a source now, with `full` all of it; nothing happens for an unknown one."""
        for thread in self._threads:
            if thread.refresher.source.name == source:
                thread.trigger(full=full)

    def read_sources(self) -> frozenset[str]:
        """Return the names of the sources that were read since `start`."""
        return frozenset(
            thread.refresher.source.name for thread in self._threads if thread.was_read
        )

    def statuses(self) -> dict[str, SourceStatus]:
        """Return the status of each source, by name."""
        return {thread.refresher.source.name: thread.refresher.status for thread in self._threads}
