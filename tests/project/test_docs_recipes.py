"""The configurations of docs/recipes are valid, and the messages there are the code's."""

import ast
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from app.settings.errors import SettingsError
from app.settings.loader import load
from tests.project.test_docs_messages import sentence
from tests.support.paths import ROOT
from tests.support.servers.ca import make_authority
from tests.support.servers.gateway import run

FOLDER = ROOT / "docs" / "recipes"
RECIPES = sorted(set(FOLDER.glob("*.md")) - {FOLDER / "README.md"})
EXPORTS = ROOT / "tests" / "connectors" / "csv" / "data"
# What stands for the file of a recipe that reads one.
SAMPLES = {
    "freepbx": EXPORTS / "freepbx.csv",
    "google-account": EXPORTS / "google-new.csv",
    "outlook": EXPORTS / "outlook-de.csv",
}
PARTS = ["At the provider", "gateway.toml", "See that it works", "When it does not work"]
CONFIGURATIONS = [
    pytest.param(path.stem, text, id=f"{path.stem}-{number}")
    for path in RECIPES
    for number, text in enumerate(
        re.findall(r"(?ms)^```toml\n(.*?)^```$", path.read_text(encoding="utf-8"))
    )
]


def prepare(folder: Path, recipe: str, text: str) -> list[Path]:
    """Write a configuration with every file that it names; return those with a secret."""
    secrets = []
    for source in tomllib.loads(text)["sources"].values():
        for key, name in source.items():
            if not (key.endswith("_file") or key == "path"):
                continue
            # An absolute path is that of the provider's machine.
            text = text.replace(f'"{name}"', f'"{name.removeprefix("/")}"')
            file = folder / name.removeprefix("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            if key == "path":
                shutil.copy(SAMPLES[recipe], file)
            elif key == "ca_file":
                shutil.copy(make_authority(folder).file, file)
            else:
                file.write_text("secret\n")
                file.chmod(0o600)
                secrets += [file] if key == "password_file" else []
    (folder / "gateway.toml").write_text(text, encoding="utf-8")
    return secrets


@pytest.mark.parametrize("recipe, text", CONFIGURATIONS)
def test_a_configuration_is_valid(tmp_path: Path, recipe: str, text: str) -> None:
    secrets = prepare(tmp_path, recipe, text)
    settings = load(tmp_path / "gateway.toml")
    assert 1 == len(settings.sources) and settings.profiles
    for file in secrets:
        file.unlink()
        with pytest.raises(SettingsError, match=r"cannot be read \(No such file or directory\)"):
            load(tmp_path / "gateway.toml")


@pytest.mark.parametrize(
    "recipe, text", [case for case in CONFIGURATIONS if 'connector = "csv"' in str(case.values[1])]
)
def test_a_recipe_for_a_file_reads_the_export(tmp_path: Path, recipe: str, text: str) -> None:
    prepare(tmp_path, recipe, text)
    checked = run("check", cwd=tmp_path)
    assert 0 == checked.returncode, checked.stdout
    assert re.search(r"source \w+: [1-9]\d* contacts? with [1-9]", checked.stdout)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_says_the_same_things_on_one_screen(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [*PARTS, "Tried, and sources"] == re.findall(r"(?m)^## (.+)$", text)
    tried = text.partition("## Tried, and sources")[2]
    assert re.search(r"(Not t|T)ried", tried) and "https://" in tried
    assert len(text.splitlines()) <= 70


@pytest.fixture(scope="module")
def strings() -> str:
    """Every text of the code, values that are put in left out."""
    paths = [path for folder in ("app", "connectors") for path in (ROOT / folder).rglob("*.py")]
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in paths)
    return "\n".join(
        sentence(node) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.expr)
    )


@pytest.mark.parametrize("path", [*RECIPES, FOLDER / "README.md"], ids=lambda path: path.stem)
def test_the_messages_of_a_recipe_are_the_codes(path: Path, strings: str) -> None:
    rows = re.findall(r"(?m)^\| ([^|]+) \|", path.read_text(encoding="utf-8"))
    messages = [message for row in rows for message in re.findall(r"`([^`]+)`", row)]
    assert len(messages) >= 2
    # Codes and texts of a server or system are values in the code's messages.
    values = r" ?\(status 503| \(No such file or directory\)|data "
    pieces = [piece for message in messages for piece in re.split(values, message) if piece]
    assert len(messages) <= len(pieces)
    assert [] == [piece for piece in pieces if piece not in strings]
