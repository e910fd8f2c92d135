"""Builds the site of the documentation, and reads what its pages of links list."""

import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.patience import PATIENCE

DOCS = ROOT / "docs"


def build_site(folder: Path) -> Path:
    """Build the site as `make docs` does, and return the folder with its pages.

    Fails with what Sphinx complains about.
    """
    assert find_spec("furo"), (
        "Sphinx is not installed: .venv/bin/python -m pip install --require-hashes"
        " -r requirements-dev.lock (make test does it by itself)"
    )
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (options,) = re.findall(r"(?m)^\t\$\(BIN\)/sphinx-build (.+) -d \S+ docs site$", makefile)
    site = folder / "site"
    words = [sys.executable, "-m", "sphinx", *options.split(), "-d", folder / "doctrees"]
    done = subprocess.run(
        [*words, DOCS, site],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
    )
    assert (0, "") == (done.returncode, done.stdout.strip()), (
        f"{done.stdout}README.md and CONTRIBUTING.md are no pages of the site, and no folder is:"
        " name them without a link."
    )
    return site


def listed_pages() -> set[Path]:
    """Return the pages that the navigation has, as docs/conf.py makes it."""
    conf = runpy.run_path(str(DOCS / "conf.py"))
    links_of: Callable[[str], list[tuple[str, list[tuple[str, str]]]]] = conf["links_of"]
    found = {DOCS / "index.md"}
    for name in conf["PAGES_OF_LINKS"]:
        page = DOCS / f"{name}.md"
        if page.exists():
            for _, links in links_of(page.read_text(encoding="utf-8")):
                found |= {(page.parent / f"{link}.md").resolve() for _, link in links}
    return found
