"""The wheel contains the whole program, and the container's command runs as written."""

import json
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

from app.languages.catalogue import ENGLISH, LANGUAGES
from tests.support import contacts
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.servers.gateway import environment, eventually
from tests.support.servers.processes import free_port


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


def test_the_containers_command_as_it_is_written(tmp_path: Path) -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    entry = json.loads(re.findall(r"^ENTRYPOINT (.*)$", image, re.M)[0]) + json.loads(
        re.findall(r"^CMD (.*)$", image, re.M)[0]
    )
    check = json.loads(re.findall(r"CMD (\[\"directory-gateway\", \"healthy\"\])", image)[0])
    config, state, port = tmp_path / "etc", tmp_path / "var", free_port()
    config.mkdir()
    contacts.write(config / "contacts.csv", [contacts.person(1)])
    text = f'state_dir = "{state}"\n{contacts.CONFIG}[listen]\nhost = "127.0.0.1"\nport = {port}\n'
    (config / "gateway.toml").write_text(text, encoding="utf-8")
    config.chmod(0o555)
    script = Path(sys.executable).with_name(entry[0])
    more = environment(GATEWAY_CONFIG=str(config / "gateway.toml"))
    process = subprocess.Popen(
        [str(script), *entry[1:]],
        cwd="/",
        env=more,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:

        def healthy() -> bool:
            return (
                subprocess.run(
                    [str(script), *check[1:]],
                    env=more,
                    capture_output=True,
                    timeout=PATIENCE,
                    check=False,
                ).returncode
                == 0
            )

        eventually(healthy, "the container's own health check")
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/menu.xml", timeout=PATIENCE
        ) as answer:
            assert b"CiscoIPPhoneMenu" in answer.read()
        assert 0o700 == state.stat().st_mode & 0o777
        assert {"contacts.csv", "gateway.toml"} == {path.name for path in config.iterdir()}
    finally:
        process.send_signal(signal.SIGTERM)
        assert 0 == process.wait(PATIENCE)
