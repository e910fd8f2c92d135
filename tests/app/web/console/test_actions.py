"""Actions are refused unless a page of this gateway, shown to an operator, sent them."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest

from tests.support.held_gateway import troubled
from tests.support.patience import PATIENCE
from tests.support.servers.web_side import WebSide

ACTIONS = ("/-/accept", "/-/refresh", "/-/setup/file", "/-/setup/check")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    with troubled(tmp_path_factory.mktemp("actions")) as running:
        yield running


def token(gateway: WebSide) -> str:
    return re.findall(r'name="token" value="([0-9a-f]+)"', gateway.text("/"))[0]


def post(gateway: WebSide, path: str, fields: dict[str, str], **headers: str) -> tuple[int, str]:
    """Send a form; return status and body."""
    request = urllib.request.Request(
        gateway.base + path,
        urllib.parse.urlencode(fields).encode(),
        {name.replace("_", "-"): value for name, value in headers.items()},
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def requests(gateway: WebSide) -> set[str]:
    folder = gateway.folder / "state" / "requests"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


@pytest.mark.parametrize("path", ACTIONS)
@pytest.mark.parametrize(
    "headers, message",
    [
        ({"Sec_Fetch_Site": "cross-site"}, "Another site"),
        ({"Sec_Fetch_Site": "same-site"}, "Another site"),
        ({"Origin": "https://evil.example"}, "Another site"),
        ({"Origin": "null"}, "Another site"),
        ({"X_Forwarded_For": "192.0.2.1"}, "Only operators"),
        ({"Host": "evil.example"}, "not known as a name"),
        ({"Content_Type": "text/plain"}, "form"),
    ],
)
def test_actions_are_refused(
    gateway: WebSide, path: str, headers: dict[str, str], message: str
) -> None:
    fields = {"token": token(gateway), "source": "club", "digest": "x"}
    status, body = post(gateway, path, fields, **headers)
    assert status in (403, 415)
    assert message in body
    assert set() == requests(gateway)


@pytest.mark.parametrize("path", ACTIONS)
@pytest.mark.parametrize("wrong", [{}, {"token": ""}, {"token": "0" * 64}, {"token": "é"}])
def test_actions_without_a_token_are_refused(
    gateway: WebSide, path: str, wrong: dict[str, str]
) -> None:
    status, body = post(gateway, path, {"source": "club", "digest": "x"} | wrong)
    assert 403 == status
    assert "too old" in body
    assert set() == requests(gateway)


@pytest.mark.parametrize("path", ACTIONS)
def test_actions_are_no_links(gateway: WebSide, path: str) -> None:
    assert 405 == gateway.get(f"{path}?source=club&token={token(gateway)}")[0]
    assert set() == requests(gateway)


@pytest.mark.parametrize("path", ACTIONS[:2])
def test_an_unknown_source(gateway: WebSide, path: str) -> None:
    status, body = post(gateway, path, {"token": token(gateway), "source": "nobody"})
    assert (404, True) == (status, "no source of this name" in body)


def test_another_result_is_not_accepted(gateway: WebSide) -> None:
    fields = {"token": token(gateway), "source": "club", "digest": "another"}
    status, body = post(gateway, "/-/accept", fields)
    assert (409, True) == (status, "Nothing was accepted" in body)
    assert set() == requests(gateway)


def test_a_form_has_a_bound(gateway: WebSide) -> None:
    fields = {"token": token(gateway), "source": "x" * 61 * 1024}
    assert 413 == post(gateway, "/-/refresh", fields)[0]
    many = {f"field{number}": "1" for number in range(200)}
    assert 400 == post(gateway, "/-/refresh", many)[0]


def test_the_page_of_an_unknown_source(gateway: WebSide) -> None:
    assert 404 == gateway.get("/-/held?source=nobody")[0]
