"""The layers of docs/architecture.md, and what each may import and read."""

import ast
import graphlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.phones.registry import FORMATS
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

# From the lowest to the highest. A module imports its own package and lower layers only.
LAYERS = (
    ("connectors",),
    ("app.languages", "app.logs", "app.numbers"),
    ("app.model", "app.state"),
    ("app.device_config", "app.phone_display", "app.phones", "app.search", "app.tls"),
    ("app.books", "app.generation", "app.phone_walk", "app.settings"),
    ("app.exchange", "app.navigation", "app.refresh", "app.processes"),
    ("app.people",),
    ("app.build", "app.export", "app.web"),
    ("app.cli",),
)
CONNECTOR_LAYERS = (
    ("contact", "deadline", "fields", "file_kinds", "garbled_text"),
    ("base",),
    ("registry", "local_file", "http_client"),
    # A vCard's labels and code pages are known by the words and letters of the CSV connector.
    ("csv", "google", "ldap"),
    ("vcard",),
    ("carddav",),
)
LIBRARIES_INSIDE_FUNCTIONS = (
    "googleapiclient",
    "google",
    "google_auth_oauthlib",
    "httplib2",
    "ldap3",
    "httpx",
    "defusedxml",
    "phonenumbers",
    "re2",
    "psycopg",
)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def sources() -> list[Path]:
    return sorted(
        path for folder in ("app", "connectors") for path in (ROOT / folder).rglob("*.py")
    )


