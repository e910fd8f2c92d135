"""Faults and peculiarities of directories, from a small scripted LDAP server."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from connectors.base import Delta, Full, SourceError, SourceRefused, SourceUnavailable
from connectors.ldap.connector import LdapConnector
from tests.support.patience import PATIENCE, SHORT
from tests.support.servers.ldap_fake import (
    Done,
    Fake,
    Found,
    HangUp,
    Raw,
    Reference,
    Reply,
    Request,
    Script,
    fake_directory,
)

BASE = "OU=Staff,DC=example,DC=com"
PASSWORD = "never to be shown"


def connector(fake: Fake, **keys: Any) -> LdapConnector:
    data = {
        "url": fake.url,
        "bind_dn": "reader@example.com",
        "password": PASSWORD,
        "base_dn": BASE,
        "timeout": PATIENCE,
    }
    return LdapConnector.model_validate(data | {"preset": "active-directory"} | keys)


def someone(number: int, **values: Sequence[bytes]) -> Found:
    return Found(
        f"CN=Someone {number},{BASE}",
        {
            "objectGUID": [number.to_bytes(16, "big")],
            "uSNChanged": [b"%d" % (1000 + number)],
            "whenChanged": [b"20261123103342.0Z"],
            "displayName": [b"Someone %d" % number],
            "telephoneNumber": [b"%d" % (2000 + number)],
        }
        | values,
    )


def answering(*answers: Iterable[Reply]) -> Script:
    """A script that takes every login and gives one of the answers to each search.

    The last answer is repeated.
    """
    left = list(answers)

    def script(request: Request) -> Iterable[Reply]:
        if request.kind != "search":
            return [Done(cookie=None)]
        return left.pop(0) if len(left) > 1 else left[0]

    return script


@pytest.mark.parametrize(
    "code, message, words",
    [
        (
            49,
            "80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, data 52e, v4563",
            "password is wrong",
        ),
        (
            49,
            "80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, data 525, v4563",
            "no such account",
        ),
        (
            49,
            "80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, data 532, v4563",
            "password has expired",
        ),
        (
            49,
            "80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, data 533, v4563",
            "account is disabled",
        ),
        (
            49,
            "80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, data 701, v4563",
            "account has expired",
        ),
        (
            49,
            "80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, data 773, v4563",
            "must be changed",
        ),
        (
            49,
            "80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, data 775, v4563",
            "account is locked",
        ),
        (49, "invalid", "bind_dn or password is wrong"),
        (
            8,
            (
                "00002028: LdapErr: DSID-0C09, comment: The server requires binds to turn on"
                " integrity checking"
            ),
            "ldaps://",
        ),
        (13, "confidentiality required", "starttls = true"),
        (48, "", "Set bind_dn and password"),
        (53, "account of Ann Smith is inactive", "Check bind_dn"),
    ],
)
def test_a_refused_login_says_why_and_which_key_to_change(
    code: int, message: str, words: str
) -> None:
    with (
        fake_directory(lambda request: [Done(code, message, cookie=None)]) as fake,
        pytest.raises(SourceRefused) as caught,
    ):
        connector(fake).fetch(None)
    assert words in str(caught.value)
    assert f"error {code}" in str(caught.value)
    assert "Ann" not in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert ["bind"] == [request.kind for request in fake.requests]


@pytest.mark.parametrize("code", [51, 52, 80])
def test_a_server_that_is_busy_is_asked_again_later(code: int) -> None:
    with (
        fake_directory(lambda request: [Done(code, cookie=None)]) as fake,
        pytest.raises(SourceUnavailable),
    ):
        connector(fake).fetch(None)


@pytest.mark.parametrize(
    "end, kind, words",
    [
        (Done(4), SourceRefused, "size limit"),
        (Done(3), SourceUnavailable, "time"),
        (Done(11), SourceRefused, "administrative limit"),
        (Done(51), SourceUnavailable, "busy"),
        (Done(52), SourceUnavailable, "not available"),
        (Done(53), SourceRefused, "unwilling"),
        (Done(80), SourceUnavailable, "failed"),
        (
            Done(1, "000004DC: a successful bind must be completed on the connection"),
            SourceRefused,
            "login",
        ),
        (Done(1, "something else"), SourceUnavailable, "error 1"),
        (
            Done(10, referral="ldap://other.example.com/DC=example,DC=com"),
            SourceRefused,
            "another server",
        ),
        (Done(12), SourceRefused, "pages"),
        (Done(32), SourceRefused, "base_dn"),
        (Done(50), SourceRefused, "may not read"),
        (Done(123), SourceUnavailable, "error 123"),
        (HangUp(), SourceUnavailable, "closed the connection"),
        (Raw(b"HTTP/1.1 400 Bad Request\r\n\r\n".ljust(86)), SourceUnavailable, "not LDAP"),
        (
            Raw(b"0\x84\x00\x00\x00\x0a\x02\x01\x05\x64\x84\x00\x00\x00\xff\x04"),
            SourceUnavailable,
            "not LDAP",
        ),
    ],
)
@pytest.mark.parametrize("page", [0, 1])
def test_an_end_in_the_middle_is_an_error_never_a_list(
    page: int, end: Reply, kind: type[SourceError], words: str
) -> None:
    """Seen on a real server: 4,996 of 5,000 entries, and only then the refusal."""
    pages = [[someone(1), someone(2), Done(cookie=b"more")]] * page
    with (
        fake_directory(answering(*pages, [someone(3), end])) as fake,
        pytest.raises(kind) as caught,
    ):
        connector(fake).fetch(None)
    assert words in str(caught.value)
    assert "Someone" not in str(caught.value)


def test_an_end_in_the_middle_of_a_listing_is_no_deletion() -> None:
    whole = [someone(1), someone(2), someone(3), Done()]
    with fake_directory(answering(whole, [someone(1), Done(4)])) as fake:
        first = connector(fake).fetch(None)
        with pytest.raises(SourceRefused):
            connector(fake).fetch(first.checkpoint)


def test_a_full_page_without_word_of_the_next_is_no_end() -> None:
    with fake_directory(answering([someone(1), someone(2), Done(cookie=None)])) as fake:
        with pytest.raises(SourceRefused, match="sends no pages"):
            connector(fake, page_size=2).fetch(None)
        assert isinstance(connector(fake, page_size=3).fetch(None), Full)


def test_pages_are_made_smaller_where_large_ones_are_refused() -> None:
    def script(request: Request) -> Iterable[Reply]:
        if request.kind != "search":
            return [Done(cookie=None)]
        if request.page_size > 100:
            return [Done(11, "page size too large")]
        return [someone(1), Done(cookie=b"next")] if not request.cookie else [someone(2), Done()]

    with fake_directory(script) as fake:
        result = connector(fake).fetch(None)
    assert ["Someone 1", "Someone 2"] == [contact.name for contact in result.contacts]
    assert [500, 250, 125, 62, 62] == [
        request.page_size for request in fake.requests if request.kind == "search"
    ]


def test_references_are_counted_and_not_followed() -> None:
    answer = [
        someone(1),
        Reference("ldap://DomainDnsZones.example.com/DC=DomainDnsZones,DC=example,DC=com"),
        Done(),
    ]
    with fake_directory(answering(answer)) as fake:
        result = connector(fake).fetch(None)
        again = connector(fake).fetch(result.checkpoint)
    assert ["Someone 1"] == [contact.name for contact in result.contacts]
    assert [("a reference to another server, not followed", "DomainDnsZones.example.com")] == [
        (item.reason, item.where) for item in result.skipped
    ]
    assert Delta(checkpoint=result.checkpoint) == again


def test_values_that_come_in_pieces_are_put_together() -> None:
    """Active Directory keeps back what is more than 1,500 values."""
    numbers = [b"%05d" % number for number in range(4000)]

    def script(request: Request) -> Iterable[Reply]:
        if request.kind != "search":
            return [Done(cookie=None)]
        if request.scope != "base":
            return [
                someone(1, **{"otherTelephone;range=0-1499": numbers[:1500], "otherTelephone": []}),
                Done(),
            ]
        start = int(request.attributes[0].partition("=")[2].partition("-")[0])
        end = start + 1499
        last = "*" if end >= len(numbers) else str(end)
        return [
            Found(request.name, {f"otherTelephone;range={start}-{last}": numbers[start : end + 1]}),
            Done(cookie=None),
        ]

    with fake_directory(script) as fake:
        (contact,) = connector(fake).fetch(None).contacts
    assert ["2001", *(number.decode() for number in numbers)] == [
        number.value for number in contact.numbers
    ]


@pytest.mark.parametrize(
    "rest",
    [
        [Done(cookie=None)],
        [Done(51)],
        [HangUp()],
        [Found("CN=x", {"mail": [b"x"]}), Done(cookie=None)],
    ],
)
def test_a_piece_that_does_not_come_is_an_error(rest: list[Reply]) -> None:
    first = [someone(1, **{"otherTelephone;range=0-1": [b"1", b"2"]}), Done()]
    with fake_directory(answering(first, rest)) as fake, pytest.raises(SourceUnavailable):
        connector(fake).fetch(None)


def test_another_domain_controller_with_other_counters_is_read_whole() -> None:
    """uSNChanged is a counter of one server, so all entries look changed.

    No contact is lost or duplicated.
    """
    here = [*(someone(number) for number in range(40)), Done()]
    there = [
        *(someone(number, uSNChanged=[b"%d" % (900_000 + number)]) for number in range(40)),
        Done(),
    ]
    with fake_directory(answering(here, there)) as fake:
        first = connector(fake).fetch(None)
        second = connector(fake).fetch(first.checkpoint)
    assert isinstance(second, Full)
    assert first.contacts == second.contacts


def test_an_entry_that_vanishes_between_listing_and_reading_causes_a_whole_reading() -> None:
    before = [someone(1), someone(2), Done()]
    changed = someone(2, uSNChanged=[b"5000"])
    with fake_directory(
        answering(
            before, [someone(1), changed, Done()], [Done(32, cookie=None)], [someone(1), Done()]
        )
    ) as fake:
        first = connector(fake).fetch(None)
        second = connector(fake).fetch(first.checkpoint)
    assert isinstance(second, Full)
    assert ["Someone 1"] == [contact.name for contact in second.contacts]


def test_a_server_without_ids_says_which_keys_to_change() -> None:
    with (
        fake_directory(answering([someone(1), Done()])) as fake,
        pytest.raises(SourceRefused) as caught,
    ):
        connector(fake, preset="openldap").fetch(None)
    assert "attributes.id" in str(caught.value)
    assert "preset" in str(caught.value)


def test_an_entry_without_an_id_and_an_id_of_two_are_reported_without_names() -> None:
    nobody = Found(f"CN=Ann Smith,{BASE}", {"displayName": [b"Ann Smith"]})
    twin = Found(f"CN=Bob Brown,{BASE}", someone(1).values)
    with fake_directory(answering([someone(1), twin, nobody, Done()])) as fake:
        result = connector(fake).fetch(None)
    assert ["Someone 1"] == [contact.name for contact in result.contacts]
    assert [
        ("an entry without the attribute that identifies it (attributes.id)", f"under {BASE}"),
        (
            "an id that another entry has as well (attributes.id)",
            "id 00000000-0000-0000-0000-000000000001",
        ),
    ] == [(item.reason, item.where) for item in result.skipped]


def test_ids_that_are_no_longer_shown_are_no_deletion() -> None:
    hidden = Found(
        someone(1).dn,
        {name: value for name, value in someone(1).values.items() if name != "objectGUID"},
    )
    with fake_directory(answering([someone(1), Done()], [hidden, Done()])) as fake:
        first = connector(fake).fetch(None)
        with pytest.raises(SourceRefused, match=r"attributes\.id"):
            connector(fake).fetch(first.checkpoint)


@pytest.mark.parametrize(
    "name", ["CN=Reader,DC=example,DC=com", "reader@example.com", "EXAMPLE\\reader"]
)
def test_the_login_is_sent_as_written(name: str) -> None:
    with fake_directory(answering([someone(1), Done()])) as fake:
        connector(fake, bind_dn=name).fetch(None)
    assert Request("bind", name) == fake.requests[0]


def test_a_server_that_falls_silent_in_the_middle_is_given_up() -> None:
    for silent in ([someone(1)], []):
        with (
            fake_directory(answering(silent)) as fake,
            pytest.raises(SourceUnavailable, match=r"did not answer within 0\.3 s"),
        ):
            connector(fake, timeout=SHORT).fetch(None)


def test_a_server_that_does_not_show_changes_is_read_whole_each_time() -> None:
    plain = Found(f"CN=Someone,{BASE}", {"objectGUID": [b"0" * 16], "displayName": [b"Someone"]})
    with fake_directory(answering([plain, Done()])) as fake:
        assert connector(fake).fetch(None).checkpoint is None


def test_progress_never_runs_backwards_though_another_server_begins_anew() -> None:
    seen: list[int] = []
    broken = answering(
        [someone(1), someone(2), Done(cookie=b"more")], [someone(3), someone(4), HangUp()]
    )
    with (
        fake_directory(broken) as first,
        fake_directory(answering([*(someone(n) for n in range(7)), Done()])) as second,
    ):
        result = connector(first, url=[first.url, second.url]).fetch(
            None, lambda done, _: seen.append(done)
        )
    assert 7 == len(result.contacts)
    assert [2, 7] == seen


def test_a_refused_start_of_tls_sends_no_password() -> None:
    with (
        fake_directory(
            lambda request: [Done(2, "unsupported extended operation", cookie=None)]
        ) as fake,
        pytest.raises(SourceRefused, match="does not offer StartTLS"),
    ):
        connector(fake, starttls=True).fetch(None)
    assert ["extended"] == [request.kind for request in fake.requests]
