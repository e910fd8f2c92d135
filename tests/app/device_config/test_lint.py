"""The checks of files that phones load."""

import os
import re
from pathlib import Path
from xml.parsers import expat

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.device_config.document import read_document
from app.device_config.lint import CannotRead, lint_path, lint_text
from app.device_config.sep_file import sep_file
from app.device_config.tag_reader import MAX_FINDINGS
from tests.app.device_config.test_sep_file import PHONE

DATA = Path(__file__).with_name("data")
SAMPLE = (DATA / "sample.cnf.xml").read_text(encoding="utf-8")
LINE_KEY = (DATA / "line_key.xml").read_text(encoding="utf-8")
NAME = "SEP001122AABBCC.cnf.xml"
GOOD = sep_file(PHONE)
PASSWORD = PHONE.password
FILLED = {"[SIP Host Address]": "192.168.1.5", "[SIP Account]": "1001", "[SIP Password]": "pw"}
TEMPLATE = """\
<DIALTEMPLATE>
  <TEMPLATE MATCH="112" Timeout="0"/>
  <TEMPLATE MATCH="3.." Timeout="1"/>
  <TEMPLATE MATCH="0,0*" Timeout="5" Tone="Bellcore-Outside"/>
  <TEMPLATE MATCH="*" Timeout="4" User="Phone"/>
</DIALTEMPLATE>
"""


def found(text: str, name: str = NAME) -> list[tuple[int, str]]:
    return [(finding.line, finding.rule) for finding in lint_text(name, text).findings]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def mended() -> str:
    text = SAMPLE.replace(
        "    -->\n\n      <!-- SIP settings", "    -->\n<sipLines>\n      <!-- SIP"
    )
    for sign, value in FILLED.items():
        text = text.replace(sign, value)
    return text


def test_the_sample_of_the_guide_is_broken_in_two_places() -> None:
    """`<sipLines>` stands inside a comment, and that of its line key is never closed."""
    first = [item for item in lint_text(NAME, SAMPLE).findings if item.rule != "placeholder"]
    assert [(157, "opened-in-comment", "<sipLines>")] == [
        (item.line, item.rule, item.correction) for item in first
    ]
    assert "inside the comment of lines 119 to 126" in first[0].message
    assert "in line 127" in first[0].message
    assert [(1, "unclosed")] == found(LINE_KEY)
    assert "</sipLines>" == lint_text(NAME, LINE_KEY).findings[0].correction


def test_what_the_sample_leaves_to_fill_in() -> None:
    names = [
        re.findall(r"<(\w+)>", item.message)[0]
        for item in lint_text(NAME, SAMPLE).findings
        if item.rule == "placeholder"
    ]
    assert [
        "processNodeName",
        "name",
        "displayName",
        "authName",
        "authPassword",
        "contact",
    ] == names


def test_the_sample_mended_has_no_problem() -> None:
    assert [] == found(mended())
    assert [] == found(LINE_KEY + "</sipLines>\n")
    assert [] == found(GOOD)
    assert [] == found(TEMPLATE, "dialplan.xml")


