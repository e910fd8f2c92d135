"""Tests of the templates: values are escaped, and phones need no template library."""

import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from app.web.templating import render_template
from tests.support import contacts
from tests.support.paths import ROOT
from tests.support.patience import PATIENCE


def test_a_value_that_is_not_passed_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="undefined"):
        render_template("console/api_docs.html", description="", paths={})


def loaded_libraries(folder: Path, requests: str) -> str:
    """Run requests to an application `app` in a new process; print what it has loaded."""
    config = folder / "gateway.toml"
    config.write_text(contacts.CONFIG, encoding="utf-8")
    code = (
        "import asyncio, pathlib, sys; from app.web import worker;"
        " from app.web.application import create_app;"
        " from app.web.publisher import Publisher; from app.settings.loader import load;"
        f" settings = load(pathlib.Path({str(config)!r}));"
        f" app = create_app(settings, Publisher(settings)); {requests};"
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
    return shown.stdout.strip()


def test_no_phone_or_exchange_waits_for_fastapi_or_the_template_library(tmp_path: Path) -> None:
    assert "[]" == loaded_libraries(
        tmp_path,
        "scope = {'path': '/p/default/menu.xml', 'query_string': b'', 'headers': (),"
        " 'client': ('127.0.0.1', 1)}; assert app.try_answer(scope, {}).answer.body;"
        " scope |= {'path': '/lookup', 'query_string': b'number=1'};"
        " assert app.try_answer(scope, {}).answer.headers",
    )


@pytest.mark.parametrize(
    "path, status", [("healthy", 200), ("ready", 503), ("status", 200), ("metrics", 200)]
)
def test_no_monitor_waits_for_them_either(tmp_path: Path, path: str, status: int) -> None:
    assert "[]" == loaded_libraries(
        tmp_path,
        "from unittest.mock import AsyncMock; send = AsyncMock();"
        f" scope = {{'type': 'http', 'method': 'GET', 'path': '/-/{path}', 'query_string': b'',"
        " 'headers': (), 'client': ('127.0.0.1', 1), 'server': ('127.0.0.1', 80),"
        " 'scheme': 'http'}; asyncio.run(app(scope, AsyncMock(), send));"
        f" assert {status} == send.await_args_list[0].args[0]['status']",
    )
