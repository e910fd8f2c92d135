"""docs/phones.md has every error that a phone shows, and the words of the gateway."""

import re

import pytest

from app.phone_display.models import MODELS
from app.phone_display.response import HOST_NOT_FOUND, failed_page, read_response
from app.phone_display.tokens import PARSE_ERROR
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "phones.md").read_text(encoding="utf-8")
CATALOGUE = ROOT / "app" / "languages" / "catalogues" / "de.po"
XML = {"content-type": "text/xml; charset=utf-8"}


def column(heading: str) -> list[str]:
    """Return the first cells of the table under a heading."""
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [row.split(" | ")[0].removeprefix("| ") for row in part.splitlines() if row[:2] == "| "]


@pytest.mark.parametrize(
    "status, body",
    [(403, b"no"), (404, b"no"), (500, b"no"), (503, b"no"), (200, b""), (200, b" " * 200_000)],
)
def test_every_error_of_a_response_is_explained(status: int, body: bytes) -> None:
    fault = read_response(status, XML, body).content
    assert f"*{fault.shown}*" in " ".join(column("A message on the phone"))


@pytest.mark.parametrize("shown", [PARSE_ERROR, HOST_NOT_FOUND])
def test_every_other_error_is_explained(shown: str) -> None:
    assert failed_page(shown, "").content
    assert f"*{shown}*" in " ".join(column("A message on the phone"))


def test_the_words_of_the_gateway_are_those_of_the_catalogues() -> None:
    words = set(re.findall(r'(?m)^msgid "(.+)"$', CATALOGUE.read_text(encoding="utf-8")))
    quoted = re.findall(r"`([^`]+)`", " ".join(column("A message from the gateway")))
    assert 6 < len(quoted)
    assert [] == [text for text in quoted if text not in words]


def test_every_model_that_can_be_drawn_is_in_the_table() -> None:
    phones = " ".join(column("Models"))
    assert [] == [model.label for model in MODELS if model.label.removeprefix("CP-") not in phones]
