"""Render `/docs` as one plain HTML page from the OpenAPI description.

The page loads nothing from elsewhere. FastAPI's own page fetches its scripts from the
internet, which a gateway in a local network may not reach.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = (
    "body{font:16px sans-serif;margin:2em;max-width:60em}td,th{border:1px solid #aaa;padding:.3em"
    " .6em;text-align:left}"
)


def _parameters(operation: Mapping[str, Any]) -> str:
    names = [
        f"{escape(parameter['name'])}{' (needed)' if parameter.get('required') else ''}"
        for parameter in operation.get("parameters", ())
    ]
    return ", ".join(names) or "none"


def _answers(operation: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{escape(status)} {escape(', '.join(answer.get('content', {})))}"
        for status, answer in operation.get("responses", {}).items()
        if status.startswith("2")
    )


def api_page(schema: Mapping[str, Any]) -> str:
    """Return the page for an OpenAPI description, to which it links."""
    info = schema["info"]
    rows = "".join(
        f"<tr><td><code>{escape(method.upper())}"
        f" {escape(path)}</code></td><td>{escape(operation.get('summary', ''))}</td>"
        f"<td>{_parameters(operation)}</td><td>{_answers(operation)}</td></tr>\n"
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    )
    told = "".join(
        f"<p>{escape(part)}</p>\n" for part in info.get("description", "").split("\n\n") if part
    )
    title = escape(info["title"])
    return (
        '<!doctype html>\n<html lang="en">\n<meta'
        f' charset="utf-8">\n<title>{title}</title>\n<style>{_STYLE}</style>\n<h1>{title}</h1>'
        f"\n{told}<table>\n<tr><th>Request</th><th>What"
        f" it tells</th><th>Parameters</th><th>Answer</th></tr>\n{rows}</table>\n<p>For programs:"
        ' <a href="openapi.json">openapi.json</a></p>\n</html>\n'
    )
