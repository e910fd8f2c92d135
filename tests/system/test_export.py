"""`directory-gateway export`, behind a real nginx, and its page in the documentation."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import app
from app.phone_walk.client import PhoneClient
from app.phones.strict.judge import judge
from app.phones.strict.models import CP_7821
from tests.support import contacts
from tests.support.offline_gateway import built, configured
from tests.support.paths import ROOT
from tests.support.phone.strict import Phone, Setting, TextObject, walk
from tests.support.servers.gateway import run
from tests.support.servers.nginx import Nginx

PAGE = (ROOT / "docs" / "static-files.md").read_text(encoding="utf-8")
PROFILES = """
[profiles.default]
[profiles.lobby]
title = "Lobby"
comfort = 4
restricted = true
networks = ["192.168.1.0/24"]
[profiles.plain]
title = "Plain"
softkeys = false
"""
MISSING = """
[sources.never]
connector = "csv"
path = "never.csv"
"""


def write_contacts(folder: Path, count: int) -> None:
    people = [contacts.person(row, second=row % 3 == 0) for row in range(count)]
    contacts.write(folder / "contacts.csv", people)


def export(config: Path, folder: Path, base_url: str, *options: str) -> Result:
    """Run the command in this process."""
    words = ["export", str(folder), "--base-url", base_url, "-c", str(config), *options]
    return CliRunner().invoke(app, words, catch_exceptions=False)


def phone(url: str, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["phone", url, *options], catch_exceptions=False)
    return result.exit_code, result.stdout


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a configuration whose directory is published."""
    folder = tmp_path_factory.mktemp("company")
    write_contacts(folder, 1_100)
    built(folder, contacts.CONFIG + PROFILES)
    return folder


