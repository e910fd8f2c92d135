"""The CardDAV connector takes or refuses each key, and never shows a secret."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors import registry
from connectors.carddav.connector import CardDavConnector

URL = "https://dav.example.com/"


@pytest.mark.parametrize(
    "given, taken",
    [
        ("https://dav.example.com", URL),
        ("dav.example.com", URL),
        (" https://dav.example.com/ ", URL),
        ("http://10.0.0.5:5232/ann/", "http://10.0.0.5:5232/ann/"),
        ("https://dav.example.com/my books/#top", "https://dav.example.com/my%20books/"),
        ("https://[::1]:8443", "https://[::1]:8443/"),
    ],
)
def test_addresses_are_taken_as_people_paste_them(given: str, taken: str) -> None:
    assert taken == CardDavConnector.model_validate({"url": given}).url


@pytest.mark.parametrize(
    "data, text",
    [
        ({}, "url"),
        ({"url": ""}, "not a web address"),
        ({"url": "ftp://dav.example.com"}, "not a web address"),
        ({"url": "https://"}, "not a web address"),
        ({"url": "https://dav.example.com:x"}, "not a web address"),
        (
            {"url": "https://ann:geheim@dav.example.com"},
            "holds a login: write it into username and password",
        ),
        ({"url": URL, "username": "ann"}, "username and password belong together"),
        ({"url": URL, "password": "geheim"}, "username and password belong together"),
        ({"url": URL, "username": "ann", "password": ""}, "is empty"),
        ({"url": URL, "username": "ann", "password": "geheim\nX-Header: 1"}, "control character"),
        ({"url": URL, "username": "a:b", "password": "geheim"}, "colon"),
        (
            {"url": URL, "username": "ann", "password": "geheim", "token": "geheim"},
            "exclude each other",
        ),
        ({"url": URL, "token": "geheim-ä"}, "a character that no token has"),
        ({"url": URL, "key": "k.pem"}, "set certificate as well"),
        ({"url": URL, "books": "Staff"}, "books"),
        ({"url": URL, "timeout": 0}, "timeout"),
        ({"url": URL, "nonsense": 1}, "nonsense"),
    ],
)
def test_what_is_wrong_is_refused_with_its_key_and_without_secrets(
    data: dict[str, object], text: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        CardDavConnector.model_validate(data)
    assert text in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_secrets_are_hidden_and_a_line_end_of_a_secrets_file_is_cut() -> None:
    connector = CardDavConnector.model_validate(
        {"url": URL, "username": "ann", "password": "geheim\n"}
    )
    assert "geheim" not in repr(connector) + str(connector.model_dump())
    assert connector.password is not None
    assert "geheim" == connector.password.get_secret_value()


def test_paths_start_at_the_configuration_file() -> None:
    connector = CardDavConnector.model_validate(
        {"url": URL, "ca_file": "ca.pem"}, context={"base": Path("/etc/gateway")}
    )
    assert Path("/etc/gateway/ca.pem") == connector.ca_file


@pytest.mark.parametrize("word", ["carddav", "vcard"])
def test_the_registry_knows_it_and_loading_it_loads_no_library(word: str) -> None:
    assert word == next(item.word for item in registry.CONNECTORS if item.word == word)
    libraries = "[name for name in ('httpx', 'defusedxml') if name in sys.modules]"
    code = (
        f"import sys; from connectors import registry; registry.load({word!r}); print({libraries})"
    )
    assert (
        "[]\n"
        == subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
    )
