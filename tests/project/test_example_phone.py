"""The example of docs/writing-a-phone-format.md keeps the contract and is served."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.phones.registry import Format
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import environment, run

EXAMPLE = ROOT / "docs" / "examples" / "phone"
PAGE = (ROOT / "docs" / "writing-a-phone-format.md").read_text(encoding="utf-8")
LINE = 'MappingProxyType({"cisco": cisco, BROWSER: cisco'
CONFIG = """
[sources.staff]
connector = "csv"
path = "contacts.csv"
[profiles.default]
format = "lines"
"""


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of `app` that has the format, as the page says."""
    folder = tmp_path_factory.mktemp("lines")
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(EXAMPLE / "lines.py", folder / "app" / "phones")
    registry = folder / "app" / "phones" / "registry.py"
    before = registry.read_text(encoding="utf-8")
    after = before.replace(LINE, f'{LINE}, "lines": lines').replace(
        "import cisco\n", "import cisco, lines\n"
    )
    assert after.count("lines") == before.count("lines") + 3
    registry.write_text(after, encoding="utf-8")
    (folder / "gateway.toml").write_text(CONFIG, encoding="utf-8")
    people = "\n".join(f"Name {number},10{number}" for number in range(10, 60))
    (folder / "contacts.csv").write_text(f"name,number\n{people}\n", encoding="utf-8")
    return folder


def show(folder: Path, path: str) -> list[list[str]]:
    result = run("show", path, cwd=folder, PYTHONPATH=f"{folder}{os.pathsep}{ROOT}")
    assert 0 == result.returncode, result.stderr
    return [line.split("\t") for line in result.stdout.splitlines()]


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
    contract = (ROOT / "tests" / "app" / "phones" / "contract.py").read_text(encoding="utf-8")
    passed = re.search(r"(\d+) passed", result.stdout)
    assert passed is not None
    assert int(passed[1]) > contract.count("    def test_") > 3


def test_a_new_file_and_a_line_of_the_registry_are_enough(extended: Path) -> None:
    # Every screen was rendered by the build, within the limits of the format.
    menu = show(extended, "/staff.xml")
    assert [["title", "Staff"], ["open", "open", "open"]] == [
        menu[0],
        [line[0] for line in menu[2:]],
    ]
    page = show(extended, menu[2][2])
    assert ["dial", "Name 10", "1010"] == page[2]
    assert {"Next", "Search"} == {line[1] for line in page if line[0] == "key"}
    assert ["input", "input", "send"] == [line[0] for line in show(extended, "/search.xml")[2:]]


@pytest.mark.parametrize("path", sorted(EXAMPLE.glob("*.py")), ids=lambda path: path.name)
def test_the_page_shows_the_file_as_it_is(path: Path) -> None:
    assert f"```python\n{path.read_text(encoding='utf-8')}```\n" in PAGE


def test_the_page_names_everything_that_a_format_has() -> None:
    names = [name for name in vars(Format) if not name.startswith("_")]
    assert {"LIMITS", "render"} <= set(names)
    assert [] == [name for name in names if f"`{name}" not in PAGE]
