"""The dial plans of docs/caller-name.md are well-formed and get the name they ask for.

Asterisk itself is not in Debian 12.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.paths import ROOT
from tests.support.servers.web_side import WebSide

PAGE = (ROOT / "docs" / "caller-name.md").read_text(encoding="utf-8")
# The statements of each context, as (extension, label, application, argument).
STATEMENT = re.compile(r"(?:exten => (\S+?),1|same => n(?:\((\w+)\))?),(\w+)\((.*)\)$")
APPLICATIONS = {"Dial", "Gosub", "GotoIf", "Hangup", "MacroExit", "Return", "Set"}
FUNCTIONS = {"CALLERID", "CHANNEL", "CONNECTEDLINE", "CURL", "CURLOPT", "LEN", "URIENCODE"}
NUMBERS = {"CALLERID(num)": "+49 89 5550109", "ARG1": "0089 5550109"}


def contexts() -> dict[str, list[re.Match[str]]]:
    """Return the statements of every context on the page."""
    found: dict[str, list[re.Match[str]]] = {}
    for block in re.findall(r"(?ms)^ *```\n(.*?)^ *```$", PAGE):
        name = ""
        for line in (line.strip() for line in block.splitlines()):
            if re.fullmatch(r"\[[\w-]+\]", line):
                name = line[1:-1]
                found[name] = []
            elif name and line and not line.startswith(";"):
                statement = STATEMENT.fullmatch(line)
                assert statement, f"no statement of a dial plan: {line}"
                found[name].append(statement)
    return found


CONTEXTS = contexts()


def test_the_page_has_its_dial_plans() -> None:
    wanted = {"from-trunk", "name-of-called", "from-phones", "macro-dialout-trunk-predial-hook"}
    assert wanted == set(CONTEXTS)


@pytest.mark.parametrize("name", CONTEXTS)
def test_a_dial_plan_is_well_formed(name: str) -> None:
    statements = CONTEXTS[name]
    assert statements[0][1], "a context begins with an extension"
    for statement in statements:
        application, argument = statement[3], statement[4]
        assert application in APPLICATIONS
        closing = {")": "(", "}": "{", "]": "["}
        opened: list[str] = []
        for char in argument:
            if char in closing.values():
                opened.append(char)
            elif char in closing:
                assert opened and opened.pop() == closing[char], argument
        assert not opened, argument
        assert set(re.findall(r"\b([A-Z]{3,})\(", argument)) <= FUNCTIONS
        if application == "GotoIf":
            (label,) = re.findall(r"\?(\w+)$", argument)
            assert label in {other[2] for other in statements}
        if application == "Gosub":
            context, extension, _ = argument.split(",")
            assert extension == CONTEXTS[context][0][1] == "s"
    assert statements[-1][3] in ("Dial", "Hangup", "MacroExit", "Return")


@pytest.mark.parametrize("name", ["from-trunk", "name-of-called"])
def test_no_call_waits_longer_than_a_second_for_a_name(name: str) -> None:
    arguments = [statement[4] for statement in CONTEXTS[name]]
    (request,) = [place for place, text in enumerate(arguments) if "CURL(" in text]
    assert {"CURLOPT(conntimeout)=1", "CURLOPT(httptimeout)=1"} <= set(arguments[:request])


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSide]:
    folder: Path = tmp_path_factory.mktemp("gateway")
    (folder / "contacts.csv").write_text("name,number\nAnn Smith,+49 89 5550109\n")
    config = '[sources.staff]\nconnector = "csv"\npath = "contacts.csv"\n[numbers]\n'
    with WebSide(folder, config + 'region = "DE"\noutside_line = "0"\n') as side:
        yield side


@pytest.mark.parametrize("name", ["from-trunk", "name-of-called"])
def test_what_a_dial_plan_requests_is_answered_with_the_name(gateway: WebSide, name: str) -> None:
    (url,) = re.findall(
        r"\$\{CURL\(http://[\d.:]+(/\S+)\)\}",
        "\n".join(statement[4] for statement in CONTEXTS[name]),
    )
    number = re.compile(r"\$\{URIENCODE\(\$\{(.+?)\}\)\}")
    path = number.sub(lambda match: quote(NUMBERS[match[1]]), url)
    assert "$" not in path and path != url
    assert "Ann Smith" == gateway.text(path)