class Site:
    """An nginx that sends exports, each below a path of its own."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.folder = folder
        self._config = config
        self.nginx = Nginx(folder / "nginx", f"include {folder}/*/.directory-gateway/nginx.conf;")

    def export(self, name: str, *options: str) -> Result:
        base_url = f"{self.nginx.base}/{name}"
        return export(self._config, self.folder / name, base_url, *options)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, company: Path) -> Iterator[Site]:
    found = Site(tmp_path_factory.mktemp("site"), company / "gateway.toml")
    for name, options in EXPORTS.items():
        assert 0 == found.export(name, *options).exit_code
    with found.nginx:
        # Another process may have taken the first port.
        for name, options in EXPORTS.items():
            assert 0 == found.export(name, *options).exit_code
        yield found


EXPORTS = {
    "phones": (),
    "old": ("--profile", "lobby", "--model", "CP-7965G", "--charset", "iso-8859-1"),
    "plain": ("--profile", "plain", "--model", "CP-7940G", "--charset", "utf-8"),
    "android": ("--model", "CP-860"),
    "german": ("--language", "de"),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_what_nginx_sends_passes_the_strict_phone(site: Site, name: str) -> None:
    words = EXPORTS[name]
    at = words.index("--model") if "--model" in words else -1
    options = [*(words[at : at + 2] if at >= 0 else ()), "--charset", "utf-8"]
    if "iso-8859-1" in words:
        options[-1] = "iso-8859-1"
    code, shown = phone(f"{site.nginx.base}/{name}/menu.xml", *options)
    assert (0, True) == (code, shown.endswith(": no breach.\n")), shown
    assert "with 1467 numbers" in shown


def test_every_number_is_reached_in_order_and_no_search(site: Site) -> None:
    with Phone(CP_7821, keep_alive=True) as one:
        found = walk(one, f"{site.nginx.base}/phones/menu.xml", directories=True)
    numbers = {number for _, number in found.rows}
    assert (1_467, 1_467) == (len(found.rows), len(numbers))
    assert ((), (("Call helpdesk", "1001"),)) == (found.forms, found.dials)
    assert not any(
        b"earch" in path.read_bytes() for path in (site.folder / "phones").rglob("*.xml")
    )


def test_the_words_are_in_the_language_of_the_option(site: Site) -> None:
    page = (site.folder / "german" / "staff" / "2.xml").read_text(encoding="utf-8")
    assert "<Name>Weiter</Name>" in page and "<Name>Next</Name>" not in page


def test_paths_are_plain_and_stable(site: Site) -> None:
    paths = [
        str(path.relative_to(site.folder / "phones"))
        for path in (site.folder / "phones").rglob("*.xml")
    ]
    assert len(paths) > 40
    assert [] == [path for path in paths if not re.fullmatch(r"[a-z0-9_/-]+\.xml", path)]
    assert {"menu.xml", "directory.xml", "staff.xml", "helpdesk.xml", "staff/1.xml"} <= set(paths)


def test_line_keys_may_open_each_book_and_dial_page(site: Site) -> None:
    for name in ("directory.xml", "staff.xml", "helpdesk.xml"):
        url = f"{site.nginx.base}/phones/{name}"
        with PhoneClient(CP_7821) as client:
            verdict = judge(client.get(url), url, Setting(CP_7821, softkeys=None))
        assert verdict.page is not None
        assert not [breach for breach in verdict.breaches if not breach.is_remark]


@pytest.mark.parametrize("path", ["gone.xml", "staff/999.xml", "", "_transient/gone.xml"])
def test_what_is_missing_is_told_on_the_phone(site: Site, path: str) -> None:
    with Phone(CP_7821) as one:
        page = one.get(f"{site.nginx.base}/phones/{path}")
    assert isinstance(page, TextObject)
    assert "There is no such page here." in page.text


def test_the_exports_own_files_are_not_sent(site: Site) -> None:
    for name in ("manifest.json", "nginx.conf", "lock"):
        request = Request(f"{site.nginx.base}/phones/.directory-gateway/{name}")
        with urlopen(request) as answer:
            body = answer.read()
        assert b"There is no such page here." in body


def test_a_change_writes_what_changed_and_deletes_what_is_gone(tmp_path: Path) -> None:
    write_contacts(tmp_path, 100)
    settings = built(tmp_path, contacts.CONFIG)
    folder, config = tmp_path / "phones", tmp_path / "gateway.toml"
    assert "11 files, 11 new, 0 changed" in export(config, folder, "http://192.168.1.10").stdout
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.xml")}
    again = export(config, folder, "http://192.168.1.10").stdout
    assert "11 files, 0 new, 0 changed, 11 unchanged, 0 deleted." in again
    assert before == {path: path.stat().st_mtime_ns for path in folder.rglob("*.xml")}
    write_contacts(tmp_path, 60)
    assert settings == configured(tmp_path, contacts.CONFIG)
    built(tmp_path, contacts.CONFIG)
    shown = export(config, folder, "http://192.168.1.10").stdout
    assert re.search(r": \d+ files, 0 new, \d changed, \d unchanged, [1-9] deleted\.", shown)
    assert before[folder / "helpdesk.xml"] == (folder / "helpdesk.xml").stat().st_mtime_ns


def test_a_source_that_was_never_read_changes_nothing(tmp_path: Path) -> None:
    write_contacts(tmp_path, 10)
    config, folder = tmp_path / "gateway.toml", tmp_path / "phones"
    config.write_text(contacts.CONFIG, encoding="utf-8")
    assert 0 == export(config, folder, "http://192.168.1.10/phones").exit_code
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    config.write_text(contacts.CONFIG + MISSING, encoding="utf-8")
    failed = run(*("export", str(folder), "--base-url", "http://192.168.1.10/phones"), cwd=tmp_path)
    assert 1 == failed.returncode
    assert "no source of never has been read yet, so nothing was changed" in failed.stderr
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_left_out_is_told(company: Path, tmp_path: Path) -> None:
    config = company / "gateway.toml"
    shown = export(config, tmp_path / "a", "http://192.168.1.10", "--profile", "lobby").stderr
    assert "Search is left out, with its softkeys" in shown
    assert "Profile lobby is restricted, but files are not" in shown
    shown = export(config, tmp_path / "b", "http://192.168.1.10", "--model", "CP-8875").stderr
    assert "45 pages have no Next" in shown


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--base-url", "192.168.1.10"), 2, "not an address that phones can use"),
        (("--base-url", f"http://{'a' * 60}.{'b' * 60}"), 2, "too long for a phone"),
        (("--base-url", "http://192.168.1.10", "--charset", "utf-16"), 2, '"utf-16" is none of'),
        (("--base-url", "http://192.168.1.10", "--profile", "x"), 2, "no profile"),
        (("--base-url", "http://192.168.1.10", "--language", "xx"), 2, "there are: "),
        ((), 2, "--base-url"),
    ],
)
def test_wrong_usage(
    company: Path, tmp_path: Path, options: tuple[str, ...], code: int, message: str
) -> None:
    shown = run("export", str(tmp_path / "phones"), *options, cwd=company)
    assert (code, True) == (shown.returncode, message in shown.stderr), shown.stderr
    assert not (tmp_path / "phones").exists() or not list((tmp_path / "phones").glob("*.xml"))


def commands() -> list[list[str]]:
    """Return the commands of the page, without the program's name."""
    blocks = "\n".join(re.findall(r"(?ms)^```\n(.*?)^```", PAGE))
    lines = [line for line in blocks.split("\n") if line.startswith("directory-gateway")]
    return [shlex.split(line)[1:] for line in lines]


def test_every_command_of_the_page_works(company: Path, site: Site) -> None:
    assert 5 == len(commands())
    for words in commands():
        moved = [
            word.replace("/srv/", f"{site.folder}/").replace("http://192.168.1.10", site.nginx.base)
            for word in words
        ]
        shown = run(*moved, cwd=company)
        assert 0 == shown.returncode, shown.stdout + shown.stderr


def test_the_page_has_every_option() -> None:
    shown = run("export", "--help", cwd=ROOT).stdout
    options = set(re.findall(r"--[a-z-]+", shown)) - {"--help", "--config", "--demo"}
    assert {"--base-url", "--model"} <= options
    assert set() == {option for option in options if option not in PAGE}


def test_the_sample_for_apache_has_the_same_paths(site: Site) -> None:
    text = (site.folder / "phones" / ".directory-gateway" / "apache.conf").read_text()
    path = urlsplit(f"{site.nginx.base}/phones").path
    assert f'Alias "{path}/" "{site.folder}/phones/"' in text
    assert 'ForceType "text/xml; charset=utf-8"' in text
