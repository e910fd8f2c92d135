"""The documentation builds as a site without a warning, complete, and asks nobody else."""

import re
from pathlib import Path

import pytest
from lxml import html

from tests.support.docs_site import DOCS, build_site, listed_pages
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("site"))


def first_heading(page: Path) -> str:
    """Return the title of a page, as plain text."""
    heading = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    return heading.replace("`", "").replace("'", "’")


def test_the_site_has_every_page_and_each_leads_to_all_others(site: Path) -> None:
    pages = {path.relative_to(DOCS).with_suffix(".html") for path in listed_pages()}
    assert 30 < len(pages)
    # Sphinx makes a page search.html of its own, also in place of one of ours.
    titles = {
        path: html.parse(site / path).xpath("string(//article//section/h1/text())")
        for path in pages
    }
    assert {} == {
        path: title
        for path, title in titles.items()
        if not title or not first_heading(DOCS / path.with_suffix(".md")).startswith(title)
    }
    start = html.parse(site / "index.html")
    navigation = {
        str(link).partition("#")[0]
        for link in start.xpath("//*[contains(@class, 'sidebar-tree')]//a/@href")
    }
    assert {str(page) for page in pages} - {"index.html"} <= navigation


def loaded(page: Path) -> list[str]:
    """Return every address that a browser loads by itself when it shows a page."""
    tree = html.parse(page)
    return [
        *tree.xpath("//@src | //@srcset | //@poster | //@data | //@action"),
        *tree.xpath("//link/@href | //*[local-name() = 'use']/@href"),
        *re.findall(
            r"(?:url\(|@import)\s*[\"']?([^\"')]+)", " ".join(tree.xpath("//style/text()"))
        ),
    ]


def test_the_pages_load_nothing_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    addresses = [address for page in pages for address in loaded(page)]
    assert 5 * len(pages) < len(addresses)
    assert [] == [address for address in addresses if re.match(r"(https?:)?//", address)]


def test_styles_and_scripts_load_nothing_from_elsewhere(site: Path) -> None:
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    scripts = [path.read_text(encoding="utf-8") for path in site.rglob("*.js")]
    assert len(styles) > 3 and len(scripts) > 3
    far = r"[\"'(\s]*(?:https?:)?//\w"
    assert [] == [
        found for text in styles for found in re.findall(rf"(?:url\(|@import){far}", text)
    ]
    # Addresses in comments and in links that a reader may follow are no requests.
    ways = r"(?:fetch|import|Worker|WebSocket|EventSource|sendBeacon)\s*\(|\.src\s*=|\.open\s*\("
    assert [] == [found for text in scripts for found in re.findall(rf"(?:{ways}){far}", text)]


def test_the_pages_of_the_site_can_be_searched(site: Path) -> None:
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert all(word in index for word in ("nextcloud", "freeipa", "directoryurl"))


def test_the_readme_and_the_first_page_lead_to_the_same() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "](docs/index.md)" in readme and "make docs" in readme
    (first,) = re.findall(r"(?ms)^```$.*?^```$", (DOCS / "index.md").read_text(encoding="utf-8"))
    assert first in re.sub(r" +#.*", "", readme)


def anchors_of(page: Path) -> set[str]:
    """Return the anchors that a forge gives to the headings of a page."""
    text = re.sub(r"(?ms)^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"))
    headings = re.findall(r"(?m)^#{1,6} (.+)$", text)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in plain}


def test_links_to_a_heading_work_on_a_forge_too() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    links = [
        (page, link, anchor)
        for page in pages
        for link, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text(encoding="utf-8"))
    ]
    assert 50 < len(links)
    assert [] == [
        f"{page.relative_to(ROOT)}: {link}#{anchor}"
        for page, link, anchor in links
        if anchor not in anchors_of((page.parent / link) if link else page)
    ]
