"""TLS to a real slapd: who is trusted, under which name; and servers that say nothing.

On every supported Python.
"""

from pathlib import Path
from typing import Any

import pytest

from connectors.base import SourceError, SourceRefused, SourceUnavailable
from tests.connectors.contract import WORK, everything, names, person
from tests.connectors.ldap.server import Configured, SlapdWorld, configured, refusal
from tests.support.patience import SHORT
from tests.support.servers.ca import Authority
from tests.support.servers.ldap_fake import silent_server
from tests.support.servers.slapd import Slapd

pytest_plugins = ["tests.connectors.ldap.fixtures"]


class TestTls:
    """The same on every supported Python; an IP address in a certificate is a name."""

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
    def test_a_good_certificate(self, world: SlapdWorld, authority: Authority, host: str) -> None:
        world.put(person("1", WORK))
        for keys in (
            {"url": f"ldaps://{host}:{world.server.tls_port}"},
            {"url": f"ldap://{host}:{world.server.port}", "starttls": True},
        ):
            assert ["Ann Test1"] == names(
                everything(configured(world.server, ca_file=authority.file, **keys))
            )

    @pytest.mark.parametrize("starttls", [False, True])
    def test_an_unknown_authority(
        self, openldap: Slapd, stranger: Authority, starttls: bool
    ) -> None:
        keys = {"starttls": True} if starttls else {"url": openldap.tls_url}
        assert "ca_file" in refusal(openldap, **keys)
        assert "ca_file" in refusal(openldap, ca_file=stranger.file, **keys)

    @pytest.mark.parametrize(
        "names_of_it", [["ldap.example.com"], ["10.0.0.1"], ["ldap.example.com", "127.0.0.2"]]
    )
    def test_another_name(
        self, slapd_with: Configured, authority: Authority, names_of_it: list[str]
    ) -> None:
        with slapd_with(3, signed=authority.issue(*names_of_it)) as server:
            for keys in ({"url": server.tls_url}, {"starttls": True}):
                assert "valid_names" in refusal(server, ca_file=authority.file, **keys)
                assert "valid_names" in refusal(
                    server, ca_file=authority.file, valid_names=["dc1.example.com"], **keys
                )
                reader = configured(
                    server,
                    ca_file=authority.file,
                    valid_names=["other.example.com", names_of_it[0]],
                    **keys,
                )
                assert 3 == len(everything(reader).contacts)

    def test_an_expired_certificate(self, slapd_with: Configured, authority: Authority) -> None:
        with slapd_with(3, signed=authority.issue("127.0.0.1", expired=True)) as server:
            assert "expired" in refusal(server, url=server.tls_url, ca_file=authority.file)

    def test_a_ca_file_that_is_missing_or_of_another_form(
        self, openldap: Slapd, tmp_path: Path
    ) -> None:
        assert "cannot be read" in refusal(
            openldap, url=openldap.tls_url, ca_file=tmp_path / "none.crt"
        )
        (tmp_path / "ca.der").write_bytes(b"0\x82\x01\x0a")
        with pytest.raises(SourceRefused, match="PEM") as caught:
            configured(openldap, url=openldap.tls_url, ca_file=tmp_path / "ca.der").fetch(None)
        assert tmp_path / "ca.der" == caught.value.until_changed

    def test_tls_on_the_wrong_port(self, openldap: Slapd, authority: Authority) -> None:
        for url in (f"ldaps://127.0.0.1:{openldap.port}", f"ldap://127.0.0.1:{openldap.tls_port}"):
            keys = {"ca_file": authority.file} if url.startswith("ldaps") else {}
            with pytest.raises(SourceError, match=r"url|port"):
                configured(openldap, url=url, **keys).fetch(None)


@pytest.mark.parametrize("keys", [{}, {"tls": True}, {"starttls": True}])
def test_a_silent_server_is_given_up(
    openldap: Slapd, authority: Authority, keys: dict[str, bool]
) -> None:
    with silent_server() as port:
        url = f"{'ldaps' if keys.get('tls') else 'ldap'}://127.0.0.1:{port}"
        more: dict[str, Any] = {"ca_file": authority.file} if keys else {}
        with pytest.raises(SourceUnavailable, match=r"did not answer within 0\.3 s"):
            configured(
                openldap, url=url, timeout=SHORT, starttls=keys.get("starttls", False), **more
            ).fetch(None)
