"""The example of docs/writing-a-connector.md installs, keeps the contract and is read."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.base import Connector
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import environment, run

EXAMPLE = ROOT / "docs" / "examples" / "connector"
PAGE = (ROOT / "docs" / "writing-a-connector.md").read_text(encoding="utf-8")
PEOPLE = [
    {"id": "1", "name": "Ann Abbott", "phones": [{"value": "+49 89 5550109", "kind": "work"}]},
    {"id": "2", "name": "Bea Berg", "phones": [{"value": "0172 5550116", "kind": "mobile"}]},
]
WRONG = [{"id": 3, "name": "Cy Cole"}, {"id": "1", "name": "Di Dole"}]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example as a package of its own, and return the folder that holds it."""
    folder = tmp_path_factory.mktemp("example")
    source, site = folder / "source", folder / "site"
    shutil.copytree(EXAMPLE, source, ignore=shutil.ignore_patterns("__pycache__"))
    options = [
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--disable-pip-version-check",
        "--target",
        str(site),
    ]
    command = [sys.executable, "-m", "pip", "install", "-q", *options, str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = '[sources.staff]\nconnector = "json"\npath = "people.json"\n'
    (tmp_path / "gateway.toml").write_text(text, encoding="utf-8")
    return tmp_path


def fetch(folder: Path, site: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run("fetch", "staff", *options, cwd=folder, PYTHONPATH=f"{ROOT}{os.pathsep}{site}")


def test_the_example_keeps_the_contract() -> None:
    command = [sys.executable, "-m", "pytest", "-n", "0", str(EXAMPLE)]
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert 0 == result.returncode, result.stdout
    contract = (ROOT / "tests" / "connectors" / "contract.py").read_text(encoding="utf-8")
    passed = re.search(r"(\d+) passed", result.stdout)
    assert passed is not None
    assert int(passed[1]) >= contract.count("    def test_") > 10


def test_the_gateway_reads_it_by_its_entry_point(folder: Path, installed: Path) -> None:
    (folder / "people.json").write_text(json.dumps([*PEOPLE, *WRONG]), encoding="utf-8")
    result = fetch(folder, installed, "--json")
    assert 0 == result.returncode, result.stderr
    people = [json.loads(line) for line in result.stdout.splitlines()]
    assert ["Ann Abbott", "Bea Berg"] == [person["name"] for person in people]
    assert [("+49 89 5550109", "work")] == [
        (number["value"], number["kind"]) for number in people[0]["numbers"]
    ]
    assert "people.json entry 3" in result.stderr
    assert "people.json entry 4" in result.stderr


@pytest.mark.parametrize(
    "content, text",
    [
        (b'[{"id": "1", "name": "Ann', "is not complete JSON. Export it again"),
        (b"\xff\xfe", "is not complete JSON. Export it again"),
        (b"", "is not complete JSON. Export it again"),
        (b'{"people": []}', "does not hold a JSON list. Check path."),
        (None, "cannot be read (No such file or directory). Check path"),
    ],
    ids=["cut", "binary", "empty", "object", "missing"],
)
def test_a_file_that_cannot_be_read_is_an_error(
    folder: Path, installed: Path, content: bytes | None, text: str
) -> None:
    if content is not None:
        (folder / "people.json").write_bytes(content)
    result = fetch(folder, installed)
    assert (1, True) == (result.returncode, text in result.stderr), result.stderr
    assert "Traceback" not in result.stderr
    assert "Ann" not in result.stderr


@pytest.mark.parametrize(
    "path", sorted(path for path in EXAMPLE.iterdir() if path.is_file()), ids=lambda path: path.name
)
def test_the_page_shows_the_file_as_it_is(path: Path) -> None:
    assert (
        f"```{ {'.py': 'python', '.toml': 'toml'}[path.suffix] }\n"
        f"{path.read_text(encoding='utf-8')}```\n" in PAGE
    )


def test_the_page_names_every_method_of_a_connector() -> None:
    methods = [
        name
        for name, value in vars(Connector).items()
        if callable(value) and not name.startswith("_")
    ]
    assert {"fetch", "sign_in"} <= set(methods)
    assert [] == [name for name in methods if f"`{name}" not in PAGE]
