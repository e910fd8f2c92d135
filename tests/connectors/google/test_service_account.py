"""A service account reads as a person of its domain.

Wrong configurations are refused before anything is read.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.base import Delta, SourceRefused
from connectors.google.connector import GoogleConnector
from tests.connectors.contract import WORK, everything, names, person
from tests.connectors.google.server import GoogleWorld, google_world
from tests.support.fakes.people_api import TOKEN
from tests.support.fakes.people_oauth import CONTACTS, DIRECTORY, Delegate

SUBJECT = "ann@example.com"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with google_world(tmp_path) as world:
        world.put(person("1", WORK))
        yield world


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def service(world: GoogleWorld, key: rsa.RSAPrivateKey) -> GoogleWorld:
    """A world whose connector reads contacts and the directory as Ann.

    It uses a service account.
    """
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    world.api.oauth.delegates["gateway@p1.example"] = Delegate(
        public, (CONTACTS, DIRECTORY), (SUBJECT,)
    )
    content = {
        "type": "service_account",
        "client_email": "gateway@p1.example",
        "private_key_id": "1",
        "private_key": secret,
    }
    (world.folder / "key.json").write_text(
        json.dumps(content | {"token_uri": "https://oauth2.googleapis.com/token"})
    )
    world.keys |= {"token_file": None, "service_account_file": "key.json", "subject": SUBJECT}
    return world


def test_a_service_account_reads_as_its_subject(service: GoogleWorld) -> None:
    first = everything(service.connector(directory=True))
    assert ["Ann Test1"] == names(first)
    assert 1 == service.api.requests[TOKEN]
    assert ["urn:ietf:params:oauth:grant-type:jwt-bearer"] == service.api.oauth.token_calls
    assert isinstance(service.connector(directory=True).fetch(first.checkpoint), Delta)


@pytest.mark.parametrize(
    "keys, words",
    [
        ({"subject": "nobody@example.com"}, "`subject` is an address of your Workspace domain"),
        ({"other_contacts": True}, "Domain-wide delegation"),
    ],
)
def test_a_service_account_that_may_not(
    service: GoogleWorld, keys: dict[str, Any], words: str
) -> None:
    with pytest.raises(SourceRefused, match=words) as caught:
        service.connector(**keys).fetch(None)
    assert (service.folder / "key.json", {TOKEN: 1}) == (
        caught.value.until_changed,
        dict(service.api.requests),
    )


@pytest.mark.parametrize(
    "content, words",
    [
        (None, "there is no file"),
        ({"type": "authorized_user"}, "is not the key of a service account"),
        (
            {
                "client_email": "a@b",
                "private_key": (
                    "-----BEGIN PRIVATE KEY-----\ntop-secret\n-----END PRIVATE KEY-----\n"
                ),
            },
            "private key",
        ),
    ],
)
def test_key_files_that_are_none(
    service: GoogleWorld, content: dict[str, str] | None, words: str
) -> None:
    path = service.folder / "key.json"
    path.unlink()
    if content is not None:
        path.write_text(json.dumps(content))
    with pytest.raises(SourceRefused, match=words) as caught:
        service.connector().fetch(None)
    assert "top-secret" not in str(caught.value)
    assert (path, {}) == (caught.value.until_changed, dict(service.api.requests))


@pytest.mark.parametrize(
    "data, words",
    [
        ({}, "token_file is missing"),
        (
            {"token_file": "t", "subject": "a@example.com"},
            "subject belongs to service_account_file",
        ),
        (
            {"token_file": "t", "service_account_file": "s", "subject": "a@example.com"},
            "keep one way of signing in",
        ),
        (
            {"client_file": "c", "service_account_file": "s", "subject": "a@example.com"},
            "keep one way of signing in",
        ),
        ({"service_account_file": "s"}, "subject is missing"),
        ({"token_file": "t", "api_endpoint": "http://people.example.com"}, "https"),
        ({"token_file": "t", "token_uri": "oauth2.googleapis.com/token"}, "https"),
        ({"token_file": "t", "token_uri": "http://localhost.example.com/token"}, "https"),
        ({"token_file": "t", "other_contacts": "maybe"}, "other_contacts"),
    ],
)
def test_wrong_configurations(data: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        GoogleConnector.model_validate(data)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/x",
        "http://127.0.0.1:8080",
        "http://localhost:1/token",
        "http://[::1]:1/",
    ],
)
def test_addresses_that_a_token_may_travel_to(address: str) -> None:
    assert (
        address
        == GoogleConnector.model_validate({"token_file": "t", "token_uri": address}).token_uri
    )
