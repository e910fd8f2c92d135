"""Compare an element of a page with its picture in `tests/browser/pictures/`."""

from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser, Locator

_FOLDER = Path(__file__).with_name("pictures")
MAX_DIFFERENCE = 0.01

# The browser itself decodes the pictures. A pixel differs if one of its colours is off by more than
# a sixteenth.
_COMPARE = """async sources => {
  const pixels = await Promise.all(sources.map(async source => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  }));
  const [one, two] = pixels;
  if (one.width !== two.width || one.height !== two.height) return 1;
  let count = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    if ([0, 1, 2].some(i => Math.abs(one.data[at + i] - two.data[at + i]) > 16)) count++;
  }
  return count / (one.width * one.height);
}"""


def assert_looks_like(browser: Browser, element: Locator, name: str, folder: Path) -> None:
    """Fail if more than a hundredth of the pixels differ from the picture.

    The new picture is then in `folder`. If it is better, copy it over the old one.
    """
    drawn = folder / f"{name}.png"
    drawn.write_bytes(element.screenshot(animations="disabled"))
    kept = _FOLDER / f"{name}.png"
    assert kept.is_file(), f"there is no picture {kept}; look at {drawn}, and copy it"
    assert difference(browser, kept, drawn) <= MAX_DIFFERENCE, f"{drawn} is not like {kept}"


def difference(browser: Browser, one: Path, two: Path) -> float:
    """Return the part of pixels that differ, 1 if the sizes do."""
    page = browser.new_page()
    sources = [
        f"data:image/png;base64,{b64encode(path.read_bytes()).decode('ascii')}"
        for path in (one, two)
    ]
    found = float(page.evaluate(_COMPARE, sources))
    page.close()
    return found
