"""Render HTML pages from the templates in `app/web/templates/`.

Phones need no template. So this module, which loads jinja2, is imported together with
FastAPI, inside `app.web.application`.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    auto_reload=False,
)


def render_template(name: str, **values: object) -> str:
    """Return the page of a template, in which all values are escaped.

    Raises jinja2.UndefinedError if the template uses a value that was not passed.
    """
    return _ENVIRONMENT.get_template(name).render(values)


@cache
def load_templates() -> None:
    """Compile all templates, once.

    It is a dependency of the pages for people. FastAPI runs it in a thread, so phones
    do not wait for it, and monitors need no template.
    """
    for name in _ENVIRONMENT.list_templates():
        _ENVIRONMENT.get_template(name)
