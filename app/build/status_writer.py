"""Write a state directory's status, and log when that begins to fail."""

from pathlib import Path

from app.logs import Log
from app.state.status import Status, write_status

_log = Log("builder")


class StatusWriter:
    """Writes the status; `failures` is how often in a row that has failed."""

    def __init__(self, folder: Path) -> None:
        self.failures = 0
        self._folder = folder

    def write(self, status: Status) -> None:
        """Replace the status. The first of several failures in a row is logged."""
        try:
            write_status(self._folder, status)
            self.failures = 0
        except OSError as error:
            if not self.failures:
                _log.error("status_not_written", error=error.strerror)
            self.failures += 1
