"""The documentation as a site: `make docs` builds it, decision 17 says why with Sphinx.

The pages are plain Markdown, and a forge shows them too. So the navigation is no list of its
own: it is made of the lists of links on the pages in `PAGES_OF_LINKS`.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
PAGES_OF_LINKS = ("index", "recipes/README", "decisions/README")

project = "Directory gateway"
version = release = PROJECT["version"]
html_title = f"{project} {version}"
language = "en"
extensions = ["myst_parser"]
exclude_patterns = ["examples"]
# A link to a heading is written as forges make it.
myst_heading_anchors = 4
nitpicky = True
highlight_language = "text"
# Code in a language that Pygments does not know is shown without colours.
suppress_warnings = ["misc.highlighting_failure"]
html_theme = "furo"
html_copy_source = False
html_use_index = False
html_show_copyright = False


def links_of(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each heading of a page with the links in the lists below it, as (title, page)."""
    parts = (part.partition("\n") for part in re.split(r"(?m)^##? ", text)[1:])
    return [
        (heading, re.findall(r"(?m)^- \[([^\]]+)\]\(([\w./-]+)\.md\)", below))
        for heading, _, below in parts
    ]


def add_navigation(app: Sphinx, page: str, source: list[str]) -> None:
    """Append what a page of links lists to it, as a part of the navigation."""
    if page in PAGES_OF_LINKS:
        for heading, links in links_of(source[0]):
            if links:
                listed = "\n".join(f"{title} <{target}>" for title, target in links)
                tree = f"\n\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{listed}\n```\n"
                source[0] += tree


def setup(app: Sphinx) -> None:
    """Connect to Sphinx, which calls this."""
    app.connect("source-read", add_navigation)
