"""The wheel contains the whole program."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from app.languages.catalogue import ENGLISH, LANGUAGES
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE


def test_the_wheel_holds_the_program_and_the_demo(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("app", "connectors", "docs", "packaging", "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=PATIENCE)
    (wheel,) = tmp_path.glob("*.whl")
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
