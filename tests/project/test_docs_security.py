"""The code keeps the limits and rights of docs/security.md and docs/operations.md."""

import re
from pathlib import Path

import pytest

from app.build import builder
from app.cli import check_security
from app.model.networks import DEFAULT_OPERATORS
from app.processes import child, supervisor
from app.settings import secret_reader
from app.settings.schema import ListenSection
from app.state import heartbeat, login_attempts
from app.web import connections, limited_protocol, session
from connectors import base, deadline
from connectors.base import MEGABYTE
from connectors.csv.connector import CsvConnector
from connectors.http_client import body
from connectors.ldap import timed_socket
from connectors.vcard.connector import VcardConnector
from tests.support.paths import ROOT

SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "gateway.example.toml").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHARES = connections.Shares()


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(
    "sentence",
    [
        (
            f"{ListenSection().connections_per_address} connections for an address ({SHARES.proxy}"
            " for a trusted proxy)"
        ),
        f"{connections.MAX_CONNECTIONS:,} in all",
        f"{limited_protocol.REQUEST_SECONDS:.0f} s for a request",
        (
            f"{limited_protocol.MAX_HEADER_BYTES // 1024} kB of headers,"
            f" {limited_protocol.MAX_BODY_BYTES // 1024} kB of body"
        ),
        (
            f"deleted after {builder.KEEP_SECONDS / 60:.0f} minutes (at most {builder.MAX_KEPT}"
            " are kept)"
        ),
        f"A secret's file holds {secret_reader.MAX_SECRET // 1024} kB at most",
        f"One response over HTTP may have {body.MAX_ANSWER // 1_000_000} MB, unpacked",
        f"one over LDAP {timed_socket.MAX_ANSWER // 1_000_000} MB",
        f"a vCard file {VcardConnector.model_fields['max_size'].default // MEGABYTE} MB",
        f"a CSV file {CsvConnector.model_fields['max_size'].default // MEGABYTE} MB",
        f"a source {base.MAX_CONTACTS:,} contacts",
        f"After {login_attempts.FREE_ATTEMPTS} wrong guesses",
        (
            f"waits {login_attempts.FIRST_WAIT:.0f} s before the next, then"
            f" {2 * login_attempts.FIRST_WAIT:.0f} s, up to"
            f" {login_attempts.MAX_WAIT / 60:.0f} minutes"
        ),
        f"The last {login_attempts.MAX_ADDRESSES:,} addresses are counted",
        f"A session lasts {session.SESSION_SECONDS // 3600} hours",
        (
            f"wider than /{check_security._MIN_PREFIX[4]} or, for IPv6,"
            f" /{check_security._MIN_PREFIX[6]}"
        ),
    ],
)
def test_each_limit_is_the_codes(sentence: str) -> None:
    assert sentence in plain(SECURITY)


def test_what_is_told_in_words_is_the_codes_too() -> None:
    assert (10, "ten times `timeout`") == (
        deadline.TIMEOUTS,
        (re.findall(r"ten times `timeout`", plain(SECURITY)) or [""])[0],
    )
    assert (
        60.0 == child.SILENCE_SECONDS
        and "no sign of life for a minute" in plain(SECURITY)
        and "for a minute" in plain(OPERATIONS)
    )
    assert limited_protocol.REQUEST_SECONDS == limited_protocol.UNREAD_SECONDS
    assert ("127.0.0.0/8", "::1/128") == DEFAULT_OPERATORS and "this machine, by default" in plain(
        SECURITY
    )
    assert "USER 10001:" in (ROOT / "Dockerfile").read_text() and "user 10001" in plain(SECURITY)


@pytest.mark.parametrize(
    "sentence",
    [
        (
            f"{ListenSection().connections_per_address} connections for an address (`[listen]"
            f" connections_per_address`), {SHARES.proxy} for"
        ),
        f"{connections.MAX_CONNECTIONS:,} connections in all",
        f"not complete after {limited_protocol.REQUEST_SECONDS:.0f} s",
        f"of which nothing was read for {limited_protocol.UNREAD_SECONDS:.0f} s",
        (
            f"headers over {limited_protocol.MAX_HEADER_BYTES // 1024} kB, a body over"
            f" {limited_protocol.MAX_BODY_BYTES // 1024} kB"
        ),
        f"over {limited_protocol.MAX_WAITING_BYTES // 1024} kB the first response",
        f"has not taken the configuration within {supervisor.RELOAD_SECONDS:.0f} s",
        f"give `serve` a sign every {heartbeat.BEAT_SECONDS:.0f} s",
        f"in order, within {supervisor.SHUTDOWN_SECONDS:.0f} s",
    ],
)
def test_each_limit_in_operations_is_the_codes(sentence: str) -> None:
    assert sentence in plain(OPERATIONS)


@pytest.mark.parametrize(
    "key", ["hold", "hosts", "connections_per_address", "max_loss", "allow_empty"]
)
def test_each_key_of_access_and_the_brake_is_explained(key: str) -> None:
    assert f"`{key}" in OPERATIONS and re.search(rf"(?m)^# +{key} = ", EXAMPLE)


def test_the_page_is_found() -> None:
    assert "(docs/security.md" in README and "(security.md" in OPERATIONS


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_links_to_a_heading_lead_to_one(path: Path) -> None:
    for target, anchor in re.findall(
        r"\]\(([^)#:\s]*)#([^)]+)\)", path.read_text(encoding="utf-8")
    ):
        page = (path.parent / target if target else path).read_text(encoding="utf-8")
        headings = {
            re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            for text in re.findall(r"(?m)^#+ (.+)$", page)
        }
        assert anchor in headings, f"{target}#{anchor}"