# What is replaced in a good file, by what, and the rule and the correction.
BROKEN = [
    ("</sipLines>", "", "unclosed", "</sipLines>"),
    ("</sipLines>", "</sipLines></sipLines>", "closed-twice", ""),
    ("<featureLabel>1001</featureLabel>", "<featureLabel>1001</featurelabel>", "wrong-close", "*"),
    ("</vendorConfig>", "", "unclosed", "</vendorConfig>"),
    ("<device>", "<device", "less-than", ""),
    ("<kpml>3</kpml>", "<kpml>3<kpml>", "unclosed", "*"),
    ('<line button="1">', '<line button="1>', "less-than", ""),
    ("menu.xml<", "menu.xml?a=1&b=2<", "ampersand", "*"),
    ("<kpml>3", "<!-- a -- b --><kpml>3", "comment", ""),
    ("<sipLines>", "<!-- <sipLines>", "comment", ""),
    ("</device>\n", "</device>\n<device></device>\n", "second-root", ""),
    ("<device>", "<!DOCTYPE device><device>", "declaration", ""),
    ("<device>", "x<device>", "text-outside", ""),
    ("/menu.xml<", "/directory.xml<", "no-menu", "*/menu.xml*"),
    ("http://192.168.1.10:8080/menu.xml", f"http://192.168.1.10/{'m' * 250}", "url-length", ""),
    ("http://192.168.1.10:8080/menu", "https://192.168.1.10:8080/menu", "https", "*http://*"),
    ("http://192.168.1.10:8080/menu", "http://localhost:8080/menu", "url-host", ""),
    ("http://192.168.1.10:8080/menu", "http://127.0.0.1:8080/menu", "url-host", ""),
    ("http://192.168.1.10:8080/menu", "http://gateway:8080/menu", "url-host", ""),
    ("http://192.168.1.10:8080/menu", "/menu", "url", ""),
    ("http://192.168.1.10:8080/menu", "http://192.168.1.10:x/menu", "url", ""),
    ("162.159.200.1", "pool.ntp.org", "ntp-name", "*"),
    ("Central Europe Standard", "Central Europa Standard", "time-zone", "*Central Europe S*"),
    ("<featureID>20</featureID>", "", "feature", ""),
    ('<line button="2">', '<line button="1">', "button", ""),
    ('<line button="2">', "<line>", "button", ""),
    ("<serviceURI>http://192.168.1.10:8080/directory.xml</serviceURI>", "", "feature", ""),
    ("<name>1001</name>", "<name></name>", "account", ""),
    ("<processNodeName>192.168.1.5</processNodeName>", "", "missing", "*"),
    ("<proxy>USECALLMANAGER</proxy>", "<proxy>[Exchange]</proxy>", "placeholder", ""),
    ("</fullConfig>", "</fullConfig><directoryURL>http://192.0.2.1/</directoryURL>", "twice", ""),
    (f">{PASSWORD}</authPassword>", ">a&b</authPassword>", "password", ""),
    (f">{PASSWORD}</authPassword>", ">a<b</authPassword>", "password", ""),
]


@pytest.mark.parametrize("old, new, rule, correction", BROKEN)
def test_broken_variants(old: str, new: str, rule: str, correction: str) -> None:
    assert old in GOOD
    broken = GOOD.replace(old, new, 1)
    findings = lint_text(NAME, broken).findings
    assert [rule] == list(dict.fromkeys(item.rule for item in findings))
    line = line_of(GOOD, old)
    if rule not in (
        "missing",
        "comment",
        "closed-twice",
        "unclosed",
        "second-root",
        "feature",
        "account",
    ):
        assert line == findings[0].line
    if "*" in correction:
        assert correction.strip("*") in findings[0].correction and findings[0].correction
    else:
        assert correction == findings[0].correction


@pytest.mark.parametrize(
    "old, new, rule",
    [
        ('Timeout="1"', 'Timeout="one"', "template-timeout"),
        ('MATCH="*" Timeout="4"', 'MATCH="*" Timeout="0"', "template-timeout"),
        ('MATCH="3.."', 'MATCH="3xx"', "template-match"),
        ('MATCH="3.."', 'MATCH="3..,"', "template-match"),
        ('MATCH="3.." ', "", "template-match"),
        ('MATCH="3.."', f'MATCH="3{"." * 63}"', "template-length"),
        ('<TEMPLATE MATCH="3.."', '<template MATCH="3.."', "template-name"),
        ('User="Phone"', 'User="Telephone"', "template-key"),
        ("Tone=", "Tune=", "template-key"),
        ('MATCH="3.."', 'MATCH="11234"', "template-unreachable"),
        ('<TEMPLATE MATCH="3.."', '<TEMPLATE MATCH="3.." Timeout="1"', "not-well-formed"),
    ],
)
def test_broken_dial_templates(old: str, new: str, rule: str) -> None:
    assert old in TEMPLATE
    broken = TEMPLATE.replace(old, new, 1)
    assert (line_of(TEMPLATE, old), rule) in found(broken, "dialplan.xml")


def test_a_dial_template_that_is_too_large_or_empty() -> None:
    assert [(0, "template-size")] == found(f"{TEMPLATE}<!--{'x' * 9000}-->", "dialplan.xml")
    assert [(1, "no-rule")] == found("<DIALTEMPLATE></DIALTEMPLATE>", "dialplan.xml")


