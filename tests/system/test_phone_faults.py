"""`directory-gateway phone` finds what the renderer was made to do wrong.

The proof before publication refuses the same faults, if they are in the bytes.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from app.build.verification import Verifier
from app.cli.main import app
from app.generation.draft_file import BuildError
from app.model.screens import Dialect, Link, Screen
from app.phones import cisco
from app.settings.loader import Settings
from tests.support import contacts
from tests.support.offline_gateway import built, open_generation
from tests.support.servers.worker import Worker

Headers = tuple[tuple[str, str], ...]
SOFTKEYS = r"(?:<SoftKeyItem>.*</SoftKeyItem>\n)+"


@dataclass(frozen=True)
class Fault:
    """A change of the bytes or headers of every screen, and the rule that it breaks.

    `in_bytes` is False for what the proof before publication cannot see, because it is
    in the headers or depends on the settings of the server.
    """

    name: str
    rule: int
    text: Callable[[str], str] = lambda text: text
    data: Callable[[bytes], bytes] = lambda data: data
    headers: Callable[[Screen, Headers], Headers] = lambda screen, headers: headers
    media_type: str = "text/xml"
    in_bytes: bool = True
    searches: tuple[str, ...] = ()


def replaced(pattern: str, new: str, count: int = 1) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, new, text, count=count)


def repeated(element: str, times: int) -> Callable[[str], str]:
    """Return a change that repeats the first of an element, each with another name."""

    def change(text: str) -> str:
        found = re.search(rf"<{element}>.*?</{element}>\n", text)
        if found is None:
            return text
        copies = (
            re.sub(r"(<Name>|<QueryStringParam>)", rf"\g<1>{number}.", found[0])
            for number in range(times)
        )
        return text.replace(found[0], found[0] + "".join(copies), 1)

    return change


def without_expires(screen: Screen, headers: Headers) -> Headers:
    return tuple(pair for pair in headers if pair[0] != "Expires")


FAULTS = (
    Fault("a title that is too long", 25, replaced("(<Title>)", r"\1" + "T" * 33)),
    Fault("a prompt that is too long", 25, replaced("(<Prompt>)", r"\1" + "P" * 33)),
    Fault("a name that is too long", 25, replaced("(Entry><Name>)", r"\1" + "N" * 33)),
    Fault("an item that is too long", 25, replaced("(Item><Name>)", r"\1" + "N" * 65)),
    Fault("a label that is too long", 25, replaced("(<DisplayName>)", r"\1" + "L" * 33)),
    Fault("a number that is too long", 25, replaced("<Telephone>", "<Telephone>" + "1" * 33)),
    Fault("names that are alike", 25, replaced("(Entry><Name>).*?<", r"\1Ann<", 0)),
    Fault("33 entries", 26, repeated("DirectoryEntry", 32)),
    Fault("101 items", 26, repeated("MenuItem", 100)),
    Fault("six fields", 26, repeated("InputItem", 5)),
    Fault("nine softkeys", 26, repeated("SoftKeyItem", 8)),
    Fault("an empty name", 27, replaced("(Entry><Name>).*?<", r"\1<")),
    Fault("no entry", 28, replaced("(?:<DirectoryEntry>.*\n)+", "")),
    Fault("no title", 29, replaced("<Title>.*</Title>\n", "")),
    Fault(
        "no menu for directoryURL",
        30,
        lambda text: text.replace("PhoneMenu", "PhoneText").replace("MenuItem", "Text"),
        in_bytes=False,
    ),
    Fault("a number with blanks", 45, replaced("(<Telephone>)", r"\g<1>0 ")),
    Fault("no number", 46, replaced("<Telephone>.*?<", "<Telephone><")),
    Fault("two calls at once", 47, replaced("(<ExecuteItem.*\n)", r"\1\1")),
    Fault("a form that posts", 49, replaced("<URL>(.*</URL>\n<Input)", r'<URL method="post">\1')),
    Fault("flags in lower case", 50, replaced("<InputFlags>A<", "<InputFlags>a<")),
    Fault("softkeys behind the entries", 22, replaced(f"({SOFTKEYS})((?:<Dir.*\n)+)", r"\2\1")),
    Fault("an entry that is not closed", 22, replaced("</DirectoryEntry>", "")),
    Fault("a bare ampersand", 23, replaced("&amp;", "&")),
    Fault("a numeric reference", 23, replaced("&apos;", "&#39;")),
    Fault("a comment", 23, replaced("<Title>", "<!-- made here --><Title>")),
    Fault("CDATA", 23, replaced("<Title>(.*?)<", r"<Title><![CDATA[\1]]><")),
    Fault("a namespace", 23, replaced("(<CiscoIPPhone[A-Za-z]+)>", r'\1 xmlns="urn:a">')),
    Fault("another element", 23, replaced("(</DirectoryEntry>)", r"<Photo>a</Photo>\1")),
    Fault(
        "links that are escaped twice",
        23,
        replaced("(&amp;)(?=v=|start=)", "&amp;amp;", 0),
        searches=("a",),
    ),
    Fault("a control character", 24, replaced("(<Title>)", "\\1\x07")),
    Fault("stray blanks", 24, replaced("(Entry><Name>)", r"\1 ")),
    Fault("a softkey without position", 35, replaced("<Position>2</Position>", "")),
    Fault("two softkeys in one place", 35, replaced("<Position>2<", "<Position>1<")),
    Fault("a softkey in place 9", 35, replaced("<Position>2<", "<Position>9<")),
    Fault("half of the softkeys", 34, replaced(r"<SoftKeyItem>.*EditDial.*\n", "")),
    Fault(
        "softkeys of a 79xx",
        36,
        lambda text: re.sub(
            "<Position>([12])<", lambda found: f"<Position>{3 - int(found[1])}<", text
        ),
    ),
    Fault(
        "Dial in a message",
        37,
        replaced("SoftKey:Exit((?:.*\n)*?<Text>)", r"SoftKey:Dial\1"),
        searches=("qqq",),
    ),
    Fault(
        "an action of a menu",
        37,
        replaced("<URL>http.*?</URL></MenuItem>", "<URL>SoftKey:Select</URL></MenuItem>"),
    ),
    Fault("Next by the phone", 38, replaced("(<Name>Next<.*<URL>)http.*?<", r"\1SoftKey:Next<")),
    Fault("URIs of newer phones", 41, replaced("<URL>http.*?<", "<URL>QueryStringParam:a=1<")),
    Fault("links without a host", 9, replaced("<URL>http://[^/]*", "<URL>", 0)),
    Fault("links that are too long", 9, replaced("<URL>(http.*?)<", r"<URL>\1" + "?a=" * 90 + "<")),
    Fault("another charset in the prolog", 2, replaced("utf-8", "iso-8859-1")),
    Fault(
        "bytes of another charset",
        2,
        data=lambda data: data.replace(b"Acme", b"\xe9").replace(b"<Title>", b"<Title>\xe9"),
    ),
    Fault("no prolog", 2, replaced(r"<\?xml.*\?>\n", "")),
    Fault("a byte order mark", 5, data=lambda data: b"\xef\xbb\xbf" + data),
    Fault("a page that is too large", 14, lambda text: text + "\n" * 33_000),
    Fault("another type", 1, media_type="application/xml", in_bytes=False),
    Fault("no Expires", 42, headers=without_expires, in_bytes=False),
    Fault(
        "an Expires on lists",
        42,
        in_bytes=False,
        headers=lambda screen, headers: (*headers, ("Expires", "Sat, 01 Jan 2000 00:00:00 GMT")),
    ),
    Fault(
        "a page that reloads",
        43,
        in_bytes=False,
        headers=lambda screen, headers: (("Refresh", "5; url=http://192.168.1.10/a.xml"),),
    ),
    Fault(
        "a cookie",
        10,
        in_bytes=False,
        headers=lambda screen, headers: (*headers, ("Set-Cookie", "a=b")),
    ),
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("company")
    contacts.write(folder / "contacts.csv", (contacts.person(row) for row in range(70)))
    return built(folder, contacts.CONFIG)


def planted(fault: Fault, patch: pytest.MonkeyPatch) -> None:
    render, headers = cisco.render, cisco.headers

    def broken(screen: Screen, link: Link, dialect: Dialect) -> bytes:
        text = render(screen, link, dialect).decode(dialect.charset)
        return fault.data(fault.text(text).encode(dialect.charset))

    patch.setattr(cisco, "render", broken)
    patch.setattr(cisco, "MEDIA_TYPE", fault.media_type)
    patch.setattr(
        cisco,
        "headers",
        lambda screen, link, dialect: fault.headers(screen, headers(screen, link, dialect)),
    )


def phone(url: str, *options: str) -> tuple[int, list[dict[str, str | int]]]:
    """Return the exit code of the command and what it prints as JSON."""
    result = CliRunner().invoke(app, ["phone", url, "--json", *options], catch_exceptions=False)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_there_are_thirty_faults_and_more() -> None:
    assert 30 <= len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert 24 <= len({fault.rule for fault in FAULTS})


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found(
    company: Settings, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(fault, monkeypatch)
    words = [word for text in fault.searches for word in ("--search", text)]
    with Worker(company, cached=False) as server:
        code, found = phone(f"http://127.0.0.1:{server.port}/menu.xml", *words)
    assert fault.rule in {line["rule"] for line in found}
    assert code == int(any(line["kind"] == "breach" for line in found))


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.in_bytes], ids=lambda fault: fault.name
)
def test_a_planted_fault_is_never_published(
    company: Settings, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = open_generation(company)
    try:
        Verifier(company.profiles).verify(generation)
        planted(fault, monkeypatch)
        with pytest.raises(BuildError, match=r"\(rule \d+") as error:
            Verifier(company.profiles).verify(generation)
    finally:
        generation.close()
    assert not re.search(r"Ann|Smith|0049", str(error.value))
