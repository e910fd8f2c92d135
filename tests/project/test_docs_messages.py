"""Troubleshooting quotes the messages of the code exactly, and leaves none out."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.paths import ROOT

PAGES = {"carddav": ("carddav", "http_client"), "vcard": ("vcard", "local_file", "garbled_text")}
"""Pages of docs/connectors, and the packages and modules whose messages they explain."""
ERRORS = (
    "SourceError",
    "SourceRefused",
    "SourceUnavailable",
    "NotFound",
    "AnswerTooLarge",
    "BrokenXml",
    "BadRedirect",
    "LeadsAway",
)
HOLE = "\0"


def quoted(page: str) -> list[list[str]]:
    """The messages of a page's table, each as the words that are the same every time."""
    table = (
        (ROOT / "docs" / "connectors" / f"{page}.md")
        .read_text(encoding="utf-8")
        .partition("## Messages")[2]
        .partition("\n## ")[0]
    )
    cells = [
        line.split(" | ")[0] for line in table.splitlines() if line.startswith("| ") and "`" in line
    ]
    changing = r"\([^)]*\)|\.\.\.|\b[A-Z]{4,}\b|\"X\"|\d[\d,]*(?: s\b| MB\b)?"
    return [
        [
            part
            for piece in re.split(changing, message)
            if piece and len(part := piece.strip(" ,;:.")) > 3
        ]
        for cell in cells
        for message in re.findall(r"`([^`]+)`", cell)
    ]


def sentence(node: ast.expr) -> str:
    """A string of the code, with a mark where a value is put in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return (
        "".join(sentence(part) if isinstance(part, ast.Constant) else HOLE for part in node.values)
        if isinstance(node, ast.JoinedStr)
        else ""
    )


def trees(page: str) -> Iterator[ast.AST]:
    for path in sorted((ROOT / "connectors").rglob("*.py")):
        if path.relative_to(ROOT / "connectors").with_suffix("").parts[0] in PAGES[page]:
            yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def said(page: str) -> set[str]:
    """Every string of the code that such a page explains."""
    return {text for node in trees(page) if isinstance(node, ast.expr) and (text := sentence(node))}


def errors(page: str) -> set[str]:
    """The sentences of the errors that the code makes or returns."""
    calls = (
        node
        for node in trees(page)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
    )
    made = {
        sentence(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in ERRORS
    }
    replies = {
        sentence(node.value)
        for node in trees(page)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.expr)
    }
    return {text for text in made | replies if ". " in text and text.endswith(".")}


@pytest.mark.parametrize("page", PAGES)
def test_every_message_of_the_page_is_one_of_the_code(page: str) -> None:
    texts = said(page)
    messages = quoted(page)
    assert len(messages) > 5
    assert [] == [
        parts
        for parts in messages
        if not any(all(part in text for part in parts) for text in texts)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_error_of_the_code_is_on_the_page(page: str) -> None:
    messages = quoted(page)
    assert len(errors(page)) > 3
    assert [] == [
        text
        for text in sorted(errors(page))
        if not any(parts and all(part in text for part in parts) for parts in messages)
    ]
