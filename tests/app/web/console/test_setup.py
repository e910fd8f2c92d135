"""The set-up of phones: lines, the file to download, and the check of a file."""

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from email.message import Message
from xml.etree import ElementTree

import pytest

from app.device_config.lint import lint_text
from tests.app.device_config.test_lint import GOOD, SAMPLE, TEMPLATE
from tests.support import contacts
from tests.support.held_gateway import HOSTILE, troubled
from tests.support.patience import PATIENCE
from tests.support.servers.web_side import WebSide

SECRET = "gEheim7"
FORM = {
    "mac": "00:11:22:aa:bb:cc",
    "proxy": "192.168.1.5",
    "port": "5060",
    "account": "1001",
    "password": SECRET,
    "label": "",
    "time_zone": "Central Europe Standard/Daylight Time",
    "ntp": "162.159.200.1",
    "load": "",
    "dial_template": "",
    "profile": "reception",
}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    with troubled(tmp_path_factory.mktemp("setup")) as running:
        yield running


def post(gateway: WebSide, path: str, fields: dict[str, str]) -> tuple[int, Message, str]:
    """Send a form of the page; return status, headers and body."""
    token = re.findall(r'name="token" value="([0-9a-f]+)"', gateway.text("/-/setup"))[0]
    data = urllib.parse.urlencode({"token": token, **fields}).encode()
    try:
        with urllib.request.urlopen(gateway.base + path, data, timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def test_the_lines_of_each_profile(gateway: WebSide) -> None:
    page = gateway.get("/-/setup", Host="192.0.2.10:81")[2].decode()
    blocks = [html.unescape(text) for text in re.findall(r"<pre [^>]*>(.*?)</pre>", page, re.S)]
    root = ElementTree.fromstring(f"<device>{''.join(blocks)}</device>")
    base = "http://192.0.2.10:81"
    urls = [element.text for element in root.iter() if (element.text or "").startswith("http")]
    assert [
        f"{base}{below}{name}"
        for below in ("", "/p/reception")
        for name in ("/menu.xml", "/directory.xml", "/directory.xml")
    ] == urls
    assert "No phone can reach" not in page
    assert "No phone can reach 127.0.0.1" in gateway.text("/-/setup")
    for url in urls:
        assert 200 == gateway.get(str(url).removeprefix(base))[0]


def test_the_file_to_download(gateway: WebSide) -> None:
    status, headers, body = post(gateway, "/-/setup/file", FORM)
    assert 200 == status
    assert 'attachment; filename="SEP001122AABBCC.cnf.xml"' == headers["content-disposition"]
    assert "private, no-store" == headers["cache-control"]
    root = ElementTree.fromstring(body)
    assert SECRET == root.findtext(".//authPassword")
    assert f"{gateway.base}/p/reception/menu.xml" == root.findtext("directoryURL")
    passed = body.replace("127.0.0.1", "192.0.2.10")
    assert () == lint_text("SEP001122AABBCC.cnf.xml", passed).findings
    assert SECRET not in gateway.text("/-/setup")


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"mac": "1"}, "12 digits"),
        ({"proxy": HOSTILE}, "The exchange is an address"),
        ({"account": ""}, "The account is missing"),
        ({"time_zone": HOSTILE}, "Choose a time zone"),
        ({"ntp": "pool.ntp.org"}, "the clock stands still"),
        ({"port": "x"}, "The port is a number"),
        ({"port": "99999999999"}, "The port is a number"),
        ({"load": "a b"}, "without .loads"),
        ({"dial_template": "<x>"}, "name of a file"),
        ({"label": "a\x00"}, "XML cannot hold"),
        ({"profile": "none", "mac": "1"}, "12 digits"),
    ],
)
def test_a_wrong_field_is_marked(gateway: WebSide, wrong: dict[str, str], message: str) -> None:
    status, _, body = post(gateway, "/-/setup/file", FORM | wrong)
    assert 422 == status
    assert message in body
    assert 1 == body.count('class="field-problem"')
    assert "The file was not made" in body
    assert SECRET not in body
    assert "<script>alert" not in body
    assert 'value="00:11:22:aa:bb:cc"' in body or "mac" in wrong


def test_an_empty_form_marks_what_is_missing(gateway: WebSide) -> None:
    status, _, body = post(gateway, "/-/setup/file", {})
    assert 422 == status
    marked = re.findall(r'id="(\w+)-hint" class="field-problem"', body)
    assert ["mac", "proxy", "port", "account", "password", "time_zone", "ntp"] == marked
    assert len(marked) == body.count('aria-invalid="true"')


@pytest.mark.parametrize(
    "text, messages",
    [
        (SAMPLE, ["line 157", "&lt;/sipLines&gt; closes nothing", "&lt;sipLines&gt;"]),
        (GOOD, ["No problem was found"]),
        (GOOD.replace("\n", "\r\n"), ["No problem was found"]),
        (TEMPLATE, ["No problem was found"]),
        (TEMPLATE.replace('Timeout="4"', 'Timeout="0"'), ["line 5", "after the first digit"]),
        ("", ["There is no XML element"]),
        (f"<device>{HOSTILE}", ["is never closed"]),
        (f"<{'x' * 5000}>", ["is never closed"]),
        (f"<device><authPassword>{SECRET}&<</authPassword>", ["This password"]),
    ],
)
def test_the_check_of_a_file(gateway: WebSide, text: str, messages: list[str]) -> None:
    status, _, body = post(gateway, "/-/setup/check", {"text": text})
    assert 200 == status
    assert [] == [part for part in messages if part not in body]
    assert SECRET not in body
    assert "<script>alert" not in body


def test_a_file_that_is_too_long_is_refused(gateway: WebSide) -> None:
    assert 413 == post(gateway, "/-/setup/check", {"text": "x" * 70_000})[0]


def test_one_profile_has_no_heading(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("one")
    contacts.write(folder / "contacts.csv", [contacts.person(1)])
    with WebSide(folder, contacts.CONFIG) as running:
        page = running.text("/-/setup")
    assert "<h3" not in page and "<summary>" not in page
