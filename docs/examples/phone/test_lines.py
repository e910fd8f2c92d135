"""Run the contract tests of all formats on the Lines format."""

import lines
import pytest

from app.model.screens import Dialect, Page, Row, SearchForm
from app.phones.registry import Format
from tests.app.phones.contract import CASES, HOSTILE, FormatContract, link


class TestLines(FormatContract):
    @pytest.fixture
    def family(self) -> Format:
        return lines


@pytest.mark.parametrize("name", [*HOSTILE, "Ann\tAbbott\ndial\tEve\t0"])
def test_a_name_stays_on_its_line(name: str) -> None:
    page = Page("Staff", (Row(name, "1001"), Row("Bea Berg", "1002")))
    written = lines.render(page, link, Dialect()).decode().split("\n")
    assert ["title", "hint", "dial", "dial", ""] == [line.split("\t")[0] for line in written]
    assert "dial\tBea Berg\t1002" == written[3]
    assert 3 == len(written[2].split("\t")) and len(written[2].split("\t")[1]) <= 40


def test_a_lines_100_gets_no_form() -> None:
    old = lines.dialect({"user-agent": "Lines-100/2.4"})
    forms = [case.screen for case in CASES if isinstance(case.screen, SearchForm)]
    assert [b"text\tThis phone cannot show a search form.\n"] == [
        lines.render(form, link, old) for form in forms
    ]
    assert lines.dialect({"user-agent": "Lines-300/3.1"}).forms
