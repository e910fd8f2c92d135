"""The vCard reader agrees with vobject on well-formed cards.

It takes linear time on hostile ones.
"""

import sys
from collections.abc import Callable

import pytest
import vobject
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.contact import without_placeholders
from connectors.vcard.parser import read_cards

_LETTERS = st.characters(
    blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs"), blacklist_characters="\ufeff\u0085"
)
_WORD = st.text(_LETTERS, min_size=1, max_size=12)
_TEXT = st.lists(_WORD, min_size=1, max_size=4).map(" ".join)
_NUMBER = st.text("0123456789+()-*#", min_size=1, max_size=15)
_KINDS = st.sampled_from(["WORK", "HOME", "CELL", "WORK,FAX"])


@settings(max_examples=150, deadline=None)
@example(
    name="A", family="B", given_name="C", organization=["D"], categories=["MAILTO:"], numbers=[]
)
@given(
    name=_TEXT,
    family=_WORD,
    given_name=_WORD,
    organization=st.lists(_TEXT, min_size=1, max_size=3),
    categories=st.lists(_TEXT, min_size=1, max_size=3, unique=True),
    numbers=st.lists(st.tuples(_KINDS, _NUMBER), max_size=4),
)
def test_vobject_agrees_on_well_formed_cards(
    name: str,
    family: str,
    given_name: str,
    organization: list[str],
    categories: list[str],
    numbers: list[tuple[str, str]],
) -> None:
    written = vobject.vCard()
    written.add("fn").value = name
    written.add("n").value = vobject.vcard.Name(family=family, given=given_name)
    written.add("org").value = organization
    written.add("categories").value = categories
    for kind, number in numbers:
        line = written.add("tel")
        line.value, line.type_param = number, kind.split(",")
    text = written.serialize()
    read = vobject.readOne(text)
    (card,) = read_cards(text.encode())
    contact = card.contact
    assert contact is not None
    assert "" == card.problem
    names = tuple(
        map(without_placeholders, (read.fn.value, read.n.value.family, read.n.value.given))
    )
    assert names == (contact.name, contact.family_name, contact.given_name)
    first, *others = map(without_placeholders, read.org.value)
    assert (first, ", ".join(filter(None, others))) == (contact.organization, contact.department)
    assert tuple(read.categories.value) == contact.groups
    assert [line.value for line in read.contents.get("tel", [])] == [
        number.value for number in contact.numbers
    ]


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text('BEGINVCARD:;=",\\\n\r \t^.FNTEL-a1', max_size=400).map(str.encode)
)
def test_nothing_makes_it_raise(data: bytes) -> None:
    for wrapped in (data, b"BEGIN:VCARD\r\n" + data + b"\r\nEND:VCARD\r\n"):
        for card in read_cards(wrapped):
            assert card.line >= 1


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "parameters without a colon": lambda n: b"X-A" + b";X-A" * n,
    "equals and commas": lambda n: b"TEL;A" + b"==,=,;" * n,
    "quotes": lambda n: b'TEL;A="' + b'";"' * n + b":1",
    "escapes": lambda n: b"N:" + b"\\;\\\\" * (n // 4) + b";b",
    "escaped separators": lambda n: b"ORG:" + b"a\\;" * (n // 4),
    "carets": lambda n: b"FN;SORT-AS=" + b"^n^^" * n + b":A",
    "folds": lambda n: b"FN:A" + b"\r\n a" * n,
    "soft breaks": lambda n: b"FN;QUOTED-PRINTABLE:A" + b"=\r\na" * n,
    "groups": lambda n: b"a." * n + b"FN:A",
    "marks": lambda n: b"item1.TEL:1\r\nitem1.X-ABLabel:" + b"_$!<" * (n // 8),
    "begins": lambda n: b"BEGIN:VCARD\r\n" * n,
    "agents": lambda n: b"AGENT:\r\nBEGIN:VCARD\r\n" * n,
    "agents on one line": lambda n: b"AGENT:BEGIN:VCARD\r\n" * n,
    "heads of agents": lambda n: b"AGENT;" * n + b":BEGIN:VCARD\r\n",
    "soft breaks with blanks": lambda n: b"FN;QUOTED-PRINTABLE:A" + b"= \t \r\na= = " * n,
    "properties": lambda n: b"TEL:1\r\nitem1.X-ABLabel:a\r\n" * n,
    "members": lambda n: b"KIND:group\r\nFN:G\r\n" + b"MEMBER:a\r\n" * n,
    "names": lambda n: b"N;ALTID=1:\xc3\xa4;b\r\n" * n,
    "spaces": lambda n: b"BEGIN" + b" " * n + b":VCARD\r\nFN:" + b" " * n,
    "types": lambda n: b"TEL;TYPE=" + b"x," * n + b":1",
    "labels of one's own": lambda n: b"TEL;" + b"X-CUSTOM(" * n + b":1",
    "labels in brackets": lambda n: b"TEL;" + b"X-CUSTOM(CHARSET=a,);" * n + b":1",
    "many labels": lambda n: b"TEL;X-CUSTOM(CHARSET=a,=41=FF):1\r\n" * n,
    "soft breaks before properties": lambda n: b"NOTE;QUOTED-PRINTABLE:A=\r\nTEL;A" * n + b":1",
    "soft breaks before parameters": lambda n: b"NOTE;QUOTED-PRINTABLE:A=\r\nTEL" + b";A" * n,
    "quoted cards": lambda n: b"NOTE;QUOTED-PRINTABLE:" + b"BEGIN:VCARD=0D=0A=\r\n" * n,
    "nested cards": lambda n: b"FN:A\r\n" + b"BEGIN:VCARD\r\nFN:B\r\nEND:VCARD\r\nTEL:1\r\n" * n,
    "cards in cards": lambda n: b"BEGIN:VCARD\r\nFN:A\r\n" * n + b"END:VCARD\r\nTEL:1\r\n" * n,
    "ends": lambda n: b"END:VCARD\r\nTEL:1\r\n" * n,
    "folded begins": lambda n: b"B\r\n E\r\n G\r\n I\r\n N" * n,
    "broken bytes": lambda n: b"FN:" + b"\xc3\xa4\xff " * n,
    "broken bytes declared": lambda n: b"FN;CHARSET=UTF-8:" + b"J\xc3rg\xb6 " * n,
    "no charset": lambda n: b"FN:\xe4\r\n" * n,
    "letters of labels": lambda n: b"item1.TEL:1\r\nitem1.X-ABLabel:" + b"fax" * n,
    "placeholders": lambda n: b"FN:" + b"- " * n + b"\r\nN:" + b"N/A " * n,
    "words in quotes": lambda n: b'"BEGIN:VCARD"\r\n' + b'"a""b' * n,
    "backslashes of 2.1": lambda n: b"VERSION:2.1\r\nFN:" + b"\\a" * n,
}


def _steps(data: bytes) -> int:
    """Read, and count the lines of Python that ran: time without a clock."""
    count = 0

    def trace(frame: object, event: str, argument: object) -> object:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]  # a tracer may return itself
    try:
        for _ in read_cards(b"BEGIN:VCARD\r\n" + data + b"\r\nEND:VCARD\r\n"):
            pass
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_costs_steps_in_proportion(name: str) -> None:
    small, large = _steps(HOSTILE[name](400)), _steps(HOSTILE[name](1600))
    assert large <= 4.5 * small + 200


@pytest.mark.parametrize("name", HOSTILE)
def test_megabytes_of_hostile_input_end(name: str) -> None:
    # A megabyte, or a hundred thousand repetitions of what is shorter.
    times = min(100_000, 1_000_000_000 // len(HOSTILE[name](1000)))
    data = b"BEGIN:VCARD\r\n" + HOSTILE[name](times) + b"\r\nEND:VCARD\r\n"
    assert len(list(read_cards(data))) >= 1
