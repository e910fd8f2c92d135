"""The whole file of a phone."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from app.device_config.lint import lint_text
from app.device_config.sep_file import PhoneSettings, WrongSettings, sep_file

PHONE = PhoneSettings(
    mac="00:11:22:aa:bb:cc",
    proxy="192.168.1.5",
    account="1001",
    password="s3cret-word",
    time_zone="Central Europe Standard/Daylight Time",
    menu_url="http://192.168.1.10:8080/menu.xml",
    directory_url="http://192.168.1.10:8080/directory.xml",
)
HOSTILE = """<script>"&'</authPassword>]]>"""


def test_it_has_what_was_given() -> None:
    phone = replace(PHONE, load="sip78xx.14-4-1-0001-36", dial_template="dialplan.xml")
    root = ElementTree.fromstring(sep_file(phone))
    assert "device" == root.tag
    found = {element.tag: element.text for element in root.iter()}
    assert (phone.menu_url, phone.directory_url) == (found["directoryURL"], found["serviceURI"])
    assert ("192.168.1.5", "5060") == (found["processNodeName"], found["sipPort"])
    assert ("1001", "1001", "s3cret-word") == tuple(
        root.findtext(f".//line[@button='1']/{name}")
        for name in ("name", "authName", "authPassword")
    )
    assert phone.time_zone == found["timeZone"]
    assert "162.159.200.1" == root.findtext(".//ntp/name")
    assert ("sip78xx.14-4-1-0001-36", "dialplan.xml") == (
        found["loadInformation"],
        found["dialTemplate"],
    )
    assert "SEP001122AABBCC.cnf.xml" == phone.file_name


@pytest.mark.parametrize(
    "phone",
    [
        PHONE,
        replace(PHONE, menu_url="", directory_url=""),
        replace(PHONE, load="sip78xx.14-4-1-0001-36", dial_template="dialplan.xml"),
        replace(PHONE, account=HOSTILE, password=HOSTILE, label=HOSTILE),
        replace(PHONE, menu_url="http://192.168.1.10/menu.xml?a=1&b=2"),
        replace(PHONE, mac="SEP001122AABBCC", proxy="pbx.example.org", port=5061),
        replace(PHONE, label="{password}", account="{mac}"),
    ],
)
def test_it_is_well_formed_and_passes_the_checks(phone: PhoneSettings) -> None:
    text = sep_file(phone)
    root = ElementTree.fromstring(text)
    assert phone.password == root.findtext(".//authPassword")
    assert (phone.label or phone.account) == root.findtext(".//phoneLabel")
    assert () == lint_text(phone.file_name, text).findings


@pytest.mark.parametrize(
    "wrong, name",
    [
        (replace(PHONE, mac=""), "mac"),
        (replace(PHONE, mac="00112233445"), "mac"),
        (replace(PHONE, mac="00112233445G"), "mac"),
        (replace(PHONE, mac="../../etc/pas"), "mac"),
        (replace(PHONE, proxy=""), "proxy"),
        (replace(PHONE, proxy="pbx example"), "proxy"),
        (replace(PHONE, account=" "), "account"),
        (replace(PHONE, account="a\x00b"), "account"),
        (replace(PHONE, password=""), "password"),
        (replace(PHONE, password="a\nb"), "password"),
        (replace(PHONE, label="a\ud800"), "label"),
        (replace(PHONE, time_zone="Europe/Berlin"), "time_zone"),
        (replace(PHONE, ntp="pool.ntp.org"), "ntp"),
        (replace(PHONE, load="sip78xx.14-4-1-0001-36.loads"), "load"),
        (replace(PHONE, load="a b"), "load"),
        (replace(PHONE, dial_template="<x>"), "dial_template"),
        (replace(PHONE, port=0), "port"),
        (replace(PHONE, menu_url=f"http://192.168.1.10/{'x' * 255}"), "menu_url"),
    ],
)
def test_what_cannot_be_written_is_refused(wrong: PhoneSettings, name: str) -> None:
    with pytest.raises(WrongSettings) as caught:
        sep_file(wrong)
    assert [name] == [problem.name for problem in caught.value.problems]


def test_the_password_is_in_no_description() -> None:
    assert "s3cret-word" not in repr(PHONE)
    with pytest.raises(WrongSettings) as caught:
        sep_file(replace(PHONE, password="s3cret-word\x00"))
    assert "s3cret-word" not in f"{caught.value} {caught.value.problems}"
