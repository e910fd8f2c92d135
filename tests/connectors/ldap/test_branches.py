"""Missing branches on servers that do not report them, and answers without an end."""

import time
from collections.abc import Callable, Iterable, Iterator

import pytest

from connectors.base import Delta, SourceRefused, SourceUnavailable
from connectors.ldap import search, timed_socket
from tests.connectors.ldap.test_faults import BASE, answering, connector, someone
from tests.connectors.time_limits import time_limits
from tests.support.servers.ldap_fake import Done, Raw, Reply, Request, Script, fake_directory

GONE = "OU=Gone,DC=example,DC=com"


def like_389(*missing: str, empty: tuple[str, ...] = (), code: int = 32) -> Script:
    """A directory that answers paged searches below a missing name with success.

    It answers any other search below it with `code`.
    """

    def script(request: Request) -> Iterable[Reply]:
        if request.kind != "search" or request.name in empty:
            return [Done(cookie=None if request.kind != "search" else b"")]
        if request.name in missing:
            return [Done() if request.page_size else Done(code, cookie=None)]
        return [someone(1), someone(2), Done()]

    return script


@pytest.mark.parametrize("scope", ["subtree", "one", "base"])
@pytest.mark.parametrize(
    "bases", [[GONE], [BASE, GONE], [GONE, BASE], [BASE, "OU=More,DC=example,DC=com", GONE]]
)
def test_a_branch_that_is_not_there_is_an_error_though_the_server_says_success(
    bases: list[str], scope: str
) -> None:
    with (
        fake_directory(like_389(GONE)) as fake,
        pytest.raises(SourceRefused, match=r"\(error 32\): .*Check base_dn"),
    ):
        connector(fake, base_dn=bases, scope=scope).fetch(None)


@pytest.mark.parametrize("bases", [[BASE], [BASE, GONE], [GONE, BASE]])
def test_a_branch_that_vanishes_is_no_deletion_of_its_people(bases: list[str]) -> None:
    missing: list[str] = []

    def script(request: Request) -> Iterable[Reply]:
        return like_389(*missing)(request)

    with fake_directory(script) as fake:
        first = connector(fake, base_dn=bases).fetch(None)
        missing.append(bases[-1])
        with pytest.raises(SourceRefused, match="error 32"):
            connector(fake, base_dn=bases).fetch(first.checkpoint)


@pytest.mark.parametrize(
    "code, kind",
    [(50, SourceRefused), (10, SourceRefused), (51, SourceUnavailable), (80, SourceUnavailable)],
)
def test_a_branch_that_gives_nobody_and_cannot_be_looked_at_is_an_error(
    code: int, kind: type[Exception]
) -> None:
    with (
        fake_directory(like_389(GONE, code=code)) as fake,
        pytest.raises(kind, match=f"error {code}"),
    ):
        connector(fake, base_dn=[BASE, GONE]).fetch(None)


def test_a_branch_that_is_there_and_empty_is_none() -> None:
    with fake_directory(like_389(empty=(GONE,))) as fake:
        first = connector(fake, base_dn=[BASE, GONE]).fetch(None)
        looks = [
            request
            for request in fake.requests
            if request.kind == "search" and not request.page_size
        ]
        again = connector(fake, base_dn=[BASE, GONE]).fetch(first.checkpoint)
    assert 2 == len(first.contacts)
    assert Delta(checkpoint=first.checkpoint) == again
    assert [(GONE, "base", ("1.1",))] == [
        (request.name, request.scope, request.attributes) for request in looks
    ]


@pytest.mark.parametrize("page", [[], [someone(1), someone(2)]])
def test_pages_without_end_are_given_up(monkeypatch: pytest.MonkeyPatch, page: list[Reply]) -> None:
    monkeypatch.setattr(search, "MAX_ENTRIES", 50)
    monkeypatch.setattr(search, "MAX_EMPTY_PAGES", 20)
    with fake_directory(answering([*page, Done(cookie=b"more")])) as fake:
        with pytest.raises(SourceRefused, match="never comes to the end of its list"):
            connector(fake).fetch(None)
        assert len(fake.requests) < 40


def test_a_few_empty_pages_are_no_end() -> None:
    with fake_directory(answering(*[[Done(cookie=b"more")]] * 5, [someone(1), Done()])) as fake:
        assert 1 == len(connector(fake).fetch(None).contacts)


def _entries() -> Iterator[Reply]:
    number = 0
    while True:
        number += 1
        yield someone(number)


def test_one_answer_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timed_socket, "MAX_ANSWER", 1_000_000)
    with (
        fake_directory(
            lambda request: _entries() if request.kind == "search" else [Done(cookie=None)]
        ) as fake,
        pytest.raises(
            SourceUnavailable, match=r"sent more than 1 MB in one answer\. Lower page_size"
        ),
    ):
        connector(fake).fetch(None)


def _slowly(replies: Iterator[Reply]) -> Iterator[Reply]:
    for reply in replies:
        time.sleep(0.01)
        yield reply


def _half_a_message() -> Iterator[Reply]:
    yield Raw(b"0\x84\x00\xff\xff\xff")
    while True:
        yield Raw(b"\x02")


@pytest.mark.parametrize(
    "kind, replies", [("bind", _half_a_message), ("search", _half_a_message), ("search", _entries)]
)
def test_an_answer_that_trickles_is_given_up(
    kind: str, replies: Callable[[], Iterator[Reply]]
) -> None:
    with (
        fake_directory(
            lambda request: _slowly(replies()) if request.kind == kind else [Done(cookie=None)]
        ) as fake,
        time_limits(whole=0.5) as timeout,
        pytest.raises(
            SourceUnavailable,
            match=r"was still sending after 0.5 s\. Raise timeout, or lower page_size",
        ),
    ):
        connector(fake, timeout=timeout).fetch(None)
