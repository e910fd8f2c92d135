"""Commands that need a running gateway, and their messages if none runs.

The configuration may also have become wrong.
"""

import signal
from pathlib import Path

from tests.support import contacts
from tests.support.servers.gateway import Gateway, eventually, run
from tests.support.servers.processes import free_port

WRONG = "\n[numbers]\nregion = 'Germany'\n"


def configure(folder: Path, more: str = "", before: str = "") -> None:
    contacts.write(folder / "contacts.csv", map(contacts.person, range(12)))
    listen = f'[listen]\nhost = "127.0.0.1"\nport = {free_port()}\n'
    (folder / "gateway.toml").write_text(before + contacts.CONFIG + listen + more, encoding="utf-8")


def test_where_nothing_runs_reload_and_status_say_so_and_leave_nothing_behind(
    tmp_path: Path,
) -> None:
    configure(tmp_path)
    assert 0 == run("build", "--once", cwd=tmp_path).returncode
    shown = run("reload", cwd=tmp_path)
    assert (1, "") == (shown.returncode, shown.stdout)
    assert "The configuration is good, but no running gateway with state_dir" in shown.stderr
    assert [] == list((tmp_path / "state" / "requests").iterdir())
    result = run("status", cwd=tmp_path)
    assert (1, True) == (
        result.returncode,
        result.stdout.startswith("running: nothing; phones are not served "),
    )
    assert "source staff: ok, 12 contacts" in result.stdout


