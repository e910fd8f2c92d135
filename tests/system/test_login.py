"""The login of operators over several workers, and in the log."""

from pathlib import Path

from app.state.login_attempts import FREE_ATTEMPTS
from tests.support import contacts
from tests.support.login_gateway import CONFIG, log_in, send
from tests.support.password import PASSWORD, cheap_line
from tests.support.servers.gateway import Gateway, run

WRONG = "S3cret-guess"


def test_all_workers_share_sessions_and_count_guesses_together(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    (tmp_path / "operators").write_text(cheap_line())
    with Gateway(tmp_path, CONFIG, "--workers", "2") as gateway:
        cookie = {"Cookie": log_in(gateway, PASSWORD, X_Forwarded_For="10.0.0.1").cookie}
        assert {200} == {send(gateway, "/docs", **cookie).status for _ in range(10)}
        statuses = [
            log_in(gateway, WRONG, X_Forwarded_For="10.0.0.2").status
            for _ in range(FREE_ATTEMPTS + 1)
        ]
        assert [401] * FREE_ATTEMPTS + [429] == statuses
        assert "source staff: ok" in run("status", cwd=tmp_path).stdout
        log = gateway.logged()
        assert FREE_ATTEMPTS == log.count("login_refused")
        assert 1 == log.count("operator_logged_in")
        assert not [word for word in (WRONG, PASSWORD, "$scrypt", cookie["Cookie"]) if word in log]
        # The session outlives a restart.
        gateway.stop()
        gateway.start()
        assert 200 == send(gateway, "/docs", **cookie).status
