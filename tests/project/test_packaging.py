"""The wheel contains the whole program, and runs where it is installed."""

import shutil
import signal
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

from app.languages.catalogue import ENGLISH, LANGUAGES
from tests.support import contacts
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.client import Client
from tests.support.servers.gateway import environment, eventually
from tests.support.servers.processes import free_port


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the wheel, built from a copy of the project."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("app", "connectors", "docs", "packaging", "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=PATIENCE)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_program_and_the_demo(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        str(path.relative_to(ROOT))
        for folder in ("app", "connectors")
        for path in (ROOT / folder).rglob("*.py")
    }
    web = ROOT / "app" / "web"
    ours |= {
        str(path.relative_to(ROOT))
        for path in (*(web / "templates").rglob("*.html"), *(web / "static").iterdir())
    }
    assert (
        ours
        | {
            "connectors/py.typed",
            "connectors/csv/languages.txt",
            "app/demo/contacts.csv",
            "app/demo/gateway.toml",
            "app/web/templates/console/layout.html",
            "app/web/static/console.css",
        }
        <= names
    )
    compiled = {f"app/languages/catalogues/{code}.mo" for code in LANGUAGES if code != ENGLISH}
    assert compiled <= names
    assert not any(name.startswith(("tests/", "docs/", "packaging/")) for name in names)
    assert any(name.endswith(".data/data/share/man/man1/directory-gateway.1") for name in names)
    metadata = (
        zipfile.ZipFile(wheel)
        .read(next(name for name in names if name.endswith("entry_points.txt")))
        .decode()
    )
    assert "directory-gateway = app.cli.main:main" in metadata


def test_the_wheel_is_installed_and_serves(wheel: Path, tmp_path: Path) -> None:
    """In a new environment, as pipx does, with the libraries of this one."""
    new = tmp_path / "new"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(new)], check=True)
    (site,) = new.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    # The libraries are there, so nothing is asked of a package index.
    install = ["install", "-q", "--no-index", "--no-deps", "--no-compile", str(wheel)]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(new)]
    subprocess.run([*pip, *install], check=True, timeout=PATIENCE)
    assert (new / "share/man/man1/directory-gateway.1").is_file()
    program = str(new / "bin/directory-gateway")
    more = environment(PYTHONPATH="", PYTHONDONTWRITEBYTECODE="1")

    def shown(*words: str) -> str:
        return subprocess.run(
            words, cwd=tmp_path, env=more, capture_output=True, text=True, check=True
        ).stdout.strip()

    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"directory-gateway {version['version']}" == shown(program, "--version")
    code = "import app; print(app.__path__[0])"
    assert str(site / "app") == shown(str(new / "bin/python"), "-c", code)
    client = Client(free_port())
    contacts.write(tmp_path / "contacts.csv", [contacts.person(1)])
    config = contacts.CONFIG + client.listen()
    (tmp_path / "gateway.toml").write_text(config, encoding="utf-8")
    process = subprocess.Popen(
        [program, "serve"], cwd=tmp_path, env=more, stderr=subprocess.DEVNULL
    )
    try:
        eventually(lambda: client.status_code("/-/ready") == 200, "it is ready")
        assert 200 == client.status_code("/menu.xml")
        # Templates, the style sheet, and a language other than English.
        assert 200 == client.status_code("/")
        assert 200 == client.status_code("/-/static/console.css")
        assert "Suche" in client.text("/menu.xml?locale=German_Germany")
    finally:
        process.send_signal(signal.SIGTERM)
        assert 0 == process.wait(PATIENCE)
