"""What `make run` says while it installs, and what it leaves in .venv."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import googleapiclient
import pytest

from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

DOCUMENTS = Path("googleapiclient/discovery_cache/documents")
DEMO = (
    "There is no gateway.toml here: serving the demo directory. .venv/bin/directory-gateway"
    " init asks where your own contacts are."
)
# Stands for python3, for .venv/bin/python and for the installed command. It only notes its words.
STUB = """#!/bin/sh
echo "$@" >> "$STUB_LOG"
here=$(dirname "$0")
case "$*" in
*"-m venv"*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; cp "$0" "$3/bin/directory-gateway" ;;
*"-r requirements"*)
  there="$here/../lib/python3.11/site-packages/googleapiclient/discovery_cache/documents"
  mkdir -p "$there"; for name in people.v1 drive.v3; do echo "{}" > "$there/$name.json"; done ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    stub = tmp_path / "python-stub"
    stub.write_text(STUB)
    stub.chmod(stub.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def make(folder: Path, *words: str, **more: str) -> tuple[list[str], list[str]]:
    """Return the lines that make prints, and the words of each program that it starts."""
    log = folder / "log"
    log.write_text("")
    done = subprocess.run(
        ["make", *words, f"PYTHON={folder / 'python-stub'}"],
        cwd=folder,
        # Make tells its own children of itself; this one is nobody's child.
        env={key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
        | {"GATEWAY_CONFIG": "", "STUB_LOG": str(log)}
        | more,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return done.stdout.splitlines(), log.read_text().splitlines()


def test_the_first_run_says_what_it_does_and_the_second_installs_nothing(machine: Path) -> None:
    said, started = make(machine, "run")
    assert [
        "Making a Python environment in .venv ...",
        "Installing the libraries into .venv (once; a minute or two) ...",
        "Installing directory-gateway into .venv ...",
        DEMO,
    ] == said
    assert "serve --demo" == started[-1]
    assert 2 == sum("pip install" in words for words in started)
    documents = machine / ".venv/lib/python3.11/site-packages" / DOCUMENTS
    assert ["people.v1.json"] == [path.name for path in documents.iterdir()]
    said, started = make(machine, "run")
    assert ([DEMO], ["serve --demo"]) == (said, started)


def test_a_configuration_is_served_and_no_demo(machine: Path) -> None:
    make(machine, "run")
    assert ([], ["serve --config other.toml"]) == make(machine, "run", "CONFIG=other.toml")
    assert ([], ["serve"]) == make(machine, "run", GATEWAY_CONFIG="other.toml")
    (machine / "gateway.toml").write_text("")
    assert ([], ["serve"]) == make(machine, "run")


def test_what_the_tests_need_is_announced_and_trimmed_too(machine: Path) -> None:
    said, _ = make(machine, ".venv/.ready-dev")
    assert "Installing what the tests need into .venv (once; a minute or two) ..." == said[-1]
    documents = machine / ".venv/lib/python3.11/site-packages" / DOCUMENTS
    assert ["people.v1.json"] == [path.name for path in documents.iterdir()]


def test_googles_library_is_small_and_knows_the_people_api(machine: Path) -> None:
    """The connector's own calls are made from the one document that is kept."""
    packages = machine / ".venv/lib/python3.11/site-packages"
    source = Path(googleapiclient.__path__[0])
    shutil.copytree(source, packages / "googleapiclient", copy_function=os.link)
    # A new file: the others are links, and writing to one would change the library in use.
    unread = packages / DOCUMENTS / "made-up.v1.json"
    unread.write_text("{}")
    make(machine, "trim")
    size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file())
    assert size < 4_000_000
    assert not unread.exists()
    code = (
        "import googleapiclient; from connectors.google.lists import CONNECTIONS, request_maker;"
        " make = request_maker(CONNECTIONS.method, 'https://localhost/');"
        " request = make(resourceName='people/me', personFields='names');"
        " print(googleapiclient.__path__[0], request.uri)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": f"{packages}{os.pathsep}{ROOT}"},
        cwd=machine,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    ).stdout.split()
    assert str(packages / "googleapiclient") == shown[0]
    assert shown[1].startswith("https://localhost/v1/people/me/connections?")
