"""A real slapd, as administrators set it up: limits, logins, several servers.

Never part of a list, and a sentence for each.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.base import SourceRefused, SourceUnavailable
from connectors.ldap import connection
from connectors.ldap.connection import LoginOptions, Server
from tests.connectors.contract import WORK, everything, names, person
from tests.connectors.ldap.server import Configured, SlapdWorld, add, configured, refusal
from tests.support.patience import SHORT
from tests.support.servers.ca import Authority, Certificate
from tests.support.servers.ldap_fake import silent_server
from tests.support.servers.processes import free_port
from tests.support.servers.slapd import PEOPLE, SUFFIX, Settings, Slapd, running

pytest_plugins = ["tests.connectors.ldap.fixtures"]


class TestLimits:
    def test_more_than_a_size_limit_of_500_arrives_by_pages(self, world: SlapdWorld) -> None:
        """The reader may read 500 at once; pages may go on."""
        world.put(*(person(str(number), WORK) for number in range(520)))
        assert 520 == len(everything(world.connector()).contacts)

    @pytest.mark.parametrize(
        "line",
        [
            "sizelimit 500",
            "sizelimit size.soft=500 size.hard=599 size.prtotal=hard",
            "sizelimit size.soft=100 size.hard=500",
            "sizelimit size.prtotal=599",
        ],
    )
    def test_a_limit_in_the_middle_is_an_error(self, slapd_with: Configured, line: str) -> None:
        with slapd_with(600, line) as server:
            assert "size limit" in refusal(server)

    def test_the_documented_line_lifts_the_limit(
        self, tmp_path: Path, certificate: Certificate
    ) -> None:
        document = Path(__file__).parents[3] / "docs" / "connectors" / "ldap.md"
        (line,) = (
            line
            for line in document.read_text(encoding="utf-8").splitlines()
            if line.startswith("limits ")
        )
        people = (
            f"dn: uid={n},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: {n}\ncn: P{n}\nsn: S{n}\n"
            for n in range(600)
        )
        with running(tmp_path / "slapd", certificate, Settings(database=line), people) as server:
            assert 600 == len(everything(configured(server)).contacts)

    def test_a_limit_that_is_just_enough_is_none(self, slapd_with: Configured) -> None:
        with slapd_with(600, "sizelimit size.soft=100 size.hard=600 size.prtotal=hard") as server:
            assert 600 == len(everything(configured(server)).contacts)

    def test_a_limit_set_later_loses_nobody(self, slapd_with: Configured) -> None:
        """The next fetch raises instead of returning fewer contacts.

        What the reader holds stays unchanged.
        """
        with slapd_with(600, "sizelimit size.prtotal=unlimited") as server:
            first = everything(configured(server))
            server.settings = Settings(globals="sizelimit 500")
            server.stop()
            server.configure()
            server.start()
            for since in (None, first.checkpoint):
                with pytest.raises(SourceRefused, match="size limit"):
                    configured(server).fetch(since)

    def test_paging_switched_off_is_an_error(self, slapd_with: Configured) -> None:
        with slapd_with(10, "sizelimit size.prtotal=disabled") as server:
            assert "administrative limit" in refusal(server)

    @pytest.mark.parametrize("size", [1, 7, 100])
    def test_a_limit_of_the_page_makes_pages_smaller(
        self, slapd_with: Configured, size: int
    ) -> None:
        with slapd_with(20, f"sizelimit size.pr={size} size.prtotal=unlimited") as server:
            assert 20 == len(everything(configured(server)).contacts)


class TestLogin:
    @pytest.mark.parametrize(
        "keys, words",
        [
            ({"password": "wrong"}, "bind_dn or password is wrong"),
            ({"bind_dn": f"cn=nobody,{SUFFIX}"}, "bind_dn or password is wrong"),
            ({"bind_dn": "nonsense"}, "bind_dn is not a name"),
            ({"bind_dn": "EXAMPLE\\reader"}, "bind_dn is not a name"),
            ({"password": "bell\u0007"}, "password holds a character"),
            ({"base_dn": f"ou=nowhere,{SUFFIX}"}, "Check base_dn"),
            ({"base_dn": "dc=elsewhere"}, "Check base_dn"),
            ({"base_dn": "no-such-type=x"}, "base_dn is not a name"),
            ({"filter": "(&(objectClass=person)())"}, "filter is not valid"),
            (
                {"filter": "(telephonNumber=*)"},
                'no attribute "telephonNumber": check its spelling in filter',
            ),
            (
                {"attributes": {"work": "telephonNumber"}},
                'no attribute "telephonNumber": check its spelling in attributes.work',
            ),
        ],
    )
    def test_what_a_person_must_mend_names_the_key(
        self, openldap: Slapd, keys: dict[str, Any], words: str
    ) -> None:
        assert words in refusal(openldap, **keys)

    def test_names_that_the_server_knows_otherwise_are_accepted(self, world: SlapdWorld) -> None:
        add(
            world.server,
            f"uid=1,{PEOPLE}",
            cn="Ann",
            sn="Smith",
            facsimileTelephoneNumber="1",
            mobile="2",
        )
        reader = configured(
            world.server,
            filter="(surname=*)",
            attributes={"fax": "fax", "mobile": "mobileTelephoneNumber", "name": "2.5.4.3"},
        )
        (contact,) = everything(reader).contacts
        assert ["2", "1"] == [number.value for number in contact.numbers]

    def test_anonymous_reading_where_it_is_asked_for(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        assert ["Ann Test1"] == names(
            everything(configured(world.server, bind_dn="", password=None))
        )

    @pytest.mark.parametrize("line", ["disallow bind_anon", "require authc", "require bind"])
    def test_anonymous_reading_switched_off(self, slapd_with: Configured, line: str) -> None:
        with slapd_with(3, line) as server:
            assert 3 == len(everything(configured(server)).contacts)
            if line != "require bind":
                assert "bind_dn" in refusal(server, bind_dn="", password=None)

    def test_a_server_that_wants_encryption(
        self, slapd_with: Configured, authority: Authority
    ) -> None:
        with slapd_with(3, "security simple_bind=128") as server:
            assert "starttls = true" in refusal(server)
            assert 3 == len(
                everything(configured(server, starttls=True, ca_file=authority.file)).contacts
            )


class TestSeveralServers:
    def test_a_dead_first_server_is_passed_over(self, world: SlapdWorld) -> None:
        world.put(person("1", WORK))
        reader = configured(world.server, url=[f"ldap://127.0.0.1:{free_port()}", world.server.url])
        assert ["Ann Test1"] == names(everything(reader))

    def test_a_silent_first_server_is_passed_over(
        self, world: SlapdWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world.put(person("1", WORK))
        open_one = connection._open

        def soon(server: Server, access: LoginOptions, *more: Any) -> Any:
            """Open a connection, with a short timeout for the silent server alone."""
            timeout = SHORT if server.port == port else access.timeout
            return open_one(server, replace(access, timeout=timeout), *more)

        monkeypatch.setattr(connection, "_open", soon)
        with silent_server() as port:
            reader = configured(world.server, url=[f"ldap://127.0.0.1:{port}", world.server.url])
            assert ["Ann Test1"] == names(everything(reader))

    def test_a_first_server_that_proves_nothing_is_passed_over(
        self, world: SlapdWorld, slapd_with: Configured, stranger: Authority, authority: Authority
    ) -> None:
        world.put(person("1", WORK))
        with slapd_with(3, signed=stranger.issue("127.0.0.1")) as other:
            reader = configured(
                world.server, url=[other.tls_url, world.server.tls_url], ca_file=authority.file
            )
            assert ["Ann Test1"] == names(everything(reader))

    def test_a_wrong_password_is_tried_once(self, openldap: Slapd) -> None:
        message = refusal(
            openldap, url=[openldap.url, f"ldap://127.0.0.1:{free_port()}"], password="wrong"
        )
        assert 1 == message.count("ldap://")

    def test_all_dead(self, openldap: Slapd) -> None:
        urls = [f"ldap://127.0.0.1:{free_port()}", f"ldap://127.0.0.1:{free_port()}"]
        with pytest.raises(SourceUnavailable) as caught:
            configured(openldap, url=urls).fetch(None)
        assert all(url in str(caught.value) for url in urls)
        assert "Connection refused" in str(caught.value)

    def test_a_name_that_does_not_exist(self, openldap: Slapd) -> None:
        with pytest.raises(SourceUnavailable, match="Check url"):
            configured(openldap, url="ldap://no-such-host.invalid").fetch(None)
