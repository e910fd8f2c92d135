"""Damage to the state directory of a running gateway.

The disk is full, files are damaged, the builder is killed, or there are two of them.
"""

import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

from tests.support.servers.gateway import Gateway, eventually
from tests.support.servers.small_disk import fill, may_mount, mounted, unwritable
from tests.support.servers.steered import Steered, crowd, somebody

ANN, BEN, CAT = (
    somebody("1", "Ann Smith", "0895550101"),
    somebody("2", "Ben Smith", "0895550102"),
    somebody("3", "Cat Smith", "0895550103"),
)


def kill_builder(gateway: Gateway) -> int:
    """Kill the builder at once; returns the process id of the next one."""
    (first,) = gateway.children("app.build.worker")
    os.kill(first, signal.SIGKILL)
    return eventually(
        lambda: next((pid for pid in gateway.children("app.build.worker") if pid != first), 0),
        "another builder",
    )


def damage(path: Path) -> None:
    """Overwrite everything in a file, in place."""
    with path.open("r+b") as file:
        file.write(b"\x5a" * path.stat().st_size)


def test_disk_full_by_a_bound_on_files(tmp_path: Path) -> None:
    with Steered(tmp_path, people=(ANN, BEN)) as gateway:
        gateway.until_listed("Ann Smith", "Ben Smith")
        version = gateway.version()
        gateway.bound(60_000)
        kill_builder(gateway)
        gateway.say("well", ANN, BEN, *crowd(600))
        source = gateway.until("failing")
        assert (
            "state_dir" in source["error"]
            and "space" in source["error"]
            and 2 == source["contacts"]
        )
        assert (["Ann Smith", "Ben Smith"], version) == (gateway.listed(), gateway.version())
        gateway.bound(None)
        kill_builder(gateway)
        eventually(
            lambda: gateway.source()["contacts"] == 602, "it is read when there is space again"
        )
        gateway.until("ok")


# Where mounting is forbidden, the test above is the one that there can be.
if may_mount():

    def test_disk_full(tmp_path: Path) -> None:
        with (
            mounted(tmp_path / "state", 1000) as state,
            Steered(tmp_path, people=(ANN, BEN)) as gateway,
        ):
            gateway.until_listed("Ann Smith", "Ben Smith")
            version = gateway.version()
            filler = fill(state)
            gateway.say("well", ANN, BEN, CAT)
            # Either the contacts find no space, or what is built of them.
            problem = eventually(
                lambda: (
                    (status := gateway.status())["problem"] or status["sources"]["staff"]["error"]
                ),
                "a problem",
            )
            assert "space" in problem and "state_dir" in problem
            assert (["Ann Smith", "Ben Smith"], version) == (gateway.listed(), gateway.version())
            # Even a builder that starts on a full disk stays, and says what is wrong.
            now = kill_builder(gateway)
            eventually(
                lambda: (
                    (status := gateway.status())["problem"] or status["sources"]["staff"]["error"]
                ),
                "a problem",
            )
            assert ["Ann Smith", "Ben Smith"] == gateway.listed()
            filler.unlink()
            gateway.until_listed("Ann Smith", "Ben Smith", "Cat Smith")
            eventually(
                lambda: (
                    (status := gateway.status())["problem"] == ""
                    and status["sources"]["staff"]["state"] == "ok"
                ),
                "all is well again",
            )
            assert [now] == gateway.children("app.build.worker"), gateway.logged()


def test_a_state_directory_that_cannot_be_written(tmp_path: Path) -> None:
    gateway = Steered(tmp_path, people=(ANN,))
    with gateway:
        gateway.until_listed("Ann Smith")
    gateway.say("well", ANN, BEN)
    with unwritable(gateway.state), gateway:
        assert ["Ann Smith"] == gateway.listed()
        eventually(lambda: gateway.events("state_dir_unusable"), "the log tells")
        gateway.jump(900)
        assert "The builder has told nothing since" in eventually(
            lambda: gateway.status()["problem"], "a problem"
        )
        assert 1 == len(gateway.children("app.build.worker"))
        assert 1 == len(gateway.events("state_dir_unusable")) and [] == gateway.events(
            "process_ended"
        )
    gateway.jump(0)
    with gateway:
        gateway.until_listed("Ann Smith", "Ben Smith")