def test_somebody_else_on_the_port_is_not_taken_for_the_gateway(tmp_path: Path) -> None:
    configure(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    contacts.write(other / "contacts.csv", map(contacts.person, range(2)))
    with Gateway(other, contacts.CONFIG) as gateway:
        (tmp_path / "gateway.toml").write_text((other / "gateway.toml").read_text())
        output = run("status", cwd=tmp_path).stdout.splitlines()[0]
        assert (
            f"running: nothing; port {gateway.port} answers, but no gateway holds this state_dir"
            in output
        )
        assert 1 == run("reload", cwd=tmp_path).returncode


def test_accept_waits_for_a_builder_where_none_runs_and_says_so(tmp_path: Path) -> None:
    configure(tmp_path)
    assert 0 == run("build", "--once", cwd=tmp_path).returncode
    contacts.write(tmp_path / "contacts.csv", ())
    held = run("build", "--once", cwd=tmp_path)
    assert (1, True) == (held.returncode, "it holds nothing now, 12 contacts before" in held.stderr)
    accepted = run("accept", "staff", cwd=tmp_path)
    assert (0, True) == (
        accepted.returncode,
        "no builder runs: it waits for serve, build or build --once" in accepted.stdout,
    )
    assert "staff: ok, 0 contacts\n" == run("build", "--once", cwd=tmp_path).stdout


def test_a_running_gateway_is_seen_and_takes_a_reload(tmp_path: Path) -> None:
    configure(tmp_path)
    with Gateway(tmp_path, contacts.CONFIG) as gateway:
        eventually(
            lambda: "staff: ok, 12 contacts" in run("status", cwd=tmp_path).stdout, "it is read"
        )
        output = run("status", cwd=tmp_path).stdout
        assert "running: the gateway" == output.splitlines()[0]
        gateway.configure(contacts.CONFIG + "[books.team]\nsources = ['staff']\n")
        output = run("status", cwd=tmp_path).stdout
        assert "is of another configuration (if a gateway runs: directory-gateway reload)" in output
        shown = run("reload", cwd=tmp_path)
        assert (0, True) == (shown.returncode, "the running gateway reads it now" in shown.stdout)
        eventually(lambda: "<Name>Team</Name>" in gateway.text("/menu.xml"), "the new book")


def test_a_reload_that_the_gateway_refuses_is_no_success(tmp_path: Path) -> None:
    configure(tmp_path)
    with Gateway(tmp_path, contacts.CONFIG) as gateway:
        good = contacts.CONFIG + "[books.team]\nsources = ['staff']\n"
        runs_on, gateway.port = gateway.port, free_port()
        gateway.configure(good)
        shown = run("reload", cwd=tmp_path)
        assert (1, "") == (shown.returncode, shown.stdout)
        assert (
            "The configuration is good, but the running gateway refused it: listen changed, which"
            " needs a restart" in shown.stderr
        )
        assert "Nothing was changed" in shown.stderr
        gateway.port = runs_on
        gateway.configure("state_dir = 'elsewhere'\n" + good)
        shown = run("reload", cwd=tmp_path)
        assert (1, True) == (
            shown.returncode,
            "A changed state_dir needs a restart" in shown.stderr,
        )
        gateway.configure(good)
        assert 0 == run("reload", cwd=tmp_path).returncode
        eventually(lambda: "<Name>Team</Name>" in gateway.text("/menu.xml"), "the new book")
        assert [] == list((tmp_path / "state" / "requests").iterdir())


def test_a_configuration_that_is_gone_is_missed_and_not_called_unreadable(tmp_path: Path) -> None:
    configure(tmp_path)
    with Gateway(tmp_path, contacts.CONFIG) as gateway:
        (tmp_path / "gateway.toml").unlink()
        gateway.process.send_signal(signal.SIGHUP)
        eventually(lambda: "configuration_refused" in gateway.logged(), "it is refused")
        assert "gateway.toml: 1 problem" in gateway.logged()
        assert "cannot be read (No such file or directory). Put it back." in gateway.logged()


def test_what_the_gateway_alone_finds_wrong_is_told_by_reload(tmp_path: Path) -> None:
    # A secret out of the environment: this shell has it, the service does not.
    configure(tmp_path)
    with Gateway(tmp_path, contacts.CONFIG) as gateway:
        book = (
            "[sources.book]\nconnector = 'carddav'\nurl = 'http://127.0.0.1:9/'\nusername ="
            " 'a'\npassword_env = 'BOOK_WORD'\n"
        )
        gateway.configure(contacts.CONFIG + book)
        shown = run("reload", cwd=tmp_path, BOOK_WORD="x")
        assert (1, "") == (shown.returncode, shown.stdout)
        assert (
            'sources.book.password_env = "BOOK_WORD": the environment has no such variable'
            in shown.stderr
        )


def test_a_web_side_alone_is_told_from_a_whole_gateway(tmp_path: Path) -> None:
    configure(tmp_path)
    assert 0 == run("build", "--once", cwd=tmp_path).returncode
    with Gateway(tmp_path, contacts.CONFIG, "--no-builder", ready=False) as gateway:
        eventually(lambda: gateway.status_code("/-/healthy") == 200, "the web side")
        assert "running: the web workers only" in run("status", cwd=tmp_path).stdout


def test_a_configuration_that_became_wrong_does_not_take_the_status_away(tmp_path: Path) -> None:
    configure(tmp_path)
    with Gateway(tmp_path, contacts.CONFIG) as gateway:
        eventually(
            lambda: "staff: ok, 12 contacts" in run("status", cwd=tmp_path).stdout, "it is read"
        )
        for broken, problem in (
            (WRONG, 'numbers.region = "Germany" is no country'),
            ("\n[books.x\n", "is not valid TOML"),
        ):
            gateway.configure(contacts.CONFIG + broken)
            result = run("status", cwd=tmp_path)
            assert (1, True) == (result.returncode, problem in result.stderr)
            assert "running: the gateway, with its former configuration" in result.stdout
            reload = run("reload", cwd=tmp_path)
            assert (1, "") == (reload.returncode, reload.stdout)
            assert "Nothing was reloaded: a running gateway keeps its former" in reload.stderr
            assert problem in reload.stderr
            assert "source staff: ok, 12 contacts" in result.stdout
        assert 12 == gateway.text("/staff.xml").count("<DirectoryEntry>")


def test_the_state_directory_is_found_in_a_file_that_is_no_toml(tmp_path: Path) -> None:
    configure(tmp_path, before="state_dir = 'kept'\n")
    assert 0 == run("build", "--once", cwd=tmp_path).returncode
    for broken in ("title = Company\n", "[sources.x\n"):
        configure(tmp_path, before="state_dir = 'kept' # here\n" + broken)
        result = run("status", cwd=tmp_path)
        assert (1, True) == (result.returncode, "is not valid TOML" in result.stderr)
        assert [
            f"state_dir: {tmp_path / 'kept'} (set in gateway.toml)",
            "running: nothing",
        ] == result.stdout.splitlines()[:2]
        assert "source staff: ok, 12 contacts" in result.stdout


def test_without_a_state_directory_a_wrong_configuration_is_all_there_is_to_say(
    tmp_path: Path,
) -> None:
    configure(tmp_path, WRONG)
    result = run("status", cwd=tmp_path)
    assert (1, "") == (result.returncode, result.stdout)
    assert 'numbers.region = "Germany"' in result.stderr
