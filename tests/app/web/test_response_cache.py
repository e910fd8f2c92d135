"""The cache of responses: when a response is cached, and for which requests it stands."""

from ipaddress import ip_address

import pytest

from app.model.networks import Address
from app.web.phone_application import DirectClient, PhoneRequest, PhoneResponse
from app.web.publisher import Answer
from app.web.response_cache import MAX_RESPONSE_BYTES, ResponseCache, WireResponse

CLIENT = DirectClient(ip_address("10.0.0.1"), (True, False))
SAME_NETWORKS = DirectClient(ip_address("10.0.0.2"), (True, False))
OTHER_NETWORKS = DirectClient(ip_address("10.0.0.1"), (False, False))
REQUEST = PhoneRequest("default", "SEP001122AABBCC", "CP-7821", "menu.xml")


class Application:
    """An application whose edition changes at will."""

    def __init__(self) -> None:
        self.current: object = ("version", ())
        self.reported: list[tuple[Address | None, PhoneRequest]] = []

    def edition(self) -> object:
        return self.current

    def is_repeatable(self, headers: dict[bytes, bytes], scheme: str) -> bool:
        return b"cookie" not in headers

    def report(self, address: Address | None, request: PhoneRequest) -> None:
        self.reported.append((address, request))


def response(content: bytes = b"content") -> WireResponse:
    return WireResponse(content, True, REQUEST)


def made_from(edition: object, request: PhoneRequest | None = REQUEST) -> PhoneResponse:
    return PhoneResponse(Answer((), b"", b"", edition), request)


def cache_of(capacity: int = 10_000) -> tuple[ResponseCache, Application]:
    app = Application()
    return ResponseCache(capacity, app), app  # type: ignore[arg-type]  # what the cache uses of it


def put(
    cache: ResponseCache,
    app: Application,
    data: bytes,
    found: WireResponse,
    client: DirectClient = CLIENT,
    headers: dict[bytes, bytes] | None = None,
) -> None:
    for _ in range(2):
        cache.offer(client, data, "http", headers or {}, made_from(app.current), found)


def test_the_second_request_is_cached_and_the_third_found_and_reported() -> None:
    cache, app = cache_of()
    for expected in (None, None, response()):
        assert expected == cache.find(CLIENT, b"request", "http")
        cache.offer(CLIENT, b"request", "http", {}, made_from(app.current), response())
    assert ([(CLIENT.address, REQUEST)], 1) == (app.reported, cache.hits)
    assert response() == cache.find(SAME_NETWORKS, b"request", "http")
    assert (SAME_NETWORKS.address, REQUEST) == app.reported[-1]


def test_other_bytes_networks_and_editions_are_other_requests() -> None:
    cache, app = cache_of()
    put(cache, app, b"request", response())
    assert cache.find(CLIENT, b"Request", "http") is None
    assert cache.find(CLIENT, b"request ", "http") is None
    assert cache.find(OTHER_NETWORKS, b"request", "http") is None
    assert cache.find(CLIENT, b"request", "https") is None
    former = app.current
    for edition in (("next", ()), ("version", (("staff", "as of 1 Nov 10:00"),))):
        app.current = edition
        assert cache.find(CLIENT, b"request", "http") is None
    app.current = former
    assert cache.find(CLIENT, b"request", "http") is not None


def test_a_response_made_from_a_former_edition_is_never_found() -> None:
    cache, app = cache_of()
    former, app.current = app.current, ("next", ())
    for _ in range(3):
        cache.offer(CLIENT, b"request", "http", {}, made_from(former), response())
    assert cache.find(CLIENT, b"request", "http") is None


@pytest.mark.parametrize(
    ("found", "headers", "made"),
    [
        (response(), {b"cookie": b"a"}, made_from("edition")),
        (response(b"x" * (MAX_RESPONSE_BYTES + 1)), {}, made_from("edition")),
        (response(b"x" * 10_000), {}, made_from("edition")),
        (response(), {}, made_from(None)),
        (response(), {}, made_from("edition", None)),
    ],
)
def test_what_is_not_cached(
    found: WireResponse, headers: dict[bytes, bytes], made: PhoneResponse
) -> None:
    cache, app = cache_of()
    app.current = made.answer.edition
    for _ in range(4):
        assert cache.find(CLIENT, b"request", "http") is None
        cache.offer(CLIENT, b"request", "http", headers, made, found)
    assert 0 == cache.cached_bytes()


def test_the_capacity_is_never_exceeded_and_what_was_evicted_comes_back() -> None:
    cache, app = cache_of()
    for number in range(50):
        put(cache, app, b"%d" % number, response())
        assert cache.cached_bytes() <= 10_000
    assert cache.find(CLIENT, b"49", "http") is not None
    assert cache.find(CLIENT, b"1", "http") is None
    cache.offer(CLIENT, b"1", "http", {}, made_from(app.current), response())
    assert cache.find(CLIENT, b"1", "http") is not None


def test_requests_that_come_once_evict_nothing() -> None:
    cache, app = cache_of(1100)
    put(cache, app, b"warm", response())
    for number in range(20_000):
        cache.offer(CLIENT, b"%d" % number, "http", {}, made_from(app.current), response())
    assert cache.find(CLIENT, b"warm", "http") is not None
