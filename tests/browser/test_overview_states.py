"""The overview at the first start, of the demo, with many sources and foreign requests."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.build.once import build_once
from app.settings.config_file import DEMO
from app.state.directory import prepare_state_dir
from app.state.host_status import ExchangeStatus, HostStatus, LeaseStatus
from app.state.status import SourceStatus, Status, write_status
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import WIDTHS, Opener
from tests.support import contacts
from tests.support.held_gateway import HOSTILE
from tests.support.offline_gateway import configured
from tests.support.servers.client import Client
from tests.support.servers.web_side import WebSide
from tests.support.servers.worker import Worker

# Each width and each scheme once. `test_overview` looks at all four together.
LOOKS = tuple(zip(WIDTHS, (False, True), strict=True))
ACCESS = '[access]\ntrusted_proxies = ["127.0.0.1"]\noperators = ["192.168.7.0/24"]\n'
OPERATOR = {"X-Forwarded-For": "192.168.7.1"}
Site = Callable[[Path], AbstractContextManager[Client]]


@contextmanager
def first_start(folder: Path) -> Iterator[Client]:
    with Worker(configured(folder, contacts.CONFIG + ACCESS)) as worker:
        yield Client(worker.port)


@contextmanager
def demo(folder: Path) -> Iterator[Client]:
    contacts.write(folder / "contacts.csv", [contacts.person(1)])
    settings = replace(configured(folder, contacts.CONFIG + ACCESS), origin=DEMO)
    build_once(settings)
    with Worker(settings) as worker:
        yield Client(worker.port)


@contextmanager
def hundred_sources(folder: Path) -> Iterator[Client]:
    contacts.write(folder / "contacts.csv", [contacts.person(1)])
    sources = "".join(
        f'[sources.office-{number:02}]\nconnector = "csv"\npath = "contacts.csv"\n'
        for number in range(99)
    )
    sources += '[sources.aaa-lost]\nconnector = "csv"\npath = "missing.csv"\n'
    settings = configured(folder, f'{sources}[books.all]\nsources = ["office-00"]\n{ACCESS}')
    build_once(settings)
    with Worker(settings) as worker:
        yield Client(worker.port)


@contextmanager
def requests_of_others(folder: Path) -> Iterator[Client]:
    contacts.write(folder / "contacts.csv", [contacts.person(1)])
    with WebSide(folder, contacts.CONFIG + ACCESS) as running:
        for number in range(9):
            running.get(
                f"/menu.xml?name=SEP0011223344{number:02}",
                x_CiscoIPPhoneModelName="CP-7821",
                X_Forwarded_For=f"10.1.2.{number}",
            )
            running.get(f"/-/status{'/long' * 40 * number}", X_Forwarded_For=f"10.9.9.{number}")
        running.get(
            "/menu.xml?name=SEP001122AABBCC",
            x_CiscoIPPhoneModelName="<script>alert(1)</script>",
            X_Forwarded_For="fd00:1111:2222:3333:4444:5555:6666:7777",
        )
        yield running


@contextmanager
def served_status(folder: Path) -> Iterator[Client]:
    sources = "".join(
        f'[sources.{name}]\nconnector = "csv"\npath = "contacts.csv"\n' for name in ("a", "b")
    )
    settings = configured(folder, f'{sources}[books.all]\nsources = ["a", "b"]\n{ACCESS}')
    refused = SourceStatus(
        state="refused",
        contacts=412,
        last_success=time.time() - 90_000,
        waits_for=("/etc/directory-gateway/" + "secret" * 40,),
        error=f"The password is wrong. {HOSTILE}",
        skipped={HOSTILE: 14, "no name": 2, "x" * 400: 3},
    )
    prepare_state_dir(settings.state_dir)
    status = Status(sources={"a": refused}, problem="The disk is full. " + "y" * 400)
    write_status(settings.state_dir, status)
    with Worker(settings) as worker:
        yield Client(worker.port)


@contextmanager
def several_hosts(folder: Path) -> Iterator[Client]:
    contacts.write(folder / "contacts.csv", [contacts.person(1)])
    settings = configured(folder, contacts.CONFIG + ACCESS)
    build_once(settings)
    hosts = (
        HostStatus("kassel", "mx2zt0o0", builds=True, age=2.0, release="1.2"),
        HostStatus("berlin", "mx2zt0o0", builds=False, age=1.0, release="1.2"),
        HostStatus("hamburg", "mx2zsz3k", builds=False, age=3.0, lag=260.0, release="1.2"),
        HostStatus("a" * 60, "", builds=False, age=4000.0, lag=4000.0, release="1.1"),
        HostStatus(HOSTILE, "mx2zt0o0", builds=False, age=4.0, release="1.2"),
    )
    lease = LeaseStatus("kassel", 4, held_seconds=7300.0, seconds_left=9.0)
    exchange = ExchangeStatus("berlin", builds=False, hosts=hosts, lease=lease)
    source = SourceStatus(state="ok", contacts=1, last_success=time.time())
    status = Status(written_at=time.time(), sources={"staff": source}, exchange=exchange)
    write_status(settings.state_dir, status)
    with Worker(settings) as worker:
        yield Client(worker.port)


def shows_problems(page: Page) -> None:
    assert "The gateway needs you" == page.locator("h1").inner_text()
    assert "problem" == page.locator(".bar .state").inner_text()
    gateway, source = page.locator(".notice").all_inner_texts()
    assert "The disk is full." in gateway
    assert f"The password is wrong. {HOSTILE}" in source
    page.get_by_text("Skipped: 19").click()
    assert f"14 {HOSTILE}" == page.locator("#source-a details li").first.inner_text()


def is_first_start(page: Page) -> None:
    assert "The first reading is under way: 0 of 1 source read" == page.locator("h1").inner_text()
    assert "starting" == page.locator(".bar .state").inner_text()


def is_demo(page: Page) -> None:
    assert 0 == page.locator("#hosts").count()
    assert "This is the demo directory" == page.locator(".notice-headline").inner_text()


def shows_hosts(page: Page) -> None:
    assert "Not all hosts are well" == page.locator("h1").inner_text()
    assert "attention" == page.locator(".bar .state").inner_text()
    assert "Host hamburg has not served what is published" in page.locator(".notice").inner_text()
    assert "kassel took the right to build 2 hours ago" in page.locator("#hosts").inner_text()
    hosts = page.locator("#hosts li")
    states = hosts.locator(".state").all_inner_texts()
    assert ["builds", "follows", "behind", "silent", "follows"] == states
    assert "This host. Release 1.2. Reported" in hosts.nth(1).inner_text()
    assert "Serves mx2zsz3k, behind since " in hosts.nth(2).inner_text()
    assert "Serves nothing yet" in hosts.nth(3).inner_text()
    assert HOSTILE == hosts.nth(4).locator("h3").inner_text()


def has_hundred_sources(page: Page) -> None:
    assert "One source cannot be read" == page.locator("h1").inner_text()
    expect(page.locator("#sources h3:visible")).to_have_count(1)
    page.get_by_text("99 sources are well").click()
    expect(page.locator("#sources h3:visible")).to_have_count(100)


def has_requests(page: Page) -> None:
    assert "SEP001122AABBCC" in page.locator("#phones li").first.inner_text()
    assert "<script>alert(1)</script>" in page.locator("#phones li").first.inner_text()
    assert 10 == page.locator("#phones li").count()
    refused = page.locator("#refused li")
    assert 9 == refused.count()
    assert "You are 10.9.9.8; add it to operators under [access]." in refused.first.inner_text()


@pytest.mark.parametrize(
    "site, assert_shown",
    [
        (first_start, is_first_start),
        (demo, is_demo),
        (hundred_sources, has_hundred_sources),
        (requests_of_others, has_requests),
        (served_status, shows_problems),
        (several_hosts, shows_hosts),
    ],
    ids=lambda value: value.__name__,
)
def test_states(
    tmp_path: Path, open_page: Opener, site: Site, assert_shown: Callable[[Page], None]
) -> None:
    with site(tmp_path) as running:
        for width, dark in LOOKS:
            page = open_page(running.base, width=width, dark=dark, headers=OPERATOR)
            assert_shown(page)
            assert_fits(page)
            assert_accessible(page)


def test_a_refused_browser(tmp_path: Path, open_page: Opener) -> None:
    with requests_of_others(tmp_path) as running:
        for width, dark in LOOKS:
            page = open_page(running.base, width=width, dark=dark)
            assert "You may not do this" == page.locator("h1").inner_text()
            assert_fits(page)
            assert_accessible(page)
