"""The access log: its lines, and what happens if nobody takes them."""

import errno
import json
import os
import select
import threading
from collections.abc import Iterator
from datetime import datetime
from io import FileIO
from ipaddress import ip_address
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.settings.loader import parse
from app.web.access_log import WRITING_THREAD, AccessEntry, AccessLog
from app.web.phone_application import PhoneRequest
from app.web.shown_paths import ShownPaths
from tests.support.servers.gateway import eventually

PHONE = PhoneRequest("default", "SEP001122AABBCC", "CP-7821\n" + "x" * 50, "staff.xml")
PAGE = AccessEntry(
    1_795_957_752.25,
    ip_address("192.0.2.7"),
    "GET",
    b"/search.xml?q=Smith",
    200,
    707,
    0.0000854,
    PHONE,
)
REFUSED = AccessEntry(0.0, "::ffff:192.0.2.8", "", b"", 400, 18, 0.0, reason="Request too large.")


@pytest.fixture
def paths(tmp_path: Path) -> ShownPaths:
    sources = {"staff": {"connector": "csv", "path": "staff.csv"}}
    return ShownPaths(
        parse({"state_dir": str(tmp_path), "sources": sources}, tmp_path / "gateway.toml")
    )


@pytest.fixture
def pipe() -> Iterator[tuple[FileIO, FileIO]]:
    reader, writer = os.pipe()
    with FileIO(reader, "r") as first, FileIO(writer, "w") as second:
        yield first, second


def until_log_has_ended() -> None:
    """Wait until no log writes any more: its descriptor may be another file's by then."""
    eventually(
        lambda: WRITING_THREAD not in {thread.name for thread in threading.enumerate()},
        "the end of the log",
    )


def written(path: Path, entries: list[AccessEntry], paths: ShownPaths, *, as_json: bool) -> str:
    with path.open("wb") as file:
        log = AccessLog(paths, as_json=as_json, descriptor=file.fileno())
        for entry in entries:
            log.add(entry)
        log.close()
        until_log_has_ended()
    return path.read_text(encoding="utf-8")


def test_a_line_has_what_is_known_and_no_query(tmp_path: Path, paths: ShownPaths) -> None:
    time = datetime.fromtimestamp(PAGE.ended).astimezone().isoformat(timespec="milliseconds")
    refused = datetime.fromtimestamp(0).astimezone().isoformat(timespec="milliseconds")
    model = "CP-7821?" + "x" * 32
    facts = {
        "timestamp": time,
        "level": "info",
        "event": "request",
        "address": "192.0.2.7",
        "method": "GET",
        "path": "/search.xml",
        "status": 200,
        "bytes": 707,
        "microseconds": 85,
        "profile": "default",
        "device": "SEP001122AABBCC",
        "model": model,
    }
    lines = written(tmp_path / "json", [PAGE, REFUSED], paths, as_json=True).splitlines()
    assert facts == json.loads(lines[0])
    assert {
        "timestamp": refused,
        "level": "info",
        "event": "request",
        "address": "192.0.2.8",
        "status": 400,
        "bytes": 18,
        "microseconds": 0,
        "reason": "Request too large.",
    } == json.loads(lines[1])
    assert (
        " ".join(f"{name}={fact}" for name, fact in facts.items())
        + f"\ntimestamp={refused} level=info event=request address=192.0.2.8 status=400"
        ' bytes=18 microseconds=0 reason="Request too large."\n'
    ) == written(tmp_path / "plain", [PAGE, REFUSED], paths, as_json=False)


def test_many_lines_are_whole_and_in_order(tmp_path: Path, paths: ShownPaths) -> None:
    entries = [AccessEntry(0.0, "", "GET", b"/", 200, number, 0.0) for number in range(3_500)]
    lines = written(tmp_path / "json", entries, paths, as_json=True).splitlines()
    assert list(range(3_500)) == [json.loads(line)["bytes"] for line in lines]


def test_an_output_that_nobody_reads_stops_nothing(
    pipe: tuple[FileIO, FileIO], paths: ShownPaths
) -> None:
    log = AccessLog(paths, as_json=False, descriptor=pipe[1].fileno())
    with capture_logs() as lines:
        # More than the pipe and the batches hold; this would never end if it waited for a reader.
        for _ in range(40_000):
            log.add(PAGE)
        log.flush()
        log.flush()
    (line,) = lines
    assert ("access_log_lost", "the output is read too slowly") == (line["event"], line["error"])
    assert 10_000 < line["lines"] < 25_000
    reader = threading.Thread(target=_read_all, args=(pipe[0],))
    reader.start()
    log.close()
    until_log_has_ended()
    pipe[1].close()
    reader.join()


def _read_all(pipe: FileIO) -> None:
    while pipe.read(1 << 20):
        pass


def test_lines_that_cannot_be_written_are_counted(
    pipe: tuple[FileIO, FileIO], paths: ShownPaths
) -> None:
    pipe[0].close()
    log = AccessLog(paths, as_json=False, descriptor=pipe[1].fileno())
    with capture_logs() as lines:
        log.add(PAGE)
        log.add(PAGE)

        def is_told() -> bool:
            log.flush()
            return bool(lines)

        eventually(is_told, "the loss")
        # Further ones are told in a minute, or at the end.
        log.add(PAGE)
        log.flush()
        log.close()
    assert [("access_log_lost", 2, "Broken pipe"), ("access_log_lost", 1, "Broken pipe")] == [
        (line["event"], line["lines"], line["error"]) for line in lines
    ]


def is_full(pipe: FileIO) -> bool:
    """Return whether a write to a pipe would wait."""
    return not select.select([], [pipe], [], 0)[1]


def test_lines_that_nobody_has_read_at_the_end_are_told(
    pipe: tuple[FileIO, FileIO], paths: ShownPaths
) -> None:
    log = AccessLog(paths, as_json=False, descriptor=pipe[1].fileno())
    with capture_logs() as lines:
        for _ in range(1_000):
            log.add(PAGE)
        eventually(lambda: is_full(pipe[1]), "the pipe holds no more")
        for _ in range(2_000):
            log.add(PAGE)
        log.close()
    (line,) = lines
    assert "the output is read too slowly" == line["error"]
    taken = pipe[0].read(1 << 20).count(b"\n")
    assert 0 < line["lines"] < 3_000 <= line["lines"] + taken
    # The thread goes on until its process ends.
    while taken < 3_000:
        taken += pipe[0].read(1 << 20).count(b"\n")
    until_log_has_ended()


def test_after_a_full_disk_each_line_is_whole_but_the_one_that_was_cut(
    tmp_path: Path, paths: ShownPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "log").open("wb") as file:
        taken, real = [10, None], os.write

        def write(descriptor: int, data: bytes) -> int:
            # The first write takes a part, the second nothing, the others all.
            if descriptor != file.fileno() or not taken:
                return real(descriptor, data)
            size = taken.pop(0)
            if size is None:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(descriptor, data[:size])

        monkeypatch.setattr("app.web.access_log.os.write", write)
        log = AccessLog(paths, as_json=True, descriptor=file.fileno())
        with capture_logs() as lines:
            log.add(PAGE)
            log.flush()
            eventually(lambda: not taken, "the full disk")
            log.add(PAGE)
            log.close()
    cut, whole = (tmp_path / "log").read_bytes().splitlines()
    assert (10, 200) == (len(cut), json.loads(whole)["status"])
    assert [("No space left on device", 1)] == [(line["error"], line["lines"]) for line in lines]
