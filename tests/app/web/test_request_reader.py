"""What is read from the headers of a request."""

from pathlib import Path

from structlog.testing import capture_logs

from app.settings.loader import parse
from app.web.access import ProfileSelector, Visitor
from app.web.request_reader import RequestReader


def test_a_path_of_a_proxy_that_cannot_be_used_is_told_once() -> None:
    sources = {"staff": {"connector": "csv", "path": "staff.csv"}}
    settings = parse({"state_dir": "/nowhere", "sources": sources}, Path("/nowhere/gateway.toml"))
    reader = RequestReader(settings, ProfileSelector(settings.profiles))
    proxied = Visitor(None, allowed=True, operator=False, proxied=True)
    with capture_logs() as lines:
        for path in (b"/phonebook", b"/a\x1bb", b"/" + b"x" * 3_000):
            headers = {b"host": b"pbx.example", b"x-forwarded-prefix": path}
            base = reader.base_url({"scheme": "http"}, headers, proxied)
            assert "http://pbx.example" + ("/phonebook" if path == b"/phonebook" else "") == base
    (line,) = lines
    assert ("proxy_prefix_not_used", "/a?b") == (line["event"], line["prefix"])
    assert "24 characters at most" in line["error"]
