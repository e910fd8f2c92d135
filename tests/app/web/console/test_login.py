"""With a password, operators' pages need a login."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.model.password import hash_password
from app.state import login_attempts
from app.web.session import COOKIE, SESSION_SECONDS
from tests.support import contacts
from tests.support.login_gateway import guarded, log_in, send, token_in
from tests.support.password import PASSWORD, cheap_line
from tests.support.servers.web_side import WebSide

HTML = {"Accept": "text/html,*/*;q=0.8"}
PAGES = (
    "/",
    "/-/phone",
    "/-/held?source=staff",
    "/-/setup",
    "/docs",
    "/openapi.json",
    "/-/nothing",
)
FIGURES = ("/-/status", "/-/metrics")
ACTIONS = ("/-/accept", "/-/refresh", "/-/setup/file", "/-/setup/check", "/-/logout")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    with guarded(tmp_path_factory.mktemp("login")) as running:
        yield running


@pytest.fixture(scope="module")
def session(gateway: WebSide) -> dict[str, str]:
    return {"Cookie": log_in(gateway, PASSWORD).cookie}


def basic(password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'me:{password}'.encode()).decode()}"}


def secure(address: str) -> dict[str, str]:
    return {"X_Forwarded_For": address, "X_Forwarded_Proto": "https"}


@pytest.mark.parametrize("path", [*PAGES, *FIGURES])
def test_a_program_without_a_login_is_refused(gateway: WebSide, path: str) -> None:
    reply = send(gateway, path, X_Forwarded_For="10.0.0.1")
    assert (401, "This page needs a login at /-/login.\n") == (reply.status, reply.body)
    assert reply.headers["www-authenticate"] is None


@pytest.mark.parametrize(
    "path, location",
    [
        ("/", "./-/login"),
        ("/-/phone?path=%2Fmenu.xml", "../-/login?to=/-/phone%3Fpath%3D%252Fmenu.xml"),
        ("/docs", "./-/login?to=/docs"),
    ],
)
def test_a_browser_is_led_to_the_login_and_back(gateway: WebSide, path: str, location: str) -> None:
    reply = send(gateway, path, **HTML)
    assert (303, location) == (reply.status, reply.headers["location"])
    form = send(gateway, f"/-/login{location.partition('/-/login')[2]}", **HTML)
    target = re.findall(r'name="to" value="([^"]*)"', form.body)[0]
    led = log_in(gateway, PASSWORD, target)
    assert (303, f"..{path}") == (led.status, led.headers["location"])


def test_this_machine_gets_the_figures_without_a_login(gateway: WebSide) -> None:
    for path in FIGURES:
        assert 200 == send(gateway, path).status
    assert [401] * len(PAGES) == [send(gateway, path).status for path in PAGES]


def test_phones_and_monitors_need_no_login(gateway: WebSide) -> None:
    for path in ("/menu.xml", "/staff.xml", "/lookup?number=1", "/-/healthy", "/-/ready"):
        assert 200 == send(gateway, path, X_Forwarded_For="10.0.0.1").status
    assert 200 == send(gateway, "/-/static/console.css").status


def test_the_login_tells_nothing_of_the_gateway(gateway: WebSide) -> None:
    page = send(gateway, "/-/login", **HTML).body
    assert "Company" not in page and "staff" not in page and "state-ok" not in page
    assert 403 == send(gateway, "/-/login", X_Forwarded_For="10.9.9.9").status
    assert 403 == send(gateway, "/-/login", Host="evil.example").status


def test_the_cookie(gateway: WebSide) -> None:
    reply = log_in(gateway, PASSWORD)
    assert (303, "../") == (reply.status, reply.headers["location"])
    name, *flags = reply.headers["set-cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    expected = {"HttpOnly", "SameSite=strict", "Path=/", f"Max-Age={SESSION_SECONDS}"}
    assert expected == set(flags)
    over_tls = log_in(gateway, PASSWORD, **secure("10.0.0.2")).headers["set-cookie"]
    assert expected | {"Secure"} == set(over_tls.split("; ")[1:])


def test_a_session_opens_every_page(gateway: WebSide, session: dict[str, str]) -> None:
    statuses = [send(gateway, path, **session, **HTML).status for path in (*PAGES, *FIGURES)]
    assert [200, 200, 200, 200, 200, 200, 404, 200, 200] == statuses
    assert 303 == send(gateway, "/-/login", **session).status
    two = {"Cookie": f"{COOKIE}=stale; {session['Cookie']}"}
    assert 200 == send(gateway, "/", **two).status
    assert 401 == send(gateway, "/", Cookie=session["Cookie"][:-1]).status
    # The address counts as before.
    assert 403 == send(gateway, "/", X_Forwarded_For="10.9.9.9", **session).status


def test_a_session_ends_with_the_logout(gateway: WebSide, session: dict[str, str]) -> None:
    page = send(gateway, "/", **session).body
    assert 'action="./-/logout"' in page
    reply = send(gateway, "/-/logout", {"token": token_in(page)}, **session)
    assert (303, "login") == (reply.status, reply.headers["location"])
    assert "Max-Age=0" in reply.headers["set-cookie"]


@pytest.mark.parametrize("path", ACTIONS)
def test_actions_without_a_session_are_refused(gateway: WebSide, path: str) -> None:
    token = token_in(send(gateway, "/-/login").body)
    for headers in ({}, HTML, {"X_Forwarded_For": "10.0.0.1"}):
        reply = send(gateway, path, {"token": token, "source": "staff"}, **headers)
        assert 401 == reply.status and "login" in reply.body
    assert not (gateway.folder / "state" / "requests" / "refresh-staff").exists()


@pytest.mark.parametrize("path", ACTIONS)
def test_actions_with_a_session_need_its_token_and_origin(
    gateway: WebSide, session: dict[str, str], path: str
) -> None:
    token = token_in(send(gateway, "/", **session).body)
    foreign = token_in(send(gateway, "/-/login").body)
    other = {"Cookie": log_in(gateway, PASSWORD).cookie}
    for fields in ({}, {"token": foreign}, {"token": token_in(send(gateway, "/", **other).body)}):
        assert 403 == send(gateway, path, {"source": "staff", **fields}, **session).status
    fields = {"token": token, "source": "staff"}
    for headers in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        assert 403 == send(gateway, path, fields, **session, **headers).status
    assert 403 == send(gateway, path, fields, **session, X_Forwarded_For="10.9.9.9").status
    assert 405 == send(gateway, path, **session).status
    assert not (gateway.folder / "state" / "requests" / "refresh-staff").exists()


def test_the_login_is_refused_from_another_site(gateway: WebSide) -> None:
    fields = {"token": token_in(send(gateway, "/-/login").body), "password": PASSWORD}
    assert 403 == send(gateway, "/-/login", fields, Origin="https://evil.example").status
    assert 403 == send(gateway, "/-/login", {"password": PASSWORD}).status
    assert 303 == send(gateway, "/-/login", fields).status


def test_guesses_are_slowed_down_for_each_address(
    gateway: WebSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_attempts, "FIRST_WAIT", 600.0)
    here = {"X_Forwarded_For": "10.0.0.9"}
    replies = [log_in(gateway, "S3cret guess", **here) for _ in range(5)]
    assert [401] * 5 == [reply.status for reply in replies]
    assert all("The password is wrong." in reply.body for reply in replies)
    held = log_in(gateway, PASSWORD, **here)
    assert 429 == held.status and 1 <= int(held.headers["retry-after"]) <= 600
    assert "Too many wrong passwords came from your address." in held.body
    assert "set-cookie" not in held.headers
    assert 303 == log_in(gateway, PASSWORD, X_Forwarded_For="10.0.0.10").status
    by_header = send(gateway, "/-/metrics", **basic(PASSWORD), **secure("10.0.0.9"))
    assert 429 == by_header.status
    page = send(gateway, "/", **basic(PASSWORD), **secure("10.0.0.9"), **HTML)
    assert 429 == page.status and "You must wait" in page.body
    refused = [item["reason"] for item in gateway.status()["refused_requests"]]
    assert "The password is wrong." in refused


def test_basic_over_tls_alone(gateway: WebSide) -> None:
    reply = send(gateway, "/-/metrics", **secure("10.0.0.3"))
    assert (401, True) == (reply.status, reply.headers["www-authenticate"].startswith("Basic "))
    for _ in range(7):
        assert 200 == send(gateway, "/-/metrics", **basic(PASSWORD), **secure("10.0.0.3")).status
    assert 401 == send(gateway, "/-/metrics", **basic("wrong one"), **secure("10.0.0.3")).status
    for value in ("Basic", "Basic ####", "Basic bm9jb2xvbg==", "Bearer x"):
        bad = send(gateway, "/-/metrics", Authorization=value, **secure("10.0.0.4"))
        assert 401 == bad.status
    plain = send(gateway, "/-/metrics", **basic(PASSWORD), X_Forwarded_For="10.0.0.3")
    assert 403 == plain.status and "over https alone" in plain.body
    # A proxy that names no client speaks for nobody.
    claimed = {"X_Forwarded_Proto": "https"}
    assert 403 == send(gateway, "/", **basic(PASSWORD), **claimed).status
    page = send(gateway, "/", **basic(PASSWORD), **secure("10.0.0.3"))
    assert 200 == page.status and "Log out" not in page.body


def test_a_new_password_ends_every_session_and_needs_no_reload(tmp_path: Path) -> None:
    with guarded(tmp_path) as gateway:
        cookie = {"Cookie": log_in(gateway, PASSWORD).cookie}
        assert 200 == send(gateway, "/", **cookie).status
        file = tmp_path / "operators"
        file.write_text(hash_password("another password").line + "\n")
        assert 401 == send(gateway, "/", **cookie).status
        assert 401 == log_in(gateway, PASSWORD).status
        other = {"Cookie": log_in(gateway, "another password").cookie}
        assert 200 == send(gateway, "/", **other).status
        # So does a new key, or none.
        (tmp_path / "state" / "session.key").unlink()
        assert 401 == send(gateway, "/", **other).status


@pytest.mark.parametrize("content", [None, "", "S3cret in the clear\n", cheap_line() * 50])
def test_without_a_usable_file_nobody_logs_in_and_phones_go_on(
    tmp_path: Path, content: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    with guarded(tmp_path) as gateway:
        cookie = {"Cookie": log_in(gateway, PASSWORD).cookie}
        (tmp_path / "operators").unlink()
        if content is not None:
            (tmp_path / "operators").write_text(content)
        for headers in (cookie, HTML, {}, cookie | HTML):
            reply = send(gateway, "/", **headers)
            assert 503 == reply.status
            assert "nobody can log in" in reply.body and "S3cret" not in reply.body
        assert 503 == log_in(gateway, content or "").status
        assert 200 == send(gateway, "/menu.xml").status
        problem = gateway.status()["problem"]
        assert "nobody can log in" in problem and str(tmp_path / "operators") in problem
        assert "S3cret" not in problem
        (tmp_path / "operators").write_text(cheap_line())
        assert "" == gateway.status()["problem"]
        assert 200 == send(gateway, "/", **cookie).status
    output = "".join(capfd.readouterr())
    assert 1 == output.count("operator_password_unusable")
    assert "S3cret" not in output and "$scrypt" not in output and PASSWORD not in output


def test_without_a_password_there_is_no_login(tmp_path: Path) -> None:
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    with WebSide(tmp_path, contacts.CONFIG) as gateway:
        assert 404 == send(gateway, "/-/login").status
        page = send(gateway, "/")
        assert 200 == page.status and "Log out" not in page.body
        assert not (tmp_path / "state" / "session.key").exists()
