"""The house stands: imports go down only, and each thing lives where the design puts it (design, sections 3 and 10)."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

FLOORS = (
    (
        "app.model.screens",
        "app.numbers.numbering_plans",
        "app.numbers.folding",
        "app.model.text",
        "app.numbers.pattern_syntax",
        "app.state.file_marks",
        "app.state.heartbeat",
        "app.processes.listen",
        "app.state.reload_state",
        "app.state.status",
        "app.logs",
        "app.state.memfile",
        "app.web.api_docs",
        "app.web.transport",
        "app.web.framing",
        "app.model.hosts",
        "connectors.contact",
        "connectors.deadline",
        "connectors.csv.languages",
        "connectors.file_kinds",
    ),
    (
        "app.model.names",
        "app.numbers.patterns",
        "app.numbers.splitter",
        "app.numbers.validity",
        "app.numbers.extensions",
        "app.state.directory",
        "app.state.locks",
        "app.state.shared_counters",
        "connectors.csv.code_pages",
        "connectors.csv.header_languages",
        "connectors.csv.letters",
    ),
    (
        "app.state.control",
        "app.processes.child",
        "app.numbers.dial_plan",
        "app.numbers.letters",
        "app.numbers.signs",
        "app.numbers.identity",
        "app.numbers.gate",
        "app.books.name_matching",
        "app.search.spellings",
        "app.navigation.paging",
        "app.phones.cisco_dialect",
        "app.phones.html",
        "app.settings.errors",
        "connectors.csv.charset_detection",
        "connectors.base",
    ),
    ("connectors.csv.columns", "connectors.csv.header_languages", "app.numbers.remarks"),
    ("connectors.csv.header_words", "app.numbers.parser"),
    ("connectors.vcard.kind_words",),
    (
        "connectors.local_file",
        "app.phones.cisco",
        "app.numbers.dialling",
        "app.settings.validation",
        "app.search.terms",
        "connectors.registry",
        "connectors.http_client.session",
        "connectors.vcard.parser",
    ),
    (
        "app.numbers.cache",
        "app.numbers.lookup_keys",
        "app.books.private_labels",
        "app.model.profile",
        "app.generation.reader",
        "app.generation.disambiguation",
        "app.generation.search_index",
    ),
    (
        "app.phones.registry",
        "app.web.access",
        "app.books.entries",
        "app.generation.writer",
        "app.navigation.search_screens",
        "app.books.merge",
        "app.cli.check_filters",
    ),
    (
        "app.settings.schema",
        "app.web.connections",
        "app.build.index_fields",
        "app.navigation.tree",
        "app.books.membership",
        "app.cli.check_books",
    ),
    (
        "app.settings.profiles",
        "connectors.csv.connector",
        "connectors.vcard.connector",
        "connectors.carddav.connector",
        "connectors.ldap.connector",
        "connectors.google.connector",
    ),
    ("app.settings.sources",),
    ("app.settings.loader",),
    ("app.state.held_results", "app.state.store_schema"),
    (
        "app.state.store",
        "app.web.publisher",
        "app.build.verification",
        "app.web.base_url",
        "app.web.status_report",
        "app.web.readiness",
        "app.refresh.folder_watch",
        "app.web.caller_lookup",
        "app.web.query_string",
        "app.web.caller_lookup_text",
        "app.web.phone_protocol",
    ),
    ("app.state.store_snapshot", "app.refresh.brake"),
    (
        "app.refresh.refresher",
        "app.build.composer",
        "app.cli.explanation",
        "app.web.home_page",
        "app.web.phone_app",
        "app.web.server",
        "app.web.metrics",
    ),
    ("app.refresh.source_thread",),
    ("app.web.application", "app.build.builder"),
    ("app.build.worker", "app.processes.supervisor", "app.build.once", "app.cli.running_gateway"),
    ("app.cli.show", "app.cli.local_data", "app.cli.accept"),
    ("app.cli.numbers", "app.cli.explain"),
    ("app.cli.check_config", "app.cli.check_security"),
    ("app.cli.check",),
    ("app.cli.main",),
    ("app.__main__",),
)
FLOOR = {module: number for number, modules in enumerate(FLOORS) for module in modules}
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
)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def sources() -> list[Path]:
    return sorted(path for folder in ("app", "connectors") for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path, *, top: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body if top else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            ours = {name for name in names if (ROOT / name.replace(".", "/")).with_suffix(".py").is_file()}
            found |= ours or {node.module}
    return found


def floor(module: str) -> int | None:
    if module in FLOOR:
        return FLOOR[module]
    # A connector's further files, named after it ("connectors.csv.rows"), stand below it.
    owner = max((known for known in FLOOR if module.startswith(f"{known}_")), key=len, default=None)
    if owner is None and module.startswith("connectors.carddav.webdav"):
        owner = "connectors.carddav.connector"
    if owner is None and module.count(".") == 2:
        package = module.rpartition(".")[0]
        owner = next((known for known in (f"{package}.connector", f"{package}.session") if known in FLOOR), None)
    return None if owner is None else FLOOR[owner]


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_imports_go_down(path: Path) -> None:
    module = module_of(path)
    if path.name == "__init__.py" and module != "app.phones.registry":
        assert set() == imports(path)
        return
    here = floor(module)
    assert here is not None, f"{module} has no floor: put it into FLOORS"
    for name in imports(path):
        there = floor(name) if name.startswith(("app", "connectors")) else None
        if there is None:
            continue
        family = module.split("_")[0].split(".dav")[0]
        same_package = module.count(".") == 2 and module.rpartition(".")[0] == name.rpartition(".")[0]
        same_connector = there == here and (name.startswith(family) or "dav" in name or same_package)
        assert there < here or same_connector, f"{module} (floor {here}) imports {name} (floor {there})"


@pytest.mark.parametrize("path", [path for path in sources() if path.relative_to(ROOT).parts[0] == "connectors"], ids=module_of)
def test_connectors_never_import_app(path: Path) -> None:
    assert [] == [name for name in imports(path) if name.split(".")[0] == "app"]


@pytest.mark.parametrize("name", ["cisco", "html"])
def test_a_format_imports_only_screens(name: str) -> None:
    family = sorted((ROOT / "app" / "phones").glob(f"{name}*.py"))
    ours = {found for path in family for found in imports(path) if found.startswith(("app", "connectors"))}
    assert {"app.model.screens"} == ours - {module_of(path) for path in family}


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_only_settings_reads_the_environment(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    settings = ("app.settings.loader", "app.settings.sources")
    if module_of(path) not in settings:
        assert not re.search(r"\bos\.(environ|getenv)\b", text)
        assert "tomllib" not in text
    if module_of(path) not in (*settings, "connectors.registry"):
        assert "connectors.registry" not in imports(path)


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_fastapi_stays_in_the_web_side(path: Path) -> None:
    if module_of(path) not in ("app.web.phone_app", "app.web.application"):
        assert not any(name.split(".")[0] in ("fastapi", "starlette") for name in imports(path))


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_libraries_of_one_connector_are_imported_inside_functions(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports(path, top=True)}
    assert set() == tops & set(LIBRARIES_INSIDE_FUNCTIONS)


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_cisco_limits_stand_in_one_file(path: Path) -> None:
    if module_of(path) == "app.phones.cisco":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword | ast.Assign | ast.Compare) and path.parent.name in ("app", "phones"):
            values = [node.value] if isinstance(node, ast.keyword | ast.Assign) else node.comparators
            for value in values:
                literal = value.value if isinstance(value, ast.Constant) else None
                where = f"{module_of(path)} line {node.lineno}"
                if isinstance(node, ast.Compare) or "LIMIT" in ast.unparse(node).upper():
                    assert literal not in (32, 64, 4000), f"{where}: a phone's limit belongs into app/phones/cisco.py"


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_a_file_has_a_law_and_a_bound(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "a module says its law in its docstring"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_the_web_process_loads_no_connector_library() -> None:
    code = (
        "import sys; from app import main; from app.settings.loader import DEMO, parse, read; read(DEMO); "
        f"print([name for name in {LIBRARIES_INSIDE_FUNCTIONS!r} if name in sys.modules and name != 'google'])"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert "[]" == shown.stdout.strip()
