"""Every failure of a source: what a phone sees and what `/-/status` says."""

from pathlib import Path

from tests.support.contacts import CONFIG, person, write
from tests.support.fakes.scripted import Mood, Script
from tests.support.servers.gateway import Gateway, eventually, run
from tests.support.servers.steered import Steered, somebody

ANN, BEN, CAT = (
    somebody("1", "Ann Smith", "0895550101"),
    somebody("2", "Ben Smith", "0895550102"),
    somebody("3", "Cat Smith", "0895550103"),
)


def test_source_down_at_start(tmp_path: Path) -> None:
    with Steered(tmp_path, mood="unavailable") as gateway:
        assert "Staff is not available yet. Please try again in a minute." in gateway.text(
            "/staff.xml"
        )
        assert "<Name>Staff</Name>" in gateway.text("/menu.xml")
        source = gateway.until("failing")
        assert (0, None, "the server does not answer") == (
            source["contacts"],
            source["last_success"],
            source["error"],
        )
        assert source["failing_since"] is not None and source["next_try"] is not None
        gateway.await_fetches(2)
        assert 1 == len(gateway.events("source_failing"))
        gateway.say("well", ANN)
        gateway.until_listed("Ann Smith")
        assert gateway.until("ok")["error"] == ""
        assert 1 == len(gateway.events("source_recovered"))


def test_source_down_with_old_data(tmp_path: Path) -> None:
    gateway = Steered(tmp_path, people=(ANN, BEN))
    with gateway:
        gateway.until_listed("Ann Smith", "Ben Smith")
        version = gateway.version()
    gateway.say("unavailable", ANN)
    with gateway:
        assert ["Ann Smith", "Ben Smith"] == gateway.listed()
        source = gateway.until("failing")
        assert (2, version) == (source["contacts"], gateway.version())
        assert source["last_success"] is not None
        # Three intervals later the phone says since when it has been so.
        page = gateway.until_seen("as of ")
        assert "<Name>Ann Smith</Name>" in page and "<Prompt>1-2 of 2, as of " in page
        gateway.say("well", ANN, BEN)
        eventually(
            lambda: "as of" not in gateway.text("/staff.xml"),
            "the note goes when the source is back",
        )


def test_source_hangs(tmp_path: Path) -> None:
    other = '[sources.shop]\nconnector = "scripted"\nscript = "shop.json"\nrefresh = "1s"'
    gateway = Steered(tmp_path, source='max_time = "6s"', rest=other, people=(ANN,))
    Script(people=(BEN,)).write(tmp_path / "shop.json")
    with gateway:
        gateway.until_listed("Ann Smith")
        gateway.say("hang", ANN, CAT)
        gateway.await_fetches()
        # The other source is read, and its changes are published, while this one hangs.
        Script(people=(BEN, CAT)).write(tmp_path / "shop.json")
        gateway.until_seen("<Name>Cat Smith</Name>", "/shop.xml")
        source = gateway.until("failing")
        assert "took longer than max_time (6 s)" in source["error"]
        assert ["Ann Smith"] == gateway.listed()
        fetches = gateway.fetches()
        # Its late result is dropped; only then is it asked again, and believed.
        gateway.say("well", ANN, CAT, seconds=0.3)
        gateway.until_listed("Ann Smith", "Cat Smith")
        assert fetches + 1 <= gateway.fetches()
        assert 1 == len(gateway.events("source_failing"))
        gateway.say("hang")
        gateway.await_fetches()
    assert 0 == gateway.process.returncode, "a hanging source does not delay the end"


def test_a_fetch_that_never_ends_makes_the_builder_anew(tmp_path: Path) -> None:
    with Steered(tmp_path, source='max_time = "1s"', people=(ANN,)) as gateway:
        gateway.until_listed("Ann Smith")
        (first,) = eventually(lambda: gateway.children("app.build.worker"), "a builder")
        gateway.say("hang")
        eventually(lambda: gateway.events("builder_ends"), "the builder ends")
        eventually(
            lambda: (now := gateway.children("app.build.worker")) and first not in now,
            "another builder",
        )
        assert ["Ann Smith"] == gateway.listed()
        gateway.say("well", ANN, BEN)
        gateway.until_listed("Ann Smith", "Ben Smith")
        gateway.until("ok")


def test_source_crashes(tmp_path: Path) -> None:
    # Without a checkpoint, so that a Delta is a fault.
    with Steered(tmp_path, people=(ANN,), deltas=False) as gateway:
        gateway.until_listed("Ann Smith")
        moods: tuple[Mood, ...] = ("crash", "quit", "garbage", "half a delta")
        for count, mood in enumerate(moods, 1):
            gateway.say(mood, BEN, text="Ann Smith 0895550101")
            source = gateway.until("failing")
            assert "this is a bug" in source["error"] and "Ann" not in source["error"]
            assert ["Ann Smith"] == gateway.listed()
            gateway.await_fetches(2)
            assert count == len(gateway.events("source_crashed"))
            gateway.say("well", ANN, deltas=False)
            gateway.until("ok")
        assert "Ann Smith" not in gateway.logged() and "0895550101" not in gateway.logged()
        gateway.say("well", ANN, BEN)
        gateway.until_listed("Ann Smith", "Ben Smith")


