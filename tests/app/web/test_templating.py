"""Tests of the templates: values are escaped, and phones need no template library."""

import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from app.settings.loader import parse
from app.state.status import SourceStatus, Status
from app.web.base_url import BaseUrl
from app.web.console.condition import find_condition
from app.web.status_report import report
from app.web.templating import render_template
from tests.support.paths import ROOT

HOSTILE = "<script>'x'</script> & \"y\""
ESCAPED = "&lt;script&gt;&#39;x&#39;&lt;/script&gt; &amp; &#34;y&#34;"


def test_every_value_of_the_home_page_is_escaped(tmp_path: Path) -> None:
    data = {
        "title": HOSTILE,
        "state_dir": str(tmp_path),
        "sources": {"staff": {"connector": "csv", "path": "staff.csv"}},
        "books": {"staff": {"title": HOSTILE, "sources": ["staff"]}},
    }
    settings = parse(data, tmp_path / "gateway.toml")
    status = Status(problem=HOSTILE, sources={"staff": SourceStatus(error=HOSTILE)})
    page = render_template(
        "console/overview.html",
        title=settings.title,
        root="./",
        here="",
        navigation=(),
        version=HOSTILE,
        condition=find_condition(settings, None, status),
        token="",
        is_demo=settings.demo,
        profiles=settings.profiles,
        report=report(settings, None, status),
        base_url=BaseUrl(f"http://{HOSTILE}", HOSTILE),
    )
    assert 1 == page.count("<script")
    # The title stands twice. The others are the version, the problem, the error, the book and its
    # URL, the note.
    assert 8 == page.count(ESCAPED)
    # A URL in the lines for a phone is escaped as XML, and these as text of the page.
    assert 3 == page.count("URL&gt;http://&amp;lt;script&amp;gt;") + page.count(
        "serviceURI&gt;http://&amp;lt;script&amp;gt;"
    )


def test_a_value_that_is_not_passed_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="undefined"):
        render_template("console/api_docs.html", description="", paths={})


def test_no_phone_or_exchange_waits_for_fastapi_or_the_template_library() -> None:
    code = (
        "import sys; from app.web import worker; from app.web.application import create_app;"
        " from app.web.publisher import Publisher; from app.settings.loader import DEMO, load;"
        " settings = load(DEMO); app = create_app(settings, Publisher(settings));"
        " scope = {'path': '/p/default/menu.xml', 'query_string': b'', 'headers': (),"
        " 'client': ('127.0.0.1', 1)}; assert app.try_answer(scope, {}).answer.body;"
        " scope |= {'path': '/lookup', 'query_string': b'number=1'};"
        " assert app.try_answer(scope, {}).answer.headers;"
        " print([name for name in ('jinja2', 'fastapi') if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "[]" == shown.stdout.strip()
