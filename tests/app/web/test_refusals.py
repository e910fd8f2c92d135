"""What is said to clients that are refused."""

from ipaddress import ip_address

import pytest

from app.model.networks import AccessRules
from app.web.access import Visitor
from app.web.refusals import (
    Refusal,
    foreign_host,
    not_an_operator,
    outside_networks,
    outside_profile,
)

PHONE = Visitor(ip_address("172.18.0.1"), allowed=True, operator=False)
LOCAL = Visitor(ip_address("127.0.0.1"), allowed=True, operator=False)
PROXIED = Visitor(ip_address("127.0.0.1"), allowed=True, operator=False, proxied=True)
UNKNOWN = Visitor(None, allowed=False, operator=False, proxied=True)


@pytest.mark.parametrize(
    "refusal, message",
    [
        (
            not_an_operator(PHONE, AccessRules()),
            "You are 172.18.0.1; add it to operators under [access].",
        ),
        (
            not_an_operator(LOCAL, AccessRules()),
            (
                "The request came through a proxy at 127.0.0.1; if it is yours, add it to"
                " trusted_proxies under [access]."
            ),
        ),
        (
            not_an_operator(PROXIED, AccessRules(operators=())),
            "You are 127.0.0.1; add it to operators under [access].",
        ),
        (
            not_an_operator(UNKNOWN, AccessRules()),
            "Your address is not known: the proxy did not tell it.",
        ),
        (outside_networks(PHONE), "You are 172.18.0.1; add it to networks under [access]."),
        (outside_profile(PHONE), "You are 172.18.0.1; add it to networks of the profile."),
    ],
)
def test_the_key_that_lets_a_client_in(refusal: Refusal, message: str) -> None:
    assert 403 == refusal.status
    assert refusal.line.endswith(f". {message}")


def test_a_hostile_name_is_shown_in_ascii() -> None:
    refusal = foreign_host("é\r\n" + "x" * 500)
    assert refusal.line.startswith('"???' + "x" * 97 + '" is not known')
