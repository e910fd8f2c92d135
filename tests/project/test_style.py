"""The style rules for docstrings, lines of code and names, as CONTRIBUTING.md has them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.test_architecture import module_of, sources
from tests.support.paths import ROOT

FOLDERS = ("app", "connectors", "docs/examples", "tests")
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def lines_of_code(tree: ast.Module) -> int:
    """Return how many lines a module has without docstrings, comments and blank lines."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            has_body = hasattr(node, "body")
            lines |= (
                {node.lineno}
                if has_body
                else set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            )
    return len(lines)


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_a_file_has_a_docstring_and_a_bound(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "a module says what it does in its docstring"
    assert lines_of_code(tree) <= 250, "a file has one subject"


def test_no_line_is_over_100_characters() -> None:
    # ruff's E501 lets lines of one word, and comments that it reads itself, be longer.
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 400
    assert [] == [
        f"{path}: line {number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 100
    ]


LIMITS = {"timeout", "patience", "connect_timeout", "receive_timeout"}
WAITING = {"settimeout", "wait", "join", "timeout"}


def limits_in(node: ast.AST) -> Iterator[ast.expr]:
    """Yield how long a call or a function waits, as it is written."""
    if isinstance(node, ast.Call):
        yield from (word.value for word in node.keywords if word.arg in LIMITS)
        if isinstance(node.func, ast.Attribute) and node.func.attr in WAITING:
            yield from node.args[:1]
    elif isinstance(node, ast.arguments):
        given = [*node.posonlyargs, *node.args][::-1]
        pairs = [*zip(given, node.defaults[::-1], strict=False)]
        for name, value in [*pairs, *zip(node.kwonlyargs, node.kw_defaults, strict=True)]:
            if name.arg in LIMITS and value is not None:
                yield value


def test_tests_wait_as_long_as_on_a_busy_machine() -> None:
    """How long is in `tests/support/patience.py`, not in the tests."""
    found = [
        f"{path}: line {limit.lineno}"
        for path in TESTS
        if "bench" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for limit in limits_in(node)
        # Not to wait at all is no time.
        if isinstance(limit, ast.Constant) and isinstance(limit.value, int | float) and limit.value
    ]
    assert [] == found, "write PATIENCE, or SHORT where the time-out is what the test expects"


DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@pytest.mark.parametrize("path", [*sources(), *TESTS], ids=module_of)
def test_docstrings_begin_with_one_line_and_are_88_characters_wide(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(ast.parse("\n".join(lines))):
        text = ast.get_docstring(node) if isinstance(node, DOCUMENTED) else None
        if text is None:
            continue
        _, _, body = text.partition("\n")
        first = node.body[0]
        where = f"line {first.lineno}"
        assert not body or body.startswith("\n"), f"{where}: the first sentence is one line"
        for line in lines[first.lineno - 1 : first.end_lineno]:
            assert len(line.removesuffix('"""')) <= 88, f"{where}: over 88 characters"


# A phone format is a module that implements these functions (app/phones/registry.py), and a page of
# the console is one that implements `router`.
INTERFACES = {
    "app.phones": frozenset({"headers", "dialect", "render", "check"}),
    "app.web.console": frozenset({"router"}),
}


def test_no_class_or_public_function_has_the_name_of_another_in_its_package() -> None:
    found: dict[tuple[Path, str], list[str]] = {}
    for path in sources():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if isinstance(node, ast.ClassDef) or (is_function and not node.name.startswith("_")):
                found.setdefault((path.parent, node.name), []).append(module_of(path))
    assert found
    twice = {name: modules for (_, name), modules in found.items() if len(modules) > 1}
    assert {} == {
        name: modules
        for name, modules in twice.items()
        if name not in INTERFACES.get(modules[0].rpartition(".")[0], ())
    }


@pytest.mark.parametrize(
    "path", [path for path in sources() if path.name != "__init__.py"], ids=module_of
)
def test_no_module_repeats_its_folder(path: Path) -> None:
    assert not path.stem.startswith(f"{path.parent.name}_")