@pytest.mark.parametrize(
    "text, rule",
    [
        ("", "empty"),
        ("hello", "empty"),
        ("<CiscoIPPhoneMenu></CiscoIPPhoneMenu>", "outermost"),
        ("<a>" * 60, "too-many"),
        ("</a>" * 1000, "too-many"),
        ("<device>" + "\n&" * 5000, "ampersand"),
        ("<device>&#0;</device>", "not-well-formed"),
        ('<?xml version="1.0" encoding="utf-7"?><device></device>', "encoding"),
    ],
)
def test_other_files(text: str, rule: str) -> None:
    findings = found(text, "x.xml")
    assert rule in [word for _, word in findings]
    assert len(findings) <= MAX_FINDINGS + 4


@pytest.mark.parametrize("content", [b"\x7fELF\0<a>\x1b[2J&", "<device/>".encode("utf-16-le")])
def test_a_file_that_is_no_text_is_told_and_nothing_of_it_is_shown(content: bytes) -> None:
    (finding,) = read_document(NAME, content).findings
    assert (0, "encoding", "") == (finding.line, finding.rule, finding.correction)


@pytest.mark.parametrize("sign", ["\x1b[2J", "\x9b2J", "\x07"])
def test_nothing_that_is_reported_steers_a_terminal(sign: str) -> None:
    text = GOOD.replace("menu.xml<", f"menu.xml?a=1&b={sign}<").replace("1001", f"1001{sign}")
    report = msgspec.json.decode(msgspec.json.encode(lint_text(NAME, text)))
    assert "ampersand" in {finding["rule"] for finding in report["findings"]}
    shown = "".join(str(value) for finding in report["findings"] for value in finding.values())
    assert sign[0] not in shown and "\ufffd" in shown


def test_a_line_of_a_thousand_characters_is_not_shown() -> None:
    text = GOOD.replace("<kpml>3", f"<!-- {'x' * 1000} --><kpml>3&")
    assert [("ampersand", "")] == [
        (item.rule, item.correction) for item in lint_text(NAME, text).findings
    ]


def test_bytes_that_are_not_utf_8_are_told_with_their_line() -> None:
    content = GOOD.replace("<kpml>3", "<!-- Büro --><kpml>3").encode("latin-1")
    findings = read_document(NAME, content).findings
    assert [(line_of(GOOD, "<kpml>"), "encoding")] == [(item.line, item.rule) for item in findings]


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_lines_count_whatever_ends_them(line_end: str) -> None:
    broken = GOOD.replace("162.159.200.1", "pool.ntp.org")
    assert [(line_of(GOOD, "162.159.200.1"), "ntp-name")] == found(broken.replace("\n", line_end))


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def in_folder(folder: Path) -> list[tuple[str, str]]:
    return [(item.file, item.rule) for item in lint_path(folder).findings]


def test_a_folder(tmp_path: Path) -> None:
    second = GOOD.replace("1001", "1002")
    write(tmp_path, SEP001122AABBCC__cnf__xml=GOOD, SEP001122AABBDD__cnf__xml=second)
    write(tmp_path, dialplan__xml=TEMPLATE, menu__xml="<CiscoIPPhoneMenu/>", README="x")
    report = lint_path(tmp_path)
    assert () == report.findings
    assert (
        "SEP001122AABBCC.cnf.xml",
        "SEP001122AABBDD.cnf.xml",
        "dialplan.xml",
    ) == report.files
    assert report.template is not None and 4 == len(report.template.rules)


def test_two_phones_with_one_account(tmp_path: Path) -> None:
    write(tmp_path, SEP001122AABBCC__cnf__xml=GOOD, SEP001122AABBDD__cnf__xml=GOOD)
    (finding,) = lint_path(tmp_path).findings
    assert ("SEP001122AABBDD.cnf.xml", "shared-account") == (finding.file, finding.rule)
    assert "SEP001122AABBCC.cnf.xml line" in finding.message
    elsewhere = GOOD.replace("192.168.1.5", "192.168.1.6")
    write(tmp_path, SEP001122AABBDD__cnf__xml=elsewhere)
    assert [] == in_folder(tmp_path)
    shared = GOOD.replace("<sharedLine>false", "<sharedLine>true")
    write(tmp_path, SEP001122AABBDD__cnf__xml=shared)
    assert [] == in_folder(tmp_path)


