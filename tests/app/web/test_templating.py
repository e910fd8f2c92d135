"""Tests of the templates: values are escaped, and phones need no template library."""

import subprocess
import sys

import pytest
from jinja2 import UndefinedError

from app.web.templating import render_template
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE


def test_a_value_that_is_not_passed_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="undefined"):
        render_template("console/api_docs.html", description="", paths={})


def test_no_phone_or_exchange_waits_for_fastapi_or_the_template_library() -> None:
    code = (
        "import sys; from app.web import worker; from app.web.application import create_app;"
        " from app.web.publisher import Publisher; from app.settings.config_file import DEMO;"
        " from app.settings.loader import load;"
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
        timeout=PATIENCE,
    )
    assert "[]" == shown.stdout.strip()
