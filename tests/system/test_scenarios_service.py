"""Configuration, clock, processes and several workers of a running gateway."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.servers.gateway import eventually
from tests.support.servers.steered import Steered, crowd, somebody

ANN, BEN, CAT = (
    somebody("1", "Ann Smith", "0895550101"),
    somebody("2", "Ben Smith", "0895550102"),
    somebody("3", "Cat Smith", "0895550103"),
)
BOOKS = '[books.team]\ntitle = "The Team"\nsources = ["staff"]'


def is_running(process: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_config_broken_on_reload(tmp_path: Path) -> None:
    with Steered(tmp_path, people=(ANN,)) as gateway:
        gateway.until_listed("Ann Smith")
        started_at = reload_time(gateway)
        children = (gateway.children("app.web.worker"), gateway.children("app.build.worker"))
        gateway.configure(gateway.config(rest=BOOKS.replace("staff", "stuff")))
        gateway.process.send_signal(signal.SIGHUP)
        (line,) = eventually(lambda: gateway.events("configuration_refused"), "it is refused")
        assert "books.team.sources: there is no source" in line and "the old one stays" in line
        gateway.say("well", ANN, BEN)
        gateway.until_listed("Ann Smith", "Ben Smith")
        assert children == (
            gateway.children("app.web.worker"),
            gateway.children("app.build.worker"),
        )
        assert "ok" == gateway.source()["state"]
        # Whoever looks from outside sees it too.
        assert (
            "was not taken: " in gateway.status()["problem"]
            and "there is no source" in gateway.status()["problem"]
        )
        assert "directory_gateway_config_reload_ok 0.0" in gateway.text("/-/metrics")
        # The command says what is wrong, too, and asks for nothing.
        assert "there is no source" in gateway.refused("reload")
        # A worker and a builder that die now find the configuration that was good.
        for pid in (*children[0], *children[1]):
            os.kill(pid, signal.SIGKILL)
        gateway.say("well", ANN, BEN, CAT)
        eventually(lambda: gateway.status_code("/-/ready") == 200, "a worker again")
        gateway.until_listed("Ann Smith", "Ben Smith", "Cat Smith")
        # A worker that died has not forgotten it, and every way to look shows it.
        refused_at = reload_time(gateway)
        assert started_at < refused_at
        assert "there is no source" in gateway.text("/")
        assert "there is no source" in gateway.status()["problem"]
        assert "directory_gateway_config_reload_ok 0.0" in gateway.text("/-/metrics")
        gateway.configure(gateway.config(rest=BOOKS))
        gateway.process.send_signal(signal.SIGHUP)
        gateway.until_seen("directory_gateway_config_reload_ok 1.0", "/-/metrics")
        assert "" == gateway.status()["problem"]
        assert refused_at < reload_time(gateway)


def reload_time(gateway: Steered) -> float:
    """Return when the configuration was last read, in seconds since 1970."""
    (found,) = re.findall(
        r"^directory_gateway_config_reload_timestamp_seconds (\S+)$",
        gateway.text("/-/metrics"),
        re.MULTILINE,
    )
    return float(found)


@pytest.mark.parametrize("by", ["SIGHUP", "reload"])
def test_reload(tmp_path: Path, by: str) -> None:
    with Steered(tmp_path, "--workers", "2", people=(ANN,)) as gateway:
        gateway.until_listed("Ann Smith")
        old = gateway.children("app.web.worker")
        gateway.configure(gateway.config(rest=BOOKS))
        if by == "reload":
            gateway.command("reload")
        else:
            gateway.process.send_signal(signal.SIGHUP)
        # No phone is turned away meanwhile, be its connection taken just when a worker ends; soon
        # all workers serve the new book.
        with ThreadPoolExecutor(3) as phones:
            while set(old) & set(gateway.children("app.web.worker")):
                assert {200} == {
                    answer[0] for answer in phones.map(gateway.get, ["/menu.xml"] * 200)
                }
        gateway.until_seen("<Name>The Team</Name>", "/menu.xml")
        gateway.until_seen("<Name>Ann Smith</Name>", "/team.xml")
        assert 2 == len(gateway.children("app.web.worker"))
        assert "There is no such page" in gateway.text("/staff.xml")


def test_clock_jumps(tmp_path: Path) -> None:
    with Steered(tmp_path, people=(ANN,)) as gateway:
        gateway.until_listed("Ann Smith")
        known = [ANN]
        for days, contact in (
            (400, BEN),
            (-400, CAT),
            (0, somebody("4", "Dan Smith", "0895550104")),
        ):
            # Years ahead and back: the source is read on, changes are published, and no note of age
            # stays.
            gateway.jump(days * 86_400)
            known.append(contact)
            gateway.say("well", *known)
            gateway.until_listed(*(person.name for person in known))
            eventually(lambda: "as of" not in gateway.text("/staff.xml"), "no note")
            source = gateway.until("ok")
            wanted = datetime.now().astimezone() + timedelta(days=days)
            eventually(
                lambda day=wanted: (
                    abs(when(gateway.source()["last_success"]) - day) < timedelta(minutes=5)
                ),
                "the new time",
            )  # type: ignore[misc]
            assert source["error"] == "" and gateway.status()["problem"] == ""
            assert gateway.status()["generation"]["age_seconds"] < 300


def when(text: str) -> datetime:
    """Return the moment in a status."""
    return datetime.fromisoformat(text)


def test_a_clock_set_back_holds_nothing_back_longer(tmp_path: Path) -> None:
    with Steered(tmp_path, source='hold = "1h"', people=crowd(12)) as gateway:
        eventually(lambda: 12 == gateway.text("/staff.xml").count("<DirectoryEntry>"), "12 people")
        gateway.say("well", *crowd(3))
        since = when(gateway.until("held")["held_since"])
        gateway.jump(-86_400)
        eventually(lambda: when(gateway.source()["held_since"]) < since, "it counts from now on")
        gateway.jump(-86_400 + 3_700)
        eventually(lambda: 3 == gateway.text("/staff.xml").count("<DirectoryEntry>"), "3 people")


def test_the_note_of_age_is_in_the_configured_time_zone(tmp_path: Path) -> None:
    gateway = Steered(tmp_path, people=(ANN,))
    with gateway:
        gateway.until_listed("Ann Smith")
        gateway.say("unavailable")
        gateway.until("failing")
        last = when(gateway.source()["last_success"]).astimezone(ZoneInfo("Europe/Berlin"))
        page = gateway.until_seen("as of ")
        assert f"<Prompt>1-1 of 1, as of {last.day} {last:%b %H:%M}</Prompt>" in page
        gateway.configure(gateway.config().replace("Europe/Berlin", "Asia/Kathmandu"))
        gateway.command("reload")
        there = last.astimezone(ZoneInfo("Asia/Kathmandu"))
        gateway.until_seen(f"as of {there.day} {there:%b %H:%M}")


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    with Steered(tmp_path, "--workers", "2", people=(ANN,)) as gateway:
        gateway.until_listed("Ann Smith")
        gateway.say("hang")
        gateway.await_fetches()
        children = [*gateway.children("app.web.worker"), *gateway.children("app.build.worker")]
        assert 3 == len(children)
        gateway.process.kill()
        eventually(lambda: not any(map(is_running, children)), "all children end")


def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    with Steered(tmp_path, "--workers", "2", people=(ANN,)) as gateway:
        gateway.until_listed("Ann Smith")
        eventually(lambda: 2 == len(gateway.children("app.web.worker")), "two workers")
        for _ in range(20):
            assert 200 == gateway.get("/menu.xml")[0]
        eventually(
            lambda: counted(gateway, 'requests_total{kind="phone"}') >= 21,
            "all are counted by whoever is asked",
        )
        assert 405 == gateway.get("/menu.xml", method="POST")[0]
        eventually(
            lambda: counted(gateway, 'requests_total{kind="refused"}') == 1,
            "so is what was refused",
        )
        before = counted(gateway, 'requests_total{kind="phone"}')
        gone = gateway.children("app.web.worker")
        os.kill(gone[0], signal.SIGKILL)
        eventually(
            lambda: len(set(gateway.children("app.web.worker")) - {gone[0]}) == 2,
            "two workers again",
        )
        eventually(lambda: gateway.status_code("/menu.xml") == 200, "an answer")
        # What the dead one had counted is not lost: a counter never goes back.
        eventually(
            lambda: counted(gateway, 'requests_total{kind="phone"}') >= before + 1,
            "the sum goes on",
        )


def counted(gateway: Steered, name: str) -> float:
    """Return a figure of `/-/metrics`."""
    found = re.search(
        rf"^directory_gateway_{re.escape(name)} (\S+)$", gateway.text("/-/metrics"), re.MULTILINE
    )
    return float(found[1]) if found else -1.0