def test_wrong_password(tmp_path: Path) -> None:
    token = tmp_path / "token.json"
    token.write_text("old")
    with Steered(tmp_path, source='refresh = "2s"', people=(ANN,)) as gateway:
        gateway.until_listed("Ann Smith")
        gateway.say(
            "refused", text="the server refuses the password. Check sources.staff.password."
        )
        source = gateway.until("refused")
        assert (1, "the server refuses the password. Check sources.staff.password.") == (
            source["contacts"],
            source["error"],
        )
        assert ["Ann Smith"] == gateway.listed()
        gateway.await_fetches()
        (line,) = gateway.events("source_refused")
        assert "level=error" in line and "sources.staff.password" in line
        # One that names a file waits for that file, not for the interval.
        gateway.say(
            "refused",
            text="the token has expired. Type: directory-gateway login staff",
            until_changed=str(token),
        )
        eventually(lambda: "login" in gateway.source()["error"], "the new refusal")
        fetches = gateway.fetches()
        gateway.say("well", ANN, BEN)
        eventually(lambda: gateway.source()["last_success"], "a status")
        assert fetches == gateway.fetches()
        token.write_text("new!")
        gateway.until_listed("Ann Smith", "Ben Smith")
        gateway.until("ok")


def test_expired_checkpoint(tmp_path: Path) -> None:
    with Steered(tmp_path, people=(ANN, BEN)) as gateway:
        gateway.until_listed("Ann Smith", "Ben Smith")
        gateway.say("well", ANN, CAT)
        gateway.until_listed("Ann Smith", "Cat Smith")
        assert any(gateway.checkpoints()), "deltas were asked for"
        gateway.say("well", ANN, BEN, CAT, forgets=True)
        gateway.until_listed("Ann Smith", "Ben Smith", "Cat Smith")
        assert ("ok", 3, "") == (
            (source := gateway.source())["state"],
            source["contacts"],
            source["error"],
        )


def test_a_hundred_thousand_contacts(tmp_path: Path) -> None:
    with Steered(tmp_path, source='refresh = "1h"', people=(ANN,)) as gateway:
        gateway.until_listed("Ann Smith")
        gateway.say("well", ANN, many=100_000)
        gateway.refresh()
        eventually(
            lambda: 100_001 == gateway.status()["profiles"]["default"]["books"]["staff"]["rows"],
            "all rows",
        )
        eventually(lambda: 100_001 == gateway.source()["contacts"], "all contacts")
        assert "<Name>" in gateway.text("/staff.xml")


def test_a_csv_file_of_headers_alone_is_held_and_can_be_accepted(tmp_path: Path) -> None:
    write(tmp_path / "contacts.csv", map(person, range(12)))
    with Gateway(tmp_path, CONFIG) as gateway:
        eventually(lambda: "12 of 12" in gateway.text("/staff.xml"), "twelve people")
        # No byte at all is no answer; headers alone are one, which a person must confirm.
        (tmp_path / "contacts.csv").write_bytes(b"")
        eventually(
            lambda: gateway.status()["sources"]["staff"]["state"] == "failing",
            "an empty file fails",
        )
        assert "no result is held back" in run("accept", "staff", cwd=tmp_path).stdout
        write(tmp_path / "contacts.csv", ())
        source = eventually(
            lambda: (found := gateway.status()["sources"]["staff"])["state"] == "held" and found,
            "headers alone are held",
        )
        assert "it holds nothing now, 12 contacts before" in source["error"]
        assert "12 of 12" in gateway.text("/staff.xml")
        assert 0 == run("accept", "staff", cwd=tmp_path).returncode
        eventually(lambda: "12 of 12" not in gateway.text("/staff.xml"), "nobody is left")
        assert (0, "ok") == (
            gateway.status()["sources"]["staff"]["contacts"],
            gateway.status()["sources"]["staff"]["state"],
        )


def test_a_csv_file_of_headers_alone_is_believed_where_empty_is_allowed(tmp_path: Path) -> None:
    config = CONFIG.replace('path = "contacts.csv"', 'path = "contacts.csv"\nallow_empty = true')
    write(tmp_path / "contacts.csv", map(person, range(12)))
    with Gateway(tmp_path, config) as gateway:
        eventually(lambda: "12 of 12" in gateway.text("/staff.xml"), "twelve people")
        write(tmp_path / "contacts.csv", ())
        eventually(lambda: "12 of 12" not in gateway.text("/staff.xml"), "nobody is left")
        assert "ok" == gateway.status()["sources"]["staff"]["state"]


def test_a_csv_file_that_goes_bad_while_it_is_served_takes_nobody_off_the_phones(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "contacts.csv", map(person, range(12)))
    good = path.read_bytes()
    with Gateway(tmp_path, CONFIG) as gateway:
        eventually(lambda: "12 of 12" in gateway.text("/staff.xml"), "twelve people")
        bad = {
            "is not there": None,
            "is empty": b"",
            "is a spreadsheet": b"PK\x03\x04\x14\x00",
            "holds zero bytes": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "holds a byte that is not UTF-8": good + b"\xff\n",
            "a quotation mark opens there": (
                good[: good.index(b"Acme") + 2] + b',"' + good[good.index(b"Acme") :]
            ),
            "does not name the columns": b"Wer,Wo\n",
        }
        for problem, data in bad.items():
            draft = tmp_path / "draft"
            if data is None:
                path.unlink()
            else:
                draft.write_bytes(data)
                draft.replace(path)
            eventually(
                lambda problem=problem: problem in gateway.status()["sources"]["staff"]["error"],
                problem,
            )
            assert ("failing", 12) == (
                gateway.status()["sources"]["staff"]["state"],
                gateway.text("/staff.xml").count("<DirectoryEntry>"),
            )
        write(path, map(person, range(13)))
        eventually(lambda: "13 of 13" in gateway.text("/staff.xml"), "the good file")
    assert 1 == gateway.logged().count("event=source_failing")
