"""Check that a page of the console is accessible, and that nothing in it overflows."""

from playwright.sync_api import Page

from tests.support.paths import ROOT

_AXE = (ROOT / "tests" / "support" / "axe" / "axe.min.js").read_text(encoding="utf-8")

_OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  const found = document.documentElement.scrollWidth > wide ? ["the page"] : [];
  const clips = element => {
    for (let one = element.parentElement; one; one = one.parentElement) {
      if (getComputedStyle(one).overflowX !== "visible") return true;
    }
    return false;
  };
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (!box.width || element.closest(".skip, .visually-hidden") || clips(element)) continue;
    if (box.right > wide + 0.5 || box.left < -0.5) found.push(element.outerHTML.slice(0, 200));
  }
  return found;
}"""

_OVERLAPPING = """() => {
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || !node.parentElement.checkVisibility()) continue;
    if (node.parentElement.closest(".skip, .visually-hidden, svg, select, pre")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let clip = {left: -1e9, right: 1e9};
    for (let one = node.parentElement; one; one = one.parentElement) {
      if (getComputedStyle(one).overflowX === "visible") continue;
      const box = one.getBoundingClientRect();
      clip = {left: Math.max(clip.left, box.left), right: Math.min(clip.right, box.right)};
    }
    for (const {left, right, top, bottom, height} of range.getClientRects()) {
      const box = {left: Math.max(left, clip.left), right: Math.min(right, clip.right)};
      if (box.right > box.left + 1) {
        lines.push([{...box, top, bottom, height}, node.data.trim().slice(0, 60), node]);
      }
    }
  }
  const found = [];
  // Lines of text touch by their line height, so each box is cut by a fifth.
  for (let one = 0; one < lines.length; one++) {
    for (let two = one + 1; two < lines.length; two++) {
      const [a, first, its] = lines[one], [b, second, other] = lines[two];
      if (its === other) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > Math.min(a.height, b.height) / 5) found.push([first, second]);
    }
  }
  return found;
}"""


def assert_accessible(page: Page) -> None:
    """Fail if axe-core finds a violation."""
    page.evaluate(_AXE)
    found = page.evaluate("async () => (await axe.run()).violations")
    assert [] == [
        (rule["id"], rule["help"], [node["html"] for node in rule["nodes"]][:3]) for rule in found
    ]


def assert_fits(page: Page) -> None:
    """Fail if something is wider than the window, or texts lie over each other."""
    # Without its stylesheet a page has other boxes.
    page.wait_for_load_state("load")
    assert [] == page.evaluate(_OVERFLOWING)
    assert [] == page.evaluate(_OVERLAPPING)
