"""A new user takes 300 contacts from Radicale, from `check` to the phone.

Changes there arrive on the phone.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from connectors.contact import NumberKind, PhoneNumber
from tests.connectors.contract import person
from tests.connectors.vcard.cards import card_of
from tests.support import contacts
from tests.support.phone.strict import CP_7821, CP_7965G, Phone, walk
from tests.support.servers.gateway import Gateway, eventually, run
from tests.support.servers.radicale import PASSWORD, Radicale

CONFIG = """
title = "Home"
[sources.contacts]
connector = "carddav"
url = "{url}"
username = "ann"
password_file = "secret"
refresh = "1s"
[books.all]
sources = ["contacts"]
[books.family]
sources = ["contacts"]
groups = ["Family"]
"""


def card(number: int) -> str:
    given, family = (
        contacts.GIVEN[number % len(contacts.GIVEN)],
        f"{contacts.FAMILY[number % len(contacts.FAMILY)]} {number}",
    )
    return card_of(
        person(
            str(number),
            PhoneNumber(f"+49 172 {number:07d}", NumberKind.MOBILE),
            given=given,
            family=family,
        )
    )


def test_three_hundred_contacts_and_what_becomes_of_them(tmp_path: Path) -> None:
    server = Radicale(tmp_path / "radicale")
    try:
        client = server.client()
        client.make_book("/ann/friends/", "Friends")
        client.make_book("/ann/family/", "Family")
        for number in range(300):
            client.put(f"/ann/{'family' if number < 40 else 'friends'}/{number}.vcf", card(number))
        config = CONFIG.format(url=server.url)
        (tmp_path / "secret").write_text(PASSWORD + "\n", encoding="utf-8")
        # Not so short that a slow machine calls what it has just read old.
        (tmp_path / "gateway.toml").write_text(config.replace('"1s"', '"15m"'), encoding="utf-8")
        check = run("check", cwd=tmp_path)
        assert (0, True) == (
            check.returncode,
            "source contacts: 300 contacts with 300 numbers" in check.stdout,
        ), check
        fetched = [
            json.loads(line)
            for line in run("fetch", "contacts", "--json", cwd=tmp_path).stdout.splitlines()
        ]
        assert {card(number).partition("FN:")[2].partition("\r")[0] for number in range(300)} == {
            one["name"] for one in fetched
        }
        assert "<Prompt>300 entries</Prompt>" in run("show", "/all.xml", cwd=tmp_path).stdout
        with Gateway(tmp_path, config) as gateway:

            def rows(book: str) -> int:
                return int(gateway.status()["profiles"]["default"]["books"][book]["rows"])

            eventually(lambda: (rows("all"), rows("family")) == (300, 40), "it is served")
            for model in (CP_7821, CP_7965G):
                with Phone(model, keep_alive=True) as phone:
                    found = walk(phone, f"{gateway.base}/all.xml")
                assert Counter(f"0049172{number:07d}" for number in range(300)) == Counter(
                    number for _, number in found.rows
                )
            client.put("/ann/family/new.vcf", card(900))
            client.put("/ann/friends/50.vcf", card(950).replace("uid-950", "uid-50"))
            client.delete("/ann/friends/299.vcf")
            eventually(lambda: (rows("all"), rows("family")) == (300, 41), "the changes")
            client.rename_book("/ann/family/", "Relatives")
            eventually(lambda: rows("family") == 0, "the renamed book")
            with Phone(CP_7821) as phone:
                shown = {number for _, number in walk(phone, f"{gateway.base}/all.xml").rows}
            assert {"00491720000900", "00491720000950"} <= shown
            assert {"00491720000050", "00491720000299"}.isdisjoint(shown)
            assert PASSWORD not in gateway.logged()
    finally:
        server.process.stop()


@pytest.mark.parametrize("what", ["password", "url"])
def test_what_is_wrong_is_said_with_the_key_to_change(tmp_path: Path, what: str) -> None:
    server = Radicale(tmp_path / "radicale")
    try:
        (tmp_path / "secret").write_text(
            "wrong" if what == "password" else PASSWORD, encoding="utf-8"
        )
        url = server.url + ("/ann/nothing/" if what == "url" else "")
        (tmp_path / "gateway.toml").write_text(CONFIG.format(url=url), encoding="utf-8")
        check = run("check", cwd=tmp_path)
    finally:
        server.process.stop()
    assert (1, True) == (check.returncode, what in check.stdout), check.stdout
    assert PASSWORD not in check.stdout + check.stderr
    assert "Traceback" not in check.stderr
