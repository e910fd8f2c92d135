"""The last release and this program, one after the other on one state directory.

`python -m tests.bench.releases` runs both: the release from `git archive`, so it needs
the history of the repository. Sources are gone meanwhile: what phones get comes from
the state directory alone. `--write` makes the folder that
`tests/system/test_releases.py` opens.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.patience import PATIENCE
from tests.support.release_0_2.config import (
    COMMIT,
    CONFIG,
    LEFT,
    SHOP,
    STAFF,
    STATE,
    write_contacts,
)
from tests.support.servers.client import Client
from tests.support.servers.gateway import eventually
from tests.support.servers.processes import free_port

ALL = len(STAFF) + len(SHOP)
_UNUSED = ("builder.lock", "serve.lock", "requests")


def unpack_release(folder: Path) -> Path:
    """Unpack the code of the last release into a folder, and return it."""
    done = subprocess.run(
        ["git", "archive", COMMIT, "app", "connectors", "pyproject.toml"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def command(code: Path, *words: str) -> tuple[list[str], dict[str, str]]:
    """Return the words and the environment that run a command of the program in `code`."""
    more = {"PYTHONPATH": str(code), "GATEWAY_CONFIG": ""}
    return [sys.executable, "-m", "app", *words], os.environ | more


def run(code: Path, folder: Path, *words: str) -> str:
    """Run a command to its end, and return what it printed on standard output."""
    words_, variables = command(code, *words)
    return subprocess.run(
        words_, cwd=folder, env=variables, stdout=subprocess.PIPE, text=True, check=False
    ).stdout


@contextmanager
def serving(code: Path, folder: Path, name: str) -> Iterator[Client]:
    """Serve a folder by the program in `code`; its log is `NAME.log`."""
    client = Client(free_port())
    (folder / "gateway.toml").write_text(CONFIG + client.listen(), encoding="utf-8")
    words, variables = command(code, "serve")
    with (folder / f"{name}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(words, cwd=folder, env=variables, stderr=log)
        try:
            yield client
        finally:
            process.terminate()
            process.wait(PATIENCE)


def write_state(release: Path, folder: Path) -> None:
    """Make a state directory by the release: all are listed, most of the shop is held."""
    (folder / "gateway.toml").write_text(CONFIG, encoding="utf-8")
    write_contacts(folder / "staff.csv", STAFF)
    write_contacts(folder / "shop.csv", SHOP)
    run(release, folder, "build", "--once")
    write_contacts(folder / "shop.csv", LEFT)
    run(release, folder, "build", "--once")
    for name in ("staff.csv", "shop.csv"):
        (folder / name).unlink()


def copy_state(state: Path) -> None:
    """Replace the folder of the tests by what a state directory needs."""
    shutil.rmtree(STATE, ignore_errors=True)
    shutil.copytree(state, STATE, ignore=shutil.ignore_patterns(*_UNUSED))
    version = (STATE / "current").read_text().split()[0]
    for path in STATE.glob("gen-*"):
        if version not in path.name:
            path.unlink()


def go_back_and_forth(release: Path, folder: Path) -> Iterator[str]:
    """Yield a line for each program that serves the folder, in turn."""
    for name, code in (
        ("release 0.2.0", release),
        ("this program", ROOT),
        ("release 0.2.0 again", release),
        ("this program again", ROOT),
    ):
        begun = time.monotonic()
        with serving(code, folder, name) as client:
            what = f"{name}: {ALL} people"
            eventually(lambda: ALL == _count(client), what)
            seconds = time.monotonic() - begun
            names = run(code, folder, "accept", "shop", "--dry-run")
            lost = sum(f"Shop {number:02}" in names for number in range(1, 13))
        yield f"{what} after {seconds:.1f} s; held back are {lost}"
        log = (folder / f"{name}.log").read_text(encoding="utf-8")
        for line in log.splitlines():
            if "level=" in line and "source_failing" not in line:
                yield f"    {line.partition(' ')[2]}"
    yield "files: " + " ".join(sorted(path.name for path in (folder / "state").iterdir()))


def _count(client: Client) -> int:
    """Return how many people phones get."""
    try:
        pages = client.text("/staff.xml"), client.text("/shop.xml")
    except OSError:
        return 0
    return sum(page.count("<DirectoryEntry>") for page in pages)


def main() -> None:
    """Run what the module says."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        release = unpack_release(folder / "release")
        write_state(release, folder)
        if sys.argv[1:] == ["--write"]:
            copy_state(folder / "state")
            return
        for line in go_back_and_forth(release, folder):
            print(line)


if __name__ == "__main__":
    main()
