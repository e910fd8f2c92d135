"""Which keys hosts must have alike, and that no secret is among them."""

from pathlib import Path
from typing import Any

from app.settings.config_keys import Keys, differing
from app.settings.loader import parse

FILE: dict[str, Any] = {
    "title": "Site",
    "listen": {"port": 8081},
    "base_url": "http://192.0.2.1",
    "exchange": {"url": "postgresql://gateway@db/gateway", "name": "north"},
    "sources": {
        "staff": {"connector": "csv", "path": "contacts.csv"},
        "dav": {
            "connector": "carddav",
            "url": "https://dav.example.com/",
            "username": "anna",
            "password_file": "password",
        },
    },
    "books": {"team": {"sources": ["staff"]}},
}


def keys(folder: Path, **changes: object) -> Keys:
    (folder / "password").write_text("secret")
    return parse(FILE | changes, folder / "gateway.toml").keys


def test_keys_are_named_with_their_tables(tmp_path: Path) -> None:
    assert [
        "books.team.sources",
        "sources.dav.connector",
        "sources.dav.url",
        "sources.dav.username",
        "sources.staff.connector",
        "sources.staff.path",
        "title",
    ] == [name for name, _ in keys(tmp_path)]


def test_what_differs_is_named_and_what_may_differ_is_not(tmp_path: Path) -> None:
    one = keys(tmp_path)
    assert () == differing(one, keys(tmp_path, listen={"port": 8082}, base_url="http://192.0.2.2"))
    other = keys(tmp_path, title="Other", numbers={"region": "DE"})
    assert ("numbers.region", "title") == differing(one, other)
    assert differing(other, one) == differing(one, other)


def test_a_host_that_is_alone_has_none(tmp_path: Path) -> None:
    alone = {name: value for name, value in FILE.items() if name != "exchange"}
    (tmp_path / "password").write_text("secret")
    assert () == parse(alone, tmp_path / "gateway.toml").keys