def test_state_corrupted_store(tmp_path: Path) -> None:
    gateway = Steered(tmp_path, people=(ANN, BEN))
    with gateway:
        gateway.until_listed("Ann Smith", "Ben Smith")
    damage(gateway.state / "sources.sqlite")
    gateway.say("unavailable")
    with gateway:
        # The last generation goes on, though what it was made from is lost and the source is down.
        assert ["Ann Smith", "Ben Smith"] == gateway.listed()
        gateway.until("failing")
        (line,) = gateway.events("store_set_aside")
        assert "was damaged" in line and 1 == len(
            list(gateway.state.glob("sources.sqlite.damaged-*"))
        )
        assert ["Ann Smith", "Ben Smith"] == gateway.listed()
        gateway.say("well", ANN, CAT)
        gateway.until_listed("Ann Smith", "Cat Smith")
        gateway.until("ok")


def test_state_corrupted_store_while_running(tmp_path: Path) -> None:
    with Steered(tmp_path, people=(ANN, BEN)) as gateway:
        gateway.until_listed("Ann Smith", "Ben Smith")
        damage(gateway.state / "sources.sqlite")
        gateway.say("well", ANN, CAT)
        gateway.until_listed("Ann Smith", "Cat Smith")
        eventually(lambda: list(gateway.state.glob("sources.sqlite.damaged-*")), "it is set aside")
        gateway.until("ok")


def test_state_corrupted_generation(tmp_path: Path) -> None:
    gateway = Steered(tmp_path, people=crowd(40))
    with gateway:
        gateway.until_seen("<Prompt>40 entries")
        version = gateway.version()
    damage(gateway.state / f"gen-{version}.sqlite")
    gateway.say("unavailable")
    with gateway:
        # Built anew from the store: nobody was asked.
        gateway.until_seen("<Prompt>40 entries")
        assert version != gateway.version()
        assert [f"gen-{version}.sqlite"] == [
            path.name.partition(".damaged-")[0] for path in gateway.state.glob("gen-*.damaged-*")
        ]
        assert "generation_set_aside" in gateway.logged()


def test_state_corrupted_generation_while_running(tmp_path: Path) -> None:
    with Steered(tmp_path, source='refresh = "1h"', many=5_000) as gateway:
        menu = gateway.until_seen("5000 entries")
        version = gateway.version()
        damage(gateway.state / f"gen-{version}.sqlite")
        # A page that nobody has opened yet: the phone gets an answer, and soon the right one, by
        # the link of before.
        last = re.findall("<URL>(.*?)</URL>", menu)[-1]
        assert 200 == gateway.get(last)[0]
        eventually(
            lambda: (
                (generation := gateway.status()["generation"]) and generation["version"] != version
            ),
            "another",
        )
        assert "<Name>" in gateway.until_seen("of 5000", last)
        assert (
            1
            == len(gateway.events("generation_damaged"))
            == len(gateway.events("generation_set_aside"))
        )


def test_state_a_row_that_is_no_text(tmp_path: Path) -> None:
    with Steered(tmp_path, source='refresh = "1h"', many=5_000) as gateway:
        menu = gateway.until_seen("5000 entries")
        version = gateway.version()
        with closing(sqlite3.connect(gateway.state / f"gen-{version}.sqlite")) as file:
            file.execute("UPDATE rows_1 SET name = NULL WHERE id > 4000")
            file.commit()
        last = re.findall("<URL>(.*?)</URL>", menu)[-1]
        assert 200 == gateway.get(last)[0]
        eventually(
            lambda: (
                (generation := gateway.status()["generation"]) and generation["version"] != version
            ),
            "another",
        )
        assert "<Name>" in gateway.until_seen("of 5000", last)
        assert (
            1
            == len(gateway.events("generation_damaged"))
            == len(gateway.events("generation_set_aside"))
        )
        assert "Traceback" not in gateway.logged()


