"""The brake, refused logins and fetches on demand, on a running gateway."""

import os
import signal
from datetime import datetime
from pathlib import Path

from tests.support.servers.gateway import eventually
from tests.support.servers.steered import Steered, crowd, somebody

ANN, BEN = somebody("1", "Ann Smith", "0895550101"), somebody("2", "Ben Smith", "0895550102")


def when(text: str) -> float:
    """Return the moment in a status, in seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


def test_emptied(tmp_path: Path) -> None:
    with Steered(tmp_path, people=(ANN, BEN)) as gateway:
        gateway.until_listed("Ann Smith", "Ben Smith")
        gateway.say("well")
        source = gateway.until("held")
        assert 2 == source["contacts"]
        assert (
            "it holds nothing now, 2 contacts before" in source["error"]
            and "directory-gateway accept staff" in source["error"]
        )
        assert ["Ann Smith", "Ben Smith"] == gateway.listed()
        (line,) = gateway.events("source_held_back")
        assert "level=warning" in line and "directory-gateway accept staff" in line
        assert "directory-gateway accept staff" in gateway.refused("status")
        assert "directory-gateway accept staff" in gateway.refused("check")
        # However often and however long it says so: nobody at all passes by a person alone.
        gateway.jump(30 * 86_400)
        gateway.await_fetches(5)
        assert ("held", source["held_since"]) == (
            (now := gateway.source())["state"],
            now["held_since"],
        )
        assert ["Ann Smith", "Ben Smith"] == gateway.listed()
        shown = gateway.command("accept", "staff", "--dry-run")
        assert "Accepting it removes 2 contacts:\n  Ann Smith\n  Ben Smith\n" in shown
        assert shown.endswith("staff: nothing was accepted.\n")
        gateway.await_fetches(2)
        assert "held" == gateway.source()["state"]
        assert "  Ann Smith\n  Ben Smith\nstaff: accepted. The result is used" in gateway.command(
            "accept", "staff"
        )
        gateway.until_seen("Staff has no entries with a number.")
        assert (0, None) == ((now := gateway.until("ok"))["contacts"], now["held_since"])
        assert (
            1 == len(gateway.events("source_held_back")) == len(gateway.events("source_accepted"))
        )
        assert "Ann Smith" not in gateway.logged()


def test_halved_and_accepted(tmp_path: Path) -> None:
    with Steered(tmp_path, source='refresh = "1h"', people=crowd(12)) as gateway:
        eventually(lambda: 12 == len(gateway.listed()), "12 people")
        gateway.say("well", *crowd(5))
        gateway.refresh()
        source = gateway.until("held")
        assert "it lost 7 of 12 contacts" in source["error"] and 12 == source["contacts"]
        assert 12 == len(gateway.listed())
        # Another reading that says the same before `hold` is over does not release it.
        gateway.refresh()
        gateway.await_fetches(0)
        assert "held" == gateway.source()["state"] and 12 == len(gateway.listed())
        assert "Accepting it removes 7 contacts:\n  Person N005\n" in gateway.command(
            "accept", "staff"
        )
        eventually(lambda: 5 == len(gateway.listed()), "5 people")
        assert (5, "") == ((now := gateway.until("ok"))["contacts"], now["error"])
        # One that lost no more than half passes by itself.
        gateway.say("well", *crowd(3))
        gateway.refresh()
        eventually(lambda: 3 == len(gateway.listed()), "3 people")


def test_what_was_accepted_is_no_leave_for_others(tmp_path: Path) -> None:
    with Steered(tmp_path, source='refresh = "1h"', people=crowd(12)) as gateway:
        eventually(lambda: 12 == len(gateway.listed()), "12 people")
        gateway.say("well", *crowd(5))
        gateway.refresh()
        gateway.until("held")
        # It answers with even fewer before it is read again: nobody has accepted that.
        gateway.say("well", *crowd(4))
        gateway.command("accept", "staff")
        source = eventually(
            lambda: "it lost 8 of 12" in (found := gateway.source())["error"] and found,
            "held again",
        )
        assert ("held", 12) == (source["state"], len(gateway.listed()))
        assert 2 == len(gateway.events("source_held_back"))
        assert "Accepting it removes 8 contacts:\n  Person N004\n" in gateway.command(
            "accept", "staff"
        )
        eventually(lambda: 4 == len(gateway.listed()), "4 people")


def test_a_large_loss_passes_after_hold_with_a_warning(tmp_path: Path) -> None:
    gateway = Steered(tmp_path, people=crowd(12))
    with gateway:
        eventually(lambda: 12 == len(gateway.listed()), "12 people")
        gateway.say("well", *crowd(5))
        source = gateway.until("held")
        assert (
            "is accepted automatically on" in source["error"] and source["held_since"] is not None
        )
        metric = "directory_gateway_source_held_since_seconds"
        assert f'{metric}{{source="staff"}} ' in gateway.text("/-/metrics")
        assert f"  held since {source['held_since']}\n" in gateway.refused("status")
    gateway.jump(3 * 86_400 - 600)
    with gateway:
        gateway.await_fetches(3)
        assert ("held", 12, source["held_since"]) == (
            (now := gateway.source())["state"],
            len(gateway.listed()),
            now["held_since"],
        )
        gateway.jump(3 * 86_400 + 600)
        eventually(lambda: 5 == len(gateway.listed()), "5 people")
        assert gateway.until("ok")["held_since"] is None
        (line,) = gateway.events("source_loss_believed")
        assert "level=warning" in line and "before=12 after=5 lost=7" in line
        assert f"{metric}{{" not in gateway.text("/-/metrics")


def test_rights_that_are_lost_take_nobody_off_the_phones(tmp_path: Path) -> None:
    # A server that hides nearly everybody says success, with one entry: at every reading, all
    # night.
    with Steered(tmp_path, people=crowd(40)) as gateway:
        gateway.until_seen("<Prompt>40 entries")
        gateway.say("well", *crowd(1))
        gateway.until("held")
        gateway.jump(86_400)
        gateway.await_fetches(3)
        assert "held" == gateway.source()["state"]
        assert "<Prompt>40 entries" in gateway.text("/staff.xml")
        gateway.say("well", *crowd(40))
        assert "" == gateway.until("ok")["error"]


def test_refresh_reads_a_source_now_and_with_full_everything(tmp_path: Path) -> None:
    gateway = Steered(tmp_path, source='refresh = "1h"', people=(ANN,))
    with gateway:
        gateway.until_listed("Ann Smith")
        gateway.say("well", ANN, BEN)
        output = gateway.command("refresh", "staff")
        assert "staff: the builder reads it now" in output
        assert "A change of gateway.toml counts only after directory-gateway reload" in output
        gateway.until_listed("Ann Smith", "Ben Smith")
        assert gateway.checkpoints()[-1] is not None
        before = gateway.fetches()
        assert "staff: the builder reads everything now" in gateway.command(
            "refresh", "staff", "--full"
        )
        eventually(lambda: gateway.fetches() > before, "a fetch")
        assert gateway.checkpoints()[-1] is None
        gateway.command("refresh", "staff")
        eventually(lambda: gateway.fetches() > before + 1, "another fetch")
        assert gateway.checkpoints()[-1] is not None, "everything is read once"
        assert 'there is no source "nobody"' in gateway.refused("refresh", "nobody", code=2)
    assert "staff: no builder runs that could read it: the request waits" in gateway.command(
        "refresh", "staff"
    )
    assert (
        "staff: no builder runs that could read everything: the request waits"
        in gateway.command("refresh", "staff", "--full")
    )
    gateway.command("build", "--once")
    assert gateway.checkpoints()[-1] is None
    gateway.command("build", "--once")
    assert gateway.checkpoints()[-1] is not None


def test_a_refused_login_is_not_repeated_before_its_secret_changes(tmp_path: Path) -> None:
    secret = tmp_path / "word"
    secret.write_text("old\n")
    with Steered(tmp_path, source='secret_file = "word"\nrefresh = "1s"', people=(ANN,)) as gateway:
        gateway.until_listed("Ann Smith")
        gateway.say("well", ANN, BEN, secret="new")
        source = gateway.until("refused")
        assert [str(secret)] == source["waits_for"]
        assert f"  or when this file changes: {secret}\n" in gateway.refused("status")
        # Others wait for the pauses to grow; here it is the file that is waited for.
        gateway.await_fetches(3)
        eventually(
            lambda: (
                when(gateway.source()["next_try"])
                - when(gateway.status()["generation"]["built_at"])
                > 8
            ),
            "pauses grow",
        )
        secret.write_text("still wrong\n")
        gateway.await_fetches()
        gateway.until("refused")
        draft = tmp_path / "draft"
        draft.write_text("new\n")
        draft.replace(secret)
        gateway.until_listed("Ann Smith", "Ben Smith")
        assert [] == gateway.until("ok")["waits_for"]
        assert 1 == len(gateway.events("source_refused"))
        # A password that is changed on both sides is never refused: it is looked for before each
        # reading.
        gateway.say("well", ANN, secret="third")
        secret.write_text("third\n")
        gateway.until_listed("Ann Smith")


def test_a_builder_that_dies_again_and_again_repeats_no_refused_login(tmp_path: Path) -> None:
    gateway = Steered(
        tmp_path,
        source='secret_file = "word"\nrefresh = "1h"',
        people=(ANN,),
        secret="new",
        ready=False,
    )
    (tmp_path / "word").write_text("old")
    with gateway:
        eventually(lambda: gateway.status_code("/-/ready") == 200, "the source has failed")
        source = gateway.until("refused")
        for _ in range(5):
            (first,) = eventually(lambda: gateway.children("app.build.worker"), "a builder")
            written = (gateway.state / "status.json").stat().st_mtime_ns
            os.kill(first, signal.SIGKILL)
            eventually(
                lambda old=written: (gateway.state / "status.json").stat().st_mtime_ns > old,
                "another one tells how it is",
            )  # type: ignore[misc]
            assert ("refused", source["next_try"], source["error"]) == (
                (now := gateway.source())["state"],
                now["next_try"],
                now["error"],
            )
        assert 1 == gateway.fetches()
        # A person who reads the configuration again, or starts the gateway anew, wants to see it
        # tried.
        gateway.command("reload")
        eventually(lambda: 2 == gateway.fetches(), "tried once")
    with gateway:
        eventually(lambda: 3 == gateway.fetches(), "tried once")
        gateway.until("refused")
        (tmp_path / "word").write_text("new")
        gateway.until_listed("Ann Smith")


def test_cron_repeats_no_refused_login(tmp_path: Path) -> None:
    secret = tmp_path / "word"
    secret.write_text("old")
    gateway = Steered(
        tmp_path, source='secret_file = "word"\nrefresh = "1h"', people=(ANN,), secret="new"
    )
    assert "the server refuses the secret" in gateway.refused("build", "--once")
    for _ in range(3):
        assert (
            "It was not tried again: not before 20"
            in (message := gateway.refused("build", "--once"))
            and "refresh staff" in message
        )
    assert 1 == gateway.fetches()
    for count, change in enumerate((secret, tmp_path / "gateway.toml"), 2):
        change.write_bytes(change.read_bytes())
        gateway.refused("build", "--once")
        gateway.refused("build", "--once")
        assert count == gateway.fetches()
    gateway.command("refresh", "staff")
    gateway.refused("build", "--once")
    assert 4 == gateway.fetches()
    secret.write_text("new")
    assert "staff: ok, 1 contact\n" == gateway.command("build", "--once")
