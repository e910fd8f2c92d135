"""Renewed files of a certificate: when they are taken, and when the former ones stay."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs

from app.processes.certificate import SETTLE_SECONDS, ServedCertificate
from app.state import memfile
from app.state.certificate_state import read_certificate_state
from app.tls.pair import Pair, TlsSettings
from tests.support.servers.ca import Authority, Certificate, make_authority


@dataclass(slots=True)
class Site:
    """A served certificate in a folder with its files, and its log."""

    authority: Authority
    files: Certificate
    served: ServedCertificate
    folder: Path
    log: list[dict[str, object]]
    clock: float = 100.0

    def renew(
        self,
        certificate: bool = True,
        key: bool = True,
        expired: bool = False,
        left: dt.timedelta = dt.timedelta(days=2),
    ) -> bytes:
        """Write one or both files of a new certificate; return the certificate."""
        fresh = self.authority.issue("a.example", expired=expired, left=left)
        if certificate:
            self.files.certificate.write_bytes(fresh.certificate.read_bytes())
        if key:
            self.files.key.write_bytes(fresh.key.read_bytes())
        return fresh.certificate.read_bytes()

    def poll(self, seconds: float = 1.0) -> None:
        self.clock += seconds
        self.served.poll(self.clock)

    def shown(self) -> bytes:
        """Return the certificate that workers get."""
        return msgspec.msgpack.decode(memfile.read(self.served.file), type=Pair).certificate

    def problem(self) -> str:
        state = read_certificate_state(self.folder)
        assert state is not None
        return state.problem

    def events(self) -> list[object]:
        return [line["event"] for line in self.log]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    authority = make_authority(tmp_path / "ca")
    files = authority.issue("a.example")
    settings = TlsSettings(files.certificate, files.key)
    with capture_logs() as log:
        served = ServedCertificate(settings, tmp_path)
        served.write_state()
        yield Site(authority, files, served, tmp_path, log)


def test_files_that_stay_are_not_taken_again(site: Site) -> None:
    for _ in range(3):
        site.poll(60)
    assert [] == site.events()
    assert "" == site.problem()


def test_renewed_files_are_taken_at_once(site: Site) -> None:
    fresh = site.renew()
    site.poll()
    site.poll()
    assert fresh == site.shown()
    assert ["certificate_renewed"] == site.events()


def test_two_files_that_are_written_one_after_the_other(site: Site) -> None:
    former = site.shown()
    fresh = site.authority.issue("a.example")
    site.files.certificate.write_bytes(fresh.certificate.read_bytes())
    site.poll()
    site.poll(SETTLE_SECONDS - 1)
    assert former == site.shown()
    site.files.key.write_bytes(fresh.key.read_bytes())
    site.poll()
    assert fresh.certificate.read_bytes() == site.shown()
    assert ["certificate_renewed"] == site.events()


def test_files_that_stay_broken_are_told_once_and_the_former_ones_stay(site: Site) -> None:
    former = site.shown()
    site.renew(key=False)
    for _ in range(int(SETTLE_SECONDS) + 3):
        site.poll()
    assert former == site.shown()
    assert ["certificate_refused"] == site.events()
    assert "does not belong to the key" in str(site.log[0]["error"])
    assert "the former one is served; it expires on 20" in str(site.log[0]["effect"])
    assert "does not belong to the key" in site.problem()
    assert 0o600 == (site.folder / "certificate.json").stat().st_mode & 0o777
    # A broken file that changes to another broken one is told again, a good one is taken.
    site.files.key.unlink()
    site.poll()
    site.poll(SETTLE_SECONDS)
    assert "listen.key: " in site.problem() and "No such file" in site.problem()
    fresh = site.renew()
    site.poll()
    assert (fresh, "") == (site.shown(), site.problem())
    assert ["certificate_refused"] * 2 + ["certificate_renewed"] == site.events()


def test_files_that_come_back_end_the_problem(site: Site) -> None:
    former = site.files.key.read_bytes()
    site.files.key.write_bytes(b"")
    site.poll()
    site.poll(SETTLE_SECONDS)
    assert "no private key" in site.problem()
    site.files.key.write_bytes(former)
    site.poll()
    assert "" == site.problem()
    site.poll()
    assert ["certificate_refused", "certificate_recovered"] == site.events()


def test_a_folder_that_is_gone_for_a_while_comes_back_as_it_was(site: Site) -> None:
    """As a volume that is mounted again: no file shows a change."""
    folder = site.files.key.parent
    for seconds in (1.0, SETTLE_SECONDS):
        folder.rename(site.folder / "aside")
        site.poll()
        site.poll(seconds)
        problem = site.problem()
        (site.folder / "aside").rename(folder)
        site.poll()
        assert "" == site.problem()
    assert "No such file" in problem, "the first time was too short to be told"
    assert ["certificate_refused", "certificate_recovered"] == site.events()


def test_an_expired_certificate_does_not_replace_a_valid_one(site: Site) -> None:
    former = site.shown()
    site.renew(expired=True)
    site.poll()
    site.poll(SETTLE_SECONDS)
    assert former == site.shown()
    assert "has expired on 20" in site.problem()


def test_a_certificate_is_taken_when_its_time_begins(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, fresh = site.shown(), site.renew(left=dt.timedelta(days=5))
    site.poll()
    site.poll(SETTLE_SECONDS)
    assert former == site.shown()
    assert "is valid from 20" in site.problem()
    tomorrow = time.time() + 86_400.0
    monkeypatch.setattr("app.processes.certificate.time.time", lambda: tomorrow)
    site.poll()
    assert (fresh, "") == (site.shown(), site.problem())


def test_files_that_change_all_the_time_and_are_never_good_are_told(site: Site) -> None:
    for number in range(int(SETTLE_SECONDS) + 3):
        site.files.key.write_bytes(b"%d" % number)
        site.poll()
    assert "no private key" in site.problem()
    assert ["certificate_refused"] == site.events()


def test_a_reload_names_other_files_or_says_at_once_why_they_are_not_taken(site: Site) -> None:
    other = site.authority.issue("b.example")
    wrong = TlsSettings(other.certificate, site.files.key)
    assert "does not belong to the key" in site.served.use(wrong)
    assert site.files.certificate.read_bytes() == site.shown()
    assert "" == site.served.use(TlsSettings(other.certificate, other.key, "1.3"))
    assert other.certificate.read_bytes() == site.shown()
    # The former files count no more.
    site.renew()
    site.poll()
    assert other.certificate.read_bytes() == site.shown()
    assert ["certificate_renewed"] == site.events()


@pytest.mark.parametrize(
    "left, message", [(dt.timedelta(hours=3), "Renew it."), (-dt.timedelta(hours=3), "has expired")]
)
def test_the_end_of_a_certificate_is_told_once(
    tmp_path: Path, left: dt.timedelta, message: str
) -> None:
    files = make_authority(tmp_path / "ca").issue("a.example", left=left)
    served = ServedCertificate(TlsSettings(files.certificate, files.key), tmp_path)
    assert any(message in warning for warning in served.warnings)
    with capture_logs() as log:
        served.poll(1.0)
        served.poll(2.0)
    (line,) = log
    assert ("certificate_expires", "warning") == (line["event"], line["log_level"])
    assert message in line["error"]
