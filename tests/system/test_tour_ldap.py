"""A new user takes 5,000 people from a real slapd, from `check` to the phone.

`fetch` and `show` are typed too, and changes arrive on the phone.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.connectors.ldap.server import add, change, delete, move
from tests.support.phone.strict import CP_7821, Phone, walk
from tests.support.servers.ca import Authority, Certificate
from tests.support.servers.gateway import Gateway, eventually, run
from tests.support.servers.slapd import PASSWORD, PEOPLE, READER, Settings, Slapd, running

pytest_plugins = ["tests.connectors.ldap.fixtures"]

CONFIG = """
title = "Company"
[sources.staff]
connector = "ldap"
url = "{url}"
ca_file = "{ca}"
bind_dn = "{reader}"
password_file = "ldap.password"
base_dn = "{people}"
refresh = "{refresh}"
sync = "{sync}"
"""


def configured(
    folder: Path, server: Slapd, authority: Authority, sync: str = "auto", refresh: str = "1s"
) -> str:
    (folder / "ldap.password").write_text(PASSWORD + "\n")
    return CONFIG.format(
        url=server.tls_url,
        ca=authority.file,
        reader=READER,
        people=PEOPLE,
        sync=sync,
        refresh=refresh,
    )


def listed(gateway: Gateway) -> set[str]:
    with Phone(CP_7821) as phone:
        return {name for name, _ in walk(phone, f"{gateway.base}/menu.xml").rows}


def test_five_thousand_people(
    tmp_path: Path, authority: Authority, certificate: Certificate
) -> None:
    limits = Settings(database=f'limits dn.exact="{READER}" size=500 size.prtotal=unlimited')
    entries = (
        f"dn: uid={n},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: {n}\ncn: Ann P{n}\ngivenName:"
        f" Ann\nsn: P{n}\nmobile: +49 172 {n:07d}\n"
        for n in range(5_000)
    )
    with running(tmp_path / "slapd", certificate, limits, entries) as server:
        # Not so short that a slow machine calls what it has just read old.
        config = configured(tmp_path, server, authority, refresh="15m")
        (tmp_path / "gateway.toml").write_text(config)
        check = run("check", cwd=tmp_path)
        assert (0, True) == (
            check.returncode,
            "source staff: 5000 contacts with 5000 numbers; 0 without a number." in check.stdout,
        ), check
        lines = run("fetch", "staff", "--json", cwd=tmp_path).stdout.splitlines()
        assert {f"+49 172 {n:07d}" for n in range(5_000)} == {
            json.loads(line)["numbers"][0]["value"] for line in lines
        }
        assert "<Prompt>5000 entries</Prompt>" in run("show", "/staff.xml", cwd=tmp_path).stdout
        with Gateway(tmp_path, config) as gateway:
            eventually(
                lambda: gateway.status()["profiles"]["default"]["books"]["staff"]["rows"] == 5_000,
                "it is served",
            )
            with Phone(CP_7821, keep_alive=True) as phone:
                found = walk(phone, f"{gateway.base}/menu.xml")
        assert Counter(f"0049172{n:07d}" for n in range(5_000)) == Counter(
            number for _, number in found.rows
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, certificate: Certificate) -> Iterator[Slapd]:
    with running(tmp_path_factory.mktemp("slapd") / "server", certificate) as server:
        yield server


@pytest.mark.parametrize("sync", ["auto", "full"])
def test_what_changes_on_the_server_changes_on_the_phone(
    tmp_path: Path, server: Slapd, authority: Authority, sync: str
) -> None:
    away = f"ou=away{sync},dc=example,dc=com"
    add(server, away, "organizationalUnit", ou=f"away{sync}")
    for name in ("Bea", "Cleo", "Dora", "Eva"):
        add(
            server,
            f"uid={sync}{name},{PEOPLE}",
            cn=f"{name} Test",
            givenName=name,
            sn="Test",
            mobile=f"1{ord(name[0])}",
        )
    with Gateway(tmp_path, configured(tmp_path, server, authority, sync)) as gateway:
        eventually(
            lambda: listed(gateway) == {"Bea Test", "Cleo Test", "Dora Test", "Eva Test"},
            "four people",
        )
        add(
            server,
            f"uid={sync}Fay,{PEOPLE}",
            cn="Fay Test",
            givenName="Fay",
            sn="Test",
            mobile="170",
        )
        change(server, f"uid={sync}Bea,{PEOPLE}", givenName="Beate", cn="Beate Test")
        move(server, f"uid={sync}Cleo,{PEOPLE}", f"uid={sync}Cleopatra")
        delete(server, f"uid={sync}Dora,{PEOPLE}")
        move(server, f"uid={sync}Eva,{PEOPLE}", f"uid={sync}Eva", away)
        eventually(
            lambda: listed(gateway) == {"Beate Test", "Cleo Test", "Fay Test"}, "the changes"
        )
    for name in ("Bea", "Cleopatra", "Fay"):
        delete(server, f"uid={sync}{name},{PEOPLE}")


def test_a_server_that_gives_part_of_the_list_takes_nobody_off_the_phones(
    tmp_path: Path, slapd_with: Callable[..., AbstractContextManager[Slapd]], authority: Authority
) -> None:
    with (
        slapd_with(30) as server,
        Gateway(tmp_path, configured(tmp_path, server, authority)) as gateway,
    ):
        eventually(lambda: len(listed(gateway)) == 30, "thirty people")
        server.stop()
        server.settings = Settings(globals="sizelimit size=10 size.prtotal=hard")
        server.configure()
        server.start()
        eventually(
            lambda: gateway.status()["sources"]["staff"]["state"] in ("failing", "refused"),
            "the failure is told",
        )
        assert 30 == len(listed(gateway))
        assert 30 == gateway.status()["sources"]["staff"]["contacts"]