def test_files_that_the_folder_does_not_have(tmp_path: Path) -> None:
    load = GOOD.replace(
        "  <sipProfile>", "<loadInformation>sip78xx.14-4</loadInformation>\n  <sipProfile>"
    ).replace("  </sipProfile>", "<dialTemplate>dialplan.xml</dialTemplate></sipProfile>")
    write(tmp_path, SEP001122AABBCC__cnf__xml=load)
    assert [(NAME, "missing-file")] * 2 == in_folder(tmp_path)
    assert [(NAME, "missing-file")] * 2 == in_folder(tmp_path / NAME)
    write(tmp_path, dialplan__xml=TEMPLATE)
    (tmp_path / "SIP78XX.14-4.loads").touch()
    (finding,) = lint_path(tmp_path).findings
    assert "only as SIP78XX.14-4.loads" in finding.message
    (tmp_path / "sip78xx.14-4.loads").touch()
    assert [] == in_folder(tmp_path)
    write(tmp_path, SEP001122AABBCC__cnf__xml=load.replace("14-4<", "14-4.loads<"))
    assert [(NAME, "load-name")] == in_folder(tmp_path)
    assert [] == found(load), "a pasted file has no folder"


def test_https_is_fine_with_a_list_of_certificates(tmp_path: Path) -> None:
    write(tmp_path, SEP001122AABBCC__cnf__xml=GOOD.replace("http://", "https://"))
    assert [(NAME, "https")] * 2 == in_folder(tmp_path)
    (tmp_path / "ITLSEP001122AABBCC.tlv").touch()
    assert [] == in_folder(tmp_path)


def test_the_name_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, sep001122aabbcc__cnf__xml=GOOD)
    (finding,) = lint_path(tmp_path).findings
    assert ("file-name", 0) == (finding.rule, finding.line)
    assert "SEP001122AABBCC.cnf.xml" in finding.message


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="no SEP<mac>"):
        lint_path(tmp_path)
    with pytest.raises(CannotRead, match="No such file"):
        lint_path(tmp_path / "none.xml")
    write(tmp_path, large__xml="x" * 1_100_000)
    with pytest.raises(CannotRead, match="larger than 1 MB"):
        lint_path(tmp_path / "large.xml")
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(CannotRead, match="neither a file nor a folder"):
        lint_path(tmp_path / NAME)


SECRET = "gEheim7"
SECRETS = GOOD.replace(PASSWORD, SECRET).replace(
    "  </sipProfile>",
    f"<!-- <phonePassword>{SECRET}</phonePassword> -->\n<sshPassword>\n{SECRET}\n</sshPassword>"
    f"\n<idleURL>http://u:{SECRET}@pbx.example/x?password={SECRET}&a</idleURL></sipProfile>",
)
NOISE = st.sampled_from(
    ["<", ">", "&", '"', "</", "<!--", "-->", "]]>", "\n", "<authPassword>", "</authPassword>", ""]
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_password_is_in_a_finding(data: st.DataObject) -> None:
    text = SECRETS
    for _ in range(data.draw(st.integers(1, 4))):
        places = [match.end() for match in re.finditer(SECRET, text)]
        near = st.sampled_from(places).map(lambda place: place + 1)
        at = data.draw(st.integers(0, len(text)) | near)
        gone = data.draw(st.integers(0, 3))
        cut = text[:at] + data.draw(NOISE) + text[at + gone :]
        # A damage within a password makes it another one, and within "password=" something else.
        kept = (SECRET, f"password={SECRET}", f":{SECRET}@")
        if all(SECRETS.count(part) == cut.count(part) for part in kept):
            text = cut
    report = lint_text(NAME, text)
    assert SECRET not in msgspec.json.encode(report.findings).decode()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_file_that_no_parser_accepts_is_never_passed(data: st.DataObject) -> None:
    text = mended()
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(NOISE) + text[at + data.draw(st.integers(0, 12)) :]
    try:
        expat.ParserCreate().Parse(text.encode(), True)
        is_accepted = True
    except expat.ExpatError:
        is_accepted = False
    findings = read_document(NAME, text.encode()).findings
    rules = {item.rule for item in findings} - {"declaration", "password"}
    assert is_accepted or findings
    assert not (is_accepted and rules), rules