def imports(path: Path, *, top: bool = False) -> set[str]:
    """Return the modules that a file imports; with `top`, only those outside functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body if top else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            ours = {
                name
                for name in names
                if (ROOT / name.replace(".", "/")).with_suffix(".py").is_file()
            }
            found |= ours or {node.module}
    return found


def package_of(module: str) -> str:
    """Return the package of a module.

    That is "connectors", or for example "app.books" for "app.books.merge".
    """
    if module == "app.__main__":
        return "app.cli"
    return "connectors" if module.split(".")[0] == "connectors" else ".".join(module.split(".")[:2])


def layer_of(package: str) -> int | None:
    return next((number for number, packages in enumerate(LAYERS) if package in packages), None)


def violations(module: str, imported: set[str]) -> list[str]:
    """Return the imports of a module that the layers forbid."""
    package = package_of(module)
    here = layer_of(package)
    assert here is not None, f"{module}: put its package into LAYERS"
    found = []
    for name in sorted(imported):
        if name.split(".")[0] not in ("app", "connectors") or package_of(name) == package:
            continue
        there = layer_of(package_of(name))
        if there is None or there >= here:
            found.append(f"{module} imports {name}")
    return found


def test_the_files_are_found() -> None:
    found = [module_of(path) for path in sources()]
    assert {
        "app.web.server",
        "app.phones.cisco",
        "connectors.csv.connector",
        "connectors.base",
        "app.processes.supervisor",
    } <= set(found)
    assert len(found) > 150


def test_every_package_has_a_layer() -> None:
    packages = {package_of(module_of(path)) for path in sources()} - {"app", "app.demo"}
    assert packages == {package for packages in LAYERS for package in packages}


@pytest.mark.parametrize(
    "path", [path for path in sources() if path.name != "__init__.py"], ids=module_of
)
def test_imports_go_down(path: Path) -> None:
    assert [] == violations(module_of(path), imports(path))


def test_packages_of_one_layer_do_not_import_each_other() -> None:
    assert ["app.books.merge imports app.settings.loader"] == violations(
        "app.books.merge", {"app.settings.loader", "app.model.text"}
    )
    assert ["app.web.server imports app.build.once"] == violations(
        "app.web.server", {"app.build.once"}
    )
    assert ["connectors.base imports app.logs"] == violations("connectors.base", {"app.logs"})


def circle(modules: dict[str, set[str]]) -> list[str]:
    """Return modules that import each other in a circle, or an empty list."""
    try:
        graphlib.TopologicalSorter(modules).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    files = {module_of(path): path for path in sources()}
    imported = {
        module: {name for name in imports(path) if name in files and name != module}
        for module, path in files.items()
    }
    assert {"connectors.google.client"} <= imported["connectors.google.connector"]
    assert [] == circle(imported)
    assert ["a", "c", "b", "a"] == circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})


@pytest.mark.parametrize(
    "path", [path for path in sources() if path.name == "__init__.py"], ids=module_of
)
def test_a_package_re_exports_nothing(path: Path) -> None:
    assert set() == imports(path)
    assert 1 <= len(ast.parse(path.read_text(encoding="utf-8")).body) <= 1, (
        "a docstring and nothing else"
    )


def connector_layer(module: str) -> int:
    part = module.split(".")[1]
    return next(number for number, parts in enumerate(CONNECTOR_LAYERS) if part in parts)


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sources()
        if module_of(path).startswith("connectors.") and path.name != "__init__.py"
    ],
    ids=module_of,
)
def test_connectors_import_the_contract_and_what_lies_below(path: Path) -> None:
    module = module_of(path)
    for name in imports(path):
        if name.startswith("connectors.") and name.split(".")[1] != module.split(".")[1]:
            assert connector_layer(name) < connector_layer(module), f"{module} imports {name}"


@pytest.mark.parametrize("name", sorted({vars(module)["__name__"] for module in FORMATS.values()}))
def test_a_format_imports_only_screens_and_text(name: str) -> None:
    family = sorted((ROOT / "app" / "phones").glob(f"{name.rpartition('.')[2]}*.py"))
    assert family
    ours = {
        found
        for path in family
        for found in imports(path)
        if found.startswith(("app", "connectors"))
    }
    assert ours - {module_of(path) for path in family} <= {
        "app.languages.catalogue",
        "app.model.screens",
        "app.model.text",
        "app.phones.strict.proof",
    }


STRICT = sorted((ROOT / "app" / "phones" / "strict").glob("*.py"))


@pytest.mark.parametrize(
    "path", [*STRICT, ROOT / "app" / "phones" / "cisco_rules.py"], ids=module_of
)
def test_the_strict_phone_does_not_use_what_writes_the_pages(path: Path) -> None:
    assert len(STRICT) > 5
    ours = {name for name in imports(path) if name.startswith("app")}
    own = {module_of(other) for other in STRICT} | {"app.phones.cisco_rules"}
    assert ours - own <= {"app.languages.catalogue", "app.model.screens"}


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_only_settings_reads_the_environment(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if package_of(module_of(path)) != "app.settings":
        assert not re.search(r"\bos\.(environ|getenv)\b", text)
        assert "tomllib" not in text
        if module_of(path) != "connectors.registry":
            assert "connectors.registry" not in imports(path)


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_fastapi_stays_in_the_web_package(path: Path) -> None:
    if package_of(module_of(path)) != "app.web":
        assert not any(name.split(".")[0] in ("fastapi", "starlette") for name in imports(path))


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_libraries_of_one_connector_are_imported_inside_functions(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports(path, top=True)}
    assert set() == tops & set(LIBRARIES_INSIDE_FUNCTIONS)


@pytest.mark.parametrize(
    "path", [path for path in sources() if module_of(path).split(".")[0] == "app"], ids=module_of
)
def test_cisco_limits_stand_in_two_files(path: Path) -> None:
    if module_of(path) in ("app.phones.cisco", "app.phones.cisco_rules"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword | ast.Assign | ast.Compare):
            values = (
                [node.value] if isinstance(node, ast.keyword | ast.Assign) else node.comparators
            )
            for value in values:
                literal = value.value if isinstance(value, ast.Constant) else None
                where = f"{module_of(path)} line {node.lineno}"
                if isinstance(node, ast.Compare) or "LIMIT" in ast.unparse(node).upper():
                    assert literal not in (
                        32,
                        64,
                        4000,
                    ), f"{where}: a phone's limit belongs into app/phones/cisco.py"


def test_a_builder_that_is_alone_loads_nothing_of_several_machines() -> None:
    foreign = ("psycopg", "app.exchange.postgres", "app.exchange.database", "app.build.host")
    code = (
        "import sys; from app.build.worker import BuilderProcess;"
        " from app.settings.config_file import DEMO;"
        " from app.generation.files import publish;"
        " BuilderProcess(DEMO)._new_builder(publish, resumes=False);"
        f" print([name for name in {foreign!r} if name in sys.modules])"
    )
    assert "[]" == output_of(code)


def test_the_web_process_loads_no_connector_library() -> None:
    """Not even for the console, which looks at results that the brake holds back."""
    foreign = (*LIBRARIES_INSIDE_FUNCTIONS, "app.build", "app.cli")
    code = (
        "import sys; from app.web.application import application, create_app;"
        " from app.web.publisher import Publisher; from app.settings.config_file import DEMO;"
        " from app.settings.loader import load;"
        " settings = load(DEMO);"
        " application(create_app(settings, Publisher(settings))._fallback.context);"
        f" print([name for name in {foreign!r} if name in sys.modules and name != 'google'])"
    )
    assert "[]" == output_of(code)


def output_of(code: str) -> str:
    """Return what a new Python prints that runs this code."""
    shown = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return shown.stdout.strip()
