"""Who may ask, who is an operator, and which profile a phone gets."""

from ipaddress import ip_network

import pytest

from app.model.networks import AccessRules, device_name, parse_address
from app.model.profile import Book, Profile
from app.web.access import ProfileSelector, visitor

LOCAL = AccessRules()
PROXIED = AccessRules(trusted_proxies=(ip_network("10.0.0.0/24"), ip_network("127.0.0.1/32")))
ALL = "phone-and-operator"
PHONE = "phone"
OPERATOR = "operator"
NOBODY = "nobody"
NARROW = AccessRules(
    networks=(ip_network("192.168.1.0/24"),),
    operators=(ip_network("127.0.0.0/8"), ip_network("192.0.2.9/32")),
)


@pytest.mark.parametrize(
    "rules, peer, forwarded_for, forwarded, verdict",
    [
        (LOCAL, "127.0.0.1", "", False, ALL),
        (LOCAL, "::1", "", False, ALL),
        (LOCAL, "::ffff:127.0.0.1", "", False, ALL),
        (LOCAL, "192.168.1.7", "", False, PHONE),
        (LOCAL, "8.8.8.8", "", False, NOBODY),
        (LOCAL, "", "", False, NOBODY),
        # A proxy on this host that nobody named speaks for others: never an operator.
        (LOCAL, "127.0.0.1", "127.0.0.1", True, PHONE),
        (LOCAL, "127.0.0.1", "", True, PHONE),
        (LOCAL, "8.8.8.8", "192.168.1.7", True, NOBODY),
        # From a trusted proxy the last address that is no proxy counts; what stands before it is
        # anybody's claim.
        (PROXIED, "10.0.0.1", "192.168.1.7", True, PHONE),
        (PROXIED, "10.0.0.1", "8.8.8.8", True, NOBODY),
        (PROXIED, "10.0.0.1", "127.0.0.1, 8.8.8.8", True, NOBODY),
        (PROXIED, "10.0.0.1", "8.8.8.8, 192.168.1.7, 10.0.0.2", True, PHONE),
        (PROXIED, "10.0.0.1", "nonsense", True, NOBODY),
        (PROXIED, "10.0.0.1", "192.168.1.7:1234", True, PHONE),
        (PROXIED, "10.0.0.1", "[fd00::7]", True, PHONE),
        (PROXIED, "10.0.0.1", "fd00::7", True, PHONE),
        (PROXIED, "10.0.0.1", "[fd00::7]:5555", True, PHONE),
        (PROXIED, "10.0.0.1", "[2001:db8::7]:5555", True, NOBODY),
        (PROXIED, "10.0.0.1", "[::ffff:192.168.1.7]:5555", True, PHONE),
        (PROXIED, "10.0.0.1", "192.168.1.7, [::1]:5555", True, ALL),
        (PROXIED, "10.0.0.1", "192.168.1.7, 10.0.0.2:81", True, PHONE),
        (PROXIED, "10.0.0.1", "[fd00::7]:port", True, NOBODY),
        (PROXIED, "10.0.0.1", "192.168.1.7:port", True, NOBODY),
        (PROXIED, "127.0.0.1", "", False, ALL),
        # X-Real-IP or Forwarded alone, which nobody reads here, make nobody an operator.
        (PROXIED, "127.0.0.1", "", True, NOBODY),
        (PROXIED, "127.0.0.1", " , ", True, NOBODY),
        # Operators may see what is for operators; who may open the directory is said by `networks`
        # alone.
        (NARROW, "127.0.0.1", "", False, OPERATOR),
        (NARROW, "192.0.2.9", "", False, OPERATOR),
        (NARROW, "192.0.2.9", "192.0.2.9", True, NOBODY),
        (NARROW, "192.168.1.7", "", False, PHONE),
    ],
)
def test_visitors(
    rules: AccessRules, peer: str, forwarded_for: str, forwarded: bool, verdict: str
) -> None:
    found = visitor(rules, peer, forwarded_for, forwarded)
    assert (
        verdict
        == {
            (True, True): ALL,
            (True, False): PHONE,
            (False, True): OPERATOR,
            (False, False): NOBODY,
        }[found.allowed, found.operator]
    )


@pytest.mark.parametrize("named", [None, "default", "board", "nobody", "BOARD", ""])
def test_a_restricted_default_is_closed_by_every_name(named: str | None) -> None:
    chooser = ProfileSelector(
        (
            profile("default", networks=("10.2.0.0/16",), restricted=True),
            profile("board", networks=("10.3.0.0/16",), restricted=True),
        )
    )
    assert chooser.select(named, "", parse_address("192.168.1.7")) is None


@pytest.mark.parametrize(
    "value, name",
    [
        ("SEP001122AABBCC", "SEP001122AABBCC"),
        ("sep001122aabbcc", "SEP001122AABBCC"),
        ("SEP001122AABBC", ""),
        ("ATA001122AABBCC", ""),
        ("SEP001122AABBCC\n", ""),
        ("", ""),
    ],
)
def test_device_names(value: str, name: str) -> None:
    assert name == device_name(value)


def profile(name: str, **more: object) -> Profile:
    return Profile(name, name, (Book("staff", "Staff", ("staff",)),), menu=("staff",), **more)


CHOOSER = ProfileSelector(
    (
        profile("default"),
        profile("lobby", devices=("SEP001122AABBCC",), networks=("10.1.0.0/16",)),
        profile("board", networks=("10.2.0.0/16",), restricted=True),
    )
)


@pytest.mark.parametrize(
    "named, device, address, chosen, prefix",
    [
        (None, "", "192.168.1.7", "default", ""),
        (None, "", "10.1.2.3", "lobby", ""),
        (None, "", "10.2.2.3", "board", ""),
        (None, "SEP001122AABBCC", "192.168.1.7", "lobby", "p/lobby/"),
        (None, "SEP001122AABBCC", "10.1.2.3", "lobby", ""),
        (None, "SEPFFFFFFFFFFFF", "192.168.1.7", "default", ""),
        ("lobby", "", "192.168.1.7", "lobby", "p/lobby/"),
        ("default", "SEP001122AABBCC", "10.1.2.3", "default", "p/default/"),
        ("board", "", "10.2.2.3", "board", "p/board/"),
        ("board", "", "192.168.1.7", None, None),
        ("nobody", "", "192.168.1.7", "default", ""),
    ],
)
def test_choosing_a_profile(
    named: str | None, device: str, address: str, chosen: str | None, prefix: str | None
) -> None:
    found = CHOOSER.select(named, device, parse_address(address))
    assert (chosen, prefix) == (
        (found.profile.name, found.prefix) if found is not None else (None, None)
    )
    assert (named != "nobody") == (found is None or found.known)
