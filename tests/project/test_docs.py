"""Every key, connector and command stands in the documentation and in the product."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from app.settings.loader import parse
from app.settings.schema import (
    AccessSection,
    BookSection,
    DialSection,
    ExchangeSection,
    GatewayFile,
    ListenSection,
    NumbersSection,
    ProfileSection,
    SourceSection,
)
from connectors.registry import CONNECTORS, load
from tests.project.test_architecture import CONNECTOR_LAYERS, LAYERS
from tests.support.command_line import listed_commands
from tests.support.docs_site import listed_pages
from tests.support.paths import ROOT

EXAMPLE = (ROOT / "gateway.example.toml").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS]


def uncommented(text: str) -> str:
    return re.sub(r"(?m)^# (?=[a-z_]+ = |\[)", "", text)


def test_the_example_is_valid() -> None:
    parse(tomllib.loads(EXAMPLE), ROOT / "gateway.example.toml")


@pytest.mark.parametrize(
    "section",
    [
        GatewayFile,
        ListenSection,
        AccessSection,
        BookSection,
        DialSection,
        ExchangeSection,
        NumbersSection,
        ProfileSection,
        SourceSection,
    ],
)
def test_the_example_shows_every_key(section: type[BaseModel]) -> None:
    missing = [
        key
        for key in section.model_fields
        if not re.search(rf"(?m)(^|\[|\[\w+\.)[# ]*{key}( = |\]|\.)", EXAMPLE)
    ]
    assert [] == missing


@pytest.mark.parametrize("word", [item.word for item in CONNECTORS])
def test_every_connector_is_documented(word: str) -> None:
    page = (ROOT / "docs" / "connectors" / f"{word}.md").read_text(encoding="utf-8")
    keys = set(load(word).model_fields)
    assert set() == {key for key in keys if f"`{key}`" not in page}
    assert f'connector = "{word}"' in EXAMPLE
    assert f"docs/connectors/{word}.md" in README


def test_every_key_of_a_profile_is_documented() -> None:
    page = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    assert [] == [
        key for key in ProfileSection.model_fields if key != "numbers" and f"`{key}`" not in page
    ]
    assert "`[profiles.NAME.numbers]`" in page
    assert "docs/profiles.md" in README and "docs/profiles.md" in EXAMPLE


def test_every_command_is_told_about() -> None:
    commands = [command.name for command in listed_commands()]
    text = README + "".join(path.read_text(encoding="utf-8") for path in DOCS)
    assert [] == [command for command in commands if f"directory-gateway {command}" not in text]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [] == [link for link in links if not (path.parent / link).exists()]


def test_every_page_is_in_the_navigation() -> None:
    missing = [str(path.relative_to(ROOT)) for path in sorted(set(DOCS) - listed_pages())]
    assert not missing, (
        f"{', '.join(missing)} is in no list of links. Add the line '- [Title](PATH): what it is"
        " about' to docs/index.md, or to the README.md of its folder if that is listed there, under"
        " the heading where a reader looks for it. PATH begins at the page of the list."
    )


def test_each_decision_has_its_own_number() -> None:
    notes = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    numbers = [path.name.partition("-")[0] for path in notes]
    assert len(numbers) == len(set(numbers)), f"two decisions with one number: {numbers}"
    assert [] == [
        path.name
        for path, number in zip(notes, numbers, strict=True)
        if not path.read_text(encoding="utf-8").startswith(f"# {int(number)}. ")
    ]


def modules_named(text: str) -> list[str]:
    """Return the paths of our files and modules that a page names in code marks."""
    # A name in capitals stands for one that the reader chooses (`connectors/WORD/connector.py`).
    marked = [
        word
        for code in re.findall(r"`([^`\n]+)`", text)
        for word in code.split()
        if not re.search(r"[A-Z]{2}", word)
    ]
    paths = [word for word in marked if re.fullmatch(r"(app|connectors|tests|docs)/[\w./-]+", word)]
    dotted = [
        word.replace(".", "/")
        for word in marked
        if re.fullmatch(r"(app|connectors|tests)(\.[a-z_0-9]+)+", word)
    ]
    return [*paths, *dotted]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_a_page_names_exist(path: Path) -> None:
    names = modules_named(path.read_text(encoding="utf-8"))
    assert [] == [
        name for name in names if not (ROOT / name).exists() and not (ROOT / f"{name}.py").exists()
    ]


def test_pages_do_name_files() -> None:
    assert ["app/build/old.py", "app/web"] == modules_named(
        "`app/build/old.py`, `app.web`, `connectors/WORD.py` and app/none.py"
    )
    assert 40 < sum(len(modules_named(path.read_text(encoding="utf-8"))) for path in PAGES)


def test_the_architecture_page_shows_the_layers() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (\d?) +\| `(\w+(?:\.\w+)?)` \|", page)
    shown: list[set[str]] = []
    for number, package in rows:
        if number:
            assert int(number) == len(LAYERS) - len(shown)
            shown.append(set())
        shown[-1].add(package)
    assert [set(packages) for packages in reversed(LAYERS)] == shown
    inside = page.partition("Inside `connectors`, from the lowest:")[2].partition("\n")[0]
    assert [set(parts) for parts in CONNECTOR_LAYERS] == [
        set(re.findall(r"`(\w+)`", part)) for part in inside.split("·")
    ]


def test_the_readme_begins_with_its_two_commands() -> None:
    assert (
        README.index("make run") < README.index("make test") < README.index("## Your own contacts")
    )


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_name_hashes_and_no_index(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    assert not any("://" in line or line.startswith("-") for line in lines)
    assert all(
        re.match(r"[a-z0-9._-]+==|    --hash=sha256:[0-9a-f]{64}", line) for line in lines if line
    )


def test_the_changelogs_newest_release_is_the_version_of_the_package() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    headings = re.findall(r"(?m)^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", changelog)
    assert ["Unreleased", project["version"]] == [name for name, _ in headings][:2]
    assert not headings[0][1] and all(date for _, date in headings[1:])