def test_state_corrupted_pointer(tmp_path: Path) -> None:
    gateway = Steered(tmp_path, people=(ANN, BEN))
    with gateway:
        gateway.until_listed("Ann Smith", "Ben Smith")
    gateway.say("unavailable")
    for written in (b"\xff\xfe nonsense", b"", b"../../etc/passwd\n", b"zzzzzzzz\n"):
        (gateway.state / "current").write_bytes(written)
        with gateway:
            gateway.until_listed("Ann Smith", "Ben Smith")
            eventually(
                lambda: (
                    (gateway.state / "current").read_bytes().split()[:1]
                    == [gateway.version().encode()]
                ),
                "it points there again",
            )


def _is_growing(folder: Path, pattern: str) -> bool:
    with suppress(FileNotFoundError):
        return any(path.stat().st_size > 100_000 for path in folder.glob(pattern))
    return False


def _change_until_growing(gateway: Steered, pattern: str, sizes: Iterator[int]) -> None:
    """Change what the source holds until a file is seen while it is written.

    It may be done with within a few hundredths of a second, so it is looked for often,
    and again if it was missed.
    """
    growing = False
    while not growing:
        before = (gateway.state / "current").stat().st_mtime_ns
        gateway.say("well", ANN, many=next(sizes))
        gateway.refresh()
        eventually(
            lambda before=before: (
                _is_growing(gateway.state, pattern)
                or (gateway.state / "current").stat().st_mtime_ns != before
            ),
            pattern,
            pause=0.001,
        )  # type: ignore[misc]
        growing = _is_growing(gateway.state, pattern)


def test_builder_killed_while_writing(tmp_path: Path) -> None:
    def rows() -> int:
        return int(gateway.status()["profiles"]["default"]["books"]["staff"]["rows"])

    with Steered(tmp_path, source='refresh = "1h"', people=(ANN,)) as gateway:
        gateway.until_listed("Ann Smith")
        sizes = count(10_000)
        for pattern in ("sources.sqlite-wal", ".scratch-*", ".draft-gen-*"):
            _change_until_growing(gateway, pattern, sizes)
            kill_builder(gateway)
            # Whatever is served is whole.
            assert rows() in (1, *range(10_001, next(sizes)))
            assert "<Prompt>" in gateway.text("/staff.xml")
        # What was stored before the last one died is published by the next, though its source has
        # nothing new.
        eventually(lambda: 10_000 < gateway.source()["contacts"] == rows(), "all rows")
        gateway.until("ok")
        eventually(
            lambda: (
                [] == [*gateway.state.glob(".scratch-*"), *gateway.state.glob(".draft-*")] or None
            ),
            "nothing is left behind",
        )
        with closing(sqlite3.connect(gateway.state / "sources.sqlite")) as file:
            assert ("ok",) == file.execute("PRAGMA integrity_check").fetchone()


def test_two_builders(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    first = Steered(tmp_path, people=(ANN,))
    # Both name the source by the same text, so their configurations are the same.
    config = first.config().replace("script.json", str(first.script))
    first.configure(config)
    with first as gateway:
        gateway.until_listed("Ann Smith")
        second = Steered(tmp_path / "second", people=(BEN,))
        second.configure(config.replace("[sources", f'state_dir = "{gateway.state}"\n[sources', 1))
        with second:
            # The second waits, in one sentence, and serves what the first builds.
            eventually(lambda: second.events("builder_waits"), "one waits")
            assert (
                f"holder={gateway.children('app.build.worker')[0]}"
                in second.events("builder_waits")[0]
            )
            gateway.say("well", ANN, CAT)
            second.until_seen("<Name>Cat Smith</Name>")
            assert [] == second.events("generation_published")
            gateway.stop()
            # When the first is gone, it takes over.
            gateway.say("well", ANN, BEN)
            second.until_seen("<Name>Ben Smith</Name>")
            assert 1 == len(second.events("builder_waits"))
