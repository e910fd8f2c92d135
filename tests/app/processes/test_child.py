"""A child process: started, started again, and no reason for the supervisor to end."""

import signal
import sys
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.processes.child import ChildProcess
from app.state.heartbeat import RELOADED
from tests.support.patience import PATIENCE, SHORT
from tests.support.servers.gateway import eventually


def test_a_process_that_cannot_be_started_is_tried_again(tmp_path: Path) -> None:
    """As while an update replaces the Python that it runs with."""
    python = tmp_path / "python"
    child = ChildProcess(
        "web-1", lambda pipe, beat: [str(python), "-c", f"import os; os.read({pipe}, 1)"], ()
    )
    with capture_logs() as lines:
        child.start()
    assert (child.process, True) == (None, child.has_ended())
    assert [("process_not_started", "web-1", f"{python}: No such file or directory")] == [
        (line["event"], line["process"], line["error"]) for line in lines
    ]
    python.symlink_to(sys.executable)

    def started() -> bool:
        child.restart_if_ended()
        return child.process is not None

    eventually(started, "the second try")
    assert not child.has_ended()
    child.wait_or_kill(0.0)
    assert child.has_ended()


def child(body: str, silence: float) -> ChildProcess:
    return ChildProcess(
        "web-1",
        lambda pipe, beat: [sys.executable, "-c", f"import os, time; beat = {beat}; {body}"],
        (),
        silence,
    )


def test_a_process_without_a_sign_of_life_is_replaced() -> None:
    silent = child("time.sleep(600)", SHORT)
    with capture_logs() as lines:
        silent.start()
        first = silent.process

        def replaced() -> bool:
            silent.read_heartbeats(time.monotonic())
            silent.restart_if_ended()
            return silent.process is not None and silent.process is not first

        eventually(replaced, "another")
    silent.send_signal(signal.SIGKILL)
    silent.wait_or_kill(time.monotonic() + PATIENCE)
    assert ["process_silent", "process_ended"] == [line["event"] for line in lines][:2]


def test_a_silent_process_is_reported_once_while_the_system_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = child("time.sleep(600)", SHORT)
    with capture_logs() as lines:
        silent.start()
        assert silent.process is not None
        with monkeypatch.context() as slow:
            slow.setattr(silent.process, "kill", lambda: None)
            later = time.monotonic() + 60
            silent.read_heartbeats(later)
            silent.read_heartbeats(later + 0.1)
    silent.send_signal(signal.SIGKILL)
    silent.wait_or_kill(time.monotonic() + PATIENCE)
    assert ["process_silent"] == [line["event"] for line in lines]


def test_a_process_that_gives_signs_stays_and_the_number_of_reloads_is_known() -> None:
    living = child(
        "os.write(beat, b'r'); [(os.write(beat, b'.'), time.sleep(0.02)) for _ in range(9999)]",
        PATIENCE,
    )
    living.start()
    first = living.process

    def heard() -> bool:
        living.read_heartbeats(time.monotonic())
        living.restart_if_ended()
        return living.reloads == 1

    eventually(heard, "the sign of a reload")
    assert first is living.process and not living.has_ended()
    living.send_signal(signal.SIGKILL)
    living.wait_or_kill(time.monotonic() + PATIENCE)


def test_silence_counts_anew_when_the_supervisor_itself_was_stopped() -> None:
    silent = child("time.sleep(600)", 100.0)
    silent.start()
    later = time.monotonic() + 500
    silent.reset_silence(later)
    silent.read_heartbeats(later + 50)
    assert not silent.has_ended()
    with capture_logs():
        silent.read_heartbeats(later + 150)
        eventually(silent.has_ended, "it is killed")
    silent.wait_or_kill(0.0)


def test_a_reload_of_a_process_that_is_just_starting_waits_until_it_handles_it() -> None:
    body = (
        f"import signal; signal.signal(signal.SIGHUP, lambda *_: os.write(beat, {RELOADED!r}));"
        " signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP}); time.sleep(600)"
    )
    starting = child(body, PATIENCE)
    with capture_logs() as lines:
        starting.start()
        starting.send_signal(signal.SIGHUP)

        def is_reloaded() -> bool:
            starting.read_heartbeats(time.monotonic())
            starting.restart_if_ended()
            return starting.reloads == 1

        eventually(is_reloaded, "the reload")
    assert [] == lines
    starting.wait_or_kill(0.0)
