"""A child process: started, started again, and no reason for the supervisor to end."""

import sys
from pathlib import Path

from structlog.testing import capture_logs

from app.supervisor import _Child
from tests.servers.gateway import eventually


def test_a_process_that_cannot_be_started_is_tried_again(tmp_path: Path) -> None:
    """As while an update replaces the Python that it runs with."""
    python = tmp_path / "python"
    child = _Child("web-1", lambda pipe: [str(python), "-c", f"import os; os.read({pipe}, 1)"], ())
    with capture_logs() as told:
        child.start()
    assert (child.process, True) == (None, child.has_ended())
    assert [("process_not_started", "web-1", "No such file or directory")] == [
        (line["event"], line["process"], line["error"]) for line in told
    ]
    python.symlink_to(sys.executable)

    def started() -> bool:
        child.look()
        return child.process is not None

    eventually(started, "the second try")
    assert not child.has_ended()
    child.end(0.0)
    assert child.has_ended()
