"""The signed session, and which requests need a login."""

import pytest

from app.web.login_rules import Login, find_login, read_target
from app.web.session import SESSION_SECONDS, new_session, read_cookies, session_id, session_key

KEY = session_key(b"secret", "line")
VALUE = new_session(KEY, 1000.0)


def test_a_session_is_known_until_it_expires() -> None:
    assert VALUE.split(".")[1] == session_id(KEY, VALUE, 1000.0)
    assert session_id(KEY, VALUE, 999.0 + SESSION_SECONDS) is not None
    assert session_id(KEY, VALUE, 1000.0 + SESSION_SECONDS) is None
    assert new_session(KEY, 1000.0) != VALUE


def test_a_new_password_or_secret_ends_it() -> None:
    assert session_id(session_key(b"secret", "another line"), VALUE, 1000.0) is None
    assert session_id(session_key(b"another", "line"), VALUE, 1000.0) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "..",
        VALUE[:-1],
        VALUE + "0",
        VALUE + "\n",
        "9" + VALUE,
        VALUE.upper(),
        VALUE.replace(".", ".0", 1),
        "9" * 5000,
        "é" * 40,
    ],
)
def test_what_is_no_session(value: str) -> None:
    assert session_id(KEY, value, 1000.0) is None


def test_cookies() -> None:
    headers = [
        (b"cookie", b"a=1; directory_gateway_session=x.y; b=2"),
        (b"host", b"directory_gateway_session=no"),
        (b"cookie", b"directory_gateway_session=z\xff"),
    ]
    assert ["x.y", "zÿ"] == read_cookies(headers)


def rule(path: str = "/", method: str = "GET", **more: bool) -> Login:
    facts = dict.fromkeys(("local", "has_session", "has_basic", "is_secure", "wants_html"), False)
    return find_login(path, method, **(facts | more))


@pytest.mark.parametrize(
    "found, expected",
    [
        (rule(), Login.REFUSED),
        (rule(wants_html=True), Login.FORM),
        (rule(method="HEAD", wants_html=True), Login.FORM),
        (rule("/-/accept", "POST", wants_html=True), Login.REFUSED),
        (rule(has_session=True), Login.NONE),
        (rule("/-/accept", "POST", has_session=True), Login.NONE),
        (rule("/-/login"), Login.NONE),
        (rule("/-/login", "POST"), Login.NONE),
        (rule("/-/login/"), Login.REFUSED),
        (rule("/-/logout", "POST"), Login.REFUSED),
        # This machine asks for the figures without a login, and for nothing else.
        (rule("/-/status", local=True), Login.NONE),
        (rule("/-/metrics", local=True), Login.NONE),
        (rule("/-/metrics"), Login.REFUSED),
        (rule("/", local=True), Login.REFUSED),
        (rule("/-/phone", local=True, wants_html=True), Login.FORM),
        (rule("/docs"), Login.REFUSED),
        (rule("/openapi.json"), Login.REFUSED),
        # A password in a header is read over TLS alone.
        (rule("/-/metrics", has_basic=True, is_secure=True), Login.VERIFY),
        (rule("/-/metrics", has_basic=True), Login.INSECURE),
        (rule("/", has_basic=True, wants_html=True), Login.INSECURE),
        (rule("/-/status", local=True, has_basic=True), Login.NONE),
    ],
)
def test_what_a_request_needs(found: Login, expected: Login) -> None:
    assert expected is found


@pytest.mark.parametrize(
    "text, target",
    [
        ("", ""),
        ("/", ""),
        ("/-/phone?profile=board&path=/menu.xml", "-/phone?profile=board&path=/menu.xml"),
        ("//evil.example/", "evil.example/"),
        ("https://evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("/../../x", ""),
        ("/\\evil.example", ""),
        ("/-/phone\r\nset-cookie: x", ""),
    ],
)
def test_where_a_login_leads(text: str, target: str) -> None:
    assert target == read_target(text)
