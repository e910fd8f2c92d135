"""The fields that commands print with `--json` stand in docs/command-line.md."""

import json
import re
import shutil
from pathlib import Path

import pytest

import app.demo
from tests.support.paths import ROOT
from tests.support.servers.gateway import run

PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8").partition("## JSON")[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
STATUS = OPERATIONS.partition("## Status: `/-/status`")[2].partition("\n## ")[0]
# Their keys are data.
BY_NAME = ("skipped", "unlisted", "sources", "profiles", "books")


def keys(value: object) -> set[str]:
    """Return the names of all fields in a value that was printed."""
    if isinstance(value, list):
        return set().union(*map(keys, value))
    if not isinstance(value, dict):
        return set()
    found = set(value)
    for key, inner in value.items():
        is_by_name = key in BY_NAME and isinstance(inner, dict)
        found |= keys(list(inner.values()) if is_by_name else inner)
    return found


def fields_text(command: str) -> str:
    (row,) = re.findall(rf"(?m)^\| `{command}` \| (.+) \|$", PAGE)
    return str(row)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    for path in Path(app.demo.__file__).parent.glob("*.*"):
        if path.suffix in (".csv", ".toml"):
            shutil.copy(path, folder)
    (folder / "dialplan.xml").write_text('<DIALTEMPLATE><TEMPLATE MATCH="1.." TIMEOUT="x"/>')
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("check",),
        ("fetch", "contacts"),
        ("numbers",),
        ("explain", "smith"),
        ("diff",),
        ("lint", "dialplan.xml"),
    ],
    ids=lambda words: words[0],
)
def test_every_field_is_documented(demo: Path, words: tuple[str, ...]) -> None:
    done = run(*words, "--json", cwd=demo)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines and all(isinstance(line, dict) for line in lines), done.stderr
    text = fields_text(words[0]) + (STATUS.replace(".", "` `") if words == ("status",) else "")
    names = set(re.findall(r"`(\w+)`", text))
    assert set() == keys(lines) - names
    assert words[0] in (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
