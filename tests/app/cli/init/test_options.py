"""`init --yes`: every answer on the command line."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import app
from app.settings.loader import load
from tests.support.paths import ROOT
from tests.support.servers.gateway import run

LIST = "name,number\nAda Byron,+49 89 5550001\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GATEWAY_CONFIG", raising=False)
    return tmp_path


def init(*words: str, **more: str) -> Result:
    return CliRunner().invoke(app, ["init", "--yes", *words], **more)


def test_a_file_with_all_answers(folder: Path) -> None:
    (folder / "list.csv").write_text(LIST)
    words = (
        "--source",
        "file",
        "--file",
        "list.csv",
        "--country",
        "Germany",
        "--title",
        'A "B"\\#ä',
    )
    shown = init(*words, "--outside-line", "0")
    assert 0 == shown.exit_code, shown.output
    assert "1  Ada Byron  00895550001" in shown.output
    settings = load(folder / "gateway.toml")
    assert 'A "B"\\#ä' == settings.title
    plan = settings.profiles[0].plan
    assert ("DE", "0") == (plan.region, plan.outside_line)
    assert {"list.csv", "gateway.toml"} == {path.name for path in folder.iterdir()}


def test_the_file_may_lie_elsewhere_and_the_configuration_too(folder: Path) -> None:
    (folder / "lists").mkdir()
    (folder / "conf").mkdir()
    (folder / "lists" / "list [1].csv").write_text(LIST)
    words = ("--source", "csv", "--file", "lists/list [1].csv", "--country", "none")
    shown = init(*words, "--config", "conf/own.toml")
    assert 0 == shown.exit_code, shown.output
    assert f"serve --config {folder / 'conf' / 'own.toml'}" in shown.output
    assert 0 == run("check", "-c", "conf/own.toml", cwd=folder).returncode


def test_a_vcard_file_is_known_by_what_it_holds(folder: Path) -> None:
    (folder / "list").write_text(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Byron\r\nTEL:+49895550001\r\nEND:VCARD\r\n"
    )
    shown = init("--source", "file", "--file", "list", "--country", "DE")
    assert 0 == shown.exit_code, shown.output
    assert 'connector = "vcard"' in (folder / "gateway.toml").read_text()


@pytest.mark.parametrize(
    "words, missing",
    [
        ((), ("--source", "--country")),
        (("--source", "file"), ("--file", "--country")),
        (("--source", "nonsense", "--country", "DE"), ("--source",)),
        (("--source", "carddav"), ("--url", "--username", "--country")),
        (("--source", "ldap", "--username", "cn=a"), ("--url", "--password-file", "--country")),
        (("--source", "ldap", "--username", ""), ("--url", "--country")),
        (("--source", "google"), ("--file", "--country")),
        (
            ("--source", "file", "--file", "unknown.csv"),
            ("--country", '--column "Nimike=FIELD"', '--column "Puhelu=FIELD"'),
        ),
        (
            ("--source", "file", "--file", "unknown.csv", "--column", "Nimike=name"),
            ("--country", '--column "Puhelu=FIELD"'),
        ),
    ],
)
def test_all_missing_answers_are_told_at_once(
    folder: Path, words: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    (folder / "unknown.csv").write_text("Nimike;Puhelu\nAda Byron;0895550001\nM J;0895550002\n")
    shown = init(*words)
    assert 2 == shown.exit_code
    assert list(missing) == [
        line.removeprefix("Error: ").partition(" is missing")[0]
        for line in shown.stderr.splitlines()
    ]
    assert not (folder / "gateway.toml").exists()


@pytest.mark.parametrize(
    "words, code, message",
    [
        (("--country", "Absurdistan"), 2, "--country: That country is not known here."),
        (("--country", "DE", "--title", "x" * 33), 2, "--title: This cannot be the title"),
        (("--country", "DE", "--title", ""), 2, "--title: This cannot be the title"),
        (("--country", "DE", "--outside-line", "0x"), 2, '"0x" cannot be dialled'),
        (("--country", "DE", "--column", "Phone"), 2, '--column: write "HEADER=FIELD"'),
        (("--country", "DE", "--column", "Phone=fone"), 2, "the fields are name"),
        (("--country", "DE", "--column", "Fax=fax"), 2, 'the file has no column "Fax"'),
        (("--country", "DE", "--url", "a.example.com"), 2, "--url is not for a source of the kind"),
        (("--country", "DE", "--file", "none.csv"), 2, "--file: There is no file"),
        (("--country", "DE", "--file", "empty.csv"), 1, "empty.csv is empty"),
        (("--country", "DE", "--file", "nobody.csv"), 1, "There are no contacts in it"),
        (("--country", "DE", "--config", "none/gateway.toml"), 1, "There is no folder"),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_is_written(
    folder: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    (folder / "list.csv").write_text(LIST)
    (folder / "empty.csv").write_text("")
    (folder / "nobody.csv").write_text("name,number\n")
    before = {path.name for path in folder.iterdir()}
    file = () if "--file" in words else ("--file", "list.csv")
    shown = init("--source", "file", *file, *words)
    assert (code, True) == (shown.exit_code, message in shown.stderr), shown.output
    assert before == {path.name for path in folder.iterdir()}


def test_all_wrong_answers_are_told_before_the_source_is_read(folder: Path) -> None:
    shown = init(
        *("--source", "ldap", "--url", "ldap://127.0.0.1:1", "--username", ""),
        *("--title", "x" * 33, "--country", "Absurdistan", "--outside-line", "0x"),
    )
    assert (2, "") == (shown.exit_code, shown.stdout)
    errors = [line.removeprefix("Error: ").split(":")[0] for line in shown.stderr.splitlines()]
    assert ["--title", "--country", "--outside-line"] == errors


def test_a_number_that_is_not_dialled_is_told(folder: Path) -> None:
    (folder / "list.csv").write_text(f"{LIST}Bob Byron,99\n")
    words = ("--source", "file", "--file", "list.csv", "--country", "DE", "--outside-line", "9")
    shown = init(*words)
    assert 0 == shown.exit_code, shown.output
    assert "2 numbers; 1 cannot be dialled" in shown.output


def lines_of_the_page() -> list[str]:
    page = (ROOT / "docs" / "init.md").read_text(encoding="utf-8")
    return re.findall(r"(?m)^directory-gateway init (--yes --source file .+)$", page)


@pytest.mark.parametrize("line", lines_of_the_page())
def test_a_line_of_the_page_for_a_file_works_as_written(folder: Path, line: str) -> None:
    (folder / "contacts.csv").write_text(LIST)
    (folder / "list.csv").write_text("Nimike;Puhelu;Osasto\nAda Byron;0895550001;x\n")
    shown = CliRunner().invoke(app, ["init", *shlex.split(line)])
    assert (0, True) == (shown.exit_code, "1  Ada Byron" in shown.output), shown.output


def test_the_page_has_lines_for_a_file() -> None:
    assert 2 == len(lines_of_the_page())


def test_columns_are_explained_by_options(folder: Path) -> None:
    (folder / "list.csv").write_text(
        "Nimike;Puhelu;Toinen;A=B\nAda Byron;0895550001;0895550101;x\nM J;0895550002;0895550102;\n"
    )
    columns = (
        "--column",
        "Nimike=name",
        "--column",
        "Puhelu=mobile",
        "--column",
        "A=B=skip",
        "--column",
        "Toinen=skip",
    )
    shown = init("--source", "file", "--file", "list.csv", "--country", "DE", *columns)
    assert 0 == shown.exit_code, shown.output
    assert "1  Ada Byron  0895550001" in shown.output
    settings = load(folder / "gateway.toml")
    check = run("check", cwd=folder)
    assert (0, False) == (check.returncode, "looks like" in check.stdout), check.stdout
    assert 1 == len(settings.sources)


def test_an_option_says_more_of_a_column_than_its_header(folder: Path) -> None:
    (folder / "list.csv").write_text("name,Phone,Mobile\nAda Byron,0895550001,01725550001\n")
    words = ("--source", "file", "--file", "list.csv", "--country", "DE")
    shown = init(*words, "--column", "phone=home", "--column", "Mobile=skip")
    assert 0 == shown.exit_code, shown.output
    found = json.loads(run("fetch", "contacts", "--json", cwd=folder).stdout)
    assert [("0895550001", "home")] == [(one["value"], one["kind"]) for one in found["numbers"]]


def test_an_outside_line_without_a_country_is_told(folder: Path) -> None:
    (folder / "list.csv").write_text(LIST)
    words = ("--source", "file", "--file", "list.csv", "--country", "none", "--outside-line", "0")
    shown = init(*words)
    assert (0, True) == (
        shown.exit_code,
        "outside_line has no effect without region" in shown.stdout,
    )


def test_an_empty_password_is_told(folder: Path) -> None:
    words = ("--source", "ldap", "--url", "ldap://127.0.0.1:9", "--username", "cn=a")
    shown = init(*words, "--password-file", "-", "--country", "DE", input="\n")
    assert 2 == shown.exit_code
    assert "--password-file: The password is empty" in shown.stderr


def test_the_variable_chooses_the_file(folder: Path) -> None:
    (folder / "list.csv").write_text(LIST)
    words = ("init", "--yes", "--source", "file", "--file", "list.csv", "--country", "DE")
    own = str(folder / "own.toml")
    shown = run(*words, cwd=folder, GATEWAY_CONFIG=own)
    assert (0, True) == (shown.returncode, shown.stdout.rstrip().endswith("serve")), shown
    assert (folder / "own.toml").is_file() and not (folder / "gateway.toml").exists()
    # Another file is written, and the variable names one that is not there.
    shown = run(*words, "-c", "third.toml", cwd=folder, GATEWAY_CONFIG=str(folder / "none.toml"))
    assert 0 == shown.returncode, shown
    assert shown.stdout.rstrip().endswith(f"serve --config {folder / 'third.toml'}")


def test_without_a_terminal_nothing_is_asked(folder: Path) -> None:
    shown = run("init", cwd=folder)
    assert (2, True) == (shown.returncode, "there is no terminal to ask on" in shown.stderr)
    assert "--yes" in shown.stderr and [] == list(folder.iterdir())
